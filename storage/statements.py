"""The statements that a group of units of work is written with. Each is built and compiled once for a dialect, a table and its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    String,
    Table,
    bindparam,
    case,
    delete,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from storage.bulk import Recordsets, Tuples
from storage.sql import insert_of, listed, one_of, recordset, replacing
from storage.tables import counters, heard, metadata, notices
from storage.unit import Values

_ACCOUNT = ("chat", "workspace", "user")
_KEYS = {"accounts": _ACCOUNT, "homes": _ACCOUNT, "contacts": _ACCOUNT, "policies": ("organisation", "section", "key")}
_FIXED = ("id", "organisation", "number")
_ONE: ColumnElement[int] = literal_column("1")

Names = tuple[str, ...]
Build = Callable[[str, Table, Names], Any]
"""(dialect, table, columns of the rows) -> the statement."""

KNOWN = select(heard.c.key, heard.c.result).where(one_of(heard.c.key, listed("keys")))
_COUNTED = select(counters.c.organisation, counters.c.value).where(
    one_of(counters.c.organisation, listed("organisations")), counters.c.name == bindparam("counter")
)
NEW_NOTICES = select(notices.c.id).where(one_of(notices.c.id, listed("ids")))
TOUCHED = text(
    """
    SELECT seq FROM outbox WHERE seq = ANY (:seqs || ARRAY(SELECT seq FROM outbox WHERE done_at IS NULL AND key = ANY (:keys)))
    ORDER BY seq FOR UPDATE
    """
).bindparams(bindparam("seqs", type_=ARRAY(BigInteger)), bindparam("keys", type_=ARRAY(String)))
"""PostgreSQL: locks rows of the outbox by `seqs` and those still to be done by `keys`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What to write into one table. The rows have the same columns, and no two of them are the same row of the table."""

    build: Build
    table: str
    rows: Sequence[Values]


def write_all(connection: Connection, *batches: Batch) -> None:
    """Writes the batches, none of which may depend on what another one writes."""
    full = [batch for batch in batches if batch.rows]
    if connection.dialect.name == "postgresql":
        if full:
            shapes = tuple((batch.build, batch.table, tuple(batch.rows[0])) for batch in full)
            _recordsets(shapes).execute(connection, [batch.rows for batch in full])
        return
    for batch in full:
        _tuples(batch.build, batch.table, tuple(batch.rows[0])).execute(connection, batch.rows)


def counted(connection: Connection, rows: Sequence[Values]) -> dict[str, int]:
    """Raises counters of one name by `value`; what they are now, by organisation."""
    if connection.dialect.name == "postgresql":
        found: Iterable[Any] = _recordsets(((count, "counters", tuple(rows[0])),)).execute(connection, [rows])
    else:
        write_all(connection, Batch(count, "counters", rows))
        found = connection.execute(_COUNTED, {"organisations": [row["organisation"] for row in rows], "counter": rows[0]["name"]})
    return {row[0]: row[1] for row in found}


@cache
def _recordsets(shapes: tuple[tuple[Build, str, Names], ...]) -> Recordsets:
    return Recordsets([build("postgresql", metadata.tables[table], names) for build, table, names in shapes])


@cache
def _tuples(build: Build, table: str, names: Names) -> Tuples:
    return Tuples(build("sqlite", metadata.tables[table], names), names)


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


def insert(dialect: str, table: Table, names: Names) -> Any:
    return insert_of(dialect, table, names)


def put(dialect: str, table: Table, names: Names) -> Any:
    """Insert or overwrite."""
    return replacing(dialect, table, names, _KEYS.get(table.name, ("id",)))


def save(dialect: str, table: Table, names: Names) -> Any:
    """The columns of a row are called `new_<column>`. The version was compared when the row was locked; here it only says so."""
    types = {name: table.c[name.removeprefix("new_")].type for name in names}
    new = recordset(types).c if dialect == "postgresql" else {name: bindparam(name, type_=kind) for name, kind in types.items()}
    fresh = {column: new[name] for name in names if (column := name.removeprefix("new_")) not in _FIXED}
    return update(table).where(table.c.id == new["new_id"], table.c.version == new["new_version"] - _ONE).values(fresh)


def unfollow(dialect: str, table: Table, names: Names) -> Any:
    types = {name: table.c[name].type for name in names}
    given = recordset(types).c if dialect == "postgresql" else {name: bindparam(name, type_=kind) for name, kind in types.items()}
    return delete(table).where(*(table.c[name] == given[name] for name in names))


def count(dialect: str, table: Table, names: Names) -> Any:
    """Raises a counter by `value`. PostgreSQL says at once what it is then; many rows at a time SQLite does not."""
    statement = insert_of(dialect, table, names)
    raised = {"value": table.c.value + statement.excluded.value}
    raising = statement.on_conflict_do_update(index_elements=["organisation", "name"], set_=raised)
    return raising.returning(table.c.organisation, table.c.value) if dialect == "postgresql" else raising


def once(dialect: str, table: Table, names: Names) -> Any:
    """A notice that was given before is not given again."""
    return insert_of(dialect, table, names).on_conflict_do_nothing(index_elements=["person", "subject", "reason", "version"])


def coalesce(dialect: str, table: Table, names: Names) -> Any:
    """A row of the same key that is still to be done is enough: it is marked as asked for again."""
    statement = insert_of(dialect, table, names)
    new = statement.excluded
    again = {
        "stamp": table.c.stamp + _ONE,
        "due_at": case((new.due_at < table.c.due_at, new.due_at), else_=table.c.due_at),
        "payload": new.payload,
    }
    return statement.on_conflict_do_update(index_elements=["key"], index_where=text("done_at IS NULL"), set_=again)
