"""What every command shares: settings, the store, and errors as sentences."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

import structlog
import typer
from pydantic import ValidationError

from bot import logs, runtime
from bot.app import Clock, Deskbell, machine_clock, opened
from bot.settings import Settings
from storage.migrate import upgrade
from storage.store import Store
from storage.work import Subscribers

log = structlog.get_logger(__name__)
T = TypeVar("T")

INTERRUPTED = 130


class Trouble(Exception):
    """The command cannot do its work; the sentences say why and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def fail(*sentences: str, code: int = 1) -> NoReturn:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)


def settings() -> Settings:
    """From the environment and `.env`. Ends the command with a sentence for each variable that is wrong."""
    try:
        found = Settings()
    except ValidationError as wrong:
        fail("These settings are not right:", *(f"  {_variable(error['loc'])}: {error['msg']}." for error in wrong.errors()))
    logs.configure(found)
    return found


def _variable(loc: tuple[int | str, ...]) -> str:
    name = str(loc[0]) if loc else "?"
    return name if name.isupper() else f"DESKBELL_{name.upper()}"


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Runs a command to its end; whatever goes wrong ends it with a sentence and without a stack trace."""
    try:
        return runtime.run(work)
    except typer.Exit:
        raise
    except Trouble as trouble:
        fail(*trouble.sentences)
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:  # noqa: BLE001 - the one place where an unforeseen error becomes a sentence
        fail(unforeseen(error))


def unforeseen(error: Exception) -> str:
    """The kind of error and its first line; where it happened is in the log at debug level."""
    log.debug("command failed", trace="".join(traceback.format_exception(error)))
    first = next(iter(str(error).strip().splitlines()), "")
    return f"This did not work: {first or type(error).__name__}. (DESKBELL_LOG_LEVEL=debug shows more.)"


@asynccontextmanager
async def store_of(url: str, subscribers: Subscribers | None = None) -> AsyncIterator[Store]:
    """The store at a database's url, brought up to date. Raises `Trouble` if it cannot be opened.

    `subscribers` are needed by who tells events: a running bot does what follows from them, or the next one that is started.
    """
    await migrated(url)
    store = await Store.open(url, subscribers or {}, machine_clock, migrated=True)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def bot_of(found: Settings, clock: Clock = machine_clock) -> AsyncIterator[Deskbell]:
    """A bot on the database of the settings, not started yet. Raises `Trouble` if the database cannot be opened."""
    await migrated(found.database_url)
    async with opened(found, clock, migrated=True) as bot:
        yield bot


async def migrated(url: str) -> str:
    """Brings a database up to date; the revision it has then. Raises `Trouble`."""
    prepared(url)
    try:
        return await upgrade(url)
    except Exception as error:
        raise Trouble(*unreachable(url, error)) from error


def unreachable(url: str, error: Exception) -> tuple[str, ...]:
    """The database by its address (never its password), what it said, and what to do."""
    log.debug("database not opened", trace="".join(traceback.format_exception(error)))
    said = getattr(error, "orig", None) or error
    reason = next(iter(str(said).strip().splitlines()), type(said).__name__)
    return f"The database {address(url)} cannot be opened: {reason}.", "Check DATABASE_URL, and that the database runs and may be written."


def address(url: str) -> str:
    """A database's url without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def prepared(url: str) -> None:
    """Makes the folder of an SQLite file. Raises `Trouble` where that is not possible."""
    file = sqlite_file(url)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Trouble(f"The folder {file.parent} for the database cannot be made: {error.strerror}.") from error


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite url; None for another database."""
    return Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:///") else None
