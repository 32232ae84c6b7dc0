"""One statement for many rows, compiled once, past SQLAlchemy's own executemany, which looks at every parameter of every row.

SQLite gets a tuple for each row: picked apart by one `itemgetter`, and only JSON and moments are converted. PostgreSQL gets all rows as one
JSON text, which the statement reads with `json_to_recordset`: one parameter, one execution, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import JSON, Connection, Insert
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.type_api import TypeEngine

from storage.encoding import to_json
from storage.tables import Utc
from storage.unit import Values

_SQLITE = SQLiteDialect_pysqlite()
_POSTGRESQL = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
_Convert = Callable[[Any], Any]


class Bulk(Protocol):
    def execute(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Once for all rows, in their order. A row without one of the columns is a programming error."""
        ...


class Tuples:
    """For SQLite. The parameters of the statement are named after keys of the rows."""

    def __init__(self, statement: Any, names: Sequence[str]) -> None:
        columns = list(names) if isinstance(statement, Insert) else None
        compiled = statement.compile(dialect=_SQLITE, column_keys=columns)
        order: list[str] = compiled.positiontup
        self._sql = str(compiled)
        self._pick = itemgetter(*order)
        converters = ((index, _converter(compiled.binds[name].type)) for index, name in enumerate(order))
        self._convert = tuple((index, convert) for index, convert in converters if convert is not None)

    def execute(self, connection: Connection, rows: Sequence[Values]) -> None:
        connection.exec_driver_sql(self._sql, [self._parameters(row) for row in rows])

    def _parameters(self, row: Values) -> tuple[Any, ...]:
        values = list(self._pick(row))
        for index, convert in self._convert:
            value = values[index]
            if value is not None:
                values[index] = convert(value)
        return tuple(values)


class Recordset:
    """For PostgreSQL. The only parameter of the statement is the text of all rows."""

    def __init__(self, statement: Any) -> None:
        self._sql = str(statement.compile(dialect=_POSTGRESQL))

    def execute(self, connection: Connection, rows: Sequence[Values]) -> None:
        connection.exec_driver_sql(self._sql, (to_json(rows),))


def _converter(kind: TypeEngine[Any]) -> _Convert | None:
    if isinstance(kind, JSON):
        return to_json
    return _naive_text if isinstance(kind, Utc) else None


@lru_cache(maxsize=1024)
def _naive_text(moment: datetime) -> str:
    """As SQLAlchemy stores moments in SQLite, so that text sorts as time does. One moment stands in many columns of a unit of work."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:26]
