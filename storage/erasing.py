"""What a unit of work takes away for good."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from handlers.core import Account, Standing
from handlers.people.names import FORMER
from handlers.ports import Forget
from storage.marks import mark
from storage.tables import accounts, dialogs, notices, outbox, people, places, posts, watches
from storage.unit import Unit


def erase(connection: Connection, unit: Unit) -> None:
    for what in unit.erased:
        if isinstance(what, Forget):
            _forget(connection, unit, what.person)


def _forget(connection: Connection, unit: Unit, person: str) -> None:
    """The row stays, without anything that leads to the person: tickets and the log name it. Safe to repeat."""
    organisation = unit.organisation
    own = (people.c.organisation == organisation, people.c.id == person)
    email = connection.scalar(select(people.c.email).where(*own))
    found = [
        Account(*row)
        for row in connection.execute(
            select(accounts.c.chat, accounts.c.workspace, accounts.c.user).where(
                accounts.c.organisation == organisation, accounts.c.person == person
            )
        )
    ]
    if found or email:
        mark(connection, organisation, person, found, email, unit.at)
    nobody = {"name": FORMER, "email": None, "language": "en", "zone": "UTC", "standing": str(Standing.gone)}
    connection.execute(update(people).where(*own).values(nobody))
    direct = select(places.c.id).where(places.c.organisation == organisation, places.c.person == person)
    connection.execute(delete(posts).where(posts.c.organisation == organisation, posts.c.place.in_(direct)))
    for table in (accounts, places, watches, notices, dialogs):
        connection.execute(delete(table).where(table.c.organisation == organisation, table.c.person == person))
    waiting = (outbox.c.organisation == organisation, outbox.c.lane == f"person:{person}", outbox.c.done_at.is_(None))
    connection.execute(delete(outbox).where(*waiting))
