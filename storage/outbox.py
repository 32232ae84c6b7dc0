"""The outbox: what is still to be done, for whom, in which order, and since when.

A row is one event for one subscriber, one timer, or one post to deliver. Rows of one lane are done one after the other, by rising `seq`;
rows of different lanes in any order, at the same time, by any number of processes. A process leases a row (see `storage.leasing`), does
what it says, and finishes it; a process that dies keeps nobody waiting longer than its lease. Delivery is therefore at least once.

Two clocks: `now` is business time (when is a row due), `machine_now` the machine's (leases, and "not before" after a failure).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Update, bindparam, case, delete, func, null, or_, select, tuple_, update

from handlers.care.periods import kept
from storage.database import Database
from storage.leasing import Leased, Look, crowded, due, follow, heads, leads, number, padded, release, take, walk
from storage.tables import Utc, heard, outbox

SWEEP_BATCH = 1000
DONE_KEPT = kept("done")
DEAD_KEPT = kept("dead")
HEARD_KEPT = kept("heard")
ERROR_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Dead:
    """A row given up on; its payload stays out of sight."""

    seq: int
    kind: str
    name: str
    subject: str
    subscriber: str
    tries: int
    error: str
    dead_at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """`depth`: rows due and undone; `lag`: seconds since the oldest of them was due."""

    depth: int
    lag: float


_UNDONE = outbox.c.done_at.is_(None)


# ---------------------------------------------------------------- after the lease


def _undone(seq: int) -> Update:
    return update(outbox).where(outbox.c.seq == seq, _UNDONE)


def finish(conn: Connection, rows: Sequence[tuple[int, int]], now: datetime, wait: bool = True) -> list[int]:
    """Marks rows (seq, stamp) as done; those that were coalesced again meanwhile are set free instead, to run again.

    Gives the seqs that were written. Without `wait`, rows that another transaction holds are left alone and missing in the answer: to wait
    for several at once, while somebody else holds them in another order, is a deadlock.
    """
    if not rows:
        return []
    pairs = padded(rows)
    return list(conn.scalars(_finish(wait), {"seqs": [seq for seq, _ in pairs], "pairs": pairs, "now": now}))


@cache
def _finish(wait: bool) -> Any:
    given = select(outbox.c.seq).where(outbox.c.seq.in_(bindparam("seqs", expanding=True)), _UNDONE)
    mine = given.order_by(outbox.c.seq).with_for_update(skip_locked=not wait).cte("mine")
    same = tuple_(outbox.c.seq, outbox.c.stamp).in_(bindparam("pairs", expanding=True))
    change = update(outbox).where(outbox.c.seq.in_(select(mine.c.seq)))
    done = case((same, bindparam("now", type_=Utc())), else_=null())
    tries = case((same, outbox.c.tries), else_=0)
    return change.values(done_at=done, tries=tries, leased_until=None, last_error=None).returning(outbox.c.seq)


def undone(conn: Connection, seqs: Sequence[int]) -> list[int]:
    """Which of these rows are still to be done."""
    return list(conn.scalars(select(outbox.c.seq).where(outbox.c.seq.in_(padded(seqs)), _UNDONE)))


def retry(conn: Connection, seq: int, not_before: datetime, error: str, count: bool) -> None:
    """Keeps the row, and with it its lane, closed until `not_before` (machine time). Without `count` this try is not counted."""
    tries = outbox.c.tries if count else outbox.c.tries - 1
    conn.execute(_undone(seq).values(leased_until=not_before, last_error=error[:ERROR_LENGTH], tries=tries))


def bury(conn: Connection, seq: int, error: str, now: datetime) -> None:
    """Gives the row up. It counts as done, so that its lane goes on and its key is free for a new row."""
    conn.execute(_undone(seq).values(done_at=now, dead_at=now, leased_until=None, last_error=error[:ERROR_LENGTH]))


def revive(conn: Connection, seq: int, now: datetime) -> bool:
    """Lets a dead row run again from now on, at its old place in its lane; false if there is no such dead row.

    Its key is not given back: a live row may have it by now, and then both run.
    """
    change = update(outbox).where(outbox.c.seq == seq, outbox.c.dead_at.is_not(None))
    fresh = change.values(done_at=None, dead_at=None, leased_until=None, tries=0, due_at=now, key=None)
    return conn.execute(fresh).rowcount > 0


def dead(conn: Connection, organisation: str, limit: int = 100) -> list[Dead]:
    """The organisation's dead rows, the latest first."""
    columns = (*(outbox.c[name] for name in Dead.__slots__[:6]), func.coalesce(outbox.c.last_error, ""), outbox.c.dead_at)
    query = select(*columns).where(outbox.c.organisation == organisation, outbox.c.dead_at.is_not(None))
    return [Dead(*row) for row in conn.execute(query.order_by(outbox.c.dead_at.desc()).limit(limit))]


