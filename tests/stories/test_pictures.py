"""Pictures and files in Teams: seen on cards, given to each who asks, linked to where they cannot be copied; in both chats at once."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from typing import Any, cast

import aiohttp
import pytest
from pydantic import SecretStr

from bot.invitations import Signed
from bot.pictures import LARGEST, PictureLinks
from bot.sandbox.teams import Tamper, TeamsSandbox
from handlers.core import Post
from handlers.frozen import replace
from handlers.ports import LARGEST_FILE
from storage.secrets import new_key
from storage.tables import files, posts
from tests.stories.forging import rows
from tests.stories.snapshots import PHOTO, jpeg, png
from tests.stories.world import AcrossStory, Colleague, Story, TeamsStory, across, teams_story

HOST = "https://desk.example.com"
KEY = new_key()
LIGHT = "the light in the hall is flickering"
PLAN = b"%PDF-1.7 plan"


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[TeamsStory]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with teams_story(database_url, redis, public_url=HOST, secret_keys=SecretStr(KEY)) as told:
        yield told
        assert told.teams.troubles == []


@pytest.fixture
async def both(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[AcrossStory]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with across(database_url, redis, public_url=HOST, secret_keys=SecretStr(KEY)) as told:
        yield told
        assert told.teams.troubles == []


async def sent(office: TeamsStory, data: bytes = PHOTO, kind: str = "image/jpeg", text: str = LIGHT) -> None:
    await office.ana.tells(text, files=[file(office.teams, "ana", "lamp.jpg", data, kind)])


def screen(who: Colleague, words: str = "") -> list[Any]:
    """What somebody sees in Teams."""
    return [one for one in who.screen if one.says(words)]


def post(who: Colleague, words: str, channel: str) -> Any:
    return who.post(words, channel)


def file(teams: TeamsSandbox, who: str, name: str, data: bytes, kind: str) -> Any:
    return teams.add_file(who, name, data, kind)


def addresses(card: Any) -> list[str]:
    return re.findall(rf"{HOST}/p/[^'\"]+", str(card))


async def got(office: Story, address: str, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    bot = (office.teams if isinstance(office, TeamsStory | AcrossStory) else office.slack).bot_url.removesuffix("/api/messages")
    async with aiohttp.ClientSession() as http, http.request(method, address.replace(HOST, bot), headers=headers) as answer:
        return answer.status, await answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def card_of(found: list[dict[str, Any]]) -> str:
    """The id of the only post that is a ticket's card."""
    (post,) = [one["id"] for one in found if one["view"] == "ticket.channel"]
    return str(post)


# ---------------------------------------------------------------- the address of a picture


async def test_a_picture_on_a_card_is_handed_out_to_who_has_its_address(office: TeamsStory) -> None:
    await sent(office)
    card = post(office.bob, "#1", "building")
    (image,) = [one for one in (card.card or {})["body"] if one["type"] == "Image"]
    assert image["altText"] == "picture.jpg, sent by Ana Alvarez"
    (address,) = addresses(card.card)
    status, body, headers = await got(office, address)
    assert (status, body) == (200, PHOTO)
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"] == "inline"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, max-age=300"
    assert headers["content-security-policy"].startswith("sandbox;")
    assert "set-cookie" not in headers
    assert (await got(office, address, "HEAD"))[:2] == (200, b"")
    assert (await got(office, address, **{"If-None-Match": headers["etag"]}))[:2] == (304, b"")


async def test_a_redraw_keeps_the_address_and_the_picture(office: TeamsStory) -> None:
    await sent(office)
    before = addresses(post(office.bob, "#1", "building").card)
    await office.bob.presses("Take it", on=post(office.bob, "#1", "building"))
    after = post(office.bob, "in progress", "building")
    assert addresses(after.card) == before
    assert after.pictures == [PHOTO]


async def test_what_was_pressed_shows_the_picture_too(office: TeamsStory) -> None:
    """The card that answers a press takes the place of the post for who pressed."""
    await sent(office)
    await office.bob.presses("Take it", on=post(office.bob, "#1", "building"))
    answers = [one for one in office.teams.deliveries if one.kind == "adaptiveCard/action" and "Image" in one.body]
    assert answers
    assert addresses(answers[-1].body)


