"""Leasing rows of the outbox: whose turn it is, and taking it.

Within a lane the first due, undone row by `seq` is its head, and only heads are leased: alone, or with those right behind it (`follow`). A
head that is leased, or must not be tried again yet, keeps its lane closed; a row that is not due yet does not. (One that becomes due while
a later one of its lane runs may run beside it.)

What a look costs depends on `WINDOW` and `ROUND`: hardly on how many rows wait, and not on how many of them stand in one lane.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.tables import Utc, outbox

T = TypeVar("T")
Moment = datetime | ColumnElement[datetime]

WINDOW = 512
"""How many due rows one look examines, oldest first."""
ROUND = 512
"""How many lanes one look examines when more is due than the window shows."""
FOLLOWING = 31
"""How many rows of a lane are leased with its head at most."""
BROADCAST = "broadcast:"
"""How the lanes begin whose rows are leased together: a thousand copies of one message, each of which would cost a look of its own."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A row that is ours until `leased_until` (machine time). `tries` counts this one; `stamp` rises when the row is coalesced again."""

    seq: int
    organisation: str
    kind: str
    name: str
    subject: str
    subscriber: str
    payload: Mapping[str, object]
    lane: str
    stamp: int
    tries: int
    due_at: datetime
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What one lease found. `more`: rows were due that it did not get to see, so look again soon. `next_due`: when the next one will be."""

    rows: Sequence[Leased]
    more: bool = False
    next_due: datetime | None = None


_NOW, _MACHINE = bindparam("now", type_=Utc()), bindparam("machine", type_=Utc())
_SEQS: BindParameter[Any] = bindparam("seqs", expanding=True)
_UNDONE = outbox.c.done_at.is_(None)
_LEASED = tuple(outbox.c[name] for name in Leased.__slots__)


def lease(conn: Connection, now: datetime, machine_now: datetime, limit: int, lease_seconds: float) -> list[Leased]:
    """Leases up to `limit` rows, by rising `seq`: each is the first due, undone row of its lane and nobody else's at the moment."""
    return take(conn, heads(conn, now, machine_now), machine_now, limit, lease_seconds)


def heads(conn: Connection, now: datetime, machine_now: datetime) -> list[int]:
    """The free heads of the lanes of the `WINDOW` rows that have been due longest, by rising `seq`."""
    return free(conn, list(conn.scalars(_heads(), {"now": now})), machine_now)


@cache
def _heads() -> Any:
    row = outbox.alias("waiting")
    window = due(select(row.c.lane), row, _NOW).limit(number(WINDOW)).subquery("window")
    lanes = select(window.c.lane).distinct().subquery("lanes")
    return select(_first_of_lane(lanes.c.lane)).select_from(lanes)


def free(conn: Connection, seqs: Sequence[int | None], machine_now: datetime) -> list[int]:
    """Those of the rows that nobody has, by rising `seq`. Asked for by their numbers: in one query with what found them, an unlucky plan
    goes through all that is undone."""
    given = [seq for seq in seqs if seq is not None]
    if not given:
        return []
    return sorted(conn.scalars(_free_of(), {"seqs": padded(given), "machine": machine_now}))


@cache
def _free_of() -> Any:
    return select(outbox.c.seq).where(outbox.c.seq.in_(_SEQS), _UNDONE, _free(outbox.c.leased_until, _MACHINE))


def crowded(conn: Connection, now: datetime) -> bool:
    """Whether more rows are due than `heads` examines."""
    return conn.execute(_crowded(), {"now": now}).first() is not None


@cache
def _crowded() -> Any:
    return due(select(outbox.c.seq), outbox, _NOW).offset(number(WINDOW)).limit(number(1))


def walk(conn: Connection, now: datetime, machine_now: datetime, after: str) -> tuple[list[int], str]:
    """The free heads of the next `ROUND` lanes with due rows, in the order of their names, and the last lane seen ("": the end).

    Behind a lane of 100,000 rows, or behind thousands that fail, other lanes are out of the window's sight: going round finds each of them,
    and the whole round costs one pass through an index.
    """
    found = conn.execute(_walk(), {"now": now, "after": after}).all()
    return free(conn, [seq for _, seq in found], machine_now), found[-1][0] if len(found) == ROUND else ""


@cache
def _walk() -> Any:
    first = _next_lane(bindparam("after", type_=outbox.c.lane.type))
    start = select(first.label("lane"), number(1).label("n")).cte("lanes", recursive=True)
    further = select(_next_lane(start.c.lane), start.c.n + number(1)).where(start.c.lane.is_not(None), start.c.n < number(ROUND))
    lanes = start.union_all(further)
    return select(lanes.c.lane, _first_of_lane(lanes.c.lane)).where(lanes.c.lane.is_not(None))


