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

from bot import runtime
from bot.app import Deskbell
from bot.cli.common import Trouble, bot_of, fail, finish, settings
from bot.cli.offices import chosen
from bot.console import opening
from bot.console.lines import Lines, piped, typed
from bot.console.session import Session
from bot.settings import Settings
from bot.slack.wiring import NotConnected, Slack, connected
from bot.web.readiness import Readiness
from bot.web.server import NotListening, serving

log = structlog.get_logger(__name__)

Console = Annotated[bool, typer.Option("--console", help="Type as people of the office on this terminal too, beside or instead of Slack.")]


def run(console: Console = False) -> None:
    """Run the bot and its web server until it is told to stop (SIGTERM or Ctrl-C)."""
    found = settings()
    missing = found.missing_for_slack
    if missing and not (console and len(missing) == 2):
        fail(
            f"Not started: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
            "docs/install-slack.md says where they come from. To try it without Slack: deskbell demo, or deskbell run --console.",
        )
    finish(_run(found, console))


async def _run(found: Settings, console: bool) -> None:
    try:
        await _served(found, console, _stopped_by_signals())
    except (NotConnected, NotListening) as why:
        raise Trouble(f"Not started: {why}") from why


async def _served(found: Settings, console: bool, stop: asyncio.Event) -> None:
    async with bot_of(found) as bot, _slack(bot) as slack:
        session = await _session(bot, console)
        await bot.start()
        try:
            routes, ready = (slack.routes, (slack.unready,)) if slack else ((), ())
            async with serving(bot, found.host, found.port, routes, ready=Readiness(bot, more=ready)) as port:
                runtime.settled()
                typer.echo(f"Listening on http://{found.host}:{port}")
                async with slack.listening() if slack else nullcontext():
                    await _until(stop, *([slack.learn_everyone()] if slack else []), *([_typed(session, stop)] if session else []))
        finally:
            await bot.stop()


def _stopped_by_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _slack(bot: Deskbell) -> AsyncIterator[Slack | None]:
    """Slack connected, where it is set up."""
    if not bot.settings.has_slack:
        yield None
        return
    async with connected(bot) as slack:
        yield slack


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
