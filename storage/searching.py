"""Finding tickets by words: FTS5 on SQLite, a tsvector on PostgreSQL. What people type is words only, never the syntax of a query."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, table, text
from sqlalchemy.sql import column

from storage.tables import tickets

_MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")

_index = table("ticket_words", column("rowid"))
_of = table("ticket_words_of", column("seq"), column("ticket"))


def words_of(typed: str) -> list[str]:
    """The words in what was typed, without punctuation; the first 12 count."""
    return _WORD.findall(typed)[:_MOST_WORDS]


def query(dialect: str, organisation: str, words: list[str]) -> str:
    """The parameter `words` of a search in one organisation."""
    if dialect == "postgresql":
        return " ".join(words)
    return " AND ".join((f'organisation : "{organisation}"', *(f'words : "{word}"' for word in words)))


@cache
def matching(dialect: str) -> tuple[Any, ColumnElement[bool], ColumnElement[Any]]:
    """Where to select tickets from, the condition on `words`, and by what to sort the newest first without sorting."""
    if dialect == "postgresql":
        condition: Any = text("tickets.words @@ plainto_tsquery('simple', :words)").bindparams(bindparam("words", type_=String()))
        return tickets, condition, tickets.c.number
    source = _index.join(_of, _of.c.seq == _index.c.rowid).join(tickets, tickets.c.id == _of.c.ticket)
    return source, text("ticket_words MATCH :words").bindparams(bindparam("words", type_=String())), _index.c.rowid  # type: ignore[return-value]
