"""A desk that has been in use for years: hundreds of thousands of closed tickets with all that is kept of them.

Of the outbox and of the keys heard only the last days are there, because the sweep takes away the rest: `KEPT` of the tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Connection, Table, insert, select

from handlers.core import Affected, Outcome, Status, Ticket
from storage.database import open_database
from storage.rows import AFFECTED, TICKETS
from storage.tables import affected, counters, heard, history, organisations, outbox, people, tickets
from tests.bench.signed import WORDS

CHUNK = 20_000
KEPT = 0.04
YEARS = timedelta(days=900)
DATA = '{"category": "facilities.electrical", "priority": "normal", "queue": "building"}'
SEARCHED = (
    "INSERT INTO ticket_words_of (ticket) SELECT id FROM tickets ORDER BY id",
    "INSERT INTO ticket_words (rowid, organisation, words) SELECT seq, organisation, title || ' ' || substr(body, 1, 20000)"
    " FROM ticket_words_of JOIN tickets ON id = ticket ORDER BY seq",
    "INSERT INTO ticket_words (ticket_words) VALUES ('optimize')",
)

Row = dict[str, Any]
Rows = list[tuple[Table, list[str], list[tuple[Any, ...]]]]
Moment = Callable[[datetime], Any]


async def filled(url: str, many: int) -> None:
    """Puts so many closed tickets into the first office."""
    database = open_database(url)
    try:
        organisation, person = await database.read(_whose)
        if database.dialect == "postgresql":
            await _copied(url, _chunks(organisation, person, many, lambda at: at))
        else:
            for rows in _chunks(organisation, person, many, lambda at: at.isoformat(" ", "microseconds")[:26]):
                await database.write(_written, rows)
            await database.write(_searched)
        await database.write(_counted, organisation, many)
    finally:
        await database.close()


def _whose(connection: Connection) -> tuple[str, str]:
    return tuple(connection.execute(select(organisations.c.organisation, people.c.id).where(people.c.organisation == organisations.c.organisation)).first() or ())  # type: ignore[return-value]


def _written(connection: Connection, rows: Rows) -> None:
    for table, names, lines in rows:
        places = ", ".join("?" * len(names))
        columns = ", ".join(f'"{name}"' for name in names)
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({places})", lines)


def _searched(connection: Connection) -> None:
    for statement in SEARCHED:
        connection.exec_driver_sql(statement)


def _counted(connection: Connection, organisation: str, many: int) -> None:
    connection.execute(insert(counters).values(organisation=organisation, name="ticket", value=many))


async def _copied(url: str, chunks: Iterator[Rows]) -> None:
    """By COPY; then what autovacuum would else do in the midst of the measuring."""
    connection = await asyncpg.connect(url)
    try:
        for rows in chunks:
            async with connection.transaction():
                for table, names, lines in rows:
                    await connection.copy_records_to_table(table.name, records=lines, columns=names)
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


# ---------------------------------------------------------------- rows


def _chunks(organisation: str, person: str, many: int, moment: Moment) -> Iterator[Rows]:
    start = datetime.now(UTC) - YEARS - timedelta(days=1)
    for first in range(1, many + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, many + 1))
        lives = [(number, f"{number:032x}", start + YEARS * (number / many)) for number in numbers]
        kept = [life for life in lives if life[0] > many * (1 - KEPT)]
        yield [_tickets(organisation, person, lives, moment), _affected(organisation, person, lives, moment)] + [
            *_history(organisation, person, lives, moment),
            *(_outbox(organisation, kept, moment) + _heard(organisation, kept, moment) if kept else []),
        ]
