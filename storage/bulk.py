"""One insert or update for many rows, compiled once.

SQLAlchemy's own executemany looks at every parameter of every row; half of the time of a report went there. Here a row is picked apart by
one `itemgetter`, and only what the driver cannot take as it is (JSON; on SQLite moments) is converted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, Dialect, Insert, Update
from sqlalchemy.sql.type_api import TypeEngine

from storage.encoding import to_json
from storage.tables import Utc
from storage.unit import Values

_Convert = Callable[[Any], Any]


class Bulk:
    """A statement whose parameters are all named after keys of the rows that it is executed with."""

    def __init__(self, statement: Insert | Update, dialect: Dialect, names: Sequence[str]) -> None:
        columns = list(names) if isinstance(statement, Insert) else None
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
        self._sql = str(compiled)
        self._names: list[str] = compiled.positiontup
        self._pick = itemgetter(*self._names)
        converters = ((index, _converter(compiled.binds[name].type, dialect)) for index, name in enumerate(self._names))
        self._convert = tuple((index, convert) for index, convert in converters if convert is not None)

    def execute(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Once for each row. A row without one of the parameters is a programming error: KeyError."""
        connection.exec_driver_sql(self._sql, [self._parameters(row) for row in rows])

    def _parameters(self, row: Values) -> tuple[Any, ...]:
        values = list(self._pick(row))
        for index, convert in self._convert:
            value = values[index]
            if value is not None:
                values[index] = convert(value)
        return tuple(values)


def _converter(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    if isinstance(kind, JSON):
        return to_json
    return _naive_text if isinstance(kind, Utc) and dialect.name == "sqlite" else None


@lru_cache(maxsize=1024)
def _naive_text(moment: datetime) -> str:
    """As SQLAlchemy stores moments in SQLite, so that text sorts as time does. One moment stands in many columns of a unit of work."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:26]
