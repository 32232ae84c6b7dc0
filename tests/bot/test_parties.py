"""A workspace that becomes a vendor's, and the office's again: who acts there is never somebody of both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chats import Profile
from bot.doorkeeper import learn
from handlers.core import Account, Person, Place
from storage.ids import new_id
from storage.installations import Installation
from tests.handlers import harness
from tests.handlers.harness import Desk

THERE = "T0THERE"
BOB = Account("slack", THERE, "U0BOB")
ELSEWHERE = Account("teams", "tenant/app", "bob")
PROFILE = Profile("Bob Burke", "bob@acme.example")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    await harness.template(tmp_path / "template.db")
    async with harness.opened(tmp_path / "template.db", tmp_path / "desk.db") as desk:
        yield desk


async def belongs(desk: Desk, vendor: str | None) -> None:
    """The workspace is this party's: the bot was removed from it, and invited again."""
    installations = desk.port.store.installations
    await installations.remove("slack", THERE)
    await installations.put(Installation(new_id(), desk.office.organisation, "slack", THERE, desk.clock.now, vendor))
    desk.port.store.people.clear()


async def learnt(desk: Desk, account: Account = BOB) -> Person:
    person = await learn(desk.port, desk.office.organisation, account, PROFILE)
    assert person is not None
    return person


async def test_nobody_is_of_the_office_and_of_a_vendor(desk: Desk) -> None:
    bob = (await desk.who("bob")).person
    await belongs(desk, None)
    assert (await learnt(desk)).id == (await learnt(desk, ELSEWHERE)).id == bob.id
    work = desk.port.work(bob.organisation)
    work.put(Place(new_id(), bob.organisation, "slack", THERE, "dm", "D1", BOB.user, bob.id))
    await work.commit()
    await belongs(desk, "northwind")
    theirs = await learnt(desk)
    assert (theirs.vendor, theirs.email) == ("northwind", None)
    assert theirs.id != bob.id
    still = await desk.port.people.get(bob.organisation, bob.id)
    assert still is not None
    assert still.vendor is None
    assert [one.chat for one in await desk.port.people.accounts(bob.organisation, bob.id)] == ["console", "teams"]
    assert BOB.user not in [one.user for one in await desk.port.places.direct(bob.organisation, bob.id)]
    await belongs(desk, None)
    assert (await learnt(desk)).id == bob.id
    assert (await desk.port.people.get(bob.organisation, theirs.id)) == theirs
