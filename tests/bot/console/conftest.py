"""An office on a terminal: the real store, dispatch and pump, and a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import opened
from bot.console import opening
from bot.console.clock import MovedClock
from bot.console.session import Session
from bot.offices import apply, plan
from bot.settings import Settings
from tests.example import example_document

MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""09:00 in Los Angeles."""


class Terminal:
    """Types lines and gives what was printed after each."""

    def __init__(self, session: Session, printed: list[str], clock: MovedClock) -> None:
        self.session, self.printed, self.clock = session, printed, clock

    async def types(self, *lines: str) -> str:
        """What was printed after these lines."""
        before = len(self.printed)
        for line in lines:
            await self.session.line(line)
        return "\n".join(self.printed[before:])


Starting = Callable[[], AbstractAsyncContextManager[Terminal]]


@pytest.fixture
def started(tmp_path: Path) -> Starting:
    """Starts the bot; called again, it is the same database after a restart."""

    @asynccontextmanager
    async def start() -> AsyncIterator[Terminal]:
        clock, printed = MovedClock(lambda: MONDAY), list[str]()
        settings = Settings(database_url=f"sqlite:///{tmp_path}/desk.db", redis_url=None)
        async with opened(settings, clock) as bot:
            office = await apply(bot.store, await plan(bot.store, example_document(), clock()), clock())
            session = await opening.opened(bot, office.organisation, printed.append, clock)
            await bot.start()
            try:
                yield Terminal(session, printed, clock)
            finally:
                await bot.stop()

    return start


@pytest.fixture
async def terminal(started: Starting) -> AsyncIterator[Terminal]:
    async with started() as terminal:
        yield terminal
