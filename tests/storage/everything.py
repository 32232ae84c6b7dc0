"""A row in every table, for two organisations that have the same of everything, and everything that a database says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Integer, Table, select

from storage.ids import new_id
from storage.store import Store
from storage.tables import Utc, metadata
from tests.conftest import NOW

SECRET = "xoxb-sealed-and-secret"


async def fill(store: Store, *organisations: str) -> None:
    for organisation in organisations:
        await store.database.write(_fill, organisation)


def _fill(connection: Connection, organisation: str) -> None:
    for table in metadata.sorted_tables:
        connection.execute(table.insert(), {column.name: _value(table, column, organisation) for column in table.c if column.name != "seq"})


def _value(table: Table, column: Column[Any], organisation: str) -> Any:
    if column.name == "organisation":
        return organisation
    if (table.name, column.name) in (
        ("installations", "data"),
        ("organisations", "mark_key"),
        ("outbox", "payload"),
        ("forgotten", "mark"),
    ):
        return {"sealed": f"{SECRET}{organisation}"} if isinstance(column.type, JSON) else f"{SECRET}{organisation}"
    if isinstance(column.type, Utc):
        return NOW
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Integer):
        return 1
    if isinstance(column.type, JSON):
        return {"of": organisation}
    return f"{organisation[:8]}{new_id()[-20:]}"[: getattr(column.type, "length", None) or 40]


def everything(connection: Connection) -> dict[tuple[str, str], str]:
    """All that stands in each column of each table, as one text."""
    found: dict[tuple[str, str], str] = {}
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)):
            for name, value in row._mapping.items():
                text = value.isoformat() if isinstance(value, datetime) else str(value)
                found[table.name, str(name)] = f"{found.get((table.name, str(name)), '')}\n{text}"
    return found
