"""What the web page of a ticket needs, which nobody has to be let in for: whose it is and its number, no word of what is in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from storage.tables import tickets

_FOUND = select(tickets.c.organisation, tickets.c.number, tickets.c.queue).where(tickets.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    organisation: str
    number: int
    queue: str


def whereabouts(connection: Connection, ticket: str) -> Whereabouts | None:
    """Of a ticket by its id, in whatever organisation it is."""
    row = connection.execute(_FOUND, {"id": ticket}).first()
    return None if row is None else Whereabouts(*row)
