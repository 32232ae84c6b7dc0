"""The office file applied: its policy stored, its people known, its queues' channels as places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.core import Chat, Person, Place, Where
from handlers.office.changes import Change, changed_in_chat, diff
from handlers.office.model import Office
from handlers.office.rows import document, to_rows
from storage.ids import new_id
from storage.installations import Installation
from storage.offices import Organisation, Stored
from storage.store import Store

KNOWN_EVERYWHERE = timedelta(seconds=65)
"""After this a place that was changed is believed nowhere as it was: caches keep one for a minute."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would change, and what it would undo that was changed in chat."""

    stored: Stored
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]


async def plan(store: Store, file: Mapping[str, Any], now: datetime, prune: bool = False) -> Plan:
    """Compares a file without mistakes with what is stored; makes the organisation if its key is new."""
    rows = to_rows(file)
    organisation = await _organisation(store, file["office"]["key"], now)
    stored = await store.offices.stored(organisation.id)
    changes = diff(stored.rows, rows, prune)
    return Plan(stored, changes, changed_in_chat(changes, stored.changed_by))


async def _organisation(store: Store, key: str, now: datetime) -> Organisation:
    return await store.offices.by_key(key) or await store.offices.create(new_id(), key, now)


async def apply(store: Store, planned: Plan, now: datetime) -> Office:
    """Writes a plan and settles what follows from it."""
    if planned.changes:
        await store.offices.change(planned.stored, planned.changes, "file", now)
    office = await store.offices.get(planned.stored.organisation)
    gone = [change.key for change in planned.changes if change.section == "queues" and change.kind == "removed"]
    await settle(store, office, now, gone)
    return office


async def export(store: Store, organisation: str) -> dict[str, Any]:
    return document((await store.offices.stored(organisation)).rows)


async def settle(store: Store, office: Office, now: datetime, gone: Sequence[str] = ()) -> None:
    """Everybody whom the policy names is a person, and every queue's channel in a connected workspace is a place. Safe to repeat.

    Tickets of a queue that is `gone` or has another channel now are brought where they belong, as soon as every replica knows.
    """
    installed = await store.installations.of(office.organisation)
    work = store.work(office.organisation)
    for email, colleague in office.people.items():
        known = await store.people.by_email(office.organisation, email)
        if known is None:
            work.add(_person(office, email, colleague.name))
    changed = set(gone)
    for place in await store.places.of_queues(office.organisation):
        if not _named(office, place):
            changed.add(place.queue or "")
            work.put(replace(place, queue=None))
    for queue in office.queues.values():
        for chat, channel in queue.channel.items():
            for place in await _places(store, office, installed, queue.key, chat, channel):
                changed.add(queue.key)
                work.put(place)
    for key in sorted(changed):
        work.at(now + KNOWN_EVERYWHERE, "queue.changed", f"queue:{key}")
    await work.commit()


def _named(office: Office, place: Place) -> bool:
    """Whether this is still the channel of its queue, as far as the policy names channels of that chat at all."""
    queue = office.queues.get(place.queue or "")
    named = any(place.chat in one.channel for one in office.queues.values())
    return queue is not None and (not named or queue.channel.get(place.chat) == place.channel)


def _person(office: Office, email: str, name: str) -> Person:
    return Person(new_id(), office.organisation, name, email, office.head.language, office.head.time_zone)


async def _places(store: Store, office: Office, installed: Sequence[Installation], queue: str, chat: str, channel: str) -> list[Place]:
    """The channel in each of the office's own workspaces of that chat; only places that are new or that change their queue."""
    found = []
    for one in installed:
        if one.chat == chat and one.vendor is None:
            place = await _place(store, office, one.chat, one.workspace, channel)
            if place.queue != queue:
                found.append(Place(place.id, office.organisation, one.chat, one.workspace, "channel", channel, queue=queue))
    return found


async def _place(store: Store, office: Office, chat: Chat, workspace: str, channel: str) -> Place:
    known = await store.places.at(office.organisation, Where(chat, workspace, channel))
    return known or Place(new_id(), office.organisation, chat, workspace, "channel", channel)
