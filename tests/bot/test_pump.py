"""The pump over a real outbox: what is run, tried again, put off, buried and given back."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from prometheus_client import REGISTRY
from sqlalchemy import Connection, update

from bot.pump import Done, Later, Pace, Permanent, Pump
from storage.database import Database, open_database
from storage.leasing import Leased, Look
from storage.outbox import Outbox, finish
from storage.tables import outbox
from tests.conftest import NOW
from tests.storage.outbox_rows import everything, lanes, read, row, write

SECOND = timedelta(seconds=1)
SOON = Pace(poll=0.02, first_pause=0.02, longest_pause=0.05, most_tries=4, longest_outage_pause=0.05)
PATIENT = Pace(poll=0.02, first_pause=3600.0, longest_pause=3600.0)


class Clock:
    """Machine time that really passes, from an arbitrary start, and can be moved on; business time stands still unless moved."""

    def __init__(self) -> None:
        self.business, self.moved = NOW, 0.0

    def now(self) -> datetime:
        return self.business

    def machine(self) -> datetime:
        return NOW + timedelta(days=1000, seconds=asyncio.get_running_loop().time() + self.moved)


class Office:
    """Runs rows as the test says and remembers what was run."""

    def __init__(self) -> None:
        self.ran: list[int] = []
        self.buried: list[tuple[int, str]] = []
        self.answers: dict[int, Callable[[Leased], Awaitable[Done | None]]] = {}
        self.at_once, self.most_at_once = 0, 0
        self.in_lane: defaultdict[str, int] = defaultdict(int)

    async def run(self, found: Leased) -> Done | None:
        self.ran.append(found.seq)
        self.at_once += 1
        self.in_lane[found.lane] += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        assert self.in_lane[found.lane] == 1
        try:
            await asyncio.sleep(0.002)
            answer = self.answers.get(found.seq)
            return await answer(found) if answer else None
        finally:
            self.at_once -= 1
            self.in_lane[found.lane] -= 1

    async def bury(self, found: Leased, reason: str) -> None:
        self.buried.append((found.seq, reason))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = open_database(database_url, readers=2)
    yield database
    await database.close()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def clock() -> Clock:
    return Clock()


Start = Callable[..., Pump]


@pytest.fixture
async def start(database: Database, office: Office, clock: Clock) -> AsyncIterator[Start]:
    """Starts pumps on the same database; those that still run are stopped at the end."""
    started: list[Pump] = []

    def another(pace: Pace = SOON, box: Any = None) -> Pump:
        pump = Pump(box or Outbox(database), lambda: office.run, clock.now, clock.machine, office.bury, pace, random.Random(1))
        pump.start()
        started.append(pump)
        return pump

    yield another
    await asyncio.gather(*(pump.stop() for pump in started))


async def until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def always(error: Exception) -> Callable[[Leased], Awaitable[None]]:
    async def answer(_found: Leased) -> None:
        raise error

    return answer


def times(count: int, error: Exception) -> Callable[[Leased], Awaitable[None]]:
    left = [error] * count

    async def answer(_found: Leased) -> None:
        if left:
            raise left.pop()

    return answer


def counted(name: str, kind: str = "event") -> float:
    return REGISTRY.get_sample_value(f"deskbell_outbox_{name}_total", {"kind": kind}) or 0.0


# ---------------------------------------------------------------- in order, side by side


async def test_everything_is_done_once_and_in_order(database: Database, office: Office, start: Start) -> None:
    chance = random.Random(3)
    names = [f"lane {chance.randrange(30)}" for _ in range(150)]
    await lanes(database, *names)
    before = counted("delivered")
    assert await start().drain(30)
    assert sorted(office.ran) == list(range(1, 151))
    for name in set(names):
        mine = [seq for seq in office.ran if names[seq - 1] == name]
        assert mine == sorted(mine)
    assert office.most_at_once > 1
    assert all(found["done_at"] == NOW for found in await everything(database))
    assert counted("delivered") - before == 150


async def test_several_pumps_share_the_work(database: Database, office: Office, start: Start) -> None:
    names = [f"lane {n % 40}" for n in range(160)]
    await lanes(database, *names)
    pumps = [start() for _ in range(3)]
    await asyncio.gather(*(pump.drain(30) for pump in pumps))
    await until(lambda: len(office.ran) >= 160 and office.at_once == 0)
    assert sorted(office.ran) == list(range(1, 161))


async def test_no_more_at_once_than_its_width(database: Database, office: Office, start: Start) -> None:
    await lanes(database, *(f"lane {n}" for n in range(30)))
    assert await start(Pace(width=4, poll=0.02)).drain(20)
    assert len(office.ran) == 30
    assert office.most_at_once == 4


async def test_a_wake_is_enough(database: Database, office: Office, start: Start) -> None:
    pump = start(Pace(poll=3600.0))
    assert await pump.drain(10)
    await lanes(database, "a")
    await asyncio.sleep(0.05)
    assert office.ran == []
    pump.wake()
    await until(lambda: office.ran == [1])


async def test_without_a_wake_it_looks_by_itself(database: Database, office: Office, start: Start) -> None:
    assert await start().drain(10)
    await lanes(database, "a")
    await until(lambda: office.ran == [1])


async def test_what_is_due_later_is_done_when_it_is(database: Database, office: Office, start: Start, clock: Clock) -> None:
    await write(database, [row("a", NOW + 3600 * SECOND)])
    pump = start(Pace(poll=3600.0))
    assert await pump.drain(10)
    assert office.ran == []
    clock.business = NOW + 3600 * SECOND
    assert await pump.drain(10)
    assert office.ran == [1]


# ---------------------------------------------------------------- leased together


async def test_a_broadcast_goes_out_in_order_and_one_after_the_other(database: Database, office: Office, start: Start) -> None:
    await lanes(database, *["broadcast:1"] * 70, "a", *["broadcast:2"] * 5)
    assert await start().drain(30)
    assert sorted(office.ran) == list(range(1, 77))
    for wide in (range(1, 71), range(72, 77)):
        assert [seq for seq in office.ran if seq in wide] == list(wide)
    assert all((found["done_at"], found["tries"]) == (NOW, 1) for found in await everything(database))


async def test_what_waits_holds_up_those_behind_it(database: Database, office: Office, start: Start) -> None:
    await lanes(database, *["broadcast:1"] * 4)
    office.answers[2] = times(1, Later(3600, "rate limited"))
    pump = start(Pace(poll=3600.0))
    assert await pump.drain(10)
    assert office.ran == [1, 2]
    rows = await everything(database)
    assert [found["done_at"] is not None for found in rows] == [True, False, False, False]
    assert [(found["leased_until"], found["tries"]) for found in rows[2:]] == [(None, 0)] * 2


async def test_a_short_wait_is_waited_out(database: Database, office: Office, start: Start) -> None:
    await lanes(database, *["broadcast:1"] * 3)
    office.answers |= {seq: times(3, Later(0.001, "pace")) for seq in (1, 2)}
    before = counted("postponed")
    assert await start().drain(10)
    assert office.ran == [1] * 4 + [2] * 4 + [3]
    assert counted("postponed") == before


async def test_a_failing_one_is_tried_again_before_those_behind_it(database: Database, office: Office, start: Start) -> None:
    await lanes(database, *["broadcast:1"] * 3)
    office.answers[2] = times(2, ValueError())
    start()
    await until(lambda: 3 in office.ran)
    assert office.ran == [1, 2, 2, 2, 3]


async def test_asked_for_again_it_runs_again_and_beside_none(database: Database, office: Office, start: Start) -> None:
    def coalesce(connection: Connection) -> None:
        connection.execute(update(outbox).where(outbox.c.seq == 1).values(stamp=2))

    async def meanwhile(_found: Leased) -> None:
        await database.write(coalesce)
        pump.wake()
        await asyncio.sleep(0.05)

    await lanes(database, *["broadcast:1"] * 4, *"abcd")
    office.answers[2] = meanwhile
    pump = start()
    assert await pump.drain(10)
    assert [seq for seq in office.ran if seq < 5] == [1, 2, 3, 4, 1]


async def test_what_takes_its_process_down_uses_up_no_others_tries(database: Database) -> None:
    await lanes(database, *["broadcast:1"] * 3)
    box, machine = Outbox(database), NOW
    for _ in range(5):  # leased, and never heard of again
        look = await box.lease(NOW, machine, 10, 60)
        machine += 61 * SECOND
    assert [found.seq for found in look.rows] == [1]
    assert [found["tries"] for found in await everything(database)] == [5, 1, 1]


# ---------------------------------------------------------------- what goes wrong


async def test_a_failing_row_holds_its_lane_and_no_other(database: Database, office: Office, start: Start) -> None:
    await lanes(database, "a", "a", "b", "b")
    office.answers[1] = always(ValueError("private words"))
    assert await start(PATIENT).drain(10)
    assert office.ran == [1, 3, 4] or office.ran == [3, 1, 4]
    failed = await read(database, 1)
    assert failed["tries"] == 1
    assert failed["last_error"].startswith("ValueError in answer")
    assert "private" not in failed["last_error"]


async def test_a_row_that_failed_is_tried_again_in_order(database: Database, office: Office, start: Start) -> None:
    await lanes(database, "a", "a")
    office.answers[1] = times(2, ValueError())
    before = counted("failures")
    start()
    await until(lambda: 2 in office.ran)
    assert office.ran == [1, 1, 1, 2]
    assert counted("failures") - before == 2


async def test_later_is_no_failure(database: Database, office: Office, start: Start) -> None:
    await lanes(database, "a", "a")
    office.answers[1] = times(10, Later(0.005, "rate limited"))  # more than most_tries
    before = counted("failures")
    pump = start()
    await until(lambda: 2 in office.ran)
    assert await pump.drain(10)
    assert office.ran == [1] * 11 + [2]
    assert office.buried == []
    assert (await read(database, 1))["tries"] == 1
    assert counted("failures") == before


async def test_later_waits_as_long_as_asked(database: Database, office: Office, start: Start) -> None:
    await lanes(database, "a")
    office.answers[1] = times(1, Later(0.3, "rate limited"))
    began = time.monotonic()
    start(Pace(poll=3600.0))
    await until(lambda: len(office.ran) == 2)
    assert time.monotonic() - began >= 0.3


async def test_what_nobody_has_told_the_end_of_is_waited_for_ever_longer(database: Database, office: Office, start: Start) -> None:
    await lanes(database, "a", "b")
    office.answers |= {1: times(3, Later(0.1, "outage", grows=True)), 2: times(3, Later(0.1, "rate limited"))}
    with structlog.testing.capture_logs() as said:
        start()
        await until(lambda: office.ran.count(1) == 4 and office.ran.count(2) == 4)
    waited = {seq: [one["seconds"] for one in said if one["event"] == "row postponed" and one["seq"] == seq] for seq in (1, 2)}
    assert waited[2] == [0.1, 0.1, 0.1]
    first, second, third = waited[1]
    assert first < second < third
    assert third >= 0.4


async def test_permanent_is_buried_at_once_and_the_lane_goes_on(database: Database, office: Office, start: Start) -> None:
    await lanes(database, "a", "a")
    office.answers[1] = always(Permanent("channel_not_found"))
    before = counted("buried")
    assert await start().drain(10)
    assert office.ran == [1, 2]
    assert office.buried == [(1, "channel_not_found")]
    assert (await read(database, 1))["dead_at"] == NOW
    assert counted("buried") - before == 1


async def test_after_its_tries_a_row_is_buried(database: Database, office: Office, start: Start) -> None:
    await lanes(database, "a", "a")
    office.answers[1] = always(ValueError())
    start()
    await until(lambda: 2 in office.ran)
    assert office.ran == [1, 1, 1, 1, 2]
    assert [seq for seq, _ in office.buried] == [1]


@pytest.mark.parametrize(("tries", "buried"), [(0, []), (9, [1])])
async def test_what_is_long_overdue_still_gets_its_chance(
    database: Database, office: Office, start: Start, clock: Clock, tries: int, buried: list[int]
) -> None:
    await write(database, [row("a", NOW - timedelta(days=3), tries=tries)])
    office.answers[1] = always(ValueError())
    assert await start(PATIENT).drain(10)
    assert [seq for seq, _ in office.buried] == buried


async def test_a_row_that_takes_its_process_down_is_buried_in_the_end(database: Database, office: Office, start: Start) -> None:
    await write(database, [row("a", tries=4)])
    assert await start().drain(10)
    assert office.ran == []
    assert [seq for seq, _ in office.buried] == [1]


async def test_a_run_that_hangs_is_cut_off_before_its_lease_is_over(database: Database, office: Office, start: Start) -> None:
    async def hang(_found: Leased) -> None:
        await asyncio.sleep(3600)

    await lanes(database, "a")
    office.answers[1] = hang
    assert await start(Pace(lease=0.2, poll=0.02, first_pause=3600, longest_pause=3600)).drain(10)
    assert (await read(database, 1))["last_error"].startswith("TimeoutError")


async def test_what_nobody_can_be_told_about_is_buried_all_the_same(database: Database, office: Office, clock: Clock) -> None:
    async def bury(_found: Leased, _reason: str) -> None:
        raise ValueError

    await lanes(database, "a", "a")
    office.answers[1] = always(Permanent("gone"))
    pump = Pump(Outbox(database), lambda: office.run, clock.now, clock.machine, bury, SOON)
    pump.start()
    assert await pump.drain(10)
    await pump.stop()
    assert office.ran == [1, 2]


async def test_no_payload_is_logged(database: Database, office: Office, start: Start) -> None:
    await lanes(database, "a", "b", "c")
    office.answers |= {1: always(ValueError("private")), 2: always(Permanent("gone")), 3: times(1, Later(3600, "rate limited"))}
    with structlog.testing.capture_logs() as lines:
        assert await start(PATIENT).drain(10)
    assert {line["event"] for line in lines} == {"row failed", "row buried", "row postponed"}
    assert "private" not in str(lines)


# ---------------------------------------------------------------- coalesced, or finished by its own work


async def test_coalesced_while_it_runs_it_runs_again(database: Database, office: Office, start: Start) -> None:
    def coalesce(connection: Connection) -> None:
        connection.execute(update(outbox).values(stamp=outbox.c.stamp + 1))

    async def meanwhile(found: Leased) -> None:
        if found.stamp == 1:
            await database.write(coalesce)

    await lanes(database, "a")
    office.answers[1] = meanwhile
    assert await start().drain(10)
    assert office.ran == [1, 1]
    assert (await read(database, 1))["done_at"] == NOW


async def test_a_row_that_its_own_work_finished(database: Database, office: Office, start: Start) -> None:
    async def itself(found: Leased) -> Done:
        await database.write(finish, [(found.seq, found.stamp)], NOW - SECOND)
        return Done.already

    await lanes(database, "a", "a")
    office.answers[1] = itself
    assert await start(Pace(poll=3600.0)).drain(10)
    assert office.ran == [1, 2]
    assert (await read(database, 1))["done_at"] == NOW - SECOND


# ---------------------------------------------------------------- stopping, crashing, losing the database


async def test_stopping_lets_run_and_gives_back_the_rest(database: Database, office: Office, start: Start) -> None:
    go = asyncio.Event()

    async def wait(_found: Leased) -> None:
        await go.wait()

    await lanes(database, *"abcd")
    office.answers |= dict.fromkeys(range(1, 5), wait)
    pump = start(Pace(width=2, poll=0.02))
    await until(lambda: len(office.ran) == 2)
    stopping = asyncio.create_task(pump.stop())
    await asyncio.sleep(0.05)
    go.set()
    await stopping
    rows = await everything(database)
    assert [found["done_at"] is not None for found in rows] == [True, True, False, False]
    assert [(found["leased_until"], found["tries"]) for found in rows[2:]] == [(None, 0)] * 2


async def test_stopping_gives_back_the_rest_of_a_broadcast(database: Database, office: Office, start: Start) -> None:
    go = asyncio.Event()

    async def wait(_found: Leased) -> None:
        await go.wait()

    await lanes(database, *["broadcast:1"] * 4)
    office.answers[2] = wait
    pump = start()
    await until(lambda: office.ran == [1, 2])
    stopping = asyncio.create_task(pump.stop())
    await asyncio.sleep(0.05)
    go.set()
    await stopping
    rows = await everything(database)
    assert [found["done_at"] is not None for found in rows] == [True, True, False, False]
    assert [(found["leased_until"], found["tries"]) for found in rows[2:]] == [(None, 0)] * 2


async def test_stopping_waits_no_longer_than_its_grace(database: Database, office: Office, start: Start) -> None:
    async def hang(_found: Leased) -> None:
        await asyncio.sleep(3600)

    await lanes(database, "a")
    office.answers[1] = hang
    pump = start()
    await until(lambda: office.ran == [1])
    await pump.stop(grace=0.05)
    found = await read(database, 1)
    assert (found["leased_until"], found["tries"], found["done_at"]) == (None, 0, None)


async def test_what_a_crashed_pump_held_is_done_after_its_lease(database: Database, office: Office, start: Start, clock: Clock) -> None:
    await lanes(database, "a", "a")
    await Outbox(database).lease(NOW, clock.machine(), 10, 3600)  # and never heard of again
    pump = start()
    assert await pump.drain(10)
    assert office.ran == []
    clock.moved = 3600
    await until(lambda: office.ran == [1, 2])


class Flaky:
    """The outbox of a database that is away every other time."""

    def __init__(self, box: Outbox) -> None:
        self._box, self._calls = box, 0

    def _away(self) -> None:
        self._calls += 1
        if self._calls % 2:
            raise ConnectionError("the database is away")

    async def lease(self, now: datetime, machine_now: datetime, limit: int, lease_seconds: float) -> Look:
        self._away()
        return await self._box.lease(now, machine_now, limit, lease_seconds)

    async def finish(self, rows: Sequence[tuple[int, int]], now: datetime) -> None:
        self._away()
        await self._box.finish(rows, now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._box, name)


async def test_a_database_that_is_away_loses_nothing(database: Database, office: Office, start: Start) -> None:
    await lanes(database, *"ababab")
    pump = start(box=Flaky(Outbox(database)))
    await until(lambda: len(office.ran) == 6)
    await pump.stop()
    assert sorted(office.ran) == [1, 2, 3, 4, 5, 6]
    assert all(found["done_at"] for found in await everything(database))


async def test_depth_and_lag_are_measured(database: Database, start: Start, office: Office) -> None:
    await write(database, [row("a", NOW - 40 * SECOND), row("a", NOW)])
    office.answers[1] = times(1, Later(3600, "rate limited"))
    pump = start(Pace(poll=3600.0))
    assert await pump.drain(10)
    await pump.measure()
    assert REGISTRY.get_sample_value("deskbell_outbox_depth") == 2
    assert REGISTRY.get_sample_value("deskbell_outbox_lag_seconds") == 40
