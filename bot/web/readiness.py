"""Is this process fit to be sent requests? Told in words, because a person reads it when it is not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from prometheus_client import REGISTRY

from storage.migrate import newest, revision
from storage.store import Store

PATIENCE = 2.0
"""Seconds for an answer: whoever asks gives up soon after."""
STUCK = 60.0
PROGRESS = tuple(f"deskbell_outbox_{what}_total" for what in ("delivered", "failures", "postponed", "buried"))


class Pumping(Protocol):
    """What is needed of `bot.pump.Pump`."""

    async def drain(self, seconds: float, /) -> bool: ...
    async def measure(self) -> None: ...


class Served(Protocol):
    """What is needed of `bot.app.Deskbell`."""

    @property
    def store(self) -> Store: ...
    @property
    def pump(self) -> Pumping: ...


class Readiness:
    """`seconds` is the machine's monotonic clock. A busy pump is never quiet, but gets things done; a stuck one does neither.

    `more` are what else has to be fit: each gives its reason, or None.
    """

    def __init__(
        self,
        bot: Served,
        seconds: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
        more: Sequence[Callable[[], str | None]] = (),
    ) -> None:
        self._bot, self._seconds, self._patience, self._more = bot, seconds, patience, more
        self._moved, self._done = seconds(), 0.0

    async def reasons(self) -> list[str]:
        """Why it is not ready; nothing if it is."""
        database, pump = await asyncio.gather(self._database(), self._pump())
        return [reason for reason in (database, pump, *(ask() for ask in self._more)) if reason]

    async def _database(self) -> str | None:
        try:
            async with asyncio.timeout(self._patience):
                have = await revision(self._bot.store.database)
        except TimeoutError:
            return "the database does not answer in time"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason
            return f"the database does not answer ({type(error).__name__})"
        return None if have == newest() else f"the database has revision {have or 'none'}, needed is {newest()}"

    async def _pump(self) -> str | None:
        done = self._count()
        if done != self._done or await self._bot.pump.drain(self._patience / 2):
            self._moved, self._done = self._seconds(), done
            return None
        still = self._seconds() - self._moved
        return f"the pump has done nothing for {still:.0f} s, and there is something to do" if still >= STUCK else None

    def _count(self) -> float:
        """All that the pump ever did, whatever came of it."""
        families = REGISTRY.restricted_registry(PROGRESS).collect()
        return sum(sample.value for family in families for sample in family.samples if sample.name in PROGRESS)
