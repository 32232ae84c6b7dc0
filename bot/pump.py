"""The pump: takes due rows out of the outbox, has them run, and marks what became of them.

Rows of one lane run one after the other, those of different lanes side by side. A row that fails is tried again after a while, with its
lane waiting behind it, and is buried when there is no hope. Whatever happens to this process, no row is lost: what it had leased is leased
again, by any replica, when the lease is over.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

import structlog

from bot import metrics
from storage.leasing import Leased, Look
from storage.outbox import Figures

log = structlog.get_logger(__name__)

LAST_TRIES = 3
SHORT = 0.1
"""Seconds that a row waits without giving back those that were leased with it."""
GOING_ROUND = 0.1
LONGEST_PUT_OFF, MOST_PUT_OFF = 30.0, 10_000


class Outbox(Protocol):
    """What the pump needs of `storage.outbox.Outbox`."""

    async def lease(self, now: datetime, machine_now: datetime, limit: int, lease_seconds: float) -> Look: ...
    async def finish(self, rows: Sequence[tuple[int, int]], now: datetime) -> None: ...
    async def retry(self, seq: int, not_before: datetime, error: str, count: bool) -> None: ...
    async def release(self, seqs: Sequence[int]) -> None: ...
    async def bury(self, seq: int, error: str, now: datetime) -> None: ...
    async def figures(self, now: datetime) -> Figures: ...


class Done(Enum):
    """What running a row may answer instead of nothing."""

    already = "its own unit of work has marked the row"


class Later(Exception):
    """Not now: try again after `seconds`. Does not count as a try. `grows`: nobody has said how long, so each time in a row it is twice as
    long as the time before, up to half a minute.
    """

    def __init__(self, seconds: float, reason: str, *, grows: bool = False) -> None:
        super().__init__(reason)
        self.seconds, self.grows = seconds, grows


class Permanent(Exception):
    """Trying again cannot help: bury the row."""


Run = Callable[[Leased], Awaitable[Done | None]]
Begin = Callable[[], Run]
"""Makes what runs rows of one lane that were leased together."""
Buried = Callable[[Leased, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How eager and how patient a pump is. Seconds, unless named otherwise.

    A row is buried once it has failed `most_tries` times, or `patience` after it was due; the latter only after `fair_tries`, so that what
    was found late, after a long standstill, still gets its chance. A run is cut off when three quarters of its lease are over.
    """

    width: int = 32
    lease: float = 60.0
    poll: float = 3.0
    first_pause: float = 1.0
    longest_pause: float = 300.0
    most_tries: int = 50
    fair_tries: int = 10
    longest_outage_pause: float = 10.0
    patience: timedelta = timedelta(hours=24)


