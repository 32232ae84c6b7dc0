"""Lanes keep their order whatever happens: made-up histories, and several pumps' worth of leasing at the same time."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import open_database
from storage.leasing import Leased, lease, release
from storage.outbox import Outbox, bury, finish, retry
from storage.tables import metadata, outbox
from tests.conftest import NOW
from tests.storage.outbox_rows import row, write

MACHINE = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STEPS = st.sampled_from(["lease", "finish", "fail", "release", "bury", "crash", "wait"])


class History:
    """Plays steps on an outbox and keeps the order in which rows began and ended."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._machine = connection, MACHINE
        self.held: list[Leased] = []
        self.ended: list[int] = []

    def play(self, step: str) -> None:
        if step == "lease":
            new = lease(self._connection, NOW, self._machine, 2, 5)
            assert {each.lane for each in new}.isdisjoint(each.lane for each in self.held)
            self.held += new
        elif step == "wait":
            self._machine += 3 * SECOND
            self.held = [each for each in self.held if each.leased_until >= self._machine]
        elif self.held:
            self._end(step, self.held.pop(0))

    def _end(self, step: str, mine: Leased) -> None:
        if step == "finish":
            finish(self._connection, [(mine.seq, mine.stamp)], NOW)
            self.ended.append(mine.seq)
        elif step == "bury":
            bury(self._connection, mine.seq, "gone", NOW)
            self.ended.append(mine.seq)
        elif step == "fail":
            retry(self._connection, mine.seq, self._machine + 4 * SECOND, "Timeout", True)
        elif step == "release":
            release(self._connection, [mine.seq])
        else:
            self.held.append(mine)  # a crashed one is held until its lease is over


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=8), st.lists(STEPS, max_size=40))
def test_a_lane_ends_in_order(names: list[str], steps: list[str]) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection, tables=[outbox])
        connection.execute(outbox.insert(), [row(name) for name in names])
        history = History(connection)
        for step in steps:
            history.play(step)
        for _ in range(2 * len(names)):  # whatever happened, all of it can still be done
            for step in ("wait", "wait", "lease", "finish", "finish", "lease", "finish"):
                history.play(step)
    engine.dispose()
    ended: dict[str, list[int]] = defaultdict(list)
    for seq in history.ended:
        ended[names[seq - 1]].append(seq)
    assert sorted(history.ended) == list(range(1, len(names) + 1))
    assert all(seqs == sorted(seqs) for seqs in ended.values())


# ---------------------------------------------------------------- at the same time


async def work(url: str, seed: int) -> list[tuple[float, float, int, str]]:
    """Leases until nothing is left; gives (began, ended, seq, lane) of each row, by the machine's clock."""
    database, chance = open_database(url, readers=1), random.Random(seed)
    box, ran = Outbox(database), []
    idle = 0
    while idle < 10:
        look = await box.lease(NOW, datetime.now(UTC), chance.randint(1, 12), 60)
        idle = 0 if look.rows else idle + 1
        began = datetime.now(UTC).timestamp()
        await asyncio.sleep(chance.uniform(0, 0.01) if look.rows else 0.03)
        ended = datetime.now(UTC).timestamp()
        ran += [(began, ended, each.seq, each.lane) for each in look.rows]
        await box.finish([(each.seq, each.stamp) for each in look.rows], NOW) if look.rows else None
    await database.close()
    return ran


def work_elsewhere(url: str, seed: int) -> list[tuple[float, float, int, str]]:
    """The same in a process of its own."""
    code = f"import asyncio, json; from tests.storage.test_outbox_lanes import work; print(json.dumps(asyncio.run(work({url!r}, {seed}))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return [(began, ended, seq, lane) for began, ended, seq, lane in json.loads(done.stdout)]


@pytest.mark.slow
async def test_four_at_once_double_nothing_and_keep_the_order(database_url: str) -> None:
    """Two in this process and two in processes of their own: 400 rows in lanes of 1, 20 and 30 rows, some of which are leased together."""
    chance = random.Random(7)
    names = (
        [f"{('long ', 'broadcast:')[n % 2]}{n % 3}" for n in range(180)]
        + [f"middle {n % 8}" for n in range(160)]
        + [f"single {n}" for n in range(60)]
    )
    chance.shuffle(names)
    database = open_database(database_url, readers=1)
    await write(database, [row(name) for name in names])
    await database.close()
    elsewhere = [asyncio.to_thread(work_elsewhere, database_url, seed) for seed in (1, 2)]
    parts = await asyncio.gather(work(database_url, 3), work(database_url, 4), *elsewhere)
    ran = [each for part in parts for each in part]
    assert sorted(seq for *_, seq, _ in ran) == list(range(1, 401))
    by_lane: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for began, ended, seq, lane in ran:
        by_lane[lane].append((began, ended, seq))
    for times in by_lane.values():
        times.sort(key=lambda each: each[2])
        assert all(earlier[1] <= later[0] or earlier[:2] == later[:2] for earlier, later in pairwise(times))
    assert sum(bool(part) for part in parts) > 1


@pytest.mark.postgresql
async def test_a_row_that_somebody_holds_delays_only_itself(postgresql_url: str) -> None:
    """It is not waited for together with others, and when it is finished its newer stamp is respected."""
    database = open_database(postgresql_url, readers=2)
    engine = create_async_engine(postgresql_url.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        await write(database, [row("a"), row("b")])
        found = await database.write(lease, NOW, MACHINE, 10, 60)
        async with engine.begin() as holder:  # as a unit of work does that coalesces the row
            await holder.execute(outbox.update().where(outbox.c.seq == 1).values(stamp=2))
            assert await database.write(finish, [(each.seq, each.stamp) for each in found], NOW, False) == [2]
            waiting = asyncio.create_task(Outbox(database).finish([(1, 1)], NOW))
            await asyncio.sleep(0.1)
            assert not waiting.done()
        await waiting
        (again,) = await database.write(lease, NOW, MACHINE, 10, 60)
        assert (again.seq, again.stamp) == (1, 2)
    finally:
        await engine.dispose()
        await database.close()


@pytest.mark.postgresql
async def test_nothing_overtakes_a_row_of_a_broadcast_that_somebody_holds(postgresql_url: str) -> None:
    database = open_database(postgresql_url, readers=2)
    engine = create_async_engine(postgresql_url.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        await write(database, [row("broadcast:1") for _ in range(4)])
        box = Outbox(database)
        async with engine.begin() as holder:
            await holder.execute(outbox.update().where(outbox.c.seq == 3).values(stamp=2))
            found = await asyncio.wait_for(box.lease(NOW, MACHINE, 10, 60), 120)
            assert [each.seq for each in found.rows] == [1, 2]
        await box.finish([(1, 1), (2, 1)], NOW)
        assert [(each.seq, each.tries) for each in (await box.lease(NOW, MACHINE, 10, 60)).rows] == [(3, 1), (4, 1)]
    finally:
        await engine.dispose()
        await database.close()


@pytest.mark.postgresql
async def test_a_row_that_somebody_holds_is_not_waited_for_when_leasing(postgresql_url: str) -> None:
    database = open_database(postgresql_url, readers=2)
    engine = create_async_engine(postgresql_url.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        await write(database, [row("a"), row("a"), row("b")])
        async with engine.begin() as holder:
            await holder.execute(outbox.update().where(outbox.c.seq == 1).values(stamp=2))
            found = await asyncio.wait_for(database.write(lease, NOW, MACHINE, 10, 60), 120)
            assert [each.seq for each in found] == [3]
    finally:
        await engine.dispose()
        await database.close()
