"""The policy as rows: kept once for each version, changed only by who read the latest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from handlers.core import Conflict
from handlers.office.changes import diff
from handlers.office.rows import to_rows
from storage.offices import Stored
from storage.store import Store
from tests.conftest import NOW
from tests.storage.samples import ACME, OTHER

HEAD = {"key": "acme", "name": "Acme", "time_zone": "Europe/Berlin", "currency": "EUR", "language": "en", "owner": "olga@acme.test"}
FILE = {"office": HEAD, "sites": [{"key": "hq", "name": "Main street"}]}


async def applied(store: Store, file: Mapping[str, object], prune: bool = False) -> Stored:
    stored = await store.offices.stored(ACME)
    await store.offices.change(stored, diff(stored.rows, to_rows(file), prune), "file", NOW)
    return await store.offices.stored(ACME)


async def test_an_organisation_begins_without_an_office(store: Store) -> None:
    made = await store.offices.create(ACME, "acme", NOW)
    assert await store.offices.list() == [made]
    assert await store.offices.by_key("acme") == made
    assert await store.offices.by_key("other") is None
    with pytest.raises(ValueError, match="no office yet"):
        await store.offices.get(ACME)
    with pytest.raises(KeyError):
        await store.offices.get(OTHER)
    with pytest.raises(Conflict):
        await store.offices.create(OTHER, "acme", NOW)


async def test_what_was_applied_is_the_office(store: Store) -> None:
    await store.offices.create(ACME, "acme", NOW)
    stored = await applied(store, FILE)
    office = await store.offices.get(ACME)
    assert (office.organisation, office.version, office.head.name) == (ACME, 1, "Acme")
    assert office.sites["hq"].name == "Main street"
    assert stored.rows == to_rows(FILE)
    assert set(stored.changed_by.values()) == {"file"}


async def test_the_same_version_is_the_same_object(store: Store) -> None:
    await store.offices.create(ACME, "acme", NOW)
    await applied(store, FILE)
    first = await store.offices.get(ACME)
    assert await store.offices.get(ACME) is first
    store.forget("offices", ACME)
    assert await store.offices.get(ACME) is first
    await applied(store, {"office": {**HEAD, "name": "Acme Ltd"}})
    changed = await store.offices.get(ACME)
    assert (changed.version, changed.head.name, len(changed.sites)) == (2, "Acme Ltd", 1)


async def test_pruned_rows_go(store: Store) -> None:
    await store.offices.create(ACME, "acme", NOW)
    await applied(store, FILE)
    stored = await applied(store, {"office": HEAD}, prune=True)
    assert stored.rows == to_rows({"office": HEAD})


async def test_of_two_who_read_the_same_one_may_write(store: Store) -> None:
    await store.offices.create(ACME, "acme", NOW)
    stored = await store.offices.stored(ACME)
    changes = diff(stored.rows, to_rows(FILE))
    assert await store.offices.change(stored, changes, "file", NOW) == 1
    with pytest.raises(Conflict):
        await store.offices.change(stored, changes, "chat", NOW)


async def test_other_replicas_hear_of_it(open_store: Callable[[], Store]) -> None:
    here, there = open_store(), open_store()
    there.announce = here.forget
    await here.offices.create(ACME, "acme", NOW)
    await applied(there, FILE)
    await here.offices.get(ACME)
    await applied(there, {"office": {**HEAD, "name": "Acme Ltd"}})
    assert (await here.offices.get(ACME)).head.name == "Acme Ltd"
