"""SQLite in one process: one writing thread and a few reading ones, over the driver of the standard library.

Writers begin with BEGIN IMMEDIATE, because a transaction that reads first and then wants to write can lose updates or find the database
locked in spite of any timeout. synchronous=FULL: what was acknowledged is on the disk.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import orjson
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from storage.encoding import to_json

T = TypeVar("T")

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-16384")


class SqliteEngine:
    def __init__(self, url: URL, readers: int) -> None:
        self._engine = _engine(url)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="sqlite-reader")
        self._here = threading.local()
        self._open: list[Connection] = []

    async def read(self, call: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, call)

    async def write(self, call: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write, call)

    async def snapshot(self, call: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._snapshot, call)

    async def close(self) -> None:
        """Waits for what is running. Each pool's threads are ended before the connections are closed."""
        for pool in (self._readers, self._writer):
            await asyncio.to_thread(pool.shutdown)
        for connection in self._open:
            connection.close()
        self._engine.dispose()

    def _read(self, call: Callable[[Connection], T]) -> T:
        connection = self._connection(isolation_level="AUTOCOMMIT")
        try:
            return call(connection)
        finally:
            connection.rollback()

    def _snapshot(self, call: Callable[[Connection], T]) -> T:
        def in_one_transaction(connection: Connection) -> T:
            connection.exec_driver_sql("BEGIN")
            try:
                return call(connection)
            finally:
                connection.exec_driver_sql("ROLLBACK")

        return self._read(in_one_transaction)

    def _write(self, call: Callable[[Connection], T]) -> T:
        connection = self._connection()
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return call(connection)

    def _connection(self, **options: Any) -> Connection:
        """This thread's own connection. A thread serves either reading or writing, never both."""
        connection: Connection | None = getattr(self._here, "connection", None)
        if connection is None:
            connection = self._here.connection = self._engine.connect().execution_options(**options)
            self._open.append(connection)
        return connection


def _engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 10, "cached_statements": 512},
        json_serializer=to_json,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()
