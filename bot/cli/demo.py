"""`deskbell demo`: the whole bot on one terminal, with an example office and nothing to set up."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo

import typer

from bot import logs
from bot.app import machine_clock
from bot.cli.common import Trouble, address, bot_of, finish, settings
from bot.cli.example import example_office
from bot.cli.offices import checked
from bot.console import opening, roster
from bot.console.clock import MovedClock
from bot.console.lines import Lines, piped, typed
from bot.console.session import Session
from bot.offices import apply, plan
from bot.settings import Settings
from handlers.office.model import Office

DATABASE = "sqlite:///var/demo.db"

ScriptFile = Annotated[Path | None, typer.Option("--script", metavar="FILE", help="Play the lines of a file instead of asking for them.")]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="Where to keep it: sqlite:///path or postgresql://... Without it var/demo.db, and for a script a database of its own.",
    ),
]
OfficeFile = Annotated[Path | None, typer.Option("--office", metavar="FILE", help="Another office than the example.")]
Now = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        help="Begin at this moment (in the office's time zone) and let time stand still unless it is moved.",
        formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    ),
]


def demo(script: ScriptFile = None, database: Database = None, office: OfficeFile = None, now: Now = None) -> None:
    """Try it on this terminal: type as anybody of an example office and see what everybody would see in their chat."""
    with _database(database, script) as url:
        finish(_demo(_quiet(settings(), url), office or example_office(), script, now))


@contextmanager
def _database(url: str | None, script: Path | None) -> Iterator[str]:
    """A script has the same result each time, so it begins with nothing remembered."""
    if url is not None or script is None:
        yield url or DATABASE
        return
    with tempfile.TemporaryDirectory(prefix="deskbell-") as folder:
        yield f"sqlite:///{folder}/demo.db"


def _quiet(found: Settings, url: str) -> Settings:
    """On a terminal, logs would stand between the cards: only errors come there, unless the environment wants more."""
    quiet: dict[str, object] = {"log_level": "error", "log_format": "console"}
    unsaid = {name: value for name, value in quiet.items() if name not in found.model_fields_set}
    result = found.model_copy(update={"database_url": url, "redis_url": None, **unsaid})
    logs.configure(result)
    return result


async def _demo(found: Settings, file: Path, script: Path | None, now: datetime | None) -> None:
    document, _ = await checked(file, None)
    clock = MovedClock(_base(now, document["office"]["time_zone"]))
    async with bot_of(found, clock) as bot:
        office = await apply(bot.store, await plan(bot.store, document, clock()), clock())
        session = await opening.opened(bot, office.organisation, typer.echo, clock)
        session.screen.say(*introduction(office, _kept(found.database_url, script)))
        await bot.start()
        try:
            await _play(session, script)
        finally:
            await bot.stop()


def _base(now: datetime | None, zone: str) -> Callable[[], datetime]:
    if now is None:
        return machine_clock
    start = now.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return lambda: start


async def _play(session: Session, script: Path | None) -> None:
    """From a file, from a terminal, or from a pipe."""
    if script is not None:
        with _opened(script) as source:
            await opening.play(session, Lines(piped(source)), interactive=False)
    elif sys.stdin.isatty():
        await opening.play(session, Lines(typed), interactive=True)
    else:
        await opening.play(session, Lines(piped()), interactive=False)


def _opened(script: Path) -> TextIO:
    try:
        return script.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise Trouble(f"{script} cannot be read: {error.strerror}.") from error


def _kept(url: str, script: Path | None) -> str:
    return f"Kept in {address(url)}." if script is None else "A script is played."


def introduction(office: Office, kept: str) -> list[str]:
    """Who is who, and what to try."""
    employee = roster.find(office, "employee")
    desks = [f"  {_names(office, one.people)}: #{one.key} ({one.name})" for one in office.queues.values() if one.people]
    me = roster.handle(office, employee)
    return [
        f"Deskbell on a terminal. {office.head.name}: {len(office.people)} people. {kept}",
        f"{me} ({office.people[employee].name}) works here; these look after things:",
        *desks,
        "Try, line by line:",
        f"  {me}> light above my desk flickers",
        "  agent> press take",
        "  agent> press fixed",
        f"  {me}> press yes",
        '"help" tells more, "who" lists everybody, "quit" ends it.',
    ]


def _names(office: Office, emails: Sequence[str]) -> str:
    return " and ".join(roster.handle(office, email) for email in emails[:3])
