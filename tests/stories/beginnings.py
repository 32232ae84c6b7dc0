"""How offices stand when their stories begin. Each worker makes one the way the product does, keeps it, and begins the next ones with it:
the policy is applied and members are learnt in a third of a second, and a story needs no more than that they were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'"
_NUMBERS = "SELECT format('%I', sequencename) AS name, last_value AS value FROM pg_sequences WHERE last_value IS NOT NULL"


@dataclass(frozen=True)
class _Kept:
    """All rows of a database: SQLite's whole file, or what PostgreSQL copies out of each table."""

    after: timedelta
    file: bytes = b""
    tables: Mapping[str, bytes] | None = None
    numbers: Mapping[str, int] | None = None


_kept: dict[tuple[Any, ...], _Kept] = {}


class Beginning:
    """That of all stories with the same `what`. Two that differ in anything the database may know of need another `what`."""

    def __init__(self, database: str, *what: object) -> None:
        self._database, self._sqlite = database, make_url(database).get_backend_name() == "sqlite"
        self._what = (self._sqlite, *map(repr, what))

    async def bring(self, service_url: str = "") -> timedelta | None:
        """Fills the empty database; how long after its start the office stood so. None if that was not kept yet.

        `service_url` is where Teams can be called now.
        """
        kept = _kept.get(self._what)
        if kept is None:
            return None
        if self._sqlite:
            self._file.write_bytes(kept.file)
            with closing(sqlite3.connect(self._file)) as file, file:
                file.execute("UPDATE contacts SET service_url = ?", (service_url,))
        else:
            connection = await asyncpg.connect(self._database)
            await _copied_in(connection, kept)
            await connection.execute("UPDATE contacts SET service_url = $1", service_url)
            await connection.close()
        return kept.after

    async def keep(self, after: timedelta) -> None:
        """As it stands in the database now, `after` its start. Nothing may be under way."""
        if self._sqlite:
            with closing(sqlite3.connect(self._file)) as file:
                _kept[self._what] = _Kept(after, file.serialize())
            return
        connection = await asyncpg.connect(self._database)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            tables = {one["relname"]: await _copied_out(connection, one["relname"]) for one in await connection.fetch(_TABLES)}
            numbers = {one["name"]: one["value"] for one in await connection.fetch(_NUMBERS)}
        await connection.close()
        _kept[self._what] = _Kept(after, tables={name: rows for name, rows in tables.items() if rows}, numbers=numbers)

    @property
    def _file(self) -> Path:
        return Path(make_url(self._database).database or "")


async def _copied_out(connection: Any, table: str) -> bytes:
    """Its rows, b"" if there are none."""
    rows = BytesIO()
    said = await connection.copy_from_table(table, output=rows, format="binary")
    return b"" if said == "COPY 0" else rows.getvalue()


async def _copied_in(connection: Any, kept: _Kept) -> None:
    await connection.execute("SET session_replication_role = replica")  # in any order
    for table, rows in (kept.tables or {}).items():
        await connection.copy_to_table(table, source=BytesIO(rows), format="binary")
    for name, value in (kept.numbers or {}).items():
        await connection.execute("SELECT setval($1::text::regclass, $2)", name, value)
