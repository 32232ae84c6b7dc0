"""A person is forgotten: their name everywhere, what leads to them, and what is kept for them alone. What the office did stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.offices import KNOWN_EVERYWHERE
from handlers.core import Event, Person
from handlers.office.changes import Change
from handlers.ports import Forget
from storage.knowing import known
from storage.marks import marked_as, unmark
from storage.offices import Organisation, Stored
from storage.scrubbing import Found, Whose, scrub
from storage.store import Store

SHORTEST = 6
"""A user's id of fewer characters could be a word like any other: it is looked for only in places where ids stand."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be forgotten. `counts` by kind; `named`: entries of the policy that somebody else must first take over."""

    person: Person
    whose: Whose
    counts: Mapping[str, int]
    stored: Stored
    named: tuple[str, ...]
    single: bool
    """The name is one word only, which may be a word like any other: in other people's words it is left."""


async def plan(store: Store, of: Organisation, person: Person, words: bool) -> Plan:
    """Looks, and changes nothing."""
    counts, channels = await store.database.read(known, of.id, person.id)
    accounts = await store.people.accounts(of.id, person.id)
    users = tuple(one.user for one in accounts if len(one.user) >= SHORTEST)
    single = len(person.name.split()) < 2
    names = tuple(name for name in (person.email, None if single else person.name) if name)
    whose = Whose(of.id, person.id, names, users, channels, words)
    stored = await store.offices.stored(of.id)
    return Plan(person, whose, counts, stored, _named(stored, whose, person), single)


def _named(stored: Stored, whose: Whose, person: Person) -> tuple[str, ...]:
    """Entries of the policy that name the person, but for the one that says who they are."""
    found = [where for where, row in stored.rows.items() if _mentions(whose, where[1], row)]
    return tuple(f"{section} {key}" for section, key in sorted(found) if (section, key) != ("people", person.email))


def _mentions(whose: Whose, key: str, row: Any) -> bool:
    return bool(whose.names) and (bool(whose.cleaned(row) != row) or bool(whose.cleaned(key) != key))


async def forget(store: Store, planned: Plan, now: datetime) -> Found:
    """Carries it out. Broken off at any point, the same command goes on: who they are goes last."""
    person, organisation = planned.person, planned.person.organisation
    own = ("people", person.email or "")
    if own in planned.stored.rows:
        gone = Change("people", own[1], "removed", planned.stored.rows[own], None)
        await store.offices.change(planned.stored, (gone,), "file", now)
    found = await scrub(store.database, planned.whose)
    work = store.work(organisation)
    for subject in sorted(found.waiting):
        work.tell(Event("ticket.unanswered", subject, organisation, {"person": person.id}))
    for subject in sorted(found.written):
        work.tell(Event("words.removed", subject, organisation))
    work.tell(Event("person.left", f"person:{person.id}", organisation))
    work.tell(Event("person.forgotten", f"person:{person.id}", organisation))
    work.erase(Forget(person.id))
    later = now + KNOWN_EVERYWHERE  # until then a running bot may still draw what it knew
    work.at(later, "person.forgotten", f"person:{person.id}")
    for subject in sorted(found.subjects):
        work.at(later, "care.redrawn", subject)
    await work.commit()
    return found


async def remember(store: Store, of: Organisation, email: str) -> bool:
    """Lets somebody come back who was forgotten, as somebody new. False: nobody of that address was."""
    person = await store.database.read(marked_as, of.id, (), email)
    return person is not None and await store.database.write(unmark, of.id, person) > 0
