"""PostgreSQL through asyncpg. Readers are autocommit connections, so a read is one round trip and holds nothing open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import orjson
from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from storage.encoding import to_json

T = TypeVar("T")

_WRITERS = 4
_ENDING = 30.0
"""Seconds that closing waits for what is under way."""


class Closed(RuntimeError):
    """The database was closed; whoever still asks it has outlived the process's end."""


class _UnderWay:
    """What is being asked of the database just now. A pool that is closed meanwhile forgets the connections that are out, and leaves them
    open for good.
    """

    def __init__(self) -> None:
        self._count, self._none, self._closed = 0, asyncio.Event(), False

    def __enter__(self) -> None:
        if self._closed:
            raise Closed("the database is closed")
        self._count += 1
        self._none.clear()

    def __exit__(self, *_: object) -> None:
        self._count -= 1
        if not self._count:
            self._none.set()

    async def ended(self) -> None:
        """Nothing new begins; returns when all is done."""
        self._closed = True
        if self._count:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._none.wait(), _ENDING)


class PostgresqlEngine:
    def __init__(self, url: URL, readers: int) -> None:
        self._reading = _engine(url, readers, "AUTOCOMMIT")
        # Writers find rows by key only. A plan made while a table was small must not go on reading it whole when it has grown.
        self._writing = _engine(url, _WRITERS, "READ COMMITTED", enable_seqscan="off")
        self._under_way = _UnderWay()

    async def read(self, call: Callable[[Connection], T]) -> T:
        """A connection that died while idle is replaced and the read repeated once."""
        with self._under_way:
            try:
                return await greenlet_spawn(_read, self._reading.sync_engine, call)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            return await greenlet_spawn(_read, self._reading.sync_engine, call)

    async def write(self, call: Callable[[Connection], T]) -> T:
        with self._under_way:
            return await greenlet_spawn(_write, self._writing.sync_engine, call)

    async def snapshot(self, call: Callable[[Connection], T]) -> T:
        with self._under_way:
            return await self._snapshot(call)

    async def _snapshot(self, call: Callable[[Connection], T]) -> T:
        async with self._reading.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                return await connection.run_sync(call)

    async def close(self) -> None:
        """Waits for what is under way; what comes later raises `Closed`."""
        await self._under_way.ended()
        await self._reading.dispose()
        await self._writing.dispose()


# From the pool and back in one go: `AsyncConnection` would take a greenlet for each step, and a task to close.


def _read(engine: Engine, call: Callable[[Connection], T]) -> T:
    with engine.connect() as connection:
        return call(connection)


def _write(engine: Engine, call: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return call(connection)


def _engine(url: URL, size: int, isolation: str, **settings: str) -> AsyncEngine:
    return create_async_engine(
        url,
        isolation_level=isolation,
        pool_size=size,
        max_overflow=0,
        pool_timeout=30,
        pool_recycle=1800,
        pool_reset_on_return="rollback" if isolation != "AUTOCOMMIT" else None,
        connect_args={"prepared_statement_cache_size": 512, "statement_cache_size": 512, "server_settings": settings},
        json_serializer=to_json,
        json_deserializer=orjson.loads,
    )
