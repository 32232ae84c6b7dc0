"""Looks through every row of an organisation for a person's name, addresses and ids, and takes them out, a page at a time.

New tables and columns are looked through without being named here: whatever holds text is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, or_, select, update

from handlers.people.names import FORMER, REMOVED
from storage.database import Database
from storage.exported import BY_TABLE
from storage.paging import Rows, page
from storage.searching import tidy
from storage.tables import metadata

Values = dict[str, Any]
_NOT = frozenset({"organisations", "policies", "installations", "counters", "people", "accounts", "forgotten", "homes", "contacts"})
"""Tables that are seen to by themselves, or that hold nothing of people."""
_DROPPED = frozenset({"remotes", "heard"})
"""Their rows are nothing but the reference."""
_VERSIONED = frozenset({"tickets", "waits", "offers", "affected", "comments", "dialogs", "files"})
_WRITTEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "tickets": {"requester": ("title", "body", "spot", "fields"), "resolved_by": ("resolution",)},
    "comments": {"author": ("text",)},
    "offers": {"offered_by": ("note",)},
}
"""Who wrote which columns."""
_AUTHORS: Mapping[str, tuple[str, ...]] = {"tickets": ("requester",), "comments": ("author",)}
"""Whose files those of a row are."""


@dataclass(frozen=True)
class Whose:
    """A person, and the texts that give them away: names (of two words or more) and addresses, ids of users, of direct conversations.

    `words`: what they wrote goes too.
    """

    organisation: str
    person: str
    names: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    words: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """None where nothing gives them away: a search for nothing would be found everywhere."""
        ids = [rf"<@{re.escape(user)}(?:\|[^>]*)?>|@?{re.escape(user)}" for user in (*self.users, *self.channels)]
        wanted = [*ids, *map(_loose, self.names)]
        return re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE) if wanted else None

    def cleaned(self, value: Any) -> Any:
        """The same without them, however deep they stand in it."""
        if self.pattern is None:
            return value
        if isinstance(value, str):
            return self.pattern.sub(FORMER, value)
        if isinstance(value, Mapping):
            return {self.cleaned(key): self.cleaned(item) for key, item in value.items()}
        return [self.cleaned(item) for item in value] if isinstance(value, list) else value


def _loose(name: str) -> str:
    """However many spaces stand between its words."""
    return r"\s+".join(map(re.escape, name.split()))


@dataclass(slots=True)
class Found:
    """`subjects` are those whose messages show the person or their words, `written` those whose words go because they are theirs;
    `waiting` are tickets that wait for them.
    """

    subjects: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    rows: int = 0


async def scrub(database: Database, whose: Whose) -> Found:
    """Cleans page by page in short transactions, beside the running bot. Broken off, it can be begun again."""
    found = Found()
    for table in metadata.sorted_tables:
        if table.name in _NOT:
            continue
        rows: Rows = ()
        while rows := await database.read(page, table, whose.organisation, rows):
            for row in rows:
                _note(table, row, whose, found)
            dirty = [row for row in rows if _changes(table, row, whose)]
            if dirty:
                found.rows += await database.write(_clean, table, dirty, whose)
    await database.write(tidy)
    return found


def _note(table: Table, row: Row[Any], whose: Whose, found: Found) -> None:
    values = row._mapping
    if table.name == "waits" and values["on"] == whose.person and values["ended_at"] is None:
        found.waiting.add(f"ticket:{values['ticket']}")
    if whose.words and any(values[name] == whose.person for name in _AUTHORS.get(table.name, ())):
        found.written.add(_subject(table, values))
    concerned = any(values[name] == whose.person for name in (BY_TABLE[table.name].whose if table.name in BY_TABLE else ()))
    if table.name in ("tickets", "comments", "waits", "offers", "dialogs") and (concerned or _changes(table, row, whose)):
        found.subjects.add(_subject(table, values))


def _subject(table: Table, values: Mapping[Any, Any]) -> str:
    if table.name in ("waits", "offers"):
        return f"ticket:{values['ticket']}"
    return str(values["subject"]) if table.name == "dialogs" else f"{table.name.removesuffix('s')}:{values['id']}"


def _changes(table: Table, row: Row[Any], whose: Whose) -> Values:
    """What must be different in the row."""
    before = {str(name): value for name, value in row._mapping.items()}
    after = {name: whose.cleaned(value) for name, value in before.items() if isinstance(value, str | dict | list)}
    for name in _own(table, before, whose):
        after[name] = {} if isinstance(before[name], dict) else before[name] and REMOVED
    return {name: value for name, value in after.items() if value != before[name]}


def _own(table: Table, row: Values, whose: Whose) -> Iterator[str]:
    for author, names in _WRITTEN.get(table.name, {}).items():
        if whose.words and row[author] == whose.person:
            yield from names


def _clean(connection: Connection, table: Table, dirty: Sequence[Row[Any]], whose: Whose) -> int:
    """Reads the rows again, so that nothing is lost that was written meanwhile; whoever holds an older state of one has to read it anew."""
    keys = tuple(table.primary_key.columns)
    same = or_(*(and_(*(key == row._mapping[key.name] for key in keys)) for row in dirty))
    for row in connection.execute(select(table).where(same).with_for_update()).all():
        changes = _changes(table, row, whose)
        this = and_(*(key == row._mapping[key.name] for key in keys))
        if changes and _is_done_with(table, row):
            connection.execute(delete(table).where(this))
        elif changes:
            again = {"version": table.c.version + 1} if table.name in _VERSIONED else {}
            connection.execute(update(table).where(this).values({**_fitting(table, changes), **again}))
    return len(dirty)


def _is_done_with(table: Table, row: Row[Any]) -> bool:
    """Rows that are of no use without what was taken out: done work, answers that nobody waits for any more, pages of nobody."""
    if table.name == "outbox":
        return row._mapping["done_at"] is not None or row._mapping["kind"] in ("answer", "home")
    return table.name in _DROPPED


def _fitting(table: Table, changes: Values) -> Values:
    """A column's length holds for what is put in place of a shorter name, too."""
    return {
        name: value[: getattr(table.c[name].type, "length", None)] if isinstance(value, str) else value for name, value in changes.items()
    }
