"""Outbox rows for tests, written and looked at directly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from storage.database import Database
from storage.tables import columns, outbox
from tests.conftest import NOW
from tests.storage.samples import ACME

BATCH = 5_000


def row(lane: str, due: datetime = NOW, **changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "organisation": ACME,
        "kind": "event",
        "name": "ticket.changed",
        "subject": "ticket:1",
        "subscriber": "posts",
        "payload": {"words": "private"},
        "lane": lane,
        "key": None,
        "stamp": 1,
        "created_at": due,
        "due_at": due,
        "leased_until": None,
        "tries": 0,
        "done_at": None,
        "dead_at": None,
    }
    return plain | changes


async def write(database: Database, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    for at in range(0, len(rows), BATCH):
        await database.write(_insert, rows[at : at + BATCH])


async def lanes(database: Database, *names: str) -> None:
    """One due row for each name, in this order: seqs 1, 2, 3, ... of a fresh database."""
    await write(database, [row(name) for name in names])


async def read(database: Database, seq: int) -> dict[str, Any]:
    return await database.read(_one, seq)


async def everything(database: Database) -> Sequence[dict[str, Any]]:
    return await database.read(_all)


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(outbox), rows)


def _one(connection: Connection, seq: int) -> dict[str, Any]:
    return columns(connection.execute(select(outbox).where(outbox.c.seq == seq)).one())


def _all(connection: Connection) -> list[dict[str, Any]]:
    return [columns(found) for found in connection.execute(select(outbox).order_by(outbox.c.seq))]
