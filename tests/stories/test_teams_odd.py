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
