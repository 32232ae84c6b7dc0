"""The database as two functions: `read` runs a function over an autocommit connection, `write` over one in a transaction of its own.

All SQL is written synchronously over a `Connection`; how it reaches the database is decided here alone. SQLite (https://sqlite.org/wal.html):
one thread writes, a few read. PostgreSQL: asyncpg, with the function run by SQLAlchemy's greenlet bridge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, Literal, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, make_url

from storage.postgresql import PostgresqlEngine
from storage.sqlite import SqliteEngine

P = ParamSpec("P")
T = TypeVar("T")

Dialect = Literal["sqlite", "postgresql"]


class Engine(Protocol):
    """What `Database` needs of either database."""

    async def read(self, call: Callable[[Connection], T]) -> T: ...
    async def write(self, call: Callable[[Connection], T]) -> T: ...
    async def snapshot(self, call: Callable[[Connection], T]) -> T: ...
    async def close(self) -> None: ...


class Database:
    """An open database. Use `open_database`, and close it: an engine left open keeps threads and connections."""

    def __init__(self, dialect: Dialect, engine: Engine) -> None:
        self.dialect: Dialect = dialect
        self._engine = engine
        self.committed: Callable[[bool], None] = _nobody
        """Called after each committed group of units of work; true if it wrote outbox rows."""

    async def read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs queries without a transaction: each statement sees what is committed by then."""
        return await self._engine.read(lambda connection: function(connection, *args, **kwargs))

    async def write(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs the function in a transaction of its own: committed when it returns, rolled back when it raises."""
        return await self._engine.write(lambda connection: function(connection, *args, **kwargs))

    async def snapshot(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs queries that all see the one state of the moment of the first; nobody waits for them, however long they take."""
        return await self._engine.snapshot(lambda connection: function(connection, *args, **kwargs))

    async def close(self) -> None:
        await self._engine.close()


def open_database(url: str, readers: int = 4) -> Database:
    """Opens `sqlite:///path` or `postgresql://user:password@host/name`. `readers` are threads (SQLite) or pooled connections (PostgreSQL).

    Raises ValueError for any other url, and for SQLite in memory, which several threads cannot share.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("SQLite needs a file: sqlite:///path/to/deskbell.db")
        return Database("sqlite", SqliteEngine(parsed.set(drivername="sqlite+pysqlite"), readers))
    if backend in ("postgresql", "postgres"):
        return Database("postgresql", PostgresqlEngine(parsed.set(drivername="postgresql+asyncpg"), readers))
    raise ValueError(f"no database speaks {backend!r}: use sqlite:///path or postgresql://host/name")


def _nobody(_outbox: bool) -> None:
    """Nobody listens yet."""
