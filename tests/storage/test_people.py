"""Persons, accounts and workspaces: found, scoped, cached, and forgotten when something changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, delete

from handlers.core import Account, Person
from storage.cache import Cache
from storage.ids import new_id
from storage.installations import Installation
from storage.store import Store
from storage.tables import accounts, people
from tests.conftest import NOW
from tests.storage.samples import ACME, OTHER, person

U1 = Account("slack", "T1", "U1")


async def known(store: Store, *persons: Person) -> None:
    work = store.work(persons[0].organisation)
    work.add(*persons)
    for number, one in enumerate(persons, 1):
        work.join(Account("slack", "T1", f"U{number}"), one.id)
    await work.commit()


def _lose_everything(connection: Connection) -> None:
    connection.execute(delete(people))
    connection.execute(delete(accounts))


async def test_by_account_by_id_by_email(store: Store) -> None:
    ana, bob = person(), person(name="Bob", email="bob@acme.test")
    await known(store, ana, bob)
    assert await store.people.of_account(U1) == ana
    assert await store.people.of_account(Account("slack", "T1", "U9")) is None
    assert await store.people.get(ACME, bob.id) == bob
    assert await store.people.by_email(ACME, "Bob@Acme.test") == bob
    assert await store.people.by_email(ACME, "nobody@acme.test") is None
    assert await store.people.many(ACME, (ana.id, bob.id, new_id())) == {ana.id: ana, bob.id: bob}
    assert await store.people.accounts(ACME, ana.id) == [U1]


async def test_another_organisation_has_other_people(store: Store) -> None:
    ana = person()
    await known(store, ana)
    for _ in range(2):  # the second time out of the cache
        assert await store.people.get(OTHER, ana.id) is None
        assert await store.people.by_email(OTHER, "ana@acme.test") is None
        assert await store.people.get(ACME, ana.id) == ana
    assert await store.people.accounts(OTHER, ana.id) == []


async def test_somebody_known_costs_no_query(store: Store) -> None:
    ana = person()
    await known(store, ana)
    await store.people.of_account(U1)
    await store.people.by_email(ACME, "ana@acme.test")
    await store.database.write(_lose_everything)
    assert await store.people.of_account(U1) == ana
    assert await store.people.get(ACME, ana.id) == ana
    assert await store.people.by_email(ACME, "ana@acme.test") == ana


async def test_a_change_here_is_seen_at_once(store: Store) -> None:
    ana = person()
    await known(store, ana)
    await store.people.of_account(U1)
    await store.people.by_email(ACME, "ana@acme.test")
    work = store.work(ACME)
    work.put(replace(ana, name="Ana B.", email="anab@acme.test"))
    await work.commit()
    found = await store.people.of_account(U1)
    assert found is not None
    assert found.name == "Ana B."
    assert await store.people.by_email(ACME, "ana@acme.test") is None


async def test_a_change_in_another_replica_is_seen_when_it_is_announced(open_store: Callable[[], Store]) -> None:
    here, there = open_store(), open_store()
    there.announce = here.forget
    ana, bob = person(), person(name="Bob", email="bob@acme.test")
    await known(here, ana, bob)
    assert await here.people.of_account(U1) == ana
    work = there.work(ACME)
    work.join(U1, bob.id)
    await work.commit()
    assert await here.people.of_account(U1) == bob


async def test_when_messages_may_have_been_lost_everything_is_forgotten(store: Store) -> None:
    ana = person()
    await known(store, ana)
    await store.people.of_account(U1)
    await store.database.write(_lose_everything)
    assert await store.people.of_account(U1) == ana
    store.forget("*", "*")
    assert await store.people.of_account(U1) is None


async def test_a_workspace_leads_to_its_organisation(store: Store) -> None:
    assert await store.people.organisation_of("slack", "T1") is None
    await store.installations.put(Installation(new_id(), ACME, "slack", "T1", NOW))
    assert await store.people.organisation_of("slack", "T1") == ACME
    await store.installations.remove("slack", "T1")
    assert await store.people.organisation_of("slack", "T1") is None


class TestCache:
    def test_the_least_recently_used_goes_first(self) -> None:
        cache: Cache[str, int] = Cache(2, 60, lambda: 0.0)
        for key in "ab":
            cache.put(key, 1, cache.epoch)
        cache.get("a")
        cache.put("c", 1, cache.epoch)
        assert [cache.get(key) for key in "abc"] == [1, None, 1]

    def test_nothing_is_believed_for_long(self) -> None:
        now = [0.0]
        cache: Cache[str, int] = Cache(2, 60, lambda: now[0])
        cache.put("a", 1, cache.epoch)
        now[0] = 59.0
        assert cache.get("a") == 1
        now[0] = 60.0
        assert cache.get("a") is None

    def test_what_was_read_before_a_change_is_not_kept_after_it(self) -> None:
        cache: Cache[str, int] = Cache(2, 60, lambda: 0.0)
        before = cache.epoch
        cache.forget("a")
        cache.put("a", 1, before)
        assert cache.get("a") is None
