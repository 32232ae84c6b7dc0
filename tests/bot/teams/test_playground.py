"""The real bot beside the Playground: its own shapes at the real door, without tokens, and what then stands on its page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.app import Deskbell, machine_clock, opened
from bot.cli.example import playground_office
from bot.settings import Settings
from bot.teams.wiring import NotConnected, Teams, connected
from bot.web.server import serving
from storage.outbox import figures
from tests.bot.teams.playground import ALEX, ANNOUNCEMENTS, GENERAL, MEGAN, NAMES, Json, Playground, actions, text_of

LIGHT = "light above my desk flickering"
WELCOME = "I am the front desk of your office."


@dataclass
class Trial:
    """What somebody has who typed the two commands of docs/try-teams.md."""

    bot: Deskbell
    teams: Teams
    page: Playground

    async def settled(self) -> None:
        """Until nothing is due and nothing is under way."""
        async with asyncio.timeout(180):
            while True:
                await self.teams.chores.drain()
                await self.bot.pump.drain(0.5)
                if not (await self.bot.store.database.read(figures, self.bot.clock())).depth:
                    return
                await asyncio.sleep(0.005)

    async def reported(self, words: str = LIGHT, by: int = ALEX) -> None:
        await self.page.says(self.page.personal, words, by)
        await self.settled()

    async def pointed(self, content: str, **more: Any) -> Json:
        """ "Make this a ticket" on a message of Alex: the card of the dialog."""
        author = {"userIdentityType": "aadUser", "id": "user-id-0", "displayName": "Alex Wilber"}
        payload = {
            "id": str(next(self.page.numbers)),
            "createdDateTime": "2026-11-22T07:55:39.319Z",
            "deleted": False,
            "importance": "normal",
            "locale": "en-us",
            "from": {"user": author},
            "body": {"contentType": "html", "content": content},
            "attachments": [],
            "mentions": [],
            "reactions": [],
            "linkToMessage": "",
        }
        facts = {"commandId": "ticket.from_message", "messagePayload": payload, **more}
        return shown(await self.page.command("fetchTask", self.page.group, **facts))

    async def submits(self, card: Json, title: str, **filled: str) -> Json:
        """A button of a dialog, with what was filled in: the card that comes next."""
        (action,) = [one for one in actions(card) if one["title"] == title]
        assert action["type"] == "Action.Submit"
        data = {**action["data"], **filled}
        return shown(await self.page.command("submitAction", self.page.group, commandId="ticket.from_message", data=data))


def shown(answer: Json) -> Json:
    """The card of a dialog."""
    assert answer["task"]["type"] == "continue"
    card: Json = answer["task"]["value"]["card"]["content"]
    return card


@pytest.fixture
async def trial(database_url: str, tmp_path: Path) -> AsyncIterator[Trial]:
    settings = Settings(database_url=database_url, data_folder=tmp_path, port=0, teams_anonymous=True, stop_seconds=5, _env_file=None)
    async with AsyncExitStack() as stack:
        page = Playground(await stack.enter_async_context(aiohttp.ClientSession()))
        server = TestServer(page.app())
        await server.start_server()
        stack.push_async_callback(server.close)
        page.url = str(server.make_url("")).rstrip("/")
        bot = await stack.enter_async_context(opened(settings, machine_clock))
        assert await playground_office(bot) is not None
        teams = await stack.enter_async_context(connected(bot))
        port = await stack.enter_async_context(serving(bot, "127.0.0.1", 0, teams.routes))
        page.door = f"http://127.0.0.1:{port}/api/messages"
        await bot.start()
        stack.push_async_callback(bot.stop)
        yield Trial(bot, teams, page)


# ---------------------------------------------------------------- the office, and who is let in


async def test_where_there_is_an_office_it_is_that_one(trial: Trial) -> None:
    assert await playground_office(trial.bot) is None
    assert len(await trial.bot.store.offices.list()) == 1


def test_of_several_offices_the_settings_name_the_one(tmp_path: Path) -> None:
    (one,) = Settings(teams_anonymous=True, office="acme", _env_file=None).teams_registrations
    assert one.office == "acme"


async def test_the_port_answers_before_anything_is_said(trial: Trial) -> None:
    async with trial.page.http.head(trial.page.door) as answer:
        assert answer.status < 500


async def test_pages_in_a_browser_are_not_the_playground(trial: Trial) -> None:
    said = trial.page.message(trial.page.personal, LIGHT)
    status, _ = await trial.page.sends(said, Origin="https://elsewhere.example")
    assert status == 403
    await trial.settled()
    assert trial.page.shown == []


@pytest.mark.parametrize("url", ["http://elsewhere.example/_connector", "http://localhost.elsewhere.example", "http://["])
async def test_nothing_is_sent_to_another_machine(trial: Trial, url: str) -> None:
    status, _ = await trial.page.sends({**trial.page.message(trial.page.personal, LIGHT), "serviceUrl": url})
    assert status == 403


async def test_a_loud_warning_says_that_nobody_is_checked(trial: Trial) -> None:
    with capture_logs() as logs:
        async with connected(trial.bot):
            pass
    assert any(one["log_level"] == "warning" and "OPEN TO EVERYBODY" in one["event"] for one in logs)


async def test_without_an_office_it_says_what_to_do(sqlite_url: str) -> None:
    async with opened(Settings(database_url=sqlite_url, teams_anonymous=True, _env_file=None), machine_clock) as bot:
        with pytest.raises(NotConnected, match="deskbell office apply"):
            async with connected(bot):
                pass


# ---------------------------------------------------------------- installing


async def test_each_load_of_the_page_installs_it_again_and_greets_once(trial: Trial) -> None:
    page = trial.page
    for _ in range(2):
        for place in (page.personal, page.group, GENERAL, ANNOUNCEMENTS):
            await page.opens(place)
            await trial.settled()
    assert len(page.sees(WELCOME, page.personal)) == len(page.sees(WELCOME, page.group)) == 1
    assert len(page.sees(WELCOME)) == 4


async def test_who_is_there_is_asked_once_however_often_it_is_told(trial: Trial) -> None:
    trial.page.open.clear()
    await trial.page.opens(ANNOUNCEMENTS)
    trial.page.open.set()
    await trial.settled()
    assert trial.page.listed == [ANNOUNCEMENTS]


async def test_who_stands_in_two_lists_at_once_is_learnt_all_the_same(trial: Trial) -> None:
    trial.page.open.clear()
    with capture_logs() as logs:
        for place in (GENERAL, ANNOUNCEMENTS, trial.page.group, trial.page.personal):
            await trial.page.opens(place)
        trial.page.open.set()
        await trial.settled()
    assert [one for one in logs if one["event"] == "chore failed"] == []
    assert [one["count"] for one in logs if one["event"] == "teams members learnt"].count(len(NAMES)) == 3


async def test_removed_from_a_channel_what_is_due_waits_until_it_is_installed_again(trial: Trial) -> None:
    page = trial.page
    await page.sends(page.activity("installationUpdate", GENERAL, action="remove"))
    await trial.reported("my keyboard is broken")
    assert not page.sees("#1 my keyboard is broken")
    await page.sends(page.activity("installationUpdate", GENERAL, action="add"))
    await trial.settled()
    assert page.sole("#1 my keyboard is broken").conversation.startswith(GENERAL)


@pytest.mark.parametrize("event", ["channelCreated", "channelRenamed", "teamRenamed"])
async def test_what_becomes_of_teams_and_channels_is_taken(trial: Trial, event: str) -> None:
    told = trial.page.activity("conversationUpdate", GENERAL)
    told["channelData"] |= {"eventType": event, "channel": {"id": GENERAL, "name": "General"}}
    assert await trial.page.sends(told) == (200, {})


async def test_an_activity_that_nobody_changed_is_taken(trial: Trial) -> None:
    assert await trial.page.sends(trial.page.activity("<custom-activity-type>", trial.page.personal)) == (200, {})


# ---------------------------------------------------------------- words and buttons


async def test_personal_words_are_a_report_and_its_buttons_change_the_card(trial: Trial) -> None:
    page = trial.page
    await trial.reported('my laptop <b>is broken</b> & "dark"')
    answer = page.sole("#1 is open")
    assert answer.conversation == page.personal
    assert 'my laptop <b>is broken</b> & "dark"' in text_of(answer.card)
    assert "#1 my laptop" in text_of(await page.presses("It slows me down", answer))
    await page.says(page.personal, "list")
    await trial.settled()
    assert page.sole("Your open tickets").says("#1")


async def test_a_post_is_answered_in_its_thread_and_the_desk_has_a_thread_of_its_own(trial: Trial) -> None:
    page = trial.page
    thread = await page.posts(ANNOUNCEMENTS, LIGHT)
    await trial.settled()
    assert page.sole("#1 is open").conversation == thread
    card = page.sole(f"#1 {LIGHT}")
    assert card.conversation == f"{ANNOUNCEMENTS};messageid={card.id}"
    assert "in progress" in text_of(await page.presses("Take it", card))
    await trial.settled()
    assert card.says("in progress"), "the card is changed for all"


async def test_words_under_a_card_belong_to_its_ticket(trial: Trial) -> None:
    page = trial.page
    await page.opens(page.group)
    await trial.settled()
    await trial.reported(by=MEGAN)
    card = page.sole(f"#1 {LIGHT}")
    await page.says(card.conversation, "I look at it tomorrow", mention=True)
    await trial.settled()
    await page.says(page.personal, "show 1")
    await trial.settled()
    assert page.sees("I look at it tomorrow", page.personal)
    assert not page.sees("#2")


async def test_a_group_chat_has_no_threads(trial: Trial) -> None:
    await trial.page.says(trial.page.group, LIGHT, mention=True)
    await trial.settled()
    assert trial.page.sole("#1 is open").conversation == trial.page.group


async def test_whoever_is_not_in_the_conversation_and_not_known_is_told_so(trial: Trial) -> None:
    await trial.reported(by=MEGAN)
    (answer,) = trial.page.shown
    assert "who you are" in text_of(answer.card)


async def test_another_person_of_the_playground_reports_and_is_known_by_name(trial: Trial) -> None:
    await trial.page.opens(ANNOUNCEMENTS)
    await trial.page.posts(ANNOUNCEMENTS, LIGHT, MEGAN)
    await trial.settled()
    assert "Megan Bowen" in text_of(trial.page.sole(f"#1 {LIGHT}").card)


async def test_a_slash_command_that_somebody_made_up_is_one(trial: Trial) -> None:
    page = trial.page
    said = page.message(GENERAL, f"issue {LIGHT}")
    said["recipient"] = {**said["recipient"], "isTargeted": True}
    assert (await page.sends(said))[0] == 200
    await trial.settled()
    assert page.sole("#1 is open").says(LIGHT)


async def test_started_again_it_has_other_ids_and_people_are_written_to_there(trial: Trial) -> None:
    page = trial.page
    await page.opens(page.group)
    await page.says(page.personal, "hello")
    await trial.settled()
    await trial.reported("my keyboard is broken", by=MEGAN)
    assert page.sees("it is yours now", page.personal), "Alex is told 1:1"
    page.started_again()
    await page.says(page.personal, "hello")
    await trial.reported("my mouse pad is broken", by=MEGAN)
    await trial.reported("my keyboard is broken again", by=MEGAN)
    assert page.sees("it is yours now", page.personal)


# ---------------------------------------------------------------- the message extension


async def test_a_message_becomes_a_ticket_and_goes_its_way_in_the_dialog(trial: Trial) -> None:
    page = trial.page
    card = await trial.pointed("<at>Test Bot</at> my keyboard is <b>broken</b>")
    assert "#1 is open: my keyboard is broken" in text_of(card)
    card = await trial.submits(card, "It slows me down")
    form = await trial.submits(card, "Fixed…")
    assert "What did you do?" in text_of(form)
    again = await trial.submits(form, "Fixed", what="a new battery", minutes="-3")
    assert "What did you do?" in text_of(again), "what is wrong is said in the form"
    last = await trial.submits(again, "Fixed", what="a new battery")
    assert "What did you do?" not in text_of(last), text_of(last)
    await trial.settled()
    asked = page.sole("is fixed: my keyboard", page.personal)
    await page.presses("Yes, fixed", asked)
    await trial.settled()
    (ours,) = [one for one in page.sees("#1 my keyboard is broken") if one.conversation.startswith(GENERAL)]
    assert ours.says("closed")


async def test_without_a_message_the_form_of_a_report_opens(trial: Trial) -> None:
    form = shown(await trial.page.command("fetchTask", trial.page.personal, commandId="", commandContext="compose"))
    assert "What is wrong" in text_of(form)


@pytest.mark.parametrize("name", [{"name": "words"}, {"name": "search"}, {}])
async def test_a_search_finds_whatever_its_parameter_is_called(trial: Trial, name: Json) -> None:
    await trial.reported()
    page: Json = {"queryOptions": {"skip": 0, "count": 25}, "commandContext": "compose"}
    found = await trial.page.command("query", trial.page.personal, parameters=[{**name, "value": "flickering"}], **page)
    (one,) = found["composeExtension"]["attachments"]
    assert one["preview"]["content"]["title"].startswith(f"#1 {LIGHT}")