def next_due(conn: Connection, now: datetime) -> datetime | None:
    """When the first of the rows that are not due yet will be."""
    found: datetime | None = conn.scalar(_later(), {"now": now})
    return found


@cache
def _later() -> Any:
    later = select(outbox.c.due_at).where(_UNDONE, outbox.c.due_at > bindparam("now", type_=Utc()))
    return later.order_by(outbox.c.due_at, outbox.c.seq).limit(number(1))


def figures(conn: Connection, now: datetime) -> Figures:
    """How much is due and undone, and for how long the oldest of it has been."""
    waiting = due(select(outbox.c.due_at), outbox, now).subquery()
    depth, oldest = conn.execute(select(func.count(), func.min(waiting.c.due_at))).one()
    return Figures(depth, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)


def sweep(conn: Connection, now: datetime) -> int:
    """Deletes one batch of what is no longer needed: rows done 7 days ago, dead for 90 days, keys heard 48 hours ago. Gives how many.

    Call it until it gives 0: each batch is a short transaction, so that nobody waits for the broom.
    """
    old = or_(outbox.c.dead_at.is_(None), outbox.c.dead_at < now - DEAD_KEPT)
    done = select(outbox.c.seq).where(outbox.c.done_at < now - DONE_KEPT, old).limit(number(SWEEP_BATCH)).with_for_update(skip_locked=True)
    keys = select(heard.c.key).where(heard.c.at < now - HEARD_KEPT).limit(number(SWEEP_BATCH)).with_for_update(skip_locked=True)
    swept = conn.execute(delete(outbox).where(outbox.c.seq.in_(done))).rowcount
    return swept + conn.execute(delete(heard).where(heard.c.key.in_(keys))).rowcount


# ---------------------------------------------------------------- the outbox of a database


class Outbox:
    """The same over a `Database`, for a pump. It remembers how far it has gone round the lanes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._after = ""

    async def lease(self, now: datetime, machine_now: datetime, limit: int, lease_seconds: float) -> Look:
        """As `lease`, and goes round the lanes when the window is full. Looking only reads: an idle pump never keeps a writer waiting.

        Of a broadcast the rows that follow come along, beyond the limit.
        """
        look = await self._look(now, machine_now, limit, lease_seconds)
        leading = [row for row in look.rows if leads(row)]
        behind = [await self._database.write(follow, row, now, machine_now, lease_seconds) for row in leading]
        return replace(look, rows=[*look.rows, *chain.from_iterable(behind)]) if behind else look

    async def _look(self, now: datetime, machine_now: datetime, limit: int, lease_seconds: float) -> Look:
        found = await self._database.read(heads, now, machine_now)
        rows = await self._take(found[: 4 * limit], machine_now, limit, lease_seconds)
        if len(rows) >= limit:
            return Look(rows, more=True)
        if not await self._database.read(crowded, now):
            return Look(rows, next_due=await self._database.read(next_due, now))
        return Look(rows + await self._go_round(now, machine_now, limit - len(rows), lease_seconds), more=True)

    async def _go_round(self, now: datetime, machine_now: datetime, limit: int, lease_seconds: float) -> list[Leased]:
        """Goes on to further lanes only once those at hand have nothing left to give."""
        found, last = await self._database.read(walk, now, machine_now, self._after)
        rows = await self._take(found, machine_now, limit, lease_seconds)
        if len(rows) < limit:
            self._after = last
        return rows

    async def _take(self, seqs: Sequence[int], machine_now: datetime, limit: int, lease_seconds: float) -> list[Leased]:
        return await self._database.write(take, seqs, machine_now, limit, lease_seconds) if seqs else []

    async def finish(self, rows: Sequence[tuple[int, int]], now: datetime) -> None:
        """As `finish`. Rows that were held are waited for afterwards, each alone in its transaction, where that is safe."""
        written = set(await self._database.write(finish, rows, now, False))
        missing = {seq: stamp for seq, stamp in rows if seq not in written}
        for seq in await self._database.read(undone, list(missing)) if missing else []:
            await self._database.write(finish, [(seq, missing[seq])], now)

    async def retry(self, seq: int, not_before: datetime, error: str, count: bool) -> None:
        await self._database.write(retry, seq, not_before, error, count)

    async def release(self, seqs: Sequence[int]) -> None:
        await self._database.write(release, seqs)

    async def bury(self, seq: int, error: str, now: datetime) -> None:
        await self._database.write(bury, seq, error, now)

    async def revive(self, seq: int, now: datetime) -> bool:
        return await self._database.write(revive, seq, now)

    async def dead(self, organisation: str) -> list[Dead]:
        return await self._database.read(dead, organisation)

    async def figures(self, now: datetime) -> Figures:
        return await self._database.read(figures, now)

    async def sweep(self, now: datetime) -> int:
        """Batch after batch until nothing old is left; gives how many rows went."""
        swept = 0
        while batch := await self._database.write(sweep, now):
            swept += batch
        return swept
