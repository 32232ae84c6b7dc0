"""The rows of one organisation as lines of JSON: plain objects, moments in ISO 8601, nothing secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import orjson
from sqlalchemy import Connection

from storage.database import Database
from storage.exported import Kind
from storage.migrate import revision_in
from storage.offices import Stored, stored_in
from storage.paging import pages
from storage.tables import metadata

T = TypeVar("T")
_AS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z


class Snapshot:
    """One organisation as it was at one moment, however long the reading takes."""

    def __init__(self, connection: Connection, organisation: str) -> None:
        self._connection, self._organisation = connection, organisation

    @property
    def revision(self) -> str:
        """Of the database's tables."""
        return revision_in(self._connection) or ""

    def policy(self) -> Stored:
        return stored_in(self._connection, self._organisation)

    def lines(self, kind: Kind, person: str | None = None) -> Iterator[bytes]:
        """Each row as one line; with a person, only rows that name them. Only one page of them is in memory."""
        table = metadata.tables[kind.table]
        only = [] if person is None else [table.c[name] == person for name in kind.whose]
        if person is not None and not only:
            return
        names = [str(column.name) for column in table.c if column.name not in kind.secret]
        for rows in pages(self._connection, table, self._organisation, only):
            for row in rows:
                found = row._mapping
                yield orjson.dumps({name: found[name] for name in names}, option=_AS)


async def in_snapshot(database: Database, organisation: str, read: Callable[[Snapshot], T]) -> T:
    """What `read` makes of the organisation. It runs outside of the event loop's thread where the database is SQLite."""
    return await database.snapshot(lambda connection: read(Snapshot(connection, organisation)))