async def test_what_nobody_signed_leads_nowhere(office: TeamsStory) -> None:
    await sent(office)
    (address,) = addresses(post(office.bob, "#1", "building").card)
    signed = address.rpartition("/")[2]
    shown = PictureLinks(HOST, [KEY]).read(signed)
    stands = Post(shown.post, shown.organisation, "ticket:x", "ticket.channel", "y")
    others = [
        PictureLinks(HOST, [new_key()]).to(stands, shown.content),
        PictureLinks(HOST, [KEY]).to(replace(stands, id="f" * 32), shown.content),
        PictureLinks(HOST, [KEY]).to(replace(stands, organisation="f" * 32), shown.content),
        PictureLinks(HOST, [KEY]).to(stands, "f" * 64),
        f"{HOST}/p/{Signed([KEY], 'file', 60).write({'of': shown.organisation, 'file': 'x', 'for': 'y'})}",
        f"{HOST}/p/{signed[:-2]}{'AA' if signed[-2:] != 'AA' else 'BB'}",
        f"{HOST}/p/..%2F..%2Fetc%2Fpasswd",
        f"{HOST}/p/{'x' * 4000}",
    ]
    for one in others:
        assert (await got(office, one))[:2] == (404, b""), one


async def test_a_report_taken_back_takes_the_picture_from_the_card_and_the_web(office: TeamsStory) -> None:
    message = await office.ana.tells(LIGHT, files=[file(office.teams, "ana", "lamp.jpg", PHOTO, "image/jpeg")])
    (address,) = addresses(post(office.bob, "#1", "building").card)
    await office.ana.actor.delete(message)
    await office.settled()
    card = post(office.bob, "#1", "building")
    assert card.says("cancelled")
    assert addresses(card.card) == []
    assert (await got(office, address))[0] == 404


async def test_a_card_that_another_desk_has_now_shows_no_picture_any_more(office: TeamsStory) -> None:
    await sent(office)
    (address,) = addresses(post(office.bob, "#1", "building").card)
    await office.bob.presses("Category…", on=post(office.bob, "#1", "building"))
    await office.bob.sends({"What is it about?": "IT › Hardware"})
    assert addresses(post(office.bob, "#1", "building").card) == []
    assert (await got(office, address))[0] == 404
    assert post(office.eva, "#1", "it-help").pictures == [PHOTO]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (jpeg(4000, 3000), "image/jpeg"),
        (jpeg(10, 10, bytes(LARGEST)), "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png"),
        (b"<html><script>alert(1)</script>", "image/gif"),
    ],
)
async def test_what_teams_could_not_show_is_named_instead(office: TeamsStory, data: bytes, kind: str) -> None:
    await sent(office, data, kind)
    card = post(office.bob, "#1", "building")
    assert card.says("Picture: picture")
    assert addresses(card.card) == []
    (below,) = screen(office.bob, "Ana Alvarez sent a file: picture")
    assert (below.thread_ts, below.buttons) == (card.id, ["Get the file"])
    (row,) = await rows(office, files)
    stands = await office.bot.desk.posts.get(row["organisation"], card_of(await rows(office, posts)))
    assert stands is not None
    assert (await got(office, PictureLinks(HOST, [KEY]).to(stands, row["content"])))[0] == 404


async def test_the_bytes_say_what_a_picture_is(office: TeamsStory) -> None:
    await sent(office, png(), "image/jpeg")
    (address,) = addresses(post(office.bob, "#1", "building").card)
    assert (await got(office, address))[2]["content-type"] == "image/png"


async def test_without_a_public_address_there_are_words(request: pytest.FixtureRequest, database_url: str) -> None:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with teams_story(database_url, redis) as told:
        await sent(told)
        card = post(told.bob, "#1", "building")
        assert card.says("Picture: picture.jpg, sent by Ana Alvarez")
        assert "/p/" not in str(card.card)
        assert (await got(told, f"{HOST}/p/x"))[0] == 404


# ---------------------------------------------------------------- from Slack into Teams


async def thread(both: AcrossStory) -> tuple[Colleague, str, str]:
    """A ticket in both chats: Bob in Teams, and the card's message in each."""
    await both.hal.says(f"/issue {LIGHT}")
    bob = both.in_teams("bob")
    return bob, both.bob.post("#1", "building").id, bob.post("#1", "building").id


def from_slack(both: AcrossStory, name: str, data: bytes, kind: str) -> Any:
    return both.slack.world.add_file("pat", name, data, kind)


async def test_a_picture_of_slack_is_seen_in_the_thread_in_teams(both: AcrossStory) -> None:
    bob, card, there = await thread(both)
    said = await both.pat.tells("like this", "building", card, files=[from_slack(both, "lamp.jpg", PHOTO, "image/jpeg")])
    (told,) = [one for one in screen(bob) if one.says("sent a file:")]
    assert told.says("Pat Perez sent a file: lamp.jpg (17 B)")
    assert (told.thread_ts, told.pictures) == (there, [PHOTO])
    (address,) = addresses(told.card)
    assert "slack.com" not in str([one.card for one in screen(bob) if one.thread_ts == there])
    await both.pat.actor.delete(said)
    await both.settled()
    assert bob.sees("A file that stood here is gone.")
    assert not [one for one in screen(bob) if one.says("sent a file:")]
    assert (await got(both, address))[0] == 404


