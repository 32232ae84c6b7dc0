"""The heartbeat: whatever must be looked at now and then, in case nothing else makes us look. What is to be done when, the outbox knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)
Chore = Callable[[], Coroutine[object, object, object]]
GRACE = 5.0
"""Seconds that a beat gets to end."""


class Pump(Protocol):
    def wake(self) -> None: ...
    async def measure(self) -> None: ...


class Leaders(Protocol):
    async def lead(self, name: str, seconds: float) -> int | None: ...
    async def resign(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds between two beats."""

    wake: float = 5.0
    measure: float = 15.0
    lead: float = 10.0
    audit: float = 180.0
    sweep: float = 3600.0


class Heartbeat:
    """Wakes the pump and measures in every replica; audits and sweeps in the one that leads.

    A beat that is late runs late, once, and never beside itself. Leading lasts three beats, so that it survives a missed one.
    """

    LEADING = "heartbeat"

    def __init__(self, pump: Pump, audit: Chore, sweep: Chore, leaders: Leaders, rhythm: Rhythm = Rhythm()) -> None:
        self._pump, self._audit, self._sweep, self._leaders, self._rhythm = pump, audit, sweep, leaders, rhythm
        self.token: int | None = None
        """The fencing token while this replica leads."""
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
        self._beating: set[asyncio.Task[object]] = set()

    async def start(self) -> None:
        """Beats from now on; whether this replica leads is settled first."""
        await self._lead()
        beats: tuple[tuple[str, Chore, float], ...] = (
            ("wake", self._wake, self._rhythm.wake),
            ("measure", self._pump.measure, self._rhythm.measure),
            ("lead", self._lead, self._rhythm.lead),
            ("audit", self._leading(self._audit), self._rhythm.audit),
            ("sweep", self._leading(self._sweep), self._rhythm.sweep),
        )
        for name, beat, seconds in beats:
            self._scheduler.add_job(self._logged(name, beat), "interval", seconds=seconds, id=name)
        self._scheduler.start()

    async def stop(self) -> None:
        """Beats no more, lets what beats end (a cut-off statement would leave its connection behind), and another replica lead at once."""
        self._scheduler.pause()
        if self._beating:
            await asyncio.wait(self._beating, timeout=GRACE)
        self._scheduler.shutdown(wait=False)
        if self.token is not None:
            self.token = None
            await self._leaders.resign(self.LEADING)

    async def _wake(self) -> None:
        self._pump.wake()

    async def _lead(self) -> None:
        self.token = await self._leaders.lead(self.LEADING, 3 * self._rhythm.lead)

    def _leading(self, chore: Chore) -> Chore:
        async def beat() -> None:
            if self.token is not None:
                await chore()

        return beat

    def _logged(self, name: str, beat: Chore) -> Chore:
        """Ours to log: the scheduler would write the words of the error too, and those may quote what people wrote."""

        async def run() -> None:
            task = asyncio.create_task(beat())
            self._beating.add(task)
            try:
                await task
            except Exception as error:  # noqa: BLE001 - the next beat tries again
                log.error("beat failed", beat=name, error=type(error).__name__)
            finally:
                self._beating.discard(task)

        return run
