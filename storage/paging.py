"""Going through all rows of one organisation in a table, page by page in the order of its key, with as much memory as one page takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, literal, select, tuple_

PAGE = 500

Rows = Sequence[Row[Any]]
Columns = Sequence[ColumnElement[Any]]


def page(connection: Connection, table: Table, organisation: str, after: Rows = (), only: Columns = (), size: int = PAGE) -> Rows:
    """The next rows behind the last of the page `after`; with `only`, those for which one of the conditions holds.

    In the order of the primary key, whatever other index looks tempting: a page that has to be sorted reads the whole table each time.
    """
    query = select(table).where(func.coalesce(table.c.organisation, "") == organisation)
    keys = tuple(table.primary_key.columns)
    if after:
        last = tuple(literal(after[-1]._mapping[key.name], key.type) for key in keys)
        query = query.where(tuple_(*keys) > tuple_(*last))
    if only:
        query = query.where(_any(only))
    return connection.execute(query.order_by(*keys).limit(size)).all()


def pages(connection: Connection, table: Table, organisation: str, only: Columns = (), size: int = PAGE) -> Iterator[Rows]:
    """All pages, none of them empty."""
    rows: Rows = ()
    while rows := page(connection, table, organisation, rows, only, size):
        yield rows


def _any(conditions: Columns) -> ColumnElement[bool]:
    first, *others = conditions
    for other in others:
        first = first | other
    return first
