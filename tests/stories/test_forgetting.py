"""Somebody asks to be forgotten: the cards in Slack change, what they had is handed over, and nothing leads to them any more."""

from __future__ import annotations

from typing import Any

import pytest

from bot import forgetting, offices
from bot.office_file import load
from handlers.core import Person
from storage.offices import Organisation
from storage.tables import history, people, places, tickets, waits
from tests.storage.everything import everything
from tests.stories.forging import rows
from tests.stories.test_people import tells_of
from tests.stories.world import EXAMPLE, Story

PAT, NAME = "pat@acme.example", "Pat Perez"
FORMER = "a former colleague"


async def person(office: Story, email: str) -> Person:
    found = await office.bot.store.people.by_email(office.office.organisation, email)
    assert found is not None
    return found


async def planned(office: Story, email: str, words: bool = False) -> forgetting.Plan:
    return await forgetting.plan(office.bot.store, whole(office), await person(office, email), words)


def whole(office: Story) -> Organisation:
    return Organisation(office.office.organisation, office.office.head.key, 1)


async def forget(office: Story, email: str, words: bool = False) -> None:
    await forgetting.forget(office.bot.store, await planned(office, email, words), office.clock())
    await office.settled()
    await office.later(seconds=70)


async def leaves_the_policy(office: Story, email: str) -> None:
    """Somebody else takes over: the office file names them no more."""
    document, _ = load(EXAMPLE)
    for queue in document["queues"]:
        queue["people"] = [one for one in queue["people"] if one != email]
        queue["channel"] = dict(office.office.queues[queue["key"]].channel)
    document["people"] = [one for one in document["people"] if one["email"] != email]
    store = office.bot.store
    await offices.apply(store, await offices.plan(store, document, office.clock(), prune=True), office.clock())


async def leftovers(office: Story, *needles: str) -> list[tuple[Any, str]]:
    """Where in the database one of these still stands."""
    found = await office.bot.store.database.read(everything)
    return [(place, needle) for place, text in found.items() for needle in needles if needle.lower() in text.lower()]


def shown(office: Story) -> str:
    """All that our own messages say in channels, and in conversations with others."""
    readers = (office.bob, office.ana, office.ada)
    return "\n".join(one.text for reader in readers for one in reader.screen if one.kind == "message" and one.author == "U0DESKBELL")


async def a_life_of_pat(office: Story) -> str:
    """Reports, takes, comments, is asked and is spoken of; gives Slack's id of them."""
    user: str = office.slack.world.user("pat").id
    await office.ana.says(f"/issue light above my desk flickering, {NAME} knows where")
    await office.pat.presses("Take it", on=office.pat.post("#1 light", "building"))
    card = office.pat.post("#1 light", "building")
    await office.pat.tells("the lamp is on order", "building", thread=card.id)
    await office.bob.tells(f"<@{user}> ({NAME}, {PAT}) is right", "building", thread=card.id)
    await office.pat.tells("my chair in the kitchen is broken")
    await office.bob.presses("Ask the requester…", on=office.bob.post("#2 ", "building"))
    await office.bob.sends({"Your question": "Which one?"})
    return user


async def test_a_person_is_forgotten_and_every_card_changes(office: Story) -> None:
    user = await a_life_of_pat(office)
    assert (await planned(office, PAT)).named
    await leaves_the_policy(office, PAT)
    (direct,) = [row["channel"] for row in await rows(office, places) if row["user"] == user]
    assert NAME in shown(office)
    assert len({needle for _, needle in await leftovers(office, NAME, PAT, user, direct)}) == 4

    await forget(office, PAT)

    assert await leftovers(office, NAME, PAT, user, direct) == []
    assert NAME not in shown(office)
    assert FORMER in office.bob.post("#2 ", "building").text
    held = {row["number"]: (row["assignee"], row["status"], row["title"]) for row in await rows(office, tickets)}
    assert held[1] == (None, "open", f"light above my desk flickering, {FORMER} knows where")
    assert "chair" in held[2][2]
    assert [row["ended_at"] is not None for row in await rows(office, waits) if row["on"]] == [True]
    assert "the lamp is on order" in "".join((await office.bot.store.database.read(everything)).values())
    assert any(row["actor"] for row in await rows(office, history))


async def test_with_their_words(office: Story) -> None:
    await a_life_of_pat(office)
    await leaves_the_policy(office, PAT)
    await forget(office, PAT, words=True)
    assert await leftovers(office, NAME, "the lamp is on order", "my chair in the kitchen") == []
    assert "my chair" not in shown(office)
    assert "(removed)" in office.bob.post("#2 ", "building").text
    assert office.ana.sees("light above my desk")


async def test_they_do_not_come_back_by_themselves(office: Story) -> None:
    await leaves_the_policy(office, PAT)
    before = len(await rows(office, people))
    await forget(office, PAT)
    await office.wired.learn_everyone()
    await tells_of(office, "user_change", "pat", tz="Asia/Tokyo")
    await office.pat.says("/issue light above my desk flickering")
    assert office.pat.sees("an administrator can let you in again")
    assert len(await rows(office, people)) == before
    assert await rows(office, tickets) == []
    assert await leftovers(office, NAME, PAT) == []
    assert await forgetting.remember(office.bot.store, whole(office), PAT)
    assert not await forgetting.remember(office.bot.store, whole(office), PAT)
    await office.pat.says("/issue light above my desk flickering")
    assert [row["title"] for row in await rows(office, tickets)] == ["light above my desk flickering"]


@pytest.mark.parametrize("email", ["ada@acme.example", PAT])
async def test_whom_the_policy_needs_is_named(office: Story, email: str) -> None:
    assert (await planned(office, email)).named


async def test_the_files_with_their_words_go_as_well(office: Story) -> None:
    world = office.slack.world
    await office.pat.tells(
        "@deskbell the tap drips", "office", files=[world.add_file("pat", "tap.jpg", b"\xff\xd8\xff a tap", "image/jpeg")]
    )
    await office.ana.tells(
        "@deskbell the door creaks", "office", files=[world.add_file("ana", "door.jpg", b"\xff\xd8\xff doors", "image/jpeg")]
    )
    await leaves_the_policy(office, PAT)
    await forget(office, PAT, words=True)
    root = office.bot.carrying.kept.root
    assert [path.read_bytes() for path in root.rglob("*") if path.is_file()] == [b"\xff\xd8\xff doors"]
