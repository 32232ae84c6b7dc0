"""The statements that a group of units of work is written with. Each is built and compiled once for a dialect, a table and its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Dialect, any_, bindparam, case, literal_column, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from storage.bulk import Bulk
from storage.rows import MAPPERS
from storage.sql import insert_or, listed, one_of, replacing
from storage.tables import counters, heard, metadata, notices, outbox
from storage.unit import Values

_DIALECTS: dict[str, Dialect] = {"sqlite": SQLiteDialect_pysqlite(), "postgresql": PGDialect_asyncpg()}  # type: ignore[no-untyped-call]
_KEYS = {"accounts": ("chat", "workspace", "user")}
_FIXED = ("id", "organisation", "number")
_ONE: ColumnElement[int] = literal_column("1")

Build = Callable[[str, str], Any]
"""(dialect, table) -> the statement."""

KNOWN = select(heard.c.key, heard.c.result).where(one_of(heard.c.key, listed("keys")))
COUNTED = select(counters.c.organisation, counters.c.value).where(
    one_of(counters.c.organisation, listed("organisations")), counters.c.name == bindparam("counter")
)
NEW_NOTICES = select(notices.c.id).where(one_of(notices.c.id, listed("ids")))
_SEQS = any_(bindparam("seqs", type_=ARRAY(BigInteger)))
TOUCHED = (
    select(outbox.c.seq)
    .where(outbox.c.done_at.is_(None), or_(outbox.c.seq == _SEQS, one_of(outbox.c.key, listed("keys"))))
    .order_by(outbox.c.seq)
    .with_for_update()
)


def write_all(connection: Connection, build: Build, table: str, rows: Sequence[Values]) -> None:
    """Executes the statement for each row, and nothing for none. The rows have the same keys."""
    if rows:
        _bulk(build, connection.dialect.name, table, tuple(rows[0])).execute(connection, rows)


@cache
def _bulk(build: Build, dialect: str, table: str, names: tuple[str, ...]) -> Bulk:
    return Bulk(build(dialect, table), _DIALECTS[dialect], names)


@cache
def lock(table: str) -> Any:
    """The versions of the rows `ids`, locked in one order. (SQLite has one writer at a time, and leaves the locking out.)"""
    columns = metadata.tables[table].c
    return (
        select(columns.id, columns.organisation, columns.version)
        .where(one_of(columns.id, listed("ids")))
        .order_by(columns.id)
        .with_for_update()
    )


# ---------------------------------------------------------------- what is written for many rows


def insert(_dialect: str, table: str) -> Any:
    return metadata.tables[table].insert()


def put(dialect: str, table: str) -> Any:
    """Insert or overwrite."""
    return replacing(dialect, metadata.tables[table], _KEYS.get(table, ("id",)))


def save(_dialect: str, table: str) -> Any:
    """Parameters are `new_<column>`. The version was compared when the row was locked; here it only says so."""
    target = metadata.tables[table]
    mapper = next(mapper for mapper in MAPPERS.values() if mapper.table is target)
    fresh = {name: _new(table, name) for name in mapper.names if name not in _FIXED}
    return update(target).where(target.c.id == _new(table, "id"), target.c.version == _new(table, "version") - _ONE).values(fresh)


def _new(table: str, column: str) -> Any:
    return bindparam(f"new_{column}", type_=metadata.tables[table].c[column].type)


def count(dialect: str, _table: str) -> Any:
    """Raises a counter by `value`."""
    statement = insert_or(dialect, counters)
    raised = {"value": counters.c.value + statement.excluded.value}
    return statement.on_conflict_do_update(index_elements=["organisation", "name"], set_=raised)


def once(dialect: str, _table: str) -> Any:
    """A notice that was given before is not given again."""
    return insert_or(dialect, notices).on_conflict_do_nothing(index_elements=["person", "subject", "reason", "version"])


def coalesce(dialect: str, _table: str) -> Any:
    """A row of the same key that is still to be done is enough: it is marked as asked for again."""
    statement = insert_or(dialect, outbox)
    new = statement.excluded
    again = {
        "stamp": outbox.c.stamp + _ONE,
        "due_at": case((new.due_at < outbox.c.due_at, new.due_at), else_=outbox.c.due_at),
        "payload": new.payload,
    }
    return statement.on_conflict_do_update(index_elements=["key"], index_where=text("done_at IS NULL"), set_=again)
