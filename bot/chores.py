"""Work that goes on after a request was answered: nothing of it is lost silently, and a stop waits for it."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Coroutine

import structlog

log = structlog.get_logger(__name__)


class Chores:
    """Tasks in the background, held until they are done."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, what: str, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(self._watched(what, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float = 10.0) -> bool:
        """Waits for what is going on; False when something was still not done."""
        if not self._tasks:
            return True
        _, pending = await asyncio.wait(set(self._tasks), timeout=seconds)
        return not pending

    async def _watched(self, what: str, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - there is no caller left who could take it
            log.error("chore failed", what=what, **fault(error))


def fault(error: BaseException) -> dict[str, str]:
    """An error for the log: its kind and the line. Its message may hold words of people, so that stays out."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "at": at}
