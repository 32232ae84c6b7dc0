"""The channels of vendors as places: in the vendor's own workspace as soon as it is there."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import offices
from handlers.core import Place, Where
from handlers.frozen import replace
from handlers.office.model import Office
from storage.ids import new_id
from storage.installations import Installation
from storage.store import Store
from tests.example import example_document

NOW = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
CHANNEL = "C0ACMEMSP"


async def applied(store: Store) -> Office:
    """The example office, in a Slack of its own; its MSP has not come yet."""
    office = await offices.apply(store, await offices.plan(store, example_document(), NOW), NOW)
    await connected(store, office, "T0OFFICE", None)
    return office


async def connected(store: Store, office: Office, workspace: str, vendor: str | None) -> None:
    await store.installations.put(Installation(new_id(), office.organisation, "slack", workspace, NOW, vendor))
    await offices.settle(store, office, NOW)


async def theirs(store: Store, office: Office) -> list[Place]:
    return list(await store.places.of_vendor(office.organisation, "northwind"))


async def test_a_vendor_that_comes_later_takes_its_channel_along(store: Store) -> None:
    office = await applied(store)
    (before,) = await theirs(store, office)
    assert (before.workspace, before.channel) == ("T0OFFICE", CHANNEL)
    work = store.work(office.organisation)
    work.put(replace(before, unreachable="undelivered"))
    await work.commit()
    await connected(store, office, "T0NORTHWIND", "northwind")
    assert await theirs(store, office) == [replace(before, workspace="T0NORTHWIND")]
    await offices.settle(store, office, NOW)
    assert [one.id for one in await theirs(store, office)] == [before.id]


async def test_is_the_channel_known_there_already_it_is_that_place(store: Store) -> None:
    office = await applied(store)
    (before,) = await theirs(store, office)
    there = Place(new_id(), office.organisation, "slack", "T0NORTHWIND", "channel", CHANNEL)
    work = store.work(office.organisation)
    work.put(there)
    await work.commit()
    await connected(store, office, "T0NORTHWIND", "northwind")
    assert [one.id for one in await theirs(store, office)] == [there.id]
    old = await store.places.at(office.organisation, Where("slack", "T0OFFICE", CHANNEL))
    assert old is not None
    assert old.id == before.id
    assert not old.vendor


async def test_a_workspace_of_another_vendor_changes_nothing(store: Store) -> None:
    office = await applied(store)
    (before,) = await theirs(store, office)
    await connected(store, office, "T0SPARKS", "sparks")
    assert await theirs(store, office) == [before]
