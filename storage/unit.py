"""What one unit of work states, as rows ready to be written, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.forms import Show
from handlers.ports import Erasure, Forget

Values = dict[str, Any]


@dataclass(slots=True)
class Unit:
    """Rows by table name. `saves` are by (table, id) with the version that was read; `keyed` outbox rows by their key.

    `finished` are outbox rows (seq, stamp) that this unit is the work of. `told` are (notice row, its outbox row).
    """

    organisation: str
    at: datetime
    key: str | None = None
    result: Values | None = None
    tickets: list[Values] = field(default_factory=list)
    inserts: dict[str, list[Values]] = field(default_factory=dict)
    saves: dict[tuple[str, str], tuple[int, Values]] = field(default_factory=dict)
    puts: dict[str, list[Values]] = field(default_factory=dict)
    joins: list[Values] = field(default_factory=list)
    unfollowed: list[Values] = field(default_factory=list)
    erased: list[Erasure] = field(default_factory=list)
    history: list[Values] = field(default_factory=list)
    outbox: list[Values] = field(default_factory=list)
    keyed: dict[str, Values] = field(default_factory=dict)
    told: list[tuple[Values, Values]] = field(default_factory=list)
    finished: list[tuple[int, int]] = field(default_factory=list)

    @property
    def wakes(self) -> bool:
        """Whether it gives the pump something to do. (Who finishes a row looks for the next one anyway.)"""
        return bool(self.outbox or self.keyed or self.told)

    def touched(self) -> Iterator[tuple[str, str]]:
        """What others may hold in a cache: (kind, id) of persons and places, and (account, its three parts)."""
        for table in ("people", "places"):
            for row in (*self.inserts.get(table, ()), *self.puts.get(table, ())):
                yield table, row["id"]
        for what in self.erased:
            if isinstance(what, Forget):
                yield "people", what.person
        for row in self.joins:
            yield "accounts", account_id(row["chat"], row["workspace"], row["user"])


def account_id(chat: str, workspace: str, user: str) -> str:
    return f"{chat}|{workspace}|{user}"


@dataclass(frozen=True, slots=True)
class Written:
    """It is in the database. `numbers` are those of its new tickets, by id."""

    numbers: dict[str, int]


@dataclass(frozen=True, slots=True)
class Heard:
    """Its key was heard before; nothing was written."""

    reply: Show | None


@dataclass(frozen=True, slots=True)
class Stale:
    """A row that it saves was changed in between; nothing was written."""

    table: str
    id: str


Outcome = Written | Heard | Stale
