"""What a unit of work takes away for good."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, or_, select, update

from handlers.core import Account, Standing
from handlers.people.names import FORMER, REMOVED
from handlers.ports import Discard, Empty, Forget
from storage.marks import mark
from storage.searching import leave
from storage.tables import (
    accounts,
    affected,
    comments,
    contacts,
    dialogs,
    files,
    history,
    homes,
    links,
    notices,
    offers,
    outbox,
    people,
    places,
    posts,
    remotes,
    tickets,
    waits,
    watches,
)
from storage.unit import Unit

FIGURES = frozenset({"category", "priority", "queue", "before", "step", "why", "minutes", "cost", "score", "percent", "until"})
"""What stays of a line's facts when its ticket is emptied: nothing that somebody wrote, and nobody's id."""


def erase(connection: Connection, unit: Unit) -> None:
    for what in unit.erased:
        match what:
            case Forget():
                _forget(connection, unit, what.person)
            case Empty():
                _empty(connection, unit, what.ticket)
            case Discard():
                _discard(connection, unit, what.ticket)


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
    nobody = {"name": FORMER, "email": None, "language": "en", "zone": "UTC", "standing": str(Standing.gone), "manager": None}
    connection.execute(update(people).where(*own).values(nobody))
    connection.execute(update(people).where(people.c.organisation == organisation, people.c.manager == person).values(manager=None))
    direct = select(places.c.id).where(places.c.organisation == organisation, places.c.person == person)
    connection.execute(delete(posts).where(posts.c.organisation == organisation, posts.c.place.in_(direct)))
    for table in (accounts, homes, places, watches, notices, dialogs):
        connection.execute(delete(table).where(table.c.organisation == organisation, table.c.person == person))
    for one in found:
        connection.execute(
            delete(contacts).where(contacts.c.chat == one.chat, contacts.c.workspace == one.workspace, contacts.c.user == one.user)
        )
    waiting = (outbox.c.organisation == organisation, outbox.c.lane == f"person:{person}", outbox.c.done_at.is_(None))
    connection.execute(delete(outbox).where(*waiting))


# ---------------------------------------------------------------- tickets


def _empty(connection: Connection, unit: Unit, ticket: str) -> None:
    of = and_(tickets.c.organisation == unit.organisation, tickets.c.id == ticket)
    bare = {"title": REMOVED, "body": "", "spot": "", "fields": {}, "resolution": "", "emptied_at": unit.at}
    if not connection.execute(update(tickets).where(of).values(**bare, version=tickets.c.version + 1)).rowcount:
        return
    own = _of(comments, unit, ticket)
    connection.execute(update(comments).where(own).values(text=REMOVED, origin={}, version=comments.c.version + 1))
    connection.execute(update(waits).where(_of(waits, unit, ticket)).values(note="", version=waits.c.version + 1))
    connection.execute(update(offers).where(_of(offers, unit, ticket)).values(note="", version=offers.c.version + 1))
    connection.execute(update(files).where(_of(files, unit, ticket)).values(name=REMOVED, link="", version=files.c.version + 1))
    for table in (remotes, dialogs):
        connection.execute(delete(table).where(_about(table, unit, ticket)))
    _figures_only(connection, unit, ticket, actors=True)


def _discard(connection: Connection, unit: Unit, ticket: str) -> None:
    _figures_only(connection, unit, ticket, actors=False)
    for table in (posts, notices, dialogs, remotes):
        connection.execute(delete(table).where(_about(table, unit, ticket)))
    for table in (waits, offers, affected, watches, files, comments):
        connection.execute(delete(table).where(_of(table, unit, ticket)))
    both = and_(links.c.organisation == unit.organisation, or_(links.c.ticket == ticket, links.c.other == ticket))
    connection.execute(delete(links).where(both))
    leave(connection, ticket)
    connection.execute(delete(tickets).where(tickets.c.organisation == unit.organisation, tickets.c.id == ticket))


def _figures_only(connection: Connection, unit: Unit, ticket: str, actors: bool) -> None:
    """Of the log of a ticket: what happened and when."""
    for row in connection.execute(select(history.c.seq, history.c.data, history.c.actor).where(_about(history, unit, ticket))).all():
        bare = {
            "where": "",
            "data": {key: value for key, value in row.data.items() if key in FIGURES},
            "actor": row.actor if actors else None,
        }
        connection.execute(update(history).where(history.c.seq == row.seq).values(bare))


def _of(table: Table, unit: Unit, ticket: str) -> ColumnElement[bool]:
    return and_(table.c.organisation == unit.organisation, table.c.ticket == ticket)


def _about(table: Table, unit: Unit, ticket: str) -> ColumnElement[bool]:
    """Rows whose subject is the ticket, a comment on it, or one of its files."""
    said: Select[Any] = select("comment:" + comments.c.id).where(_of(comments, unit, ticket))
    sent: Select[Any] = select("file:" + files.c.id).where(_of(files, unit, ticket))
    subject = table.c.subject
    return and_(table.c.organisation == unit.organisation, or_(subject == f"ticket:{ticket}", subject.in_(said), subject.in_(sent)))