async def test_the_photo_of_a_report_is_on_the_card_in_both_chats(both: AcrossStory) -> None:
    await both.ana.tells(LIGHT, files=[both.slack.world.add_file("ana", "lamp.jpg", PHOTO, "image/jpeg")])
    bob = both.in_teams("bob")
    assert post(bob, "#1", "building").pictures == [PHOTO]
    assert screen(bob, "sent a file:") == [], "it is on the card already"
    await both.in_teams("hal").tells(f"{LIGHT}, says Hal", files=[file(both.teams, "hal", "hall.png", png(), "image/png")])
    (there,) = [one["slack_file"]["id"] for one in both.bob.post("#2", "building").blocks if one["type"] == "image"]
    assert both.slack.world.files[there].data == png()


async def test_each_who_asks_for_a_file_gets_a_link_of_their_own(both: AcrossStory) -> None:
    bob, card, there = await thread(both)
    await both.pat.tells("the plan", "building", card, files=[from_slack(both, "plan.pdf", PLAN, "application/pdf")])
    (told,) = [one for one in screen(bob) if one.says("sent a file:")]
    assert told.says("Pat Perez sent a file: plan.pdf (13 B)")
    assert "/f/" not in str(told.card), "nothing that opens for whoever it is passed on to"
    found = {}
    for who in ("bob", "pat"):
        person = both.in_teams(who)
        await person.presses("Get the file", on=told)
        (answer,) = [one for one in screen(person) if one.kind == "ephemeral" and one.says("Save it: plan.pdf")]
        assert answer.thread_ts == there
        (found[who],) = re.findall(rf"{HOST}/f/[\w.%-]+", str(answer.card))
    assert found["bob"] != found["pat"]
    status, body, headers = await got(both, found["bob"])
    assert (status, body) == (200, PLAN)
    assert headers["content-disposition"].startswith('attachment; filename="plan.pdf"')


async def test_a_picture_that_is_too_large_to_be_seen_can_be_had_all_the_same(both: AcrossStory) -> None:
    bob, card, _ = await thread(both)
    large = jpeg(4000, 3000)
    await both.pat.tells("like this", "building", card, files=[from_slack(both, "lamp.jpg", large, "image/jpeg")])
    (told,) = [one for one in screen(bob) if one.says("sent a file:")]
    assert told.says("Picture: lamp.jpg, sent by Pat Perez")
    await bob.presses("Get the file", on=told)
    (link,) = re.findall(rf"{HOST}/f/[\w.%-]+", str(screen(bob, "Save it: lamp.jpg")[-1].card))
    assert (await got(both, link))[1] == large


async def test_without_a_public_address_the_message_it_came_with_is_named(request: pytest.FixtureRequest, database_url: str) -> None:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with across(database_url, redis) as told:
        bob, card, _ = await thread(told)
        await told.pat.tells("the plan", "building", card, files=[from_slack(told, "plan.pdf", PLAN, "application/pdf")])
        await bob.presses("Get the file")
        assert bob.sees("It stands in the message it was sent with: plan.pdf")


# ---------------------------------------------------------------- from Teams into Slack


async def test_a_picture_of_teams_is_shown_in_slacks_thread(both: AcrossStory) -> None:
    bob, card, there = await thread(both)
    await bob.actor.message("building", "like this", there, files=[file(both.teams, "bob", "lamp.png", png(), "image/png")])
    await both.settled()
    world = both.slack.world
    shown = [one for one in world.channel("building").messages.values() if one.files]
    assert [(one.thread_ts, [world.files[file].data for file in one.files]) for one in shown] == [(card, [png()])]
    assert len([one for one in screen(bob) if one.says("sent a file:")]) == 0, "it stands in that thread already"


