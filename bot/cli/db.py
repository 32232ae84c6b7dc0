"""`deskbell db upgrade | check | reseal`: the database, its revision, and the key that seals what is secret in it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.common import Trouble, address, finish, migrated, settings, sqlite_file, store_of, unreachable
from bot.cli.invite import usable_keys
from storage.database import open_database
from storage.migrate import newest, revision
from storage.resealing import reseal
from storage.secrets import Unopened, Vault

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


@app.command("reseal")
def reseal_(database: Url = None) -> None:
    """Seal all tokens with the first of DESKBELL_SECRET_KEYS. Safe while the bot runs, and safe to repeat."""
    finish(_reseal(database))


async def _reseal(url: str | None) -> None:
    found = settings()
    url = url or found.database_url
    keys = usable_keys(found.secret_keys.get_secret_value() if found.secret_keys else "")
    async with store_of(url) as store:
        try:
            count = await reseal(store.database, Vault(keys))
        except Unopened as unopened:
            raise Trouble(str(unopened), "Add the key that sealed it, at the end, and run this again. What was done stays done.") from None
    typer.echo(f"{address(url)}: {count} sealed with the newest key; all are now." if count else f"{address(url)}: all were already.")


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
