"""Events that are odd, huge or out of order: taken once, in time, without a fault and without a repetition.

Slack's own: the shapes of its events. Activities of Teams of any shape are tried in tests/bot/teams/test_door.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from bot.sandbox.slack import Delivery
from bot.sandbox.slack.courier import JSON_TYPE
from bot.sandbox.slack.shapes import user_json
from bot.sandbox.teams import Tamper as TeamsTamper
from bot.sandbox.teams import TeamsSandbox
from bot.slack.people import profile_of
from handlers.core import Standing
from storage.tables import tickets
from tests.stories.forging import rows
from tests.stories.world import Story, story, teams_story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset(
    {
        "test_a_kind_that_is_no_word_and_a_profile_that_is_none_are_taken",
        "test_one_ticket_under_very_many_addresses_is_looked_at_once",
        "test_who_shares_many_links_is_asked_for_once",
    }
)
URL = "https://desk.example.com"
LIGHT = "/issue light above my desk flickering"
ODD: tuple[Any, ...] = (None, 7, "", True, [], {}, ["x"], {"id": 7}, [None], 10**30, "x" * 3000, "\x00\ud800")


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str, chat: str) -> AsyncIterator[Story]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with (teams_story if chat == "teams" else story)(database_url, redis, public_url=URL) as told:
        yield told


async def tells(office: Story, number: int, event: dict[str, Any]) -> Delivery:
    """Slack tells of something, in an envelope of its own."""
    world = office.slack.world
    who = {"team_id": world.team, "enterprise_id": None, "user_id": world.app.user, "is_bot": True, "is_enterprise_install": False}
    envelope = {"type": "event_callback", "team_id": world.team, "api_app_id": world.app.id, "event_id": f"EvODD{number}"}
    payload = {**envelope, "event_time": 1, "event": event, "authorizations": [who], "is_ext_shared_channel": False}
    return await office.slack.courier.send("event", payload, json.dumps(payload).encode(), JSON_TYPE)


async def link(office: Story) -> str:
    return f"{URL}/t/{(await rows(office, tickets))[0]['id']}"


async def test_a_kind_that_is_no_word_and_a_profile_that_is_none_are_taken(office: Story) -> None:
    world = office.slack.world
    said = {"type": "message", "channel": world.channel("office").id, "user": office.ana.actor.user.id, "text": "x", "ts": "17.1"}
    ana = user_json(world, world.user("ana"))
    events = [{**said, "subtype": odd} for odd in ODD]
    events += [{"type": "user_change", "user": {**ana, name: odd}} for odd in ODD for name in ("profile", "team_id", "enterprise_user")]
    for number, event in enumerate(events):
        assert (await tells(office, number, event)).status == 200, event
    await office.settled()
    assert await rows(office, tickets) == []


def test_one_odd_member_is_a_stranger_and_stops_nobody() -> None:
    for odd in ODD:
        assert (
            profile_of({"id": "U1", "team_id": odd, "profile": odd, "enterprise_user": {"teams": odd}}, "T1").standing is Standing.outsider
        )
    grid = {"id": "U1", "team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T1"]}}
    assert profile_of(grid, "T1").standing is Standing.member


async def test_one_ticket_under_very_many_addresses_is_looked_at_once(office: Story) -> None:
    await office.ana.says(LIGHT)
    address = await link(office)
    links = [{"domain": "desk.example.com", "url": f"{address}?n={number}"} for number in range(2000)]
    message = await office.ana.tells("x", "office")
    facts = {"channel": message.channel, "user": office.ana.actor.user.id, "message_ts": message.ts}
    delivery = await tells(office, 1, {"type": "link_shared", **facts, "source": "\ud800", "unfurl_id": "\ud800", "links": links})
    await office.settled()
    assert delivery.status == 200
    (call,) = office.slack.calls_of("chat.unfurl")
    assert len(call.args["unfurls"]) == 30


async def test_who_shares_many_links_is_asked_for_once(office: Story) -> None:
    """Somebody nobody knows yet, while Slack tells nothing: the second link does not wait for it again."""
    for words in ("light above my desk flickering", "the tap in the kitchen drips", "my chair is broken"):
        await office.ana.says(f"/issue {words}")
    links = [{"domain": "desk.example.com", "url": f"{URL}/t/{row['id']}"} for row in await rows(office, tickets)]
    before = len(office.slack.calls_of("users.info"))
    facts = {"channel": office.slack.world.channel("office").id, "user": "U0NOBODY", "message_ts": "17.1"}
    assert (await tells(office, 1, {"type": "link_shared", **facts, "links": links})).status == 200
    await office.settled()
    assert len(office.slack.calls_of("users.info")) == before + 1
    assert office.slack.calls_of("chat.unfurl") == []


async def says(office: Story, number: int, text: str, **more: Any) -> Delivery:
    """Ana calls us by name in the office's channel, with whatever else is in the message."""
    world = office.platform.world
    if office.chat == "teams":
        teams = cast(TeamsSandbox, office.platform)
        change = {"text": text.replace("@deskbell", "<at>Deskbell</at>"), **more}
        await cast(Any, office.ana.actor).message("office", "@deskbell x", tamper=TeamsTamper(change=change))
        return cast(Delivery, teams.deliveries[-1])
    said = {"type": "app_mention", "channel": world.channel("office").id, "user": office.ana.actor.user.id, **more}
    return await tells(office, number, {**said, "text": text.replace("@deskbell", "<@U0DESKBELL>"), "ts": f"1700000{number:03d}.0001"})


async def test_odd_facts_of_a_file_lose_no_words(office: Story) -> None:
    """Of a file whose id makes no sense nothing is known; of the others what makes none is left out."""
    of_slack, of_teams = ("id", "name", "size", "mimetype", "permalink", "mode"), ("contentType", "contentUrl", "name", "content")
    kinds = ("application/vnd.microsoft.teams.file.download.info", "image/png")
    for number, name in enumerate(of_slack if office.chat == "slack" else of_teams):
        if office.chat == "slack":
            more: dict[str, Any] = {"files": [{"id": f"F{at}", name: value} for at, value in enumerate(ODD)]}
        else:
            more = {
                "attachments": [{"contentType": kind, "contentUrl": "https://x.example", name: value} for value in ODD for kind in kinds]
            }
        assert (await says(office, number, f"@deskbell light {number} flickers", **more)).ok, name
    await office.settled()
    assert len(await rows(office, tickets)) == len(of_slack if office.chat == "slack" else of_teams)
    assert not office.ana.sees("Something went wrong")


async def test_our_name_begun_again_and_again_takes_no_time(office: Story) -> None:
    """Three thousand times, never ended: as long as Slack lets a message be; in Teams each time with what says that it is our name."""
    if office.chat == "slack":
        assert (await says(office, 1, "@deskbell light flickers " + "<@U0DESKBELL|" * 3000)).ok
    else:
        teams = cast(TeamsSandbox, office.platform)
        us = {"type": "mention", "mentioned": {"id": teams.app.bot, "name": "Deskbell"}, "text": "<at>Deskbell</at>"}
        assert (await says(office, 1, "@deskbell light flickers " + "<at>Deskbell" * 3000, entities=[us] * 3000)).ok
    await office.settled()
    assert len(await rows(office, tickets)) == 1