async def test_a_file_that_stays_in_a_channel_is_linked_to_and_that_is_said_once(both: AcrossStory) -> None:
    bob, card, there = await thread(both)
    for words in ("here is the plan", "and the other one"):
        plan = file(both.teams, "bob", "plan.pdf", PLAN, "application/pdf")
        message = await bob.actor.message("building", words, there, files=[plan])
        await both.settled()
        (here,) = [one for one in both.bob.screen if one.says(words)]
        assert here.thread_ts == card
        assert here.says("file is not copied: its link opens for those who may see it there.")
        channel, tenant = both.teams.world.channel("building").id, both.teams.tenant
        address = f"https://teams.microsoft.com/l/message/{channel}/{message.ts}?tenantId={tenant}&parentMessageId={there}"
        assert address in html.unescape(str(here.blocks))
    (said,) = [one for one in screen(bob) if one.says("I cannot take files out of a channel.")]
    assert (said.kind, said.thread_ts) == ("message", there)
    assert {one["state"] for one in await rows(both, files)} == {"elsewhere"}


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://acme.sharepoint.com/sites/Office/plan.pdf", True),
        ("https://acme.SharePoint.com/sites/Office/plan.pdf", True),
        ("http://acme.sharepoint.com/sites/Office/plan.pdf", False),
        ("https://acme.sharepoint.com.evil.example/plan.pdf", False),
        ("https://evilsharepoint.com/plan.pdf", False),
        ("https://[::1/plan.pdf", False),
        ("javascript:alert(1)//.sharepoint.com", False),
    ],
)
async def test_only_a_place_in_sharepoint_is_linked_to(office: TeamsStory, url: str, linked: bool) -> None:
    told = {"contentType": "reference", "id": "5a0db0c5-7e40-4e5b-8a2c-0000000000f1", "contentUrl": url, "name": "plan.pdf"}
    page = {"contentType": "text/html", "content": f'<p>x</p><attachment id="{told["id"]}"></attachment>'}
    change = {"attachments": [told, page]}
    await office.ana.tells(f"@deskbell {LIGHT}", "office", tamper=Tamper(change=change))
    card = post(office.bob, "#1", "building")
    assert (url in str(card.card)) == linked
    assert card.says("plan.pdf is not copied: ")
    assert len(await rows(office, files)) == 1, "told of twice, it is one file"


async def test_a_message_made_a_ticket_brings_the_place_of_its_file(office: TeamsStory) -> None:
    office.teams.add_group_chat("lunch", ["ana", "bob"], bot=False)
    plan = file(office.teams, "ana", "plan.pdf", PLAN, "application/pdf")
    message = await office.ana.actor.message("lunch", LIGHT, files=[plan])
    await cast(Any, office.bob.actor).make_ticket(message)
    await office.settled()
    card = post(office.bob, "#1", "building")
    assert card.says("plan.pdf is not copied: its link opens for those who may see it there.")
    assert "https://sandbox.sharepoint.com/sites/Office/Documents/plan.pdf" in str(card.card)


async def test_marks_of_other_kinds_are_no_files(office: TeamsStory) -> None:
    """A quoted message, a card, and what somebody made up."""
    marks = "".join(f'<attachment id="{one}"></attachment>' for one in ("1700000000001", "74d20c7f34aa4a7fb74e2b30004247c5", "../x", ""))
    change = {"attachments": [{"contentType": "text/html", "content": f"<p>x</p>{marks}"}, {"contentType": "text/html", "content": 7}]}
    await office.ana.tells(f"@deskbell {LIGHT}", "office", tamper=Tamper(change=change))
    assert office.bob.sees(f"#1 {LIGHT}")
    assert await rows(office, files) == []


async def test_a_large_file_of_teams_is_said_to_stay(office: TeamsStory) -> None:
    await office.ana.tells(LIGHT, files=[file(office.teams, "ana", "floor.mov", bytes(LARGEST_FILE + 1), "video/quicktime")])
    assert post(office.bob, "#1", "building").says("floor.mov is larger than 20 MB: it stays in the message.")


# ---------------------------------------------------------------- doors


async def test_a_tickets_page_has_a_door_to_each_chat_it_stands_in(both: AcrossStory) -> None:
    bob, slacks, teams = await thread(both)
    found = re.findall(rf"{HOST}(/t/[0-9a-f]+)", str(await linked(both)))
    status, body, headers = await got(both, f"{HOST}{found[0]}")
    page = body.decode()
    assert status == 200
    channel = both.teams.world.channel("building").id
    here = both.slack.world.channel("building").id
    assert re.findall(r'href="([^"]+)">([^<]+)<', page) == [
        (f"https://sandbox.slack.com/archives/{here}/p{slacks.replace('.', '')}", "Open in Slack"),
        (f"https://teams.microsoft.com/l/message/{channel}/{teams}?tenantId={both.teams.tenant}", "Open in Teams"),
    ]
    for words in ("It lives in Slack and in Teams.", "Or write in Slack: /issue show 1", "Or write in Teams: @Deskbell show 1"):
        assert words in page
    assert "flickering" not in page
    assert headers["referrer-policy"] == "no-referrer"
    assert bob.sees("#1")


async def linked(both: AcrossStory) -> str:
    await both.bob.presses("Copy link", on=both.bob.post("#1", "building"))
    return both.bob.card("The link to #1").text
