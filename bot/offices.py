"""The office file applied: its policy stored, its people known, its queues' channels as places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.core import Person, Place, Where
from handlers.office.changes import Change, changed_in_chat, diff
from handlers.office.model import Office
from handlers.office.rows import document, to_rows
from handlers.ports import Work
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
    """Everybody whom the policy names is a person, and every queue's channel in a chat that is connected is a place. Safe to repeat.

    Tickets of a queue that is `gone` or has another channel now are brought where they belong, as soon as every replica knows.
    """
    work = store.work(office.organisation)
    for email, colleague in office.people.items():
        known = await store.people.by_email(office.organisation, email)
        if known is None:
            work.add(_person(office, email, colleague.name))
    changed = {*gone, *await _channels(store, office, work)}
    await _channels_of_vendors(store, office, work)
    for key in sorted(changed):
        work.at(now + KNOWN_EVERYWHERE, "queue.changed", f"queue:{key}")
    await work.commit()


async def _channels(store: Store, office: Office, work: Work) -> set[str]:
    """States the places of the queues' channels; the keys of the queues whose places change."""
    installed = [one for one in await store.installations.of(office.organisation) if one.vendor is None]
    changed, stay = set[str](), dict[tuple[str, str], Place]()
    before = await store.places.of_queues(office.organisation)
    for place in before:
        if _named(office, place) and _better(place, stay.get((place.chat, place.channel))):
            stay[place.chat, place.channel] = place
    for place in before:
        if stay.get((place.chat, place.channel)) != place:
            changed.add(place.queue or "")
            work.put(replace(place, queue=None))
    for queue in office.queues.values():
        for chat, channel in queue.channel.items():
            found = stay.get((chat, channel)) or await _place(store, office, installed, chat, channel)
            if found is not None and found.queue != queue.key:
                changed.add(queue.key)
                work.put(replace(found, queue=queue.key))
    return changed


async def _channels_of_vendors(store: Store, office: Office, work: Work) -> None:
    """States the places in which vendors hear of tickets. Where the policy no longer names one, nothing more is posted."""
    installed = await store.installations.of(office.organisation)
    named = {(vendor.key, place.chat, place.address) for vendor in office.vendors.values() for place in vendor.places}
    known = {(str(place.vendor), place.chat, place.channel): place for place in await store.places.of_vendors(office.organisation)}
    for key, place in known.items():
        if key not in named:
            work.put(replace(place, vendor=None))
        elif own := [one for one in installed if (one.vendor, one.chat) == key[:2]]:
            await _at_home(store, office, work, place, own)
    for vendor, chat, address in sorted(named - known.keys()):
        theirs = [one for one in installed if one.vendor == vendor] or [one for one in installed if one.vendor is None]
        found = await _place(store, office, theirs, chat, address)
        if found is not None:
            work.put(replace(found, vendor=vendor))


async def _at_home(store: Store, office: Office, work: Work, place: Place, own: Sequence[Installation]) -> None:
    """Before a vendor's `own` workspaces came, its channel was thought to be one of the office's: the same place goes there, with what
    stands in it; is the channel a place there already, for other reasons, then that is the vendor's.
    """
    if place.workspace in {one.workspace for one in own}:
        return
    there = await _place(store, office, own, place.chat, place.channel)
    if there is not None and await store.places.get(office.organisation, there.id):
        work.put(replace(place, vendor=None))
        work.put(replace(there, vendor=place.vendor))
    elif there is not None:
        work.put(replace(place, workspace=there.workspace, unreachable=None))


def _named(office: Office, place: Place) -> bool:
    """Whether this is still the channel of its queue, as far as the policy names channels of that chat at all."""
    queue = office.queues.get(place.queue or "")
    named = any(place.chat in one.channel for one in office.queues.values())
    return queue is not None and (not named or queue.channel.get(place.chat) == place.channel)


def _person(office: Office, email: str, name: str) -> Person:
    return Person(new_id(), office.organisation, name, email, office.head.language, office.head.time_zone)


def _better(place: Place, than: Place | None) -> bool:
    """A channel is one place. An earlier version made one in every workspace of the chat."""
    return than is None or (bool(than.unreachable) and not place.unreachable)


async def _place(store: Store, office: Office, installed: Sequence[Installation], chat: str, channel: str) -> Place | None:
    """The channel in one of these workspaces of that chat: where it is known from, else in the first (`bot.homing` looks for that of a
    queue in the others).
    """
    own = [one for one in sorted(installed, key=lambda one: (one.created_at, one.id)) if one.chat == chat]
    for one in own:
        known = await store.places.at(office.organisation, Where(one.chat, one.workspace, channel))
        if known is not None:
            return known
    return Place(new_id(), office.organisation, own[0].chat, own[0].workspace, "channel", channel) if own else None
