"""`deskbell run`: the bot for good, with its web server; it stops without losing anything."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, nullcontext
from typing import Annotated, Any

import structlog
import typer
from aiohttp import web

from bot import runtime
from bot.app import Deskbell
from bot.cli.common import Trouble, bot_of, fail, finish, settings
from bot.cli.example import playground_office
from bot.cli.offices import chosen
from bot.console import opening
from bot.console.lines import Lines, piped, typed
from bot.console.session import Session
from bot.settings import Settings
from bot.slack.wiring import NotConnected, Slack, connected
from bot.teams import wiring as teams
from bot.web.readiness import Readiness
from bot.web.server import NotListening, serving

log = structlog.get_logger(__name__)

ALL_OF_TEAMS = 3
"""So many variables are missing where nobody thinks of Teams."""

Console = Annotated[bool, typer.Option("--console", help="Type as people of the office on this terminal too, beside or instead of Slack.")]


def run(console: Console = False) -> None:
    """Run the bot and its web server until it is told to stop (SIGTERM or Ctrl-C)."""
    found = settings()
    if missing := _missing(found, console):
        fail(
            f"Not started: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
            "docs/install-slack.md and docs/install-teams.md say where they come from.",
            "To try it without a chat: deskbell demo, or deskbell run --console; in Microsoft's Playground: docs/try-teams.md.",
        )
    finish(_run(found, console))


def _missing(found: Settings, console: bool) -> list[str]:
    """The variables of a chat that is set up by half; where there is no chat at all and no console either, those of Slack."""
    if 0 < len(by_half := found.missing_for_teams) < ALL_OF_TEAMS:
        return by_half
    slack = found.missing_for_slack
    return [] if len(slack) == 2 and (console or found.has_teams) else slack


async def _run(found: Settings, console: bool) -> None:
    try:
        await _served(found, console, stopped_by_signals())
    except (NotConnected, teams.NotConnected, NotListening) as why:
        raise Trouble(f"Not started: {why}") from why


async def _served(found: Settings, console: bool, stop: asyncio.Event) -> None:
    async with _bot(found) as bot, _slack(bot) as slack, _teams(bot) as teams_routes:
        session = await _session(bot, console)
        await bot.start()
        try:
            routes, ready = (slack.routes, (slack.unready,)) if slack else ((), ())
            async with serving(bot, found.host, found.port, (*routes, *teams_routes), ready=Readiness(bot, more=ready)) as port:
                runtime.settled()
                typer.echo(f"Listening on http://{found.host}:{port}")
                async with slack.listening() if slack else nullcontext():
                    await _until(stop, *([slack.learn_everyone()] if slack else []), *([_typed(session, stop)] if session else []))
        finally:
            await bot.stop()


def stopped_by_signals() -> asyncio.Event:
    """Set by SIGTERM and Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _bot(found: Settings) -> AsyncIterator[Deskbell]:
    """The bot; for the Playground with an office of its own, where there is none."""
    async with bot_of(found) as bot:
        office = await playground_office(bot) if found.teams_anonymous else None
        if office is not None:
            typer.echo(f"There was no office yet: this one is made of the people of Microsoft's Playground ({office.head.key}).")
        yield bot


@asynccontextmanager
async def _slack(bot: Deskbell) -> AsyncIterator[Slack | None]:
    """Slack connected, where it is set up."""
    if not bot.settings.has_slack:
        yield None
        return
    async with connected(bot) as slack:
        yield slack


@asynccontextmanager
async def _teams(bot: Deskbell) -> AsyncIterator[tuple[web.RouteDef, ...]]:
    """Teams connected, where it is set up."""
    if not bot.settings.has_teams:
        yield ()
        return
    async with teams.connected(bot) as found:
        yield found.routes


async def _session(bot: Deskbell, console: bool) -> Session | None:
    if not console:
        return None
    office = await chosen(bot.store, bot.settings.office)
    return await opening.opened(bot, office.id, typer.echo)


async def _typed(session: Session, stop: asyncio.Event) -> None:
    """The terminal's lines; "quit" ends the bot, the end of what is piped in does not."""
    interactive = sys.stdin.isatty()
    if await opening.play(session, Lines(typed if interactive else piped()), interactive):
        stop.set()


async def _until(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> None:
    """Lets the works go on beside each other until it is time to stop. One that fails is logged, and the rest goes on."""
    tasks = [asyncio.create_task(_watched(work)) for work in works]
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _watched(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - what runs beside the bot does not end it
        log.error("background work failed", error=type(error).__name__)
