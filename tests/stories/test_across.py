"""One office in Slack and in Teams: the same people, the same tickets, and what is said in one chat is read in the other."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.tables import accounts, people
from tests.stories.forging import rows
from tests.stories.world import AcrossStory, across

LIGHT = "light above my desk flickering"


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[AcrossStory]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with across(database_url, redis) as told:
        yield told


async def test_the_same_person_in_both_chats_is_one(office: AcrossStory) -> None:
    (ana,) = [row["id"] for row in await rows(office, people) if row["email"] == "ana@acme.example"]
    assert sorted(row["chat"] for row in await rows(office, accounts) if row["person"] == ana) == ["slack", "teams"]
    await office.ana.says(f"/issue {LIGHT}")
    await office.in_teams("ana").says("/issue list")
    assert office.in_teams("ana").sees(f"#1 {LIGHT}")


async def test_a_ticket_stands_in_both_chats_and_is_taken_in_one(office: AcrossStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    await bob.presses("Take it", on=bob.post("#1", "building"))
    assert office.bob.post("#1", "building").says("in progress")
    assert bob.post("#1 light above my desk flickering  ·", "building").says("in progress")
    assert office.ana.sees("Bob Burke is on it")


async def test_a_comment_in_either_thread_appears_in_the_other_with_its_author(office: AcrossStory) -> None:
    await office.hal.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    slack_card, teams_card = office.bob.post("#1", "building"), bob.post("#1", "building")
    await office.pat.tells("which desk is it?", "building", slack_card.id)
    (there,) = [one for one in bob.screen if one.says("which desk is it?")]
    assert there.thread_ts == teams_card.id
    assert there.says("Pat Perez")
    await bob.actor.message("building", "the one by the window", teams_card.id)
    await office.settled()
    (here,) = [one for one in office.bob.screen if one.says("the one by the window")]
    assert here.thread_ts == slack_card.id
    assert here.says("Bob Burke")


async def test_what_is_edited_and_deleted_in_one_is_in_the_other(office: AcrossStory) -> None:
    await office.hal.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    said = await bob.actor.message("building", "the blue desk", bob.post("#1", "building").id)
    await office.settled()
    await bob.actor.edit(said, "the green desk")
    await office.settled()
    assert office.bob.sees("the green desk")
    assert not office.bob.sees("the blue desk")
    await bob.actor.delete(said)
    await office.settled()
    assert not office.bob.sees("the green desk")


async def test_work_notes_stay_with_those_who_work(office: AcrossStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    await bob.actor.message("building", "she always says that", bob.post("#1", "building").id)
    await office.settled()
    assert office.pat.sees("she always says that")
    assert not office.ana.sees("she always says that")
    assert not office.in_teams("ana").sees("she always says that")


async def test_nobody_is_told_twice_for_one_thing(office: AcrossStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    await bob.presses("Take it", on=bob.post("#1", "building"))
    both = [*office.ana.told("Bob Burke is on it"), *office.in_teams("ana").told("Bob Burke is on it")]
    assert len(both) == 1
