"""The office file applied: its policy stored, its people known, its queues' channels as places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

PARTIES = ("queues", "vendors")
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
    gone = {section: [one.key for one in planned.changes if (one.section, one.kind) == (section, "removed")] for section in PARTIES}
    await settle(store, office, now, gone["queues"], gone["vendors"])
    return office


async def export(store: Store, organisation: str) -> dict[str, Any]:
    return document((await store.offices.stored(organisation)).rows)


async def settle(store: Store, office: Office, now: datetime, gone: Sequence[str] = (), dropped: Sequence[str] = ()) -> None:
    """Everybody whom the policy names is a person, and every queue's channel in a chat that is connected is a place. Safe to repeat.

    Tickets of a queue that is `gone` or has another channel now are brought where they belong, as soon as every replica knows; so are
    those that are offered to a vendor that is `dropped` or has another channel.
    """
    work = store.work(office.organisation)
    for email, colleague in office.people.items():
        known = await store.people.by_email(office.organisation, email)
        if known is None:
            work.add(_person(office, email, colleague.name))
    changed = {*gone, *await _channels(store, office, work)}
    vendors = {*dropped, *await _channels_of_vendors(store, office, work)}
    for key in sorted(changed):
        work.at(now + KNOWN_EVERYWHERE, "queue.changed", f"queue:{key}")
    for key in sorted(vendors):
        work.at(now + KNOWN_EVERYWHERE, "vendor.changed", f"vendor:{key}")
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
                work.put(replace(found, queue=queue.key, vendor=None))
    return changed


async def _channels_of_vendors(store: Store, office: Office, work: Work) -> set[str]:
    """States the places in which vendors hear of tickets; the keys of those whose places change. Where the policy no longer names one,
    nothing more is posted, but people of the vendor may still read there.
    """
    installed = await store.installations.of(office.organisation)
    named = {(vendor.key, place.chat, place.address) for vendor in office.vendors.values() for place in vendor.places}
    queues = {named_ for queue in office.queues.values() for named_ in queue.channel.items()}
    before = {place.id: place for place in await store.places.of_vendors(office.organisation) if place.vendor}
    stay, changed = set[str](), set[str]()
    for vendor, chat, address in sorted(named):
        here = [one for one in installed if one.chat == chat]
        theirs = [one for one in here if one.vendor == vendor] or [one for one in here if one.vendor is None]
        found = await _place(store, office, theirs, chat, address)
        if found is None:
            continue
        found = await _brought(store, before.values(), found, vendor)
        stay.add(found.id)
        if found.vendor != vendor or before[found.id] != found:
            changed.add(vendor)
            work.put(replace(found, vendor=vendor, queue=None))
    for place in before.values():
        if place.id not in stay:
            changed.add(str(place.vendor))
            if (place.chat, place.channel) not in queues:
                work.put(replace(place, vendor=""))
    return changed


async def _brought(store: Store, before: Iterable[Place], found: Place, vendor: str) -> Place:
    """Before a vendor's own workspace came, its channel was thought to be one of the office's: the same place goes there, with what stands
    in it. Is the channel a place there already, for other reasons, then it is that.
    """
    thought = next((one for one in before if (one.vendor, one.chat, one.channel) == (vendor, found.chat, found.channel)), None)
    if thought is None or thought.id == found.id or await store.places.get(found.organisation, found.id):
        return found
    return replace(thought, workspace=found.workspace, unreachable=None)


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
