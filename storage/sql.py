"""The few expressions that SQLite and PostgreSQL spell differently, under one name each.

A list is one parameter, never a row of placeholders: the text of a statement, and with it every prepared statement, stays the same
whatever the number of values.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BindParameter, ColumnElement, String, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

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


def one_of(column: ColumnElement[Any], values: BindParameter[Any]) -> ColumnElement[bool]:
    """The column is one of the values of a `listed` parameter."""
    return _OneOf(column, values)


def holds(column: ColumnElement[Any], value: ColumnElement[Any]) -> ColumnElement[bool]:
    """The JSON array in the column holds the string."""
    return _Holds(column, value)


@compiles(_OneOf, "sqlite")
def _one_of_sqlite(element: _OneOf, compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled expressions, not text of people


@compiles(_OneOf, "postgresql")
def _one_of_postgresql(element: _OneOf, compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(_Holds, "sqlite")
def _holds_sqlite(element: _Holds, compiler: Any, **kw: Any) -> str:
    column, value = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = {value})"  # noqa: S608 - compiled expressions


@compiles(_Holds, "postgresql")
def _holds_postgresql(element: _Holds, compiler: Any, **kw: Any) -> str:
    column, value = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"jsonb_exists({column}, {value})"


def insert_or(dialect: str, table: Table) -> Any:
    """An insert that knows `on_conflict_do_update`: both databases spell it alike, SQLAlchemy has one class for each."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table)


def replacing(dialect: str, table: Table, keys: tuple[str, ...]) -> Any:
    """An insert that overwrites the row of the same key, if it is of the same organisation."""
    statement = insert_or(dialect, table)
    fresh = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    same = table.c.organisation == statement.excluded.organisation
    return statement.on_conflict_do_update(index_elements=list(keys), set_=fresh, where=same)
