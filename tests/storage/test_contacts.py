"""How people are reached: kept from the last thing they did, written only when it is new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from handlers.core import Account
from handlers.ports import Forget
from storage.contacts import Contact
from storage.store import Store
from tests.storage.samples import ACME, person

WHO = Account("teams", "tenant", "aad-ana")
MET = Contact(ACME, WHO, "29:ana", "a:1", "https://smba.example/emea/", datetime(2026, 11, 16, 9, 0, tzinfo=UTC))


async def test_what_was_learnt_last_is_known_to_all_processes(open_store: Callable[[], Store]) -> None:
    one, other = open_store(), open_store()
    assert await one.contacts.at(WHO) is None
    await one.contacts.met(MET)
    moved = replace(MET, service_url="https://smba.example/amer/")
    await one.contacts.met(moved)
    assert await one.contacts.at(WHO) == await other.contacts.at(WHO) == moved


async def test_the_same_again_is_not_written(open_store: Callable[[], Store]) -> None:
    store = open_store()
    await store.contacts.met(MET)
    await store.contacts.met(replace(MET, seen_at=MET.seen_at + timedelta(hours=1)))
    assert (await open_store().contacts.at(WHO)) == MET


async def test_of_the_forgotten_nothing_stays(open_store: Callable[[], Store]) -> None:
    store = open_store()
    await store.contacts.met(MET)
    work = store.work(ACME)
    ana = person()
    work.put(ana)
    work.join(WHO, ana.id)
    await work.commit()
    work = store.work(ACME)
    work.erase(Forget(ana.id))
    await work.commit()
    assert await open_store().contacts.at(WHO) is None
