"""Makes an office reachable on a terminal: as a workspace, with everybody's account, and a channel for each queue."""

from __future__ import annotations

from datetime import datetime

from handlers.core import Account, Person, Place, Where
from handlers.office.model import Office
from storage.ids import new_id
from storage.installations import Installation
from storage.store import Store
from storage.work import UnitOfWork


async def connect(store: Store, office: Office, now: datetime) -> None:
    """Safe to repeat, and to be repeated after each change of the office. The workspace is the office's key."""
    workspace = office.head.key
    if await store.installations.at("console", workspace) is None:
        await store.installations.put(Installation(new_id(), office.organisation, "console", workspace, now))
    work = store.work(office.organisation)
    for email in office.people:
        await _join(store, work, office, email)
    for queue in office.queues:
        await _channel(store, work, office, queue)
    await work.commit()


async def _join(store: Store, work: UnitOfWork, office: Office, email: str) -> None:
    account = Account("console", office.head.key, email)
    if await store.people.of_account(account) is None:
        known = await store.people.by_email(office.organisation, email)
        person = known or Person(
            new_id(), office.organisation, office.people[email].name, email, office.head.language, office.head.time_zone
        )
        if known is None:
            work.add(person)
        work.join(account, person.id)


async def _channel(store: Store, work: UnitOfWork, office: Office, queue: str) -> None:
    where = Where("console", office.head.key, queue)
    if await store.places.at(office.organisation, where) is None:
        work.put(Place(new_id(), office.organisation, "console", office.head.key, "channel", queue, queue=queue))
