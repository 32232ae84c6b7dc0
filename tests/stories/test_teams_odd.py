"""What rarely happens in Teams: faults between two acts, clients of an older kind, activities that leave something out."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from bot.sandbox.teams import Actor, Tamper
from bot.sandbox.teams.activities import invoke, value_activity
from bot.sandbox.teams.model import Message
from bot.teams.manifest import manifest
from storage.ids import new_id
from storage.tables import comments, contacts, tickets
from tests.stories.forging import rows
from tests.stories.world import Colleague, TeamsStory, teams_story

LIGHT = "light above my desk flickering"


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[TeamsStory]:
    async with teams_story(sqlite_url) as told:
        yield told


def hand(who: Colleague) -> Actor:
    return cast(Actor, who.actor)


@contextmanager
def without(office: TeamsStory, *tables: str) -> Iterator[None]:
    """The database fails at whatever has to do with these tables, as long as the context is open."""
    held = sqlite3.connect(office.bot.settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    for name in tables:
        held.execute(f"ALTER TABLE {name} RENAME TO {name}_away")
    try:
        yield
    finally:
        for name in tables:
            held.execute(f"ALTER TABLE {name}_away RENAME TO {name}")
        held.close()


# ---------------------------------------------------------------- a database that fails


async def test_an_invoke_of_somebody_new_is_answered_while_the_database_fails(office: TeamsStory) -> None:
    """A status of ours would be "Unable to reach app", and no word about what to do."""
    office.teams.add_user("zed", real_name="Zed Zane", email="zed@acme.example")
    zed = office.teams.actor("zed")
    with without(office, "contacts", "accounts"):
        assert await zed.search("light") == []
    assert zed.sees("Please try again")
    assert not office.teams.troubles


async def test_words_that_cannot_be_taken_are_not_left_without_an_answer(office: TeamsStory) -> None:
    await office.ana.tells("hello")
    with without(office, "heard", "outbox", "tickets"):
        await hand(office.ana).message("dm", "my laptop screen is black")
        await hand(office.bob).mention("office", "my laptop screen is black")
    await office.settled()
    for who in (office.ana, office.bob):
        assert who.sees("Something went wrong on my side")
    assert not office.hal.sees("Something went wrong on my side")
    await office.ana.tells("my laptop screen is black")
    assert office.ana.sees("#1 is open")


# ---------------------------------------------------------------- dialogs


@pytest.mark.parametrize("named", [True, False])
async def test_a_form_from_a_post_ends_with_a_word_whether_or_not_teams_names_the_post(office: TeamsStory, named: bool) -> None:
    office.teams.app.names_the_card = named
    await office.ana.says(f"/issue {LIGHT}")
    await office.bob.presses("Put on hold…", on=office.bob.post("#1", "building"))
    await office.bob.sends({"Until when?": "2026-11-10"})  # a mistake in between changes nothing about that
    ended = await office.bob.sends({"Until when?": "2026-11-18"})
    assert ended.json() == {"task": {"type": "message", "value": "Done."}}
    await office.ana.tells("show 1")
    await office.ana.presses("Comment…", on=office.ana.card("Comment…"))
    ended = await office.ana.sends({"Your words": "please hurry"})
    assert ended.json()["task"]["type"] == "continue"  # a private answer is not redrawn, so the dialog shows what became of it


async def test_a_card_that_had_to_be_cut_says_where_all_of_it_is_in_answers_too(sqlite_url: str) -> None:
    async with teams_story(sqlite_url, public_url="https://desk.example") as office:
        await office.pat.tells("The light above my desk flickers. " + "It is a long story. 😀" * 1_500)
        pressed = await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
        own = [one for one in office.teams.deliveries if one.payload.get("value", {}).get("trigger") == "automatic"][-1]
        for answer in (pressed, own):
            assert "There is more than can be shown here." in answer.body
            assert "https://desk.example/t/" in answer.body


# ---------------------------------------------------------------- activities that leave something out, or are not what they look like


def between_two(office: TeamsStory) -> Tamper:
    """The chat of two people as the message extension tells of it: personal, though we are not in it."""
    return Tamper(change={"conversation": {"conversationType": "personal", "tenantId": office.teams.tenant, "id": "a:1of-ana-and-hal"}})


async def test_used_between_two_people_the_message_extension_writes_to_who_used_it(office: TeamsStory) -> None:
    said = await hand(office.hal).message("office", "the printer on floor 2 is jammed again")
    held = sqlite3.connect(office.bot.settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    late = await hand(office.ana).make_ticket(said, tamper=between_two(office))
    held.close()
    assert "I write to you as soon as it is done" in late.body
    await office.settled()
    assert office.ana.told("the printer on floor 2 is jammed again")


async def test_where_somebody_is_asked_for_stays_their_own_chat_with_us(office: TeamsStory) -> None:
    await office.ana.tells("hello")
    await hand(office.ana).search("light", tamper=between_two(office))
    await office.settled()
    user = hand(office.ana).user.aad
    assert {row["conversation"] for row in await rows(office, contacts) if row["user"] == user} == {hand(office.ana).dm().id}


async def test_whoever_is_first_seen_where_we_are_not_is_found_out_all_the_same(office: TeamsStory) -> None:
    office.teams.add_user("zed", real_name="Zed Zane", email="zed@acme.example")
    zed = office.teams.actor("zed")
    said = await hand(office.hal).message("office", "the printer on floor 2 is jammed again")
    made = await zed.make_ticket(Message(said.id, said.conversation, said.user, said.text), tamper=between_two(office))
    assert "#1" in made.body
    await zed.message("dm", "list")
    await office.settled()
    assert not zed.sees("I cannot find out who you are")


async def test_somebody_new_without_the_directorys_id_is_known_from_the_members(office: TeamsStory) -> None:
    office.teams.add_user("zed", real_name="Zed Zane", email="zed@acme.example")
    zed = office.teams.actor("zed")
    await zed.message("dm", LIGHT, tamper=Tamper(change={"from": {"id": zed.user.id, "name": "Zed"}}))
    await office.settled()
    assert zed.sees("#1 is open")


async def test_a_channel_whose_kind_is_left_out_is_still_no_private_place(office: TeamsStory) -> None:
    there = {"id": f"{office.channel_id('office')};messageid=1700000000001", "tenantId": office.teams.tenant}
    await hand(office.ana).mention("office", LIGHT, tamper=Tamper(change={"conversation": there}))
    await office.settled()
    assert office.ana.sees("#1 is open")
    assert not office.hal.sees("#1 is open")


async def test_an_old_client_gets_an_answer_to_each_press_and_one_to_a_redelivery(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    ana, (ticket,) = hand(office.ana), await rows(office, tickets)
    data = {"deskbell": {"a": "ticket.show", "s": f"ticket:{ticket['id']}"}}
    presses = [value_activity(ana.platform, ana.user, ana.dm().id, office.ana.card("#1").id, value=data) for _ in range(2)]
    before = len(office.ana.screen)
    for press in (*presses, presses[0]):
        await office.teams.courier.send(press)
        await office.settled()
    assert len(office.ana.screen) == before + 2


async def test_a_form_cannot_say_that_it_was_opened_somewhere_else(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    ana, (ticket,) = hand(office.ana), await rows(office, tickets)
    for channel, thread in ((office.channel_id("building"), "1"), ("x" * 3_000, "1"), (ana.dm().id, "9" * 3_000)):
        about = {"form": "ticket.comment", "subject": f"ticket:{ticket['id']}", "version": 1, "once": new_id()}
        data = {"deskbell": {**about, "channel": channel, "thread": thread}, "text": f"from {len(channel)}"}
        said = await ana.courier.send(invoke(ana.platform, ana.user, ana.dm().id, "task/submit", {"data": data}))
        assert "Something went wrong" not in said.body
    await office.settled()
    written = {row["text"]: row["origin"] for row in await rows(office, comments)}
    assert len(written) == 3
    assert all(ana.dm().id in str(origin) for origin in written.values())


async def test_a_conversation_with_a_very_long_id_is_one(database_url: str, request: pytest.FixtureRequest) -> None:
    """The longest that was seen in public has 131 characters; where an act was done is in the history with its tenant and registration."""
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with teams_story(database_url, redis) as office:
        there = {"conversationType": "personal", "tenantId": office.teams.tenant, "id": "a:1" + "x" * 250}
        await hand(office.ana).message("dm", LIGHT, tamper=Tamper(change={"conversation": there}))
        await office.settled()
        assert len(await rows(office, tickets)) == 1


# ---------------------------------------------------------------- words


HTML = 'light <a href="https://evil.example">here</a> <at>Bob Burke</at> {{DATE(2026-01-01T00:00:00Z, SHORT)}}'


async def test_words_of_people_mean_nothing_in_results_and_sentences_either(office: TeamsStory) -> None:
    """The list of a search and a dialog's last word are no Adaptive Cards: what they are read as, no document says."""
    await office.ana.says(f"/issue {HTML}")
    (found,) = await hand(office.ana).search("light", "office")
    assert "evil.example" in found.title
    for mark in ("<a ", "</a>", "<at>", "{{DATE"):
        assert mark not in found.title


