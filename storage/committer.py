"""The group committer: what arrived while the previous group was being written goes together in one transaction. No timer, so nobody waits
for company.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from handlers.core import Conflict
from storage.database import Database
from storage.faults import is_passing, is_taken
from storage.group import write_group
from storage.unit import Outcome, Unit, Written

Touched = Callable[[Sequence[tuple[str, str]]], None]
_TRIES = 3


@dataclass(slots=True)
class _Entry:
    unit: Unit
    answer: asyncio.Future[Outcome]


class Committer:
    """Writes units of work. `touched` hears what others may hold in a cache, before the callers get their answers."""

    def __init__(self, database: Database, touched: Touched, most: int = 128) -> None:
        self._database = database
        self._touched = touched
        self._most = most
        self._waiting: deque[_Entry] = deque()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    async def commit(self, unit: Unit) -> Outcome:
        """Waits until the unit is durable, heard before or stale. Raises `Conflict` if another row took one of its unique keys.

        A caller that is cancelled leaves the group alone; its unit may or may not be written.
        """
        if self._stopping:
            raise RuntimeError("the store is closing")
        entry = _Entry(unit, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="committer")
        return await entry.answer

    async def stop(self) -> None:
        """Takes nothing more, and ends when all that was taken is written."""
        self._stopping = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        """Ends when nothing waits."""
        while self._waiting:
            await self._write(self._gather())

    def _gather(self) -> list[_Entry]:
        """All that wait, up to a bound. Of two with one key the second waits for the next group: it is heard then."""
        group: list[_Entry] = []
        later: list[_Entry] = []
        keys: set[str] = set()
        while self._waiting and len(group) < self._most:
            entry = self._waiting.popleft()
            key = entry.unit.key
            if key in keys:
                later.append(entry)
            elif not entry.answer.done():
                group.append(entry)
                if key is not None:
                    keys.add(key)
        self._waiting.extendleft(reversed(later))
        return group

    async def _write(self, group: Sequence[_Entry]) -> None:
        if not group:
            return
        try:
            outcomes = await self._database.write(write_group, [entry.unit for entry in group])
        except Exception:  # noqa: BLE001 - whose fault it is shows when each runs alone, and its own caller hears of it
            for entry in group:
                await self._alone(entry)
            return
        self._answer(group, outcomes)

    async def _alone(self, entry: _Entry) -> None:
        try:
            outcome = await self._write_alone(entry.unit)
        except Exception as error:  # noqa: BLE001 - raised to the caller that waits for it
            if not entry.answer.done():
                entry.answer.set_exception(error)
            return
        self._answer([entry], [outcome])

    async def _write_alone(self, unit: Unit, tries: int = _TRIES) -> Outcome:
        try:
            return (await self._database.write(write_group, [unit]))[0]
        except Exception as error:
            if is_taken(error):
                raise Conflict("somebody else wrote the same in between") from error
            if tries <= 1 or not is_passing(error):
                raise
        return await self._write_alone(unit, tries - 1)

    def _answer(self, group: Sequence[_Entry], outcomes: Sequence[Outcome]) -> None:
        written = [entry.unit for entry, outcome in zip(group, outcomes, strict=True) if isinstance(outcome, Written)]
        self._after(written)
        for entry, outcome in zip(group, outcomes, strict=True):
            if not entry.answer.done():
                entry.answer.set_result(outcome)

    def _after(self, written: Iterable[Unit]) -> None:
        units = list(written)
        touched = [place for unit in units for place in unit.touched()]
        if touched:
            self._touched(touched)
        if units:
            self._database.committed(any(unit.wakes for unit in units))
