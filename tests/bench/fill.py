"""A desk that has been in use for years: hundreds of thousands of closed tickets with all that is kept of them.

Of the outbox and of the keys heard only the last days are there, because the sweep takes away the rest: `KEPT` of the tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Connection, insert, select

from handlers.core import Affected, Outcome, Status, Ticket
from storage.database import open_database
from storage.rows import AFFECTED, TICKETS
from storage.tables import counters, people
from tests.bench.signed import WORDS

CHUNK = 20_000
KEPT = 0.04
SPAN = timedelta(days=900)
NOW = datetime.now(UTC)
DATA = '{"category": "facilities.electrical", "priority": "normal", "queue": "building"}'
KINDS = ("ticket.reported", "ticket.closed")
OWN = ("id", "number", "title", "body", "created_at", "updated_at", "closed_at")
SEARCHED = (
    "INSERT INTO ticket_words_of (ticket) SELECT id FROM tickets ORDER BY id",
    "INSERT INTO ticket_words (rowid, organisation, words) SELECT seq, organisation, title || ' ' || substr(body, 1, 20000)"
    " FROM ticket_words_of JOIN tickets ON id = ticket ORDER BY seq",
)

Row = dict[str, Any]
Rows = tuple[str, list[str], list[tuple[Any, ...]]]
"""Table, columns and rows."""
Moment = Callable[[datetime], Any]


async def filled(url: str, many: int) -> None:
    """Puts so many closed tickets into the office of the database."""
    database = open_database(url)
    try:
        organisation, person = await database.read(_whose)
        if database.dialect == "postgresql":
            await _copied(url, _chunks(organisation, person, many, lambda at: at))
        else:
            for chunk in _chunks(organisation, person, many, lambda at: at.isoformat(" ", "microseconds")[:26]):
                await database.write(_written, chunk)
            await database.write(_searched)
        await database.write(_counted, organisation, many)
    finally:
        await database.close()


def _whose(connection: Connection) -> tuple[str, str]:
    organisation, person = connection.execute(select(people.c.organisation, people.c.id)).tuples().first() or ("", "")
    return organisation, person


def _written(connection: Connection, chunk: list[Rows]) -> None:
    for table, names, rows in chunk:
        columns, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _searched(connection: Connection) -> None:
    for statement in SEARCHED:
        connection.exec_driver_sql(statement)


def _counted(connection: Connection, organisation: str, many: int) -> None:
    connection.execute(insert(counters).values(organisation=organisation, name="ticket", value=many))


async def _copied(url: str, chunks: Iterator[list[Rows]]) -> None:
    """By COPY, the index of words last; then what autovacuum would else do in the midst of the measuring."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("DROP INDEX ix_tickets_words")
        for chunk in chunks:
            async with connection.transaction():
                for table, names, rows in chunk:
                    await connection.copy_records_to_table(table, records=rows, columns=names)
        await connection.execute("CREATE INDEX ix_tickets_words ON tickets USING gin (words)")
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


# ---------------------------------------------------------------- rows


def _chunks(organisation: str, person: str, many: int, moment: Moment) -> Iterator[list[Rows]]:
    for first in range(1, many + 1, CHUNK):
        lives = [_life(number, number / many, moment) for number in range(first, min(first + CHUNK, many + 1))]
        recent = [life for life in lives if life["number"] > many * (1 - KEPT)]
        found = [
            _rows("tickets", _ticket(organisation, person), lives, *OWN),
            _rows("affected", AFFECTED.row(Affected("", organisation, "", person, 0, NOW)), lives, "id", "ticket", "since"),
            *(_rows("history", _line(organisation, person, kind), lives, "id", "subject", "at") for kind in KINDS),
            _rows("outbox", _done(organisation), recent, "subject", "lane", "created_at", "due_at", "done_at"),
            _rows("heard", {"key": "", "organisation": organisation, "at": NOW}, recent, "key", "at"),
        ]
        yield [(table, names, rows) for table, names, rows in found if rows]


def _life(number: int, share: float, moment: Moment) -> Row:
    """All that differs from one ticket to the next, in whichever table. The ids sort before every new one."""
    at, key, words = moment(NOW - SPAN * (1 - share) - timedelta(days=1)), f"{number:032x}", WORDS[number % len(WORDS)]
    moments = dict.fromkeys(("created_at", "updated_at", "closed_at", "since", "at", "due_at", "done_at"), at)
    names = {"id": key, "ticket": key, "subject": f"ticket:{key}", "lane": f"place:{key}", "key": f"slack:cmd:{number}"}
    return {"number": number, "title": words, "body": f"{words}, room {number % 400}", **names, **moments}


def _rows(table: str, like: Row, lives: Iterable[Row], *names: str) -> Rows:
    """One row for each life: like the first one, but for these columns."""
    fixed = [name for name in like if name not in names and like[name] is not None]
    values = tuple(like[name] for name in fixed)
    return table, [*fixed, *names], [(*values, *(life[name] for name in names)) for life in lives]


def _ticket(organisation: str, person: str) -> Row:
    ended = {"status": Status.closed, "outcome": Outcome.confirmed, "assignee": person, "resolution": "replaced", "version": 4}
    ticket = Ticket("", organisation, "", "", "facilities.electrical", "building", person, NOW, NOW, **ended)  # type: ignore[arg-type]
    return {**TICKETS.row(ticket), "fields": "{}"}


def _line(organisation: str, person: str, kind: str) -> Row:
    return {"organisation": organisation, "actor": person, "where": "slack:T00000000:C0GENERAL", "kind": kind, "data": DATA}


def _done(organisation: str) -> Row:
    what = {"kind": "deliver", "name": "post", "subscriber": "", "payload": "{}"}
    return {"organisation": organisation, **what, "stamp": 1, "tries": 1}
