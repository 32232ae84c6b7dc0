"""`deskbell office check | apply | export`: the office's policy as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app import machine_clock
from bot.cli.common import Trouble, fail, finish, settings, store_of
from bot.office_file import LineOf, Unreadable, dump, load
from bot.offices import Plan, apply, export, plan
from handlers.core import Conflict
from handlers.office.check import Mistake, check, written
from handlers.office.defaults import Rows
from storage.offices import Organisation
from storage.store import Store

app = typer.Typer(
    no_args_is_help=True,
    help="The office's policy: people, queues, categories, promises. It is kept in the database and written as one file.",
)
File = Annotated[Path, typer.Argument(help='The office file (YAML); "-" reads what is piped in.', metavar="FILE")]


@app.command("check")
def check_(file: File) -> None:
    """Tell every mistake in an office file, each with its line and what to do. Changes nothing."""
    document, _ = finish(checked(file, None))
    name = document["office"]["name"]
    typer.echo(f"{file}: no mistakes. {name} has {_counted(document)}.")


@app.command("apply")
def apply_(
    file: File,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what the file does not name. Without it, only what the file names changes.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before anything is changed.")] = False,
) -> None:
    """Show what an office file would change, and change it. Applying the same file again changes nothing."""
    finish(_apply(file, prune, yes))


@app.command("export")
def export_(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; without it, it is printed.", metavar="[FILE]")] = None,
    office: Annotated[str | None, typer.Option("--office", metavar="KEY", help="Which office, if there are several.")] = None,
) -> None:
    """Write an office as a file that can be changed and applied again."""
    _written(file, finish(_export(office or settings().office)))


# ---------------------------------------------------------------- check


async def checked(file: Path, store: Store | None) -> tuple[dict[str, Any], LineOf]:
    """The document, if it has no mistakes on its own or (with a store) together with what is stored. Raises `Trouble` with all of them."""
    try:
        document, line_of = load(sys.stdin.read() if str(file) == "-" else file)
    except Unreadable as unreadable:
        raise _mistaken(file, unreadable.mistakes) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}.") from error
    mistakes = check(document, line_of, await _stored(store, document) if store else None)
    if mistakes:
        raise _mistaken(file, mistakes)
    return document, line_of


async def _stored(store: Store, document: dict[str, Any]) -> Rows | None:
    head = document.get("office")
    key = head.get("key") if isinstance(head, dict) else None
    known = await store.offices.by_key(key) if isinstance(key, str) else None
    return (await store.offices.stored(known.id)).rows if known else None


def _mistaken(file: Path, mistakes: list[Mistake]) -> Trouble:
    """ "office.yaml:12: queues[0].people: ..." for each, as editors know how to jump to."""
    lines = (f"{file}:{one.line}: {f'{written(one.path)}: ' if one.path else ''}{one.sentence}" for one in mistakes)
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    return Trouble(*lines, f"{count}; nothing was changed.")


def _counted(document: dict[str, Any]) -> str:
    sections = ("people", "queues", "categories", "vendors")
    return ", ".join(f"{len(document.get(name) or ())} {name}" for name in sections)


# ---------------------------------------------------------------- apply


async def _apply(file: Path, prune: bool, yes: bool) -> None:
    async with store_of(settings().database_url) as store:
        document, _ = await checked(file, store)
        planned = await plan(store, document, machine_clock(), prune)
        _show(planned)
        if planned.changes and not yes and not _agreed():
            raise Trouble("Nothing was changed.")
        try:
            office = await apply(store, planned, machine_clock())
        except Conflict:
            raise Trouble("Somebody else changed this office in the same moment. Nothing was changed; please apply it again.") from None
        if planned.changes:
            typer.echo(f"Applied: {office.head.name} is now at version {office.version}.")


def _show(planned: Plan) -> None:
    for change in planned.changes:
        typer.echo(str(change))
    for warning in planned.warnings:
        typer.echo(f"Careful: {warning}")
    if not planned.changes:
        typer.echo("Nothing to change.")


def _agreed() -> bool:
    """Asks on a terminal; in a script the answer must be given beforehand."""
    if not sys.stdin.isatty():
        raise Trouble("Nothing was changed. Add --yes to apply this without being asked.")
    return typer.confirm("Apply this?")


# ---------------------------------------------------------------- export


async def _export(key: str | None) -> str:
    async with store_of(settings().database_url) as store:
        return dump(await export(store, (await chosen(store, key)).id))


def _written(file: Path | None, text: str) -> None:
    if file is None or str(file) == "-":
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")
    typer.echo(f"Written to {file}.")


async def chosen(store: Store, key: str | None) -> Organisation:
    """The office with that key, or the only one there is. Raises `Trouble`."""
    offices = [one for one in await store.offices.list() if one.version]
    if not offices:
        raise Trouble("There is no office yet. Write its policy and run: deskbell office apply office.yaml")
    found = [one for one in offices if key is None or one.key == key]
    if len(found) != 1:
        reason = f"There is no office {key}." if key else "There are several offices."
        raise Trouble(f"{reason} Choose one with --office: {', '.join(one.key for one in offices)}.")
    return found[0]