def take(conn: Connection, seqs: Sequence[int], machine_now: datetime, limit: int, lease_seconds: float) -> list[Leased]:
    """Leases those of the given rows that are still free. Rows that another transaction holds are skipped, never waited for."""
    if not seqs:
        return []
    until = machine_now + timedelta(seconds=lease_seconds)
    rows = conn.execute(_take(), {"seqs": padded(seqs), "machine": machine_now, "until": until, "most": limit})
    return sorted((Leased(*row) for row in rows), key=lambda row: row.seq)


@cache
def _take() -> Any:
    left = select(outbox.c.seq).where(outbox.c.seq.in_(_SEQS), _UNDONE, _free(outbox.c.leased_until, _MACHINE))
    picked = left.limit(bindparam("most", type_=Integer())).with_for_update(skip_locked=True).cte("picked")
    change = update(outbox).where(outbox.c.seq.in_(select(picked.c.seq)))
    return change.values(leased_until=bindparam("until", type_=Utc()), tries=outbox.c.tries + 1).returning(*_LEASED)


def leads(row: Leased) -> bool:
    """Whether others are leased with it. Not with what was tried before: what takes its process down must not use up their tries."""
    return row.tries == 1 and row.lane.startswith(BROADCAST)


def follow(conn: Connection, head: Leased, now: datetime, machine_now: datetime, lease_seconds: float) -> list[Leased]:
    """Leases the rows right behind one that has just been leased, by rising `seq`: while that one is ours, nobody else comes to them.

    It ends with a row that is put off, or that somebody is writing at the moment: nothing may overtake it.
    """
    waiting = conn.execute(_behind(), {"lane": head.lane, "seq": head.seq, "now": now})
    free_ones = takewhile(lambda row: row.leased_until is None or row.leased_until < machine_now, waiting)
    seqs = [row.seq for row in free_ones]
    taken = take(conn, seqs, machine_now, len(seqs), lease_seconds)
    kept = [row for row, seq in zip(taken, seqs, strict=False) if row.seq == seq]
    release(conn, [row.seq for row in taken[len(kept) :]])
    return kept


@cache
def _behind() -> Any:
    row, lane = outbox.alias("behind"), bindparam("lane", type_=outbox.c.lane.type)
    rows = select(row.c.seq, row.c.leased_until).where(row.c.lane >= lane, row.c.lane <= lane, row.c.seq > bindparam("seq"))
    return _by_lane(rows, row, FOLLOWING)


def release(conn: Connection, seqs: Sequence[int]) -> None:
    """Gives leased rows back as if they had never been leased."""
    if seqs:
        change = update(outbox).where(outbox.c.seq.in_(padded(seqs)), _UNDONE)
        conn.execute(change.values(leased_until=None, tries=outbox.c.tries - 1))


def due(query: Select[Any], row: FromClause, now: Moment) -> Select[Any]:
    """The query over undone rows that are due, those due longest first."""
    return query.where(row.c.done_at.is_(None), row.c.due_at <= now).order_by(row.c.due_at, row.c.seq)


def _first_of_lane(lane: ColumnElement[str]) -> ScalarSelect[int]:
    """A range, not an equality: with an equality PostgreSQL may walk the primary key instead, through the whole history of done rows."""
    row = outbox.alias("first")
    return _by_lane(select(row.c.seq).where(row.c.lane >= lane, row.c.lane <= lane), row).scalar_subquery()


def _next_lane(after: ColumnElement[str]) -> ScalarSelect[str]:
    row = outbox.alias("next")
    return _by_lane(select(row.c.lane).where(row.c.lane > after), row).scalar_subquery()


def _by_lane(query: Select[Any], row: FromClause, most: int = 1) -> Select[Any]:
    """The first due rows in the order of the index by lane, and so that no other index will do: statistics of a quiet hour, when nothing
    was undone, make any index look as good, and then each look into a lane would go through everything that is due."""
    is_due = func.coalesce(row.c.due_at, _NOW) <= _NOW
    return query.where(row.c.done_at.is_(None), is_due).order_by(row.c.lane, row.c.seq).limit(number(most))


def _free(leased_until: ColumnElement[datetime], machine_now: Moment) -> ColumnElement[bool]:
    return or_(leased_until.is_(None), leased_until < machine_now)


def number(value: int) -> ColumnElement[int]:
    """A number in the statement's text: a planner that cannot see a limit guesses a tenth of the table."""
    return literal_column(str(int(value)))


def padded(items: Sequence[T]) -> list[T]:
    """The same items, the last one repeated up to a power of two: a handful of statements instead of one for each length."""
    return [*items, *([items[-1]] * (2 ** math.ceil(math.log2(len(items))) - len(items)))]
