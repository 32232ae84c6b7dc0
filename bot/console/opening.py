"""A terminal session on a running bot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.app import Deskbell
from bot.console.acts import Acts
from bot.console.client import ConsoleClient
from bot.console.clock import MovedClock
from bot.console.lines import Lines
from bot.console.places import Places
from bot.console.screen import Screen
from bot.console.session import Session
from bot.console.setup import connect
from bot.console.speaking import Speaker
from handlers.office.model import Office
from handlers.routes import ROUTES
from storage.ids import new_id
from storage.outbox import next_due

log = structlog.get_logger(__name__)
PATIENCE = 10.0


async def opened(bot: Deskbell, organisation: str, write: Callable[[str], None], clock: MovedClock | None = None) -> Session:
    """Connects the office with the terminal and the terminal with the bot; call it before the bot starts. `write` prints a line."""
    office = await bot.store.offices.get(organisation)
    await connect(bot.store, office, bot.clock())

    async def now_office() -> Office:
        return await bot.store.offices.get(organisation)

    screen = Screen(write)
    bot.clients["console"] = ConsoleClient(screen, now_office, new_id)
    workspace = office.head.key
    acts = Acts(workspace, ROUTES.commands, new_id)
    slashes = frozenset({"/issue", bot.settings.slack_command})
    speaker = Speaker(bot.dispatch.hear, screen, acts, Places(bot.desk, screen, workspace), _days(bot), slashes)
    return Session(screen, speaker, now_office, bot.clock, lambda: settled(bot), lambda: _tick(bot), lambda now: _due(bot, now), clock)


def _days(bot: Deskbell) -> Callable[[str, str], datetime | None]:
    return lambda words, zone: bot.desk.reader.date(words, bot.clock(), zone)


async def _tick(bot: Deskbell) -> None:
    bot.pump.wake()
    await bot.audit()


async def _due(bot: Deskbell, now: datetime) -> datetime | None:
    return await bot.store.database.read(next_due, now)


async def settled(bot: Deskbell, patience: float = PATIENCE) -> None:
    """Returns when nothing is left that could be done now, and after `patience` seconds in any case."""
    if not await bot.pump.drain(patience):
        log.warning("still busy", seconds=patience)


async def play(session: Session, lines: Lines, interactive: bool) -> bool:
    """Line after line; true if a line ended it, false if there are no more. What is piped in is repeated in the output."""
    while (typed := await lines.next(await session.prompt() if interactive else "")) is not None:
        if not interactive and typed.strip():
            session.screen.say("", typed.strip())
        if not await session.line(typed):
            return True
    return False
