"""Rows to dataclasses and back: one mapper per type. Fields and columns have the same names; what differs is converted here, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Connection, Select, Table

from handlers.core import (
    Affected,
    Attached,
    Comment,
    Dialog,
    History,
    Impact,
    Link,
    Notice,
    Offer,
    Origin,
    Outcome,
    Person,
    Place,
    Post,
    Priority,
    Remote,
    Standing,
    Status,
    Ticket,
    Wait,
)
from handlers.forms import Show
from handlers.ports import Watch
from storage import tables

T = TypeVar("T")
Convert = Callable[[Any], Any]
Values = dict[str, Any]


class Mapper(Generic[T]):
    """One dataclass in one table. `enums` are its fields of such types; `to` and `back` convert other fields, for the row and from it."""

    def __init__(
        self,
        kind: type[T],
        table: Table,
        enums: Mapping[str, type[StrEnum]] = MappingProxyType({}),
        to: Mapping[str, Convert] = MappingProxyType({}),
        back: Mapping[str, Convert] = MappingProxyType({}),
    ) -> None:
        self.kind = kind
        self.table = table
        self.names = tuple(field.name for field in fields(kind))  # type: ignore[arg-type]
        self.columns: tuple[Column[Any], ...] = tuple(table.c[name] for name in self.names)
        # What `value` gives, without its call.
        self._values = attrgetter(*(f"{name}._value_" if name in enums else name for name in self.names))
        self._to = tuple(to.items())
        converts: dict[str, Convert] = {**enums, **back}
        self._back = tuple((self.names.index(name), convert) for name, convert in converts.items())

    def row(self, item: T) -> Values:
        """What to store, by column name."""
        row: Values = dict(zip(self.names, self._values(item), strict=True))
        for name, convert in self._to:
            row[name] = convert(row[name])
        return row

    def item(self, row: Sequence[Any]) -> T:
        """The dataclass of a row selected as `columns`."""
        values = list(row)
        for index, convert in self._back:
            values[index] = convert(values[index])
        return self.kind(*values)


def select_all(connection: Connection, mapper: Mapper[T], query: Select[Any], parameters: Mapping[str, object]) -> list[T]:
    """What a query of the mapper's columns finds."""
    return [mapper.item(row) for row in connection.execute(query, parameters)]


def select_one(connection: Connection, mapper: Mapper[T], query: Select[Any], parameters: Mapping[str, object]) -> T | None:
    row = connection.execute(query, parameters).first()
    return None if row is None else mapper.item(row)


def _origin_to(origin: Origin) -> dict[str, str]:
    return {"chat": origin.chat, "workspace": origin.workspace, "channel": origin.channel, "message_id": origin.message_id}


TICKETS = Mapper(
    Ticket,
    tables.tickets,
    enums={"status": Status, "outcome": Outcome, "impact": Impact, "priority": Priority},
    to={"fields": dict},
)
WAITS = Mapper(Wait, tables.waits)
OFFERS = Mapper(Offer, tables.offers)
AFFECTED = Mapper(Affected, tables.affected)
LINKS = Mapper(Link, tables.links)
WATCHES = Mapper(Watch, tables.watches)
REMOTES = Mapper(Remote, tables.remotes)
COMMENTS = Mapper(
    Comment,
    tables.comments,
    to={"audience": sorted, "origin": _origin_to},
    back={"audience": frozenset, "origin": lambda data: Origin(**data)},
)
ATTACHED = Mapper(Attached, tables.files)
HISTORY = Mapper(History, tables.history, to={"data": dict})
POSTS = Mapper(Post, tables.posts)
NOTICES = Mapper(Notice, tables.notices)
DIALOGS = Mapper(Dialog, tables.dialogs, to={"answers": dict})
PEOPLE = Mapper(Person, tables.people, enums={"standing": Standing})
PLACES = Mapper(Place, tables.places)

MAPPERS: Mapping[type, Mapper[Any]] = {
    mapper.kind: mapper
    for mapper in (TICKETS, WAITS, OFFERS, AFFECTED, LINKS, WATCHES, REMOTES, COMMENTS, ATTACHED, POSTS, DIALOGS, PEOPLE, PLACES)
}
"""By type: all that a unit of work can write."""


def show_to_row(show: Show | None) -> Values | None:
    """A reply as it stands in `heard`."""
    return None if show is None else {"view": show.view, "subject": show.subject, "version": show.version}


def show_from_row(data: Values | None) -> Show | None:
    return None if data is None else Show(data["view"], data["subject"], data["version"])
