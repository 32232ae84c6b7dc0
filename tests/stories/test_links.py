"""Links to tickets: pasted they show as much as everybody there may know, opened they lead to the chat, and strangers learn nothing.

Slack's own: it tells of a link after the message is sent, several at once, and takes the previews later. Teams asks for each while the
message is being written, and the answer to that is the preview.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import cast

import aiohttp
import pytest

from bot.sandbox.slack.courier import JSON_TYPE
from bot.sandbox.slack.model import Message
from bot.sandbox.teams import TeamsSandbox
from storage.tables import tickets
from tests.stories.forging import rows
from tests.stories.world import GUEST, Story, story, teams_story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset(
    {
        "test_a_private_ticket_shows_in_its_queues_channel_alone",  # Teams keeps previews and shows them elsewhere: there it shows nowhere
        "test_several_links_are_one_call_and_each_shows_its_own",
        "test_told_twice_it_is_shown_once",
        "test_where_slack_does_not_say_whose_a_channel_is_nothing_is_shown",
        "test_while_it_is_being_written_nobody_knows_where_it_will_be_read",
        "test_machines_show_nothing",
        "test_a_message_deleted_meanwhile_needs_no_preview",
        "test_while_slack_is_down_the_page_still_says_what_to_type",
        "test_slack_down_keeps_the_preview_until_it_is_up_again",
    }
)
URL = "https://desk.example.com"
LIGHT = "/issue light above my desk flickering"


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str, chat: str) -> AsyncIterator[Story]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with (teams_story if chat == "teams" else story)(database_url, redis, public_url=URL) as told:
        yield told


async def link(office: Story, number: int = 1) -> str:
    (found,) = [one["id"] for one in await rows(office, tickets) if one["number"] == number]
    return f"{URL}/t/{found}"


def preview(office: Story, message: Message) -> str:
    """What stands under a message, as people read it."""
    if office.chat == "teams":
        return re.sub(" +", " ", office.ana.actor.look(message).text)
    seen = office.slack.actor("ana").look(office.slack.world.message(message.channel, message.ts))
    return "\n".join(one["from_url"] for one in seen.raw.get("attachments", [])) + "\n" + seen.text


def shown(office: Story) -> int:
    """How many previews the bot has given."""
    if office.chat == "slack":
        return len(office.slack.calls_of("chat.unfurl"))
    asked = [one for one in office.platform.deliveries if one.kind == "composeExtension/queryLink"]
    return len([one for one in asked if "attachments" in one.json()["composeExtension"]])


async def told(office: Story, **facts: str) -> None:
    """Slack tells of a link to the first ticket, with these facts of its message."""
    links = [{"domain": "desk.example.com", "url": await link(office)}]
    event = {"type": "link_shared", "message_ts": "1.2", "source": "conversations_history", "links": links, **facts}
    await office.slack.courier.event(office.slack.world, event)
    await office.settled()


async def test_in_a_channel_a_link_shows_how_its_ticket_stands(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.bob.presses("Take it")
    message = await office.ana.tells(f"it is {await link(office)} again", "office")
    shown = preview(office, message)
    assert "#1 light above my desk flickering · in progress" in shown
    assert "Bob Burke (Building desk) looks after this" in shown
    assert len(await rows(office, tickets)) == 1
    assert not [one for one in office.ana.screen if one.kind == "ephemeral" and one.says("in progress")]


async def test_it_shows_in_a_channel_the_desk_is_not_in_and_among_two_colleagues(office: Story) -> None:
    await office.ana.says(LIGHT)
    for kind in ("channel", "group", "im", "mpim") if office.chat == "slack" else ("channel", "chat"):
        if office.chat == "slack":
            office.slack.add_channel(f"lunch-{kind}", ["ana", "hal"], kind=kind, bot=False)
        elif kind == "channel":
            cast(TeamsSandbox, office.platform).add_channel(f"lunch-{kind}", ["ana", "hal"], team="Lunch", bot=False)
        else:
            cast(TeamsSandbox, office.platform).add_group_chat(f"lunch-{kind}", ["ana", "hal"], bot=False)
        message = await office.ana.tells(await link(office), f"lunch-{kind}")
        assert "#1 light above my desk flickering" in preview(office, message), kind


async def test_several_links_are_one_call_and_each_shows_its_own(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.ana.says("/issue no hot water in the kitchen")
    one, two = await link(office), await link(office, 2)
    message = await office.hal.tells(f"{one} and {two} and {URL}/t/{'0' * 32} and https://other.example/t/1", "office")
    (call,) = office.slack.calls_of("chat.unfurl")
    assert set(call.args["unfurls"]) == {one, two}
    assert "#2 no hot water in the kitchen" in preview(office, message)


async def test_of_several_links_each_shows_its_own(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.ana.says("/issue no hot water in the kitchen")
    text = f"{await link(office)} and {await link(office, 2)} and {URL}/t/{'0' * 32} and https://other.example/t/1"
    message = await office.hal.tells(text, "office")
    for words in ("#1 light above my desk flickering", "#2 no hot water in the kitchen"):
        assert words in preview(office, message)
    if office.chat == "teams":
        assert shown(office) == 2
        assert not cast(TeamsSandbox, office.platform).troubles


async def test_told_twice_it_is_shown_once(office: Story) -> None:
    await office.ana.says(LIGHT)
    office.slack.faults.deliver_twice(4)
    await office.ana.tells(await link(office), "office")
    office.slack.faults.twice = 0
    assert len(office.slack.calls_of("chat.unfurl")) == 1


async def test_where_strangers_read_along_nothing_is_shown(office: Story) -> None:
    await office.ana.says(LIGHT)
    setattr(office.platform.world.channel("office"), {"slack": "is_ext_shared", "teams": "shared"}[office.chat], True)
    before = [one.text for one in office.ana.screen]
    message = await office.ana.tells(await link(office), "office")
    assert shown(office) == 0
    assert [one.text for one in office.ana.screen if one.id != message.ts] == before


async def test_where_slack_does_not_say_whose_a_channel_is_nothing_is_shown(office: Story) -> None:
    await office.ana.says(LIGHT)
    world, links = office.slack.world, [{"domain": "desk.example.com", "url": await link(office)}]
    event = {"type": "link_shared", "channel": "C0ELSEWHERE", "user": office.ana.actor.user.id, "message_ts": "1.2", "links": links}
    payload = {"type": "event_callback", "team_id": world.team, "api_app_id": world.app.id, "event_id": "Ev1", "event": event}
    delivery = await office.slack.courier.send("event", payload, json.dumps(payload).encode(), JSON_TYPE)
    await office.settled()
    assert delivery.status == 200
    assert office.slack.calls_of("chat.unfurl") == []


async def test_a_private_ticket_shows_in_its_queues_channel_alone(office: Story) -> None:
    await office.ana.says("/issue private light above my desk flickering")
    address = await link(office)
    for where in ("office", "it-help"):
        message = await office.bob.tells(address, where) if where == "office" else await office.eva.tells(address, where)
        assert "flickering" not in preview(office, message)
    message = await office.bob.tells(address, "building")
    assert "#1 light above my desk flickering" in preview(office, message)
    assert shown(office) == 1


async def test_nothing_tells_a_hidden_ticket_from_one_that_never_was(office: Story) -> None:
    await office.ana.says("/issue private light above my desk flickering")
    for address in (await link(office), f"{URL}/t/{'0' * 32}"):
        before = len(office.hal.screen)
        await office.hal.tells(address, "office")
        assert len(office.hal.screen) == before + 1
    assert shown(office) == 0
    if office.chat == "teams":
        hidden, never = [one.body for one in office.platform.deliveries if one.kind == "composeExtension/queryLink"]
        assert hidden == never


async def test_while_it_is_being_written_nobody_knows_where_it_will_be_read(office: Story) -> None:
    await office.ana.says(LIGHT)
    draft = await office.ana.actor.composes(await link(office))
    await office.settled()
    assert draft
    assert office.slack.world.composers == {}
    assert office.slack.calls_of("chat.unfurl") == []


async def test_guests_show_nothing(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.newcomer("gil", **GUEST[office.chat]).actor.message("office", await link(office))
    await office.settled()
    assert shown(office) == 0


async def test_machines_show_nothing(office: Story) -> None:
    await office.ana.says(LIGHT)
    world = office.slack.world
    machine = world.add_user("robo", is_bot=True)
    message = world.post(Message(world.new_ts(), world.channel("office").id, machine.id, f"<{await link(office)}>", bot_id="B0ROBO"))
    await told(office, user=machine.id, channel=message.channel, message_ts=message.ts, bot_id="B0ROBO")
    await told(office, user=machine.id, channel=message.channel, message_ts=message.ts)
    assert office.slack.calls_of("chat.unfurl") == []


async def test_another_offices_ticket_is_nobodys_here(office: Story) -> None:
    await office.ana.tells(f"{URL}/t/{'a' * 32} {URL}/x/{'a' * 32} {URL}", "office")
    assert shown(office) == 0


async def test_a_message_deleted_meanwhile_needs_no_preview(office: Story) -> None:
    await office.ana.says(LIGHT)
    await told(office, user=office.ana.actor.user.id, channel=office.slack.world.channel("office").id)
    assert [one.error for one in office.slack.calls_of("chat.unfurl")] == ["cannot_find_message"]


async def test_slack_down_keeps_the_preview_until_it_is_up_again(office: Story) -> None:
    await office.ana.says(LIGHT)
    office.slack.faults.fail_next("chat.unfurl", 503)
    message = await office.ana.actor.message("office", await link(office))
    await office.settled()
    assert "#1 light above my desk flickering" in preview(office, message)


async def test_a_link_alone_told_to_the_desk_shows_the_ticket(office: Story) -> None:
    await office.ana.says(LIGHT)
    address = await link(office)
    await office.hal.tells(address)
    assert "Follow" in office.hal.card("#1 light above my desk flickering").buttons
    await office.hal.says(f"/issue {address}")
    await office.hal.says(f"/issue show {address}")
    await office.hal.tells(f"@deskbell {address}", "office")
    assert len(await rows(office, tickets)) == 1
    assert len([one for one in office.hal.screen if one.kind == "ephemeral" and one.says("#1 light above")]) == 3


async def test_a_link_to_what_one_may_not_see_is_refused_in_private(office: Story) -> None:
    await office.ana.says("/issue private light above my desk flickering")
    await office.hal.says(f"/issue {await link(office)}")
    assert office.hal.sees("I cannot find that ticket. It may be private, or it may never have existed.")
    assert len(await rows(office, tickets)) == 1


async def test_words_around_a_link_are_a_report_as_ever(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.hal.says(f"/issue the same as {await link(office)} at my desk, it flickers")
    assert len(await rows(office, tickets)) == 2


# ---------------------------------------------------------------- where people get it


async def test_the_link_stands_on_the_shown_ticket_and_can_be_copied_from_its_card(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.ana.says("/issue show 1")
    assert office.ana.sees(f"Link: {await link(office)}")
    await office.bob.presses("Copy link", on=office.bob.post("#1 light", "building"))
    assert office.bob.sees(f"The link to #1: {await link(office)}")


# ---------------------------------------------------------------- the page


async def opened(office: Story, path: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as http, http.request(method, office.platform.bot_url.removesuffix("/api/messages") + path) as got:
        return got.status, await got.text(), {name.lower(): value for name, value in got.headers.items()}


async def test_the_page_leads_into_the_chat_and_tells_nothing(office: Story) -> None:
    await office.ana.says(LIGHT)
    before = await rows(office, tickets)
    path = (await link(office)).removeprefix(URL)
    status, page, headers = await opened(office, path)
    assert status == 200
    card = office.bob.post("#1 light", "building")
    there = f"https://sandbox.slack.com/archives/{card.channel}/p{card.id.replace('.', '')}"
    if office.chat == "teams":
        tenant = cast(TeamsSandbox, office.platform).tenant
        there = f"https://teams.microsoft.com/l/message/{card.channel}/{card.id}?tenantId={tenant}"
    assert f'href="{there}"' in page
    assert f"Open in {office.chat.capitalize()}" in page
    assert "show 1" in page
    for secret in ("above my desk", "flickering", "Ana", "Bob", "Building", "Acme"):
        assert secret not in page, secret
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]
    assert (headers["referrer-policy"], headers["x-robots-tag"]) == ("no-referrer", "noindex, nofollow")
    assert re.findall(r"(?:src|href)=\"([^\"]+)\"", page) == [there]
    assert await rows(office, tickets) == before
    assert (await opened(office, path, "HEAD"))[0] == 200
    assert (await opened(office, path, "POST"))[0] == 405
    if office.chat == "slack":
        assert len(office.slack.calls_of("chat.getPermalink")) == 1


@pytest.mark.parametrize("key", ["0" * 32, "1", "..%2f..%2fetc", "A" * 32, "<b>", "0" * 5000])
async def test_a_link_to_nothing_says_so(office: Story, key: str) -> None:
    status, page, headers = await opened(office, f"/t/{key}")
    assert status == 404
    assert "This link leads to nothing (any more)" in page
    assert "href" not in page
    assert "<b>" not in page
    assert headers["referrer-policy"] == "no-referrer"


async def test_while_slack_is_down_the_page_still_says_what_to_type(office: Story) -> None:
    await office.ana.says(LIGHT)
    office.slack.faults.down = True
    status, page, _ = await opened(office, (await link(office)).removeprefix(URL))
    office.slack.faults.down = False
    assert status == 200
    assert "href" not in page
    assert "/issue show 1" in page


async def test_who_asks_too_often_waits(office: Story) -> None:
    """Sixty at once, then ten a second. What was asked before is written down here, as no machine is sure to ask quickly enough."""
    pace, nothing, asker = office.bot.coordination.pace, f"/t/{'0' * 32}", "web:ticket:127.0.0.1"
    assert await pace(asker, 1 / 5, 1) == 0  # as much as fifty pages
    assert (await opened(office, nothing))[0] == 404
    assert await pace(asker, 1 / 120, 2) == 0  # as much as a thousand more
    status, page, headers = await opened(office, nothing)
    assert (status, "again" in page) == (429, True)
    assert 1 <= int(headers["retry-after"]) <= 120