class Pump:
    """Start it, `wake` it whenever something was written, stop it. `clock` is business time, `machine` the machine's; both aware."""

    def __init__(
        self,
        outbox: Outbox,
        begin: Begin,
        clock: Callable[[], datetime],
        machine: Callable[[], datetime],
        buried: Buried,
        pace: Pace = Pace(),
        chance: random.Random | None = None,
    ) -> None:
        self._outbox, self._begin, self._buried = outbox, begin, buried
        self._clock, self._machine, self._pace = clock, machine, pace
        self._chance = chance or random.Random()  # noqa: S311 - spreads pauses, guards nothing
        self._slots = asyncio.Semaphore(pace.width)
        self._awake, self._quiet, self._ran = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._finished: list[Leased] = []
        self._running: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._earliest: datetime | None = None  # machine time of the first try that we put off
        self._put_off: dict[int, int] = {}  # how often in a row, of those whose pause grows
        self._stopping = False

    # ------------------------------------------------------------ from outside

    def start(self) -> None:
        self._loops = [asyncio.create_task(self._lease_forever()), asyncio.create_task(self._mark_forever())]

    def wake(self) -> None:
        """Something may be due: look at once. Cheap, and safe to call at any time from the event loop's thread."""
        self._quiet.clear()
        self._awake.set()

    async def drain(self, within: float) -> bool:
        """Waits until nothing is left that could be done now; false when that takes longer than `within` seconds."""
        self.wake()
        try:
            await asyncio.wait_for(self._quiet.wait(), within)
        except TimeoutError:
            return False
        return True

    async def stop(self, grace: float = 20.0) -> None:
        """Leases no more, lets what runs end, and gives back what has not begun; after `grace` seconds also what still runs."""
        self._stopping = True
        self._awake.set()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._ran.set()
        await asyncio.gather(*self._loops)

    async def measure(self) -> None:
        """Sets the gauges of depth and lag."""
        figures = await self._outbox.figures(self._clock())
        metrics.waiting(figures.depth, figures.lag)

    # ------------------------------------------------------------ leasing

    async def _lease_forever(self) -> None:
        failed = 0
        while not self._stopping:
            self._awake.clear()
            try:
                pause = await self._lease_some()
                failed = 0
            except Exception as error:  # noqa: BLE001 - a database that is away comes back, and the pump must be there then
                failed += 1
                pause = self._outage_pause(failed)
                log.error("outbox cannot be read", error=_name(error), seconds=round(pause, 1))
            await self._sleep(pause)

    async def _lease_some(self) -> float:
        """Leases what there is room for, sets it running, and tells how many seconds to sleep at most."""
        room = 2 * self._pace.width - len(self._running) - len(self._finished)
        if room < self._pace.width // 2 + 1:
            return self._pace.poll  # marking rows wakes us
        look = await self._outbox.lease(self._clock(), self._machine(), room, self._pace.lease)
        for rows in _by_lane(look.rows):
            self._start(rows)
        if look.more:
            return 0.0 if look.rows else GOING_ROUND
        if not (look.rows or self._running or self._finished or self._awake.is_set()):
            self._quiet.set()
        return self._until_next(look.next_due)

    def _until_next(self, due: datetime | None) -> float:
        waits = [self._pace.poll * self._chance.uniform(0.8, 1.2)]
        if due is not None:
            waits.append((due - self._clock()).total_seconds())
        if self._earliest is not None:
            waits.append((self._earliest - self._machine()).total_seconds() + 0.001)
            if waits[-1] <= 0:
                self._earliest = None
        return max(0.0, min(waits))

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), seconds)

    # ------------------------------------------------------------ running

    def _start(self, rows: Sequence[Leased]) -> None:
        task = asyncio.create_task(self._carry(rows))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._ran.set()

    async def _carry(self, rows: Sequence[Leased]) -> None:
        """Rows of one lane, one after the other. Where one is not done, or time is short, those behind it are given back.

        Marked when all have ended: one that was asked for again meanwhile would otherwise run beside those behind it.
        """
        run, left, done = self._begin(), deque(rows), list[Leased]()
        while left and self._seconds(left[0]) > 0:
            row = left.popleft()
            if not await self._carried(row, _patient(run) if left else run, done):
                break
        self._finished += done
        if left:
            await self._write(self._outbox.release([row.seq for row in left]))

    async def _carried(self, row: Leased, run: Run, done: list[Leased]) -> bool:
        """From the lease to the answer; whether the next one may run.

        What the database does not take down now, the end of the lease puts right.
        """
        try:
            async with self._slots:
                if self._stopping:
                    raise asyncio.CancelledError
                await self._try(row, run, done)
            self._put_off.pop(row.seq, None)
        except asyncio.CancelledError:
            await self._write(self._outbox.release([row.seq]))
        except Later as answer:
            await self._postpone(row, answer)
        except Permanent as answer:
            await self._bury(row, str(answer) or "it cannot be delivered")
        except Exception as error:  # noqa: BLE001 - whatever a row raises is a failed try of that row
            await self._failed(row, error)
        else:
            return True
        return False

    async def _try(self, row: Leased, run: Run, done: list[Leased]) -> None:
        if row.tries > self._pace.most_tries:
            raise Permanent(f"its lease ran out unanswered, at the last of {row.tries - 1} tries")
        async with asyncio.timeout(self._seconds(row)):
            answer = await run(row)
        metrics.delivered(row.kind)
        if answer is None:
            done.append(row)
        else:
            self.wake()  # its lane goes on

    def _seconds(self, row: Leased) -> float:
        """For which it may still run: until three quarters of its lease are over."""
        return (row.leased_until - self._machine()).total_seconds() - self._pace.lease / 4

    async def _postpone(self, row: Leased, answer: Later) -> None:
        metrics.postponed(row.kind)
        seconds = self._grown(row, answer.seconds) if answer.grows else answer.seconds
        log.info("row postponed", seconds=round(seconds, 1), **_facts(row))
        await self._again(row, seconds, f"waits: {answer}", count=False)

    def _grown(self, row: Leased, seconds: float) -> float:
        """Spread, so that what was put off together does not come back together. What other replicas have ended is forgotten at last."""
        if len(self._put_off) >= MOST_PUT_OFF:
            self._put_off.clear()
        times = self._put_off[row.seq] = self._put_off.get(row.seq, -1) + 1
        return max(seconds, min(seconds * 2.0 ** min(times, 30), LONGEST_PUT_OFF)) * self._chance.uniform(1.0, 1.25)

    async def _failed(self, row: Leased, error: Exception) -> None:
        metrics.failed(row.kind)
        reason = _name(error)
        if self._is_hopeless(row):
            return await self._bury(row, reason)
        pause = self._pause(row.tries)
        log.warning("row failed", error=reason, seconds=round(pause, 1), **_facts(row))
        return await self._again(row, pause, reason, count=True)

    async def _again(self, row: Leased, seconds: float, reason: str, count: bool) -> None:
        not_before = self._machine() + timedelta(seconds=seconds)
        await self._write(self._outbox.retry(row.seq, not_before, reason, count))
        if self._earliest is None or not_before < self._earliest:
            self._earliest = not_before
            self._awake.set()  # it may be sleeping for longer

    async def _bury(self, row: Leased, reason: str) -> None:
        metrics.buried(row.kind)
        self._put_off.pop(row.seq, None)
        log.error("row buried", error=reason, **_facts(row))
        await self._write(self._buried(row, reason))  # first: killed in between, it is said twice rather than never
        await self._write(self._outbox.bury(row.seq, reason, self._clock()))
        self.wake()

    def _is_hopeless(self, row: Leased) -> bool:
        late = self._clock() - row.due_at > self._pace.patience
        return row.tries >= self._pace.most_tries or (late and row.tries >= self._pace.fair_tries)

    def _pause(self, tries: int) -> float:
        """Doubling, and spread by a quarter each way, so that what failed together is not tried again together."""
        longest = min(self._pace.first_pause * 2.0 ** min(tries - 1, 30), self._pace.longest_pause)
        return longest * self._chance.uniform(0.75, 1.25)

    def _outage_pause(self, failed: int) -> float:
        return min(self._pause(failed), self._pace.longest_outage_pause)

    async def _write(self, change: Awaitable[None]) -> None:
        try:
            await change
        except Exception as error:  # noqa: BLE001 - the row is still leased, and will be leased again
            log.error("outbox cannot be written", error=_name(error))

    # ------------------------------------------------------------ marking what is done

    async def _mark_forever(self) -> None:
        """Whatever was done while the last batch was being written is the next batch. At the end it tries a few times, not for ever."""
        failed = 0
        while not (self._stopping and not self._running and (not self._finished or failed >= LAST_TRIES)):
            await self._ran.wait()
            self._ran.clear()
            batch = self._finished[: 2 * self._pace.width]
            if await self._mark(batch):
                failed = 0
                del self._finished[: len(batch)]
                self.wake()
            else:
                failed += 1
                await asyncio.sleep(self._outage_pause(1 if self._stopping else failed))
                self._ran.set()

    async def _mark(self, batch: list[Leased]) -> bool:
        try:
            if batch:
                await self._outbox.finish([(row.seq, row.stamp) for row in batch], self._clock())
        except Exception as error:  # noqa: BLE001 - see _lease_forever
            log.error("outbox cannot be written", error=_name(error))
            return False
        return True


def _by_lane(rows: Sequence[Leased]) -> Iterable[Sequence[Leased]]:
    """Those of each lane, in their order."""
    lanes: dict[str, list[Leased]] = {}
    for row in rows:
        lanes.setdefault(row.lane, []).append(row)
    return lanes.values()


def _patient(run: Run) -> Run:
    """Waits out what is too short to be written down, for the sake of those behind it."""

    async def patiently(row: Leased) -> Done | None:
        while True:
            try:
                return await run(row)
            except Later as answer:
                if answer.seconds > SHORT:
                    raise
                await asyncio.sleep(answer.seconds)

    return patiently


def _facts(row: Leased) -> dict[str, object]:
    """What a log line may say of a row: never its payload."""
    return {"seq": row.seq, "kind": row.kind, "name": row.name, "subject": row.subject, "subscriber": row.subscriber, "tries": row.tries}


def _name(error: Exception) -> str:
    """The kind of an error and the place that raised it, without its words: those may quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return type(error).__name__ + at
