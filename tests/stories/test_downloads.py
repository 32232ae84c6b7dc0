"""A kept file under a link of its own: saved by the person to whom it was given, and by nobody else, as long as they may see it."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from urllib.parse import quote

import aiohttp
import pytest
from pydantic import SecretStr

from bot.invitations import Signed
from handlers.core import Standing
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Row
from handlers.registry import Looking
from handlers.routes import ROUTES
from storage.secrets import new_key
from storage.tables import comments
from tests.stories.forging import rows
from tests.stories.test_files import HOST, LIGHT, NOTES, paper, photo
from tests.stories.world import Colleague, Story, story, teams_story

CHATS = ("slack", "teams")
KEY = new_key()


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str, chat: str) -> AsyncIterator[Story]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with (teams_story if chat == "teams" else story)(database_url, redis, public_url=HOST, secret_keys=SecretStr(KEY)) as told:
        yield told


def link_on(who: Colleague, words: str = "#1") -> str:
    """Our link on the newest thing with these words."""
    found = re.findall(rf"{HOST}/f/[\w.%-]+", drawn(who.card(words)))
    return str(found[-1]) if found else ""


def drawn(seen: object) -> str:
    """All that is in a message, words and addresses."""
    return str(getattr(seen, "blocks", None) or getattr(seen, "card", ""))


async def link_for(office: Story, name: str) -> str:
    """A link to the only file as it would be given to this person."""
    organisation = office.office.organisation
    person = await office.bot.desk.people.by_email(organisation, f"{name}@acme.example")
    page = await office.bot.desk.tickets.find(of_desk(organisation), "light", 10)
    (file,) = await office.bot.desk.attachments.of(of_desk(organisation), page.tickets[0].id)
    assert person is not None
    return office.bot.desk.link_to(file, person)


async def got(office: Story, link: str) -> tuple[int, bytes, dict[str, str]]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(link.replace(HOST, office.platform.bot_url.removesuffix("/api/messages"))) as answer,
    ):
        return answer.status, await answer.read(), dict(answer.headers)


async def refused(office: Story, link: str) -> str:
    status, body, _ = await got(office, link)
    assert status == 404
    assert NOTES not in body
    return body.decode()


async def put(office: Story, row: Row) -> None:
    work = office.bot.desk.work(office.office.organisation)
    work.put(row)  # type: ignore[arg-type]
    await work.commit()


async def test_who_sees_the_ticket_saves_its_file(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office, name='the "plan" für 2.pdf')])
    await office.ana.says("/issue show 1")
    status, body, headers = await got(office, link_on(office.ana))
    assert (status, body) == (200, NOTES)
    assert headers["Content-Type"] == "application/octet-stream"
    plain, extended = headers["Content-Disposition"].split("; filename*=")
    assert plain == 'attachment; filename="the _plan_ f_r 2.pdf"'
    assert extended == "UTF-8''" + quote('the "plan" für 2.pdf')
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_a_place_that_many_read_gets_no_personal_link(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office)])
    assert "/f/" not in drawn(office.bob.post("#1", "building"))
    await office.bob.says("/issue show 1")
    assert link_on(office.bob) != ""


async def test_a_notice_that_a_channel_reads_along_has_no_link_for_one(office: Story) -> None:
    await office.ana.tells(LIGHT)
    await office.ana.tells("like this", files=[paper(office)])
    organisation, (comment,) = office.office.organisation, await rows(office, comments)
    bob = await office.bot.desk.people.by_email(organisation, "bob@acme.example")
    channel = (await office.bot.desk.places.of_queue(organisation, "building"))[0]
    for place, linked in ((channel, False), (replace(channel, kind="dm"), True)):
        card = await ROUTES.views["notice.commented"](office.bot.desk, f"comment:{comment['id']}", Looking(organisation, bob, place))
        assert ("notes.pdf" in str(card), HOST in str(card)) == (True, linked)


async def test_a_private_tickets_file_is_for_those_who_see_it(office: Story) -> None:
    await office.ana.tells(f"private {LIGHT}", files=[paper(office)])
    assert (await got(office, await link_for(office, "ana")))[0] == 200
    assert (await got(office, await link_for(office, "bob")))[0] == 200
    assert "There is nothing here." in await refused(office, await link_for(office, "hal"))


async def test_what_is_made_private_later_is_closed_at_once(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office)])
    hal = await link_for(office, "hal")
    assert (await got(office, hal))[0] == 200
    await office.ana.presses("Keep this private", on=office.ana.card("#1 is open"))
    await refused(office, hal)


async def test_who_has_left_gets_nothing(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office)])
    link = await link_for(office, "hal")
    person = await office.bot.desk.people.by_email(office.office.organisation, "hal@acme.example")
    assert person is not None
    await put(office, replace(person, standing=Standing.gone))
    await refused(office, link)


async def test_a_work_notes_file_is_not_for_the_requester(office: Story) -> None:
    await office.ana.tells(LIGHT)
    card = office.bob.post("#1", "building")
    await office.bob.tells("only for us", "building", thread=card.id, files=[photo(office, "bob")])
    assert (await got(office, await link_for(office, "pat")))[0] == 200
    await refused(office, await link_for(office, "ana"))


async def test_a_comment_that_is_taken_back_closes_its_link(office: Story) -> None:
    await office.ana.tells(LIGHT)
    message = await office.ana.tells("like this", files=[paper(office)])
    link = await link_for(office, "bob")
    assert (await got(office, link))[0] == 200
    await office.ana.actor.delete(message)
    await office.settled()
    await refused(office, link)


async def test_a_link_ends_after_a_day_and_says_so(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office)])
    fresh = (await link_for(office, "ana")).rpartition("/")[2]
    wanted = Signed([KEY], "file", 60).read(fresh)
    old = Signed([KEY], "file", 60, now=lambda: time.time() - 86_500).write(wanted)
    status, body, _ = await got(office, f"{HOST}/f/{old}")
    assert status == 410
    assert b"This link has expired" in body


async def test_a_forged_link_leads_nowhere(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office)])
    signed = (await link_for(office, "ana")).rpartition("/")[2]
    wanted = Signed([KEY], "file", 60).read(signed)
    forged = [
        signed[:-2] + ("AA" if signed[-2:] != "AA" else "BB"),
        Signed([new_key()], "file", 60).write(wanted),
        Signed([KEY], "invitation", 60).write(wanted),
        "x",
        "..%2F..%2Fetc%2Fpasswd",
    ]
    for one in forged:
        await refused(office, f"{HOST}/f/{one}")
    other = {**wanted, "of": "f" * 32}
    await refused(office, f"{HOST}/f/{Signed([KEY], 'file', 60).write(other)}")
