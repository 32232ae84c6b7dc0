"""Somebody asks to be forgotten: the cards in the chat change, what they had is handed over, and nothing leads to them any more.

Slack's own: pages, files of channels (Teams keeps those to itself), and a mention that holds an id alone.
"""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot import forgetting, offices
from bot.sandbox.teams import TeamsSandbox
from handlers.core import Person
from handlers.frozen import replace
from storage.offices import Organisation
from storage.tables import history, homes, people, places, tickets, waits
from tests.example import example_document
from tests.storage.everything import everything
from tests.stories.forging import rows
from tests.stories.test_people import tells_of
from tests.stories.world import Story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset(
    {
        "test_the_files_with_their_words_go_as_well",
        "test_two_who_looked_at_their_pages_and_had_managers_are_both_forgotten",
        "test_who_is_forgotten_and_has_left_is_not_named_by_a_mention",
    }
)
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
    document = example_document()
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
    return "\n".join(one.text for reader in readers for one in reader.screen if one.kind == "message" and one.author == us(office))


def us(office: Story) -> str:
    """Our own id as the author of messages."""
    app = office.platform.app
    return str(getattr(app, "bot", "") or app.user)


async def a_life_of_pat(office: Story) -> str:
    """Reports, takes, comments, is asked and is spoken of; gives the chat's id of them."""
    user = str(getattr(office.pat.actor.user, "aad", office.pat.actor.user.id))
    await office.ana.says(f"/issue light above my desk flickering, {NAME} knows where")
    await office.pat.presses("Take it", on=office.pat.post("#1 light", "building"))
    card = office.pat.post("#1 light", "building")
    await office.pat.tells("the lamp is on order", "building", thread=card.id)
    await office.bob.tells(f"@pat ({NAME}, {PAT}) is right", "building", thread=card.id)
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

    assert await leftovers(office, NAME, PAT, user, office.pat.actor.user.id, direct) == []
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
    if office.chat == "slack":
        await office.wired.learn_everyone()
    else:
        teams = cast(TeamsSandbox, office.platform)
        await teams.install(teams.world.team("Office"), by="ada")
    await tells_of(office, "user_change", "pat", tz="Asia/Tokyo")
    await office.pat.says("/issue light above my desk flickering")
    assert office.pat.sees("an administrator can let you in again")
    assert len(await rows(office, people)) == before
    assert await rows(office, tickets) == []
    assert await leftovers(office, NAME, PAT, *([office.pat.actor.user.id] if office.chat == "teams" else [])) == []
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


async def test_two_who_looked_at_their_pages_and_had_managers_are_both_forgotten(office: Story) -> None:
    """Of each goes the page of their own and who their manager was; of others, that it was they."""
    store = office.bot.store
    pat, oli, hal = [await person(office, f"{name}@acme.example") for name in ("pat", "oli", "hal")]
    work = store.work(office.office.organisation)
    work.put(replace(pat, manager=oli.id), replace(hal, manager=pat.id))
    await work.commit()
    for colleague in (office.pat, office.oli):
        await colleague.actor.opens_home()
    await office.settled()
    assert {row["person"] for row in await rows(office, homes)} == {pat.id, oli.id}
    for email in (PAT, "oli@acme.example"):
        await leaves_the_policy(office, email)
        await forget(office, email)
    assert await rows(office, homes) == []
    assert not [row for row in await rows(office, people) if row["manager"]]


async def test_somebody_of_whom_nothing_is_known_takes_nothing_with_them(office: Story) -> None:
    """No address, one name, no account (any more): there is nothing to look for in other people's words."""
    await office.ana.says("/issue light above my desk - it flickers!")
    work = office.bot.store.work(office.office.organisation)
    work.put(Person("0" * 32, office.office.organisation, "Robo"))
    await work.commit()
    before = await rows(office, tickets), await rows(office, people)
    robo = await office.bot.store.people.get(office.office.organisation, "0" * 32)
    assert robo is not None
    await forgetting.forget(office.bot.store, await forgetting.plan(office.bot.store, whole(office), robo, False), office.clock())
    await office.settled()
    after = await rows(office, tickets), [row for row in await rows(office, people) if row["id"] != robo.id]
    assert after == (before[0], [row for row in before[1] if row["id"] != robo.id])


async def test_who_is_forgotten_and_has_left_is_not_named_by_a_mention(office: Story) -> None:
    user = office.slack.world.user("pat")
    await leaves_the_policy(office, PAT)
    await forget(office, PAT)
    user.deleted = True
    await office.ana.tells(f"<@U0DESKBELL> <@{user.id}> has left a broken lamp on my desk", "office", raw=True)
    assert [row["title"] for row in await rows(office, tickets)] == ["somebody has left a broken lamp on my desk"]
    assert await leftovers(office, NAME) == []
