"""The few expressions that SQLite and PostgreSQL spell differently, under one name each.

A list is one parameter, never a row of placeholders: the text of a statement, and with it every prepared statement, stays the same
whatever the number of values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, BindParameter, ColumnElement, String, Table, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.type_api import TypeEngine

_Listed = JSON().with_variant(ARRAY(String()), "postgresql")


# Without a type: of a Boolean that is no operator SQLAlchemy makes "... = 1" on SQLite, and then SQLite uses no index.


class _OneOf(FunctionElement[bool]):
    name = "one_of"
    inherit_cache = True


class _Holds(FunctionElement[bool]):
    name = "holds"
    inherit_cache = True


def listed(name: str) -> BindParameter[Any]:
    """A parameter that takes a list of strings."""
    return bindparam(name, type_=_Listed)


def one_of(tested: ColumnElement[Any], values: BindParameter[Any]) -> ColumnElement[bool]:
    """The column is one of the values of a `listed` parameter."""
    return _OneOf(tested, values)


def holds(array: ColumnElement[Any], value: ColumnElement[Any]) -> ColumnElement[bool]:
    """The JSON array in the column holds the string."""
    return _Holds(array, value)


@compiles(_OneOf, "sqlite")
def _one_of_sqlite(element: _OneOf, compiler: Any, **kw: Any) -> str:
    tested, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{tested} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled expressions, not text of people


@compiles(_OneOf, "postgresql")
def _one_of_postgresql(element: _OneOf, compiler: Any, **kw: Any) -> str:
    tested, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{tested} = ANY ({values})"


@compiles(_Holds, "sqlite")
def _holds_sqlite(element: _Holds, compiler: Any, **kw: Any) -> str:
    array, value = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({array}) WHERE value = {value})"  # noqa: S608 - compiled expressions


@compiles(_Holds, "postgresql")
def _holds_postgresql(element: _Holds, compiler: Any, **kw: Any) -> str:
    array, value = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"jsonb_exists({array}, {value})"


def recordset(types: Mapping[str, TypeEngine[Any]]) -> Any:
    """PostgreSQL: the rows of the parameter `rows`, the JSON text of an array of objects, with these columns."""
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text()), JSON()))
    return rows.table_valued(*(column(name, kind) for name, kind in types.items())).render_derived(name="given", with_types=True)


def insert_or(dialect: str, table: Table) -> Any:
    """An insert that knows `on_conflict_do_update`: both databases spell that alike, SQLAlchemy has one class for each."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table)


def insert_of(dialect: str, table: Table, names: Sequence[str]) -> Any:
    """The same for many rows, as `storage.bulk` gives them."""
    if dialect == "sqlite":
        return insert_or(dialect, table)
    given = recordset({name: table.c[name].type for name in names})
    return insert_or(dialect, table).from_select(list(names), select(*(given.c[name] for name in names)))


def replacing(dialect: str, table: Table, names: Sequence[str], keys: Sequence[str]) -> Any:
    """An insert that overwrites the row of the same key, if it is of the same organisation."""
    statement = insert_of(dialect, table, names)
    fresh = {name: statement.excluded[name] for name in names if name not in keys}
    same = table.c.organisation == statement.excluded.organisation
    return statement.on_conflict_do_update(index_elements=list(keys), set_=fresh, where=same)
