"""`deskbell db upgrade | check`: the database and its revision."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.common import Trouble, address, finish, migrated, settings, sqlite_file, unreachable
from storage.database import open_database
from storage.migrate import newest, revision

app = typer.Typer(no_args_is_help=True, help="The database named by DATABASE_URL (SQLite or PostgreSQL).")
Url = Annotated[str | None, typer.Option("--database", metavar="URL", help="Another database than the one of DATABASE_URL.")]


@app.command("upgrade")
def upgrade_(database: Url = None) -> None:
    """Bring the database to the revision that this version needs. The bot also does that when it starts."""
    finish(_upgrade(database or settings().database_url))


@app.command("check")
def check_(database: Url = None) -> None:
    """Tell whether the database answers and has the revision that this version needs. Changes nothing; exit code 1 if not."""
    finish(_check(database or settings().database_url))


async def _upgrade(url: str) -> None:
    typer.echo(f"{address(url)} has revision {await migrated(url)}, the newest.")


async def _check(url: str) -> None:
    have = await revision_of(url)
    if have != newest():
        raise Trouble(
            f"{address(url)} has {f'revision {have}' if have else 'no tables yet'}; needed is {newest()}. Run: deskbell db upgrade"
        )
    typer.echo(f"{address(url)} answers and has revision {have}, the newest.")


async def revision_of(url: str) -> str | None:
    """The revision that a database has. Raises `Trouble` if it does not answer; an SQLite file is not made by asking for it."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise Trouble(f"There is no database {file} yet. Run: deskbell db upgrade")
    try:
        database = open_database(url, readers=1)
    except Exception as error:
        raise Trouble(*unreachable(url, error)) from error
    try:
        return await revision(database)
    except Exception as error:
        raise Trouble(*unreachable(url, error)) from error
    finally:
        await database.close()
