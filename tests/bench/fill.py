"""A desk that has been in use for years: hundreds of thousands of closed tickets with all that belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Connection, select

from handlers.core import Affected, Outcome, Status, Ticket
from storage.database import open_database
from storage.encoding import to_json
from storage.ids import new_id
from storage.rows import AFFECTED, TICKETS
from storage.searching import enter
from storage.statements import Batch, count, insert, write_all
from storage.tables import organisations, people
from tests.bench.signed import WORDS

CHUNK = 10_000
LIVES = ("ticket.reported", "ticket.taken", "ticket.resolved", "ticket.closed")
JSON = frozenset({"fields", "data", "payload", "result"})
Rows = dict[str, list[dict[str, Any]]]


async def filled(url: str, tickets: int) -> None:
    """Puts closed tickets into the first office: with history, whom they concerned, and what was done for them by the outbox."""
    database = open_database(url)
    try:
        organisation, persons = await database.read(_whose)
        for rows in _chunks(organisation, persons, tickets):
            if database.dialect == "sqlite":
                await database.write(_written, rows)
            else:
                await _copied(url, rows)
        await database.write(_counted, organisation, tickets)
        if database.dialect == "postgresql":
            await _settled(url)
    finally:
        await database.close()


def _whose(connection: Connection) -> tuple[str, list[str]]:
    organisation = connection.scalars(select(organisations.c.organisation).order_by(organisations.c.key)).first()
    assert organisation is not None
    return organisation, list(connection.scalars(select(people.c.id).where(people.c.organisation == organisation)))


def _written(connection: Connection, rows: Rows) -> None:
    write_all(connection, *(Batch(insert, table, lines) for table, lines in rows.items()))
    enter(connection, rows["tickets"])


def _counted(connection: Connection, organisation: str, tickets: int) -> None:
    write_all(connection, Batch(count, "counters", [{"organisation": organisation, "name": "ticket", "value": tickets}]))


async def _copied(url: str, rows: Rows) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for table, lines in rows.items():
                columns = list(lines[0])
                records = [[to_json(line[name]) if name in JSON else line[name] for name in columns] for line in lines]
                await connection.copy_records_to_table(table, records=records, columns=columns)
    finally:
        await connection.close()


async def _settled(url: str) -> None:
    """What autovacuum would do in the midst of the measuring."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


# ---------------------------------------------------------------- rows


def _chunks(organisation: str, persons: list[str], tickets: int) -> Iterator[Rows]:
    start = datetime.now(UTC) - timedelta(days=900)
    each = timedelta(days=890) / tickets
    for first in range(1, tickets + 1, CHUNK):
        yield _chunk(organisation, persons, start, each, range(first, min(first + CHUNK, tickets + 1)))


def _chunk(organisation: str, persons: list[str], start: datetime, each: timedelta, numbers: range) -> Rows:
    rows: Rows = {"tickets": [], "affected": [], "history": [], "outbox": [], "heard": []}
    for number in numbers:
        at = start + each * number
        ticket = _ticket(organisation, persons[number % len(persons)], at, number)
        rows["tickets"].append(TICKETS.row(ticket))
        rows["affected"].append(AFFECTED.row(Affected(new_id(), organisation, ticket.id, ticket.requester, 0, at)))
        rows["history"] += [_line(ticket, kind, at) for kind in LIVES]
        rows["outbox"] += [_done(ticket, subscriber, at) for subscriber in ("tickets.placed", "redraw")]
        rows["heard"].append({"key": f"slack:cmd:{number}", "organisation": organisation, "result": None, "at": at})
    return rows


def _ticket(organisation: str, requester: str, at: datetime, number: int) -> Ticket:
    words = WORDS[number % len(WORDS)]
    return Ticket(
        new_id(),
        organisation,
        words,
        f"{words}, room {number % 400}",
        "facilities.electrical",
        "building",
        requester,
        at,
        at + timedelta(hours=8),
        number=number,
        status=Status.closed,
        outcome=Outcome.confirmed,
        assignee=requester,
        responded_at=at + timedelta(hours=1),
        resolved_at=at + timedelta(hours=7),
        closed_at=at + timedelta(hours=8),
        resolution="replaced",
        version=4,
    )


def _line(ticket: Ticket, kind: str, at: datetime) -> dict[str, Any]:
    data = {"category": ticket.category, "priority": "normal", "queue": ticket.queue}
    place = "slack:T00000000:C0GENERAL"
    base = {"id": new_id(), "organisation": ticket.organisation, "subject": ticket.subject, "at": at, "actor": ticket.requester}
    return {**base, "where": place, "kind": kind, "data": data}


def _done(ticket: Ticket, subscriber: str, at: datetime) -> dict[str, Any]:
    base = {"organisation": ticket.organisation, "kind": "event", "name": "ticket.changed", "subject": ticket.subject}
    lane = f"{ticket.subject}:{subscriber}"
    state = {"stamp": 1, "created_at": at, "due_at": at, "tries": 1, "done_at": at}
    return {**base, "subscriber": subscriber, "payload": {}, "lane": lane, **state}
