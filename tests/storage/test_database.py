"""How SQL reaches the database: transactions, threads, urls, and ending."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.database import open_database
from storage.faults import is_passing, is_taken
from storage.sql import holds, listed, one_of
from storage.store import Store
from storage.tables import comments, counters, heard
from tests.conftest import NOW
from tests.storage.samples import ACME


def _count(connection: Connection, name: str, value: int) -> None:
    connection.execute(counters.insert(), {"organisation": ACME, "name": name, "value": value})


def _value(connection: Connection, name: str) -> int | None:
    return connection.scalar(select(counters.c.value).where(counters.c.name == name))


async def test_what_raises_is_rolled_back(store: Store) -> None:
    def write(connection: Connection) -> None:
        _count(connection, "a", 1)
        raise LookupError

    with pytest.raises(LookupError):
        await store.database.write(write)
    assert await store.database.read(_value, "a") is None


async def test_what_returns_is_seen_by_the_next_reader(store: Store) -> None:
    for value in range(20):
        await store.database.write(_count, str(value), value)
        assert await store.database.read(_value, str(value)) == value


async def test_read_then_write_loses_nothing(open_store: Callable[[], Store]) -> None:
    """Eight writers in two replicas, twenty times each, read a value and write it back raised by one."""
    replicas = [open_store().database, open_store().database]
    await replicas[0].write(_count, "a", 0)

    def raised(connection: Connection) -> None:
        row = select(counters.c.value).where(counters.c.name == "a").with_for_update()
        value = connection.execute(row).scalar_one()
        connection.execute(counters.update().where(counters.c.name == "a").values(value=value + 1))

    async def writer(number: int) -> None:
        for _ in range(20):
            await replicas[number % 2].write(raised)

    await asyncio.gather(*(writer(number) for number in range(8)))
    assert await replicas[0].read(_value, "a") == 160


async def test_a_taken_key_is_told_from_other_faults(store: Store) -> None:
    await store.database.write(_count, "a", 0)
    with pytest.raises(IntegrityError) as taken:
        await store.database.write(_count, "a", 0)
    with pytest.raises(IntegrityError) as missing:
        await store.database.write(_count, "b", None)  # type: ignore[arg-type]
    assert is_taken(taken.value)
    assert not is_taken(missing.value)
    assert not is_passing(taken.value)


async def test_moments_come_back_aware_and_in_utc(store: Store) -> None:
    moment = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))

    def write(connection: Connection) -> None:
        connection.execute(heard.insert(), {"key": "k", "organisation": ACME, "result": None, "at": moment})

    await store.database.write(write)
    found = await store.database.read(lambda connection: connection.execute(select(heard.c.at)).scalar_one())
    assert (found, found.tzinfo) == (moment, UTC)


async def test_lists_and_json_arrays(store: Store) -> None:
    def write(connection: Connection) -> list[list[str]]:
        base = {"organisation": ACME, "ticket": "t", "author": "p", "at": NOW, "text": "", "origin": {}, "deleted_at": None, "version": 1}
        rows = [{**base, "id": "1", "audience": ["inside"]}, {**base, "id": "2", "audience": ["requester", "vendor:x'y"]}]
        connection.execute(comments.insert(), rows)
        in_list = select(comments.c.id).where(one_of(comments.c.id, listed("ids"))).order_by(comments.c.id)
        holding = [
            select(comments.c.id).where(holds(comments.c.audience, bindparam(f"v{n}", type_=comments.c.text.type))) for n in range(3)
        ]
        values = ("inside", "vendor:x'y", "vendor")
        return [
            *(list(connection.scalars(in_list, {"ids": ids})) for ids in (["1", "2", "3"], ["2"], [])),
            *(list(connection.scalars(query, {f"v{n}": values[n]})) for n, query in enumerate(holding)),
        ]

    assert await store.database.write(write) == [["1", "2"], ["2"], [], ["1"], ["2"], []]


async def test_closing_leaves_no_thread(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    await asyncio.gather(*(database.read(_value, "a") for _ in range(8)), database.write(_count, "a", 1))
    assert [thread for thread in threading.enumerate() if thread.name.startswith("sqlite-")]
    await database.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sqlite-")]


async def test_sqlite_is_durable_and_readers_do_not_wait_for_the_writer(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    going, done = threading.Event(), threading.Event()

    def slow(connection: Connection) -> list[object]:
        _count(connection, "slow", 1)
        going.set()
        done.wait(10)
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")]

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(going.wait, 10)
    assert await database.read(_value, "slow") is None
    done.set()
    assert await writing == ["wal", 2, 1]
    await database.close()


@pytest.mark.postgresql
async def test_a_reader_whose_connection_died_gets_a_new_one(postgresql_url: str) -> None:
    database = open_database(postgresql_url, readers=1)

    def others_end(connection: Connection) -> None:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )

    await database.read(_value, "a")
    await database.write(others_end)
    assert await database.read(_value, "a") is None
    await database.close()


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_other_urls_are_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///path"):
        open_database(url)


def test_a_missing_directory_is_an_error(tmp_path: object) -> None:
    database = open_database(f"sqlite:///{tmp_path}/missing/deskbell.db")
    with pytest.raises(OperationalError):
        asyncio.run(database.read(_value, "a"))
    asyncio.run(database.close())


@pytest.mark.postgresql
async def test_closing_waits_for_what_is_under_way_and_takes_nothing_new(postgresql_url: str) -> None:
    """A connection that is out while its pool is closed would stay open for good."""
    database = open_database(postgresql_url, readers=2)
    asked = [asyncio.create_task(database.read(_value, str(number))) for number in range(6)]
    await asyncio.sleep(0)
    await database.close()
    assert [one.done() for one in asked] == [True] * 6
    assert await asyncio.gather(*asked) == [None] * 6
    with pytest.raises(RuntimeError, match="closed"):
        await database.read(_value, "late")
    gc.collect()
