"""What the desk knows of one person, counted, and how they are called elsewhere: what somebody sees before they let it be forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, or_, select

from storage.exported import KINDS
from storage.tables import metadata, places, tickets


def counted(connection: Connection, organisation: str, person: str) -> dict[str, int]:
    """Rows that name the person, by kind; only kinds of which there are some. `open`: open tickets they have."""
    found: dict[str, int] = {}
    for kind in KINDS:
        table = metadata.tables[kind.table]
        if kind.whose:
            naming = or_(*(table.c[name] == person for name in kind.whose))
            found[kind.name] = connection.scalar(select(func.count()).where(table.c.organisation == organisation, naming)) or 0
    held = (tickets.c.organisation == organisation, tickets.c.assignee == person, tickets.c.status.in_(("open", "in_progress")))
    found["open"] = connection.scalar(select(func.count()).where(*held)) or 0
    return {name: count for name, count in found.items() if count}


def conversations(connection: Connection, organisation: str, person: str) -> tuple[str, ...]:
    """The chats' ids of the direct conversations with the person."""
    own = (places.c.organisation == organisation, places.c.person == person, places.c.channel != "")
    return tuple(connection.scalars(select(places.c.channel).where(*own)))


def known(connection: Connection, organisation: str, person: str) -> tuple[Mapping[str, int], tuple[str, ...]]:
    return counted(connection, organisation, person), conversations(connection, organisation, person)
