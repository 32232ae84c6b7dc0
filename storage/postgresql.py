"""PostgreSQL through asyncpg. Readers are autocommit connections, so a read is one round trip and holds nothing open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import orjson
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.encoding import to_json

T = TypeVar("T")

_WRITERS = 4


class PostgresqlEngine:
    def __init__(self, url: URL, readers: int) -> None:
        self._reading = _engine(url, readers, "AUTOCOMMIT")
        # Writers find rows by key only. A plan made while a table was small must not go on reading it whole when it has grown.
        self._writing = _engine(url, _WRITERS, "READ COMMITTED", enable_seqscan="off")

    async def read(self, call: Callable[[Connection], T]) -> T:
        """A connection that died while idle is replaced and the read repeated once."""
        try:
            return await self._read(call)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return await self._read(call)

    async def write(self, call: Callable[[Connection], T]) -> T:
        async with self._writing.connect() as connection, connection.begin():
            return await connection.run_sync(call)

    async def snapshot(self, call: Callable[[Connection], T]) -> T:
        async with self._reading.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                return await connection.run_sync(call)

    async def close(self) -> None:
        await self._reading.dispose()
        await self._writing.dispose()

    async def _read(self, call: Callable[[Connection], T]) -> T:
        """Given back without a task of its own, as `async with` would: there is no transaction to end, so nothing is waited for."""
        connection = await self._reading.connect()
        try:
            return await connection.run_sync(call)
        finally:
            await connection.close()


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
