"""What may go wrong at Teams' door and at the connector: nothing is lost, nothing is done twice, nobody is shown a fault of ours."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
import pytest

from bot.chats import Profile
from bot.doorkeeper import learn
from bot.sandbox.teams import Actor, Seen
from bot.sandbox.teams.activities import invoke
from bot.sandbox.teams.cards import card_faults
from handlers.core import Account
from storage.tables import comments, outbox, tickets
from tests.stories.forging import happened, rows
from tests.stories.world import Colleague, TeamsStory, teams_story

LIGHT = "light above my desk flickering"
HOSTILE = (
    "<at>Everyone</at> <at>Bob Burke</at> **bold** _it_ [click](https://evil.example) ![x](https://evil.example/x.png) "
    "{{DATE(2026-01-01T00:00:00Z, SHORT)}} {{TIME(2026-01-01T00:00:00Z)}} ${expr} "
    "\u202egnirts\u202c שלום مرحبا 😀👩‍👩‍👧‍👦 & <b>tag</b> &lt;at&gt; # head\n- item\n"
)


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[TeamsStory]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with teams_story(database_url, redis) as told:
        yield told


def hand(who: Colleague) -> Actor:
    return cast(Actor, who.actor)


def card(who: Colleague, words: str, channel: str = "building") -> Seen:
    return cast(Seen, who.post(words, channel))


def cards(office: TeamsStory, words: str, channel: str = "building") -> list[Seen]:
    there = office.channel_id(channel)
    found = [one for one in hand(office.bob).seen() if one.channel == there and one.kind == "message" and one.says(words)]
    return [one for one in found if not one.thread_ts]


async def emptied(office: TeamsStory) -> None:
    await office.settled()
    now = office.clock()
    assert [row for row in await rows(office, outbox) if row["done_at"] is None and row["due_at"] <= now] == []


# ---------------------------------------------------------------- the connector


async def test_a_channel_that_refuses_is_said_once_and_holds_up_nobody(office: TeamsStory) -> None:
    office.teams.fail_next("createConversation", "MessageWritesBlocked", 1)
    await office.ana.says(f"/issue {LIGHT}")
    await office.ana.says("/issue the lamp in the hall is broken")
    await office.ana.says("/issue my laptop screen is black")
    await emptied(office)
    assert office.eva.post("#3 my laptop", "it-help")
    assert len(office.ada.told("I cannot post to")) == 1
    assert not office.ana.sees("I cannot post to")
    # Somebody installs us for themselves alone: that opens no channel.
    posted = len(office.teams.calls_of("createConversation"))
    zed = office.teams.add_user("zed", real_name="Zed Zane", email="zed@acme.example", added=False)
    await office.teams.install(zed, by="zed")
    await office.settled()
    assert len(office.ada.told("I cannot post to")) == 1
    assert len([c for c in office.teams.calls_of("createConversation")[posted:] if "channel" in c.body.get("channelData", {})]) == 0
    await office.teams.install(office.teams.world.team("Desks"), by="ada")
    await emptied(office)
    assert cards(office, "#1 light")
    assert cards(office, "#2 the lamp")


async def test_a_whisper_that_teams_cannot_take_just_now_is_not_lost(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    office.teams.fail_next("sendToConversation", 429, 1, retry_after=1)
    await hand(office.bob).press("Take it", on=card(office.bob, "#1 light"))
    await emptied(office)
    assert office.ana.told("Bob Burke is on it")


async def test_our_token_that_ended_early_costs_nothing(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    office.teams.login.revoke()
    await office.ana.says("/issue the lamp in the hall is broken")
    assert cards(office, "#2 the lamp")


# ---------------------------------------------------------------- invokes


async def test_a_press_that_comes_twice_at_once_has_one_effect_and_one_answer(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    (ticket,) = await rows(office, tickets)
    office.teams.faults.deliver_twice()
    await office.bob.presses("Take it", on=cast(Any, card(office.bob, "#1 light")))
    first, second = [one for one in office.teams.deliveries if one.kind == "adaptiveCard/action" and "ticket.take" in str(one.payload)]
    assert first.payload == second.payload
    assert json.loads(first.body) == json.loads(second.body)
    assert (await happened(office, f"ticket:{ticket['id']}")).count("ticket.taken") == 1
    assert len(office.ana.told("Bob Burke is on it")) == 1
    assert not office.teams.troubles


async def test_a_form_that_comes_twice_at_once_has_one_effect_and_one_answer(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    await office.ana.says("/issue show 1")
    await office.ana.presses("Comment…")
    office.teams.faults.deliver_twice()
    await office.ana.sends({"Your words": "please hurry"})
    first, second = [one for one in office.teams.deliveries if one.kind == "task/submit"]
    assert json.loads(first.body) == json.loads(second.body)
    assert len(await rows(office, comments)) == 1
    again = await office.teams.courier.send(first.payload)
    assert again.json() == first.json()
    assert len(await rows(office, comments)) == 1


async def test_make_this_a_ticket_twice_at_once_makes_one(office: TeamsStory) -> None:
    said = await hand(office.hal).message("office", "the printer on floor 2 is jammed again")
    office.teams.faults.deliver_twice()
    await hand(office.ana).make_ticket(said)
    await office.settled()
    assert len(await rows(office, tickets)) == 1
    first, second = [one for one in office.teams.deliveries if one.kind == "composeExtension/fetchTask"]
    assert first.json() == second.json()


async def test_a_press_on_a_card_of_a_ticket_that_is_no_more_is_answered(office: TeamsStory) -> None:
    ana = hand(office.ana)
    for data in (
        {"a": "ticket.take", "s": "ticket:" + "0" * 32, "v": 1},
        {"a": "ticket.gone", "s": "ticket:" + "0" * 32},
        {"a": "open:ticket.comment", "s": "ticket:" + "0" * 32, "f": "ticket.comment"},
    ):
        action = {"type": "Action.Execute", "verb": data["a"], "data": {"deskbell": data}}
        delivery = await office.teams.courier.send(
            invoke(ana.platform, ana.user, ana.dm().id, "adaptiveCard/action", {"action": action, "trigger": "manual"})
        )
        said = delivery.json()
        assert (said["statusCode"], said["type"]) == (200, "application/vnd.microsoft.activity.message"), data
        assert "cannot find that ticket" in said["value"] or "older version" in said["value"]
        fetched = await office.teams.courier.send(
            invoke(ana.platform, ana.user, ana.dm().id, "task/fetch", {"data": {"deskbell": data | {"f": "ticket.comment"}}})
        )
        assert "cannot find that ticket" in fetched.body


@asynccontextmanager
async def stuck(office: TeamsStory) -> AsyncIterator[None]:
    """The database writes nothing as long as the context is open; PostgreSQL does not read tickets either."""
    url = office.bot.settings.database_url
    if url.startswith("sqlite"):
        held = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        held.execute("BEGIN IMMEDIATE")
        yield
        held.close()
    else:
        connection = await asyncpg.connect(url)
        async with connection.transaction():
            await connection.execute("LOCK TABLE tickets, heard, contacts, dialogs IN ACCESS EXCLUSIVE MODE")
            yield
        await connection.close()


async def test_invokes_are_answered_while_the_database_is_slow_and_what_they_do_follows(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    bob, shown = hand(office.bob), card(office.bob, "#1 light")
    async with stuck(office):
        pressed, opened, found = await asyncio.gather(
            bob.press("Take it", on=shown),
            hand(office.pat).press("Fixed…", on=card(office.pat, "#1 light")),
            hand(office.hal).search("light", "office"),
        )
    assert pressed.ok
    assert opened.ok
    await office.settled()
    (ticket,) = await rows(office, tickets)
    assert ticket["assignee"]
    assert cards(office, "Bob Burke has it")
    assert len(office.ana.told("Bob Burke is on it")) == 1
    assert found is not None
    assert not office.teams.troubles


async def test_whoever_waited_for_a_slow_database_is_told_what_came_of_it(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    async with stuck(office):
        late = await asyncio.gather(*(hand(who).press("Take it", on=card(who, "#1 light")) for who in (office.bob, office.pat)))
    assert all("This takes longer than usual." in one.body for one in late)
    await office.settled()
    winner = office.bob if cards(office, "Bob Burke has it") else office.pat
    loser = office.pat if winner is office.bob else office.bob
    assert loser.sees("was faster")
    assert not winner.sees("was faster")


# ---------------------------------------------------------------- words


async def test_a_text_of_forty_thousand_hostile_characters_is_kept_whole_shown_cut_and_pings_nobody(office: TeamsStory) -> None:
    words = ("light flickers " + HOSTILE * 500)[:40_000]
    await office.ana.tells(words)
    (ticket,) = await rows(office, tickets)
    assert len(ticket["body"]) > 38_000
    for mark in ("**bold**", "{{DATE(2026-01-01T00:00:00Z, SHORT)}}", "👩‍👩‍👧‍👦", "שלום", "<at>Everyone</at>"):
        assert mark in ticket["body"], mark
    await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
    sent = [call.body for call in office.teams.calls if call.body]
    assert sent
    for body in sent:
        message = body.get("activity", body)
        assert len(json.dumps(message, ensure_ascii=False).encode()) < 28_000
        for content in (one["content"] for one in message.get("attachments", ())):
            assert card_faults(content, lambda who: True) == []
            assert not content.get("msteams", {}).get("entities")
    assert all(call.ok for call in office.teams.calls)
    assert not any(one.pings for one in hand(office.bob).seen() if one.says("light flickers"))
    assert not office.teams.troubles


async def test_who_is_learnt_from_all_sides_at_once_is_one_person(office: TeamsStory) -> None:
    """Installed somewhere, all members are learnt while the first of them already say something."""
    account = Account("teams", office.teams.tenant, "5a0db0c5-7e40-4e5b-8a2c-0000000000f1")
    profile = Profile("Nia New", "nia@acme.example")
    found = await asyncio.gather(*(learn(office.bot.desk, office.office.organisation, account, profile) for _ in range(8)))
    assert len({one.id for one in found if one is not None}) == 1
    assert None not in found
