"""One statement for many rows, compiled once, past SQLAlchemy's own executemany, which looks at every parameter of every row.

SQLite gets a tuple for each row: picked apart by one `itemgetter`, and only JSON and moments are converted. PostgreSQL gets all rows as one
JSON text, which the statement reads with `json_to_recordset`; and several such statements go as one, because there a round trip costs more
than the work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, CursorResult, Insert
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.type_api import TypeEngine

from storage.encoding import to_json
from storage.tables import Utc
from storage.unit import Values

_SQLITE = SQLiteDialect_pysqlite()
_POSTGRESQL = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
_ZERO = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""The escape of the character 0, and not a backslash that somebody typed before "u0000"."""
_Convert = Callable[[Any], Any]


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
        """Once for each row, in their order. A row without one of the columns is a programming error: KeyError."""
        connection.exec_driver_sql(self._sql, [self._parameters(row) for row in rows])

    def _parameters(self, row: Values) -> tuple[Any, ...]:
        values = list(self._pick(row))
        for index, convert in self._convert:
            value = values[index]
            if value is not None:
                values[index] = convert(value)
        return tuple(values)


class Recordsets:
    """For PostgreSQL. Each statement has one parameter, the text of all its rows. They run as one, none sees what another writes."""

    def __init__(self, statements: Sequence[Any]) -> None:
        texts = [str(statement.compile(dialect=_POSTGRESQL)) for statement in statements]
        parts = ", ".join(f"part{number} AS ({_numbered(text, number)})" for number, text in enumerate(texts, 1))
        self._sql = f"WITH {parts} SELECT 1" if len(texts) > 1 else texts[0]

    def execute(self, connection: Connection, rows: Sequence[Sequence[Values]]) -> CursorResult[Any]:
        return connection.exec_driver_sql(self._sql, tuple(_text(part) for part in rows))


def _text(rows: Sequence[Values]) -> str:
    """PostgreSQL's text cannot hold the character 0 (https://www.postgresql.org/docs/current/datatype-character.html): it is left out."""
    text = to_json(rows)
    return _ZERO.sub(r"\1", text) if "\\u0000" in text else text


def _numbered(text: str, number: int) -> str:
    return text.replace("$1::", f"${number}::")


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