# ---------------------------------------------------------------- links


async def test_a_pasted_link_shows_what_everybody_in_the_office_may_see(sqlite_url: str) -> None:
    url = "https://desk.example.com"
    async with teams_story(sqlite_url, public_url=url) as office:
        (extension,) = manifest(office.teams.app_id, url)["composeExtensions"]
        office.teams.app.link_domains = {one for each in extension["messageHandlers"] for one in each["value"]["domains"]}
        await office.ana.says(f"/issue {LIGHT}")
        await office.ana.says("/issue private the light in the meeting room was broken by my boss")
        open_, private = [f"{url}/t/{row['id']}" for row in sorted(await rows(office, tickets), key=lambda row: row["number"])]
        found = await hand(office.ana).paste(open_, "office")
        assert found is not None
        sent = await hand(office.ana).pick(found, "office", f"look at {open_}")
        assert hand(office.hal).look(sent).says(f"#1 {LIGHT}")
        # Teams keeps what it was shown for half an hour, and shows it wherever the link is pasted next.
        for who, where in ((office.ana, "office"), (office.bob, "building")):
            assert await hand(who).paste(private, where) is None
        office.teams.add_user("gwen", guest=True)
        office.teams.add_group_chat("mixed", ["ana", "gwen"])
        assert await office.teams.actor("gwen").paste(open_, "mixed") is None
        assert await hand(office.ana).paste("https://elsewhere.example/t/1", "office") is None
        assert not office.teams.troubles


# ---------------------------------------------------------------- where we are


async def test_added_to_another_team_what_is_closed_stays_closed(office: TeamsStory) -> None:
    await office.teams.uninstall(office.teams.world.team("Desks"), by="ada")
    await office.ana.says(f"/issue {LIGHT}")
    office.teams.add_channel("elsewhere", ["ada", "hal"], team="Elsewhere")
    tried = len(office.teams.calls_of("createConversation"))
    await office.teams.install(office.teams.world.team("Elsewhere"), by="ada")
    await office.settled()
    there = office.channel_id("building")
    assert [one for one in office.teams.calls_of("createConversation")[tried:] if there in str(one.body)] == []
    await office.teams.install(office.teams.world.team("Desks"), by="ada")
    await office.settled()
    assert office.bob.post("#1", "building")
