"""Finding tickets by words: FTS5 on SQLite, a tsvector on PostgreSQL. What people type is words only, never the syntax of a query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, bindparam, table, text
from sqlalchemy.sql import column

from storage.tables import tickets
from storage.unit import Values

_MOST_WORDS = 12
_LONGEST = 20_000
"""How much of a body is searched, in characters; the trigger and the generated column say the same."""
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


def enter(connection: Connection, rows: Sequence[Values]) -> None:
    """Makes new tickets (rows of `tickets`, the oldest first) known to the search. PostgreSQL does it by itself."""
    if connection.dialect.name == "postgresql" or not rows:
        return
    last = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM ticket_words_of").scalar_one()
    numbered = list(enumerate(rows, last + 1))
    connection.exec_driver_sql("INSERT INTO ticket_words_of (seq, ticket) VALUES (?, ?)", [(seq, row["id"]) for seq, row in numbered])
    texts = [(seq, row["organisation"], f"{row['title']} {row['body'][:_LONGEST]}") for seq, row in numbered]
    connection.exec_driver_sql("INSERT INTO ticket_words (rowid, organisation, words) VALUES (?, ?, ?)", texts)


@cache
def matching(dialect: str) -> tuple[Any, ColumnElement[bool], ColumnElement[Any]]:
    """Where to select tickets from, the condition on `words`, and by what to sort the newest first without sorting."""
    condition: Any
    if dialect == "postgresql":
        condition = text("tickets.words @@ plainto_tsquery('simple', :words)").bindparams(bindparam("words", type_=String()))
        return tickets, condition, tickets.c.number
    source = _index.join(_of, _of.c.seq == _index.c.rowid).join(tickets, tickets.c.id == _of.c.ticket)
    condition = text("ticket_words MATCH :words").bindparams(bindparam("words", type_=String()))
    return source, condition, _index.c.rowid


def tidy(connection: Connection) -> None:
    """Leaves no trace of words that were removed. PostgreSQL's index holds none; FTS5 keeps them until it merges what it has."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO ticket_words (ticket_words) VALUES ('optimize')")


def leave(connection: Connection, ticket: str) -> None:
    """Takes a ticket, that is still there, out of the search. PostgreSQL does it by itself."""
    if connection.dialect.name == "postgresql":
        return
    connection.exec_driver_sql(
        "INSERT INTO ticket_words (ticket_words, rowid, organisation, words)"
        " SELECT 'delete', seq, organisation, title || ' ' || substr(body, 1, 20000) FROM ticket_words_of"
        " JOIN tickets ON id = ticket WHERE ticket = ?",
        (ticket,),
    )
    connection.exec_driver_sql("DELETE FROM ticket_words_of WHERE ticket = ?", (ticket,))
