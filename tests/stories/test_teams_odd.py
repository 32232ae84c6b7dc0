"""What rarely happens in Teams: faults between two acts, clients of an older kind, activities that leave something out."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from bot.sandbox.teams import Actor
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
