"""Installations: sealed in the database, of one party, changed by one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, update

from handlers.core import Conflict
from storage.ids import new_id
from storage.installations import Installation, InstallationStore, Spent
from storage.resealing import BATCH, outdated, reseal
from storage.secrets import Unopened, Vault, new_key
from storage.store import Store
from storage.tables import installations
from tests.conftest import NOW
from tests.storage.samples import ACME, OTHER

OLD, NEW = new_key(), new_key()


def installed(workspace: str = "T1", **changes: Any) -> Installation:
    return replace(Installation(new_id(), ACME, "slack", workspace, NOW, data={"token": f"xoxb-{workspace}"}), **changes)


def with_keys(store: Store, *keys: str) -> InstallationStore:
    store.installations.vault = Vault(keys) if keys else None
    return store.installations


@pytest.fixture
def kept(store: Store) -> InstallationStore:
    return with_keys(store, OLD)


async def replicas(open_store: Callable[[], Store]) -> list[InstallationStore]:
    """Four with a writing connection open each, so that what they do at once meets in the database."""
    stores = [with_keys(open_store(), OLD) for _ in range(4)]
    for one in stores:
        await one.remove("slack", "T0")
    return stores


def raw(connection: Connection) -> str:
    return " ".join(str(tuple(row)) for row in connection.execute(installations.select()))


# ---------------------------------------------------------------- sealed


async def test_what_is_stored_is_sealed_and_read_opened(store: Store, kept: InstallationStore) -> None:
    one = installed()
    await kept.put(one)
    assert await kept.at("slack", "T1") == one
    assert await kept.at("slack", "T2") is None
    assert await kept.at("teams", "T1") is None
    found = await store.database.read(raw)
    assert "T1" in found
    assert "xoxb" not in found
    assert "token" not in found
    assert "xoxb" not in repr(one)


async def test_without_a_key_nothing_secret_is_stored_or_read(store: Store, kept: InstallationStore) -> None:
    await kept.put(installed())
    bare = with_keys(store)
    with pytest.raises(Unopened, match="Set DESKBELL_SECRET_KEYS"):
        await bare.put(installed("T2"))
    with pytest.raises(Unopened, match="Set DESKBELL_SECRET_KEYS"):
        await bare.at("slack", "T1")
    assert [one.workspace for one in await bare.of(ACME)] == ["T1"]
    await bare.put(installed("T3", data={}))
    assert await bare.at("slack", "T3") is not None


async def test_lists_leave_the_data_out(kept: InstallationStore) -> None:
    for one in (installed("T2"), installed("T1"), installed("T3", organisation=OTHER), installed("T0", chat="teams")):
        await kept.put(one)
    assert [(one.workspace, one.data) for one in await kept.all("slack")] == [("T1", {}), ("T2", {}), ("T3", {})]
    assert [one.workspace for one in await kept.of(ACME)] == ["T1", "T2", "T0"]


async def test_a_row_copied_to_another_workspace_does_not_open(store: Store, kept: InstallationStore) -> None:
    await kept.put(installed("T1"))
    await kept.put(installed("T2"))

    def copy(connection: Connection) -> None:
        data = connection.scalar(installations.select().with_only_columns(installations.c.data).where(installations.c.workspace == "T1"))
        connection.execute(update(installations).where(installations.c.workspace == "T2").values(data=data))

    await store.database.write(copy)
    with pytest.raises(Unopened):
        await kept.at("slack", "T2")


async def test_keys_change_without_losing_anything(open_store: Callable[[], Store]) -> None:
    store = open_store()
    before = with_keys(store, OLD)
    names = [f"T{number:03}" for number in range(BATCH + 5)]
    for name in names:
        await before.put(installed(name))
    await before.put(installed("EMPTY", data={}))
    both = with_keys(store, NEW, OLD)
    assert (await the(both, "T007")).data == {"token": "xoxb-T007"}
    keys = Vault([NEW, OLD])
    assert await outdated(store.database, keys) == (len(names), 0)
    assert await outdated(store.database, Vault([NEW])) == (0, len(names))
    assert await reseal(store.database, keys) == len(names)
    assert await reseal(store.database, keys) == 0
    assert await outdated(store.database, keys) == (0, 0)
    after = with_keys(open_store(), NEW)
    for name in (names[0], names[-1]):
        assert (await the(after, name)).data == {"token": f"xoxb-{name}"}
    with pytest.raises(Unopened):
        await with_keys(store, OLD).at("slack", "T007")


async def the(kept: InstallationStore, workspace: str = "T1") -> Installation:
    found = await kept.at("slack", workspace)
    assert found is not None
    return found


# ---------------------------------------------------------------- whose it is


async def test_somebody_else_installs_again_and_the_party_stays(kept: InstallationStore) -> None:
    first = installed(vendor="acme-it", data={"token": "xoxb-1", "by": "U1"})
    await kept.put(first)
    await kept.put(replace(first, id=new_id(), data={"token": "xoxb-2", "by": "U2"}))
    assert await the(kept) == replace(first, data={"token": "xoxb-2", "by": "U2"})
    assert len(await kept.of(ACME)) == 1


@pytest.mark.parametrize("party", [{"organisation": OTHER}, {"vendor": "acme-it"}, {"organisation": OTHER, "vendor": "acme-it"}])
async def test_another_party_does_not_get_it(kept: InstallationStore, party: dict[str, str]) -> None:
    first = installed()
    await kept.put(first)
    with pytest.raises(Conflict, match="another party"):
        await kept.put(installed(data={"token": "stolen"}, **party))
    assert await the(kept) == first


async def test_of_two_parties_at_once_one_gets_it(open_store: Callable[[], Store]) -> None:
    stores = await replicas(open_store)
    parties = [replace(installed(), organisation=name * 32) for name in "cdef"]
    done = await asyncio.gather(*(store.put(one) for store, one in zip(stores, parties, strict=True)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Conflict"] * 3 + ["NoneType"]
    assert (await the(stores[0])).organisation == parties[done.index(None)].organisation


async def test_an_invitation_is_good_for_one_workspace(kept: InstallationStore) -> None:
    await kept.put(installed("T1"), "i1")
    await kept.put(installed("T1", data={"token": "xoxb-2"}), "i1")
    await kept.put(installed("T1"), "i2")
    for invitation in ("i1", "i2"):
        with pytest.raises(Spent):
            await kept.put(installed("T2"), invitation)
    await kept.put(installed("T2"), "i3")
    assert [one.workspace for one in await kept.of(ACME)] == ["T1", "T2"]


async def test_an_invitation_is_not_spent_twice_at_the_same_moment(store: Store, open_store: Callable[[], Store]) -> None:
    await store.offices.create(ACME, "acme", NOW)
    stores = await replicas(open_store)
    for turn in range(5):
        tries = (one.put(installed(f"T{turn}{number}"), f"i{turn}") for number, one in enumerate(stores))
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["NoneType"] + ["Spent"] * 3


async def test_what_was_removed_is_gone(kept: InstallationStore) -> None:
    await kept.put(installed(), "i1")
    await kept.remove("slack", "T1")
    assert await kept.at("slack", "T1") is None
    await kept.put(installed(organisation=OTHER))
    assert (await the(kept)).organisation == OTHER


# ---------------------------------------------------------------- one at a time


async def test_one_claims_and_the_others_wait(open_store: Callable[[], Store]) -> None:
    stores = await replicas(open_store)
    for turn in range(5):
        await stores[0].put(installed())
        claims = await asyncio.gather(*(store.claim("slack", "T1", 1000.0 + turn, 30) for store in stores))
        assert sum(claim is not None for claim in claims) == 1
    won = [claim for claim in claims if claim]
    assert [claim.data for claim in won] == [{"token": "xoxb-T1"}]
    assert await stores[1].claim("slack", "T1", 1029.9, 30) is None
    assert await stores[1].swap(won[0], {"token": "xoxb-2"})
    again = await stores[2].claim("slack", "T1", 1001.0, 30)
    assert again is not None
    assert again.data == {"token": "xoxb-2"}
    assert await stores[3].claim("slack", "T1", 1031.0, 30) is not None  # whoever had it was killed
    assert await stores[3].claim("slack", "T9", 1031.0, 30) is None


async def test_what_was_changed_meanwhile_is_not_overwritten(kept: InstallationStore) -> None:
    await kept.put(installed(), "i1")
    claimed = await kept.claim("slack", "T1", 1000.0, 30)
    assert claimed is not None
    await kept.put(installed(data={"token": "xoxb-new"}), "i1")
    assert not await kept.swap(claimed, {"token": "xoxb-late"})
    assert (await the(kept)).data == {"token": "xoxb-new"}
    assert await kept.swap(await the(kept), {"token": "xoxb-newer"})
    with pytest.raises(Spent):
        await kept.put(installed("T2"), "i1")


async def test_sealing_anew_is_no_change(store: Store, kept: InstallationStore) -> None:
    await kept.put(installed())
    claimed = await kept.claim("slack", "T1", 1000.0, 30)
    assert claimed is not None
    assert await reseal(store.database, Vault([NEW, OLD])) == 1
    with_keys(store, NEW, OLD)
    assert await kept.swap(claimed, {"token": "xoxb-2"})
    assert (await the(with_keys(store, NEW))).data == {"token": "xoxb-2"}


# ---------------------------------------------------------------- told


async def test_changes_are_told_here_and_elsewhere(store: Store, kept: InstallationStore) -> None:
    told: list[str] = []
    announced: list[tuple[str, str]] = []
    kept.listeners.append(told.append)
    store.announce = lambda kind, key: announced.append((kind, key))
    await kept.put(installed())
    await kept.swap(await the(kept), {"token": "xoxb-2"})
    await kept.remove("slack", "T1")
    assert set(told) == {"T1"}
    assert announced == [("installations", "T1")] * 3
    kept.forget("people", "ana")
    assert "ana" not in told
    kept.forget("installations", "T5")
    kept.clear()
    assert told[-2:] == ["T5", "*"]
