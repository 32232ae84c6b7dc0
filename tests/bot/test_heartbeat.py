"""The heartbeat: who beats, how often, and that a failed beat is followed by the next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from bot.heartbeat import Heartbeat, Rhythm
from storage.coordination import Alone

FAST = Rhythm(wake=0.02, measure=0.02, lead=0.02, audit=0.02, sweep=0.02)


class Replica:
    def __init__(self) -> None:
        self.woken = self.measured = self.audits = self.sweeps = 0

    def wake(self) -> None:
        self.woken += 1

    async def measure(self) -> None:
        self.measured += 1

    async def audit(self) -> None:
        self.audits += 1
        raise ValueError("private words")

    async def sweep(self) -> None:
        self.sweeps += 1


class Held:
    """Leaders among whom another replica leads until it is gone."""

    def __init__(self) -> None:
        self.held = True

    async def lead(self, name: str, seconds: float) -> int | None:
        return None if self.held else 7

    async def resign(self, name: str) -> None:
        self.held = True


async def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.005)


async def test_a_lone_replica_does_everything_again_and_again() -> None:
    replica = Replica()
    heart = Heartbeat(replica, replica.audit, replica.sweep, Alone(), FAST)
    with structlog.testing.capture_logs() as lines:
        await heart.start()
        await until(lambda: min(replica.woken, replica.measured, replica.audits, replica.sweeps) >= 2)
        await heart.stop()
    assert {(line["event"], line["beat"], line["error"]) for line in lines} == {("beat failed", "audit", "ValueError")}
    assert "private" not in str(lines)


async def test_who_does_not_lead_neither_audits_nor_sweeps_until_it_does() -> None:
    replica, leaders = Replica(), Held()
    heart = Heartbeat(replica, replica.audit, replica.sweep, leaders, FAST)
    await heart.start()
    await until(lambda: replica.woken >= 3)
    assert (replica.audits, replica.sweeps, heart.token) == (0, 0, None)
    leaders.held = False
    await until(lambda: replica.audits > 0 and replica.sweeps > 0)
    assert heart.token == 7
    await heart.stop()
    assert leaders.held  # given up at once


async def test_after_the_end_nothing_beats() -> None:
    replica = Replica()
    heart = Heartbeat(replica, replica.audit, replica.sweep, Alone(), FAST)
    await heart.start()
    await heart.stop()
    woken = replica.woken
    await asyncio.sleep(0.1)
    assert replica.woken == woken


async def test_the_end_waits_for_what_beats() -> None:
    replica, begun, go_on, ended = Replica(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def long() -> None:
        begun.set()
        await go_on.wait()
        ended.set()

    heart = Heartbeat(replica, long, replica.sweep, Alone(), FAST)
    await heart.start()
    await begun.wait()
    stopping = asyncio.create_task(heart.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    go_on.set()
    await stopping
    assert ended.is_set()
