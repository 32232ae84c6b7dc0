"""`deskbell export OFFICE`: everything of an office, to keep it, to move it, or to leave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.app import machine_clock
from bot.cli.common import Trouble, finish, settings, store_of
from bot.cli.offices import chosen
from bot.exporting import export
from bot.sinks import Unwritable, sink_to
from storage.files import FileStore

To = Annotated[Path | None, typer.Option("--to", metavar="PLACE", help="A new folder, or a new file that ends with .tar.gz.")]


def export_(
    office: Annotated[str, typer.Argument(help="The office's key.", metavar="OFFICE")],
    to: To = None,
) -> None:
    """Write everything of an office as JSON lines, with a manifest and an explanation of every field. The bot may run meanwhile."""
    finish(_export(office, to))


async def _export(key: str, to: Path | None) -> None:
    now = machine_clock()
    found = settings()
    async with store_of(found.database_url) as store:
        of = await chosen(store, key)
        target = to or Path(f"{of.key}-{now:%Y%m%dT%H%M%SZ}")
        try:
            with sink_to(target) as sink:
                files = FileStore(found.data_folder / "files").of(of.id)
                lines = await export(store, files, of, sink, now, lambda said: typer.echo(said, err=True))
        except Unwritable as why:
            raise Trouble(str(why)) from None
        except OSError as error:
            raise Trouble(f"{target} cannot be written: {error.strerror}. What is there is not whole: remove it and try again.") from error
    typer.echo(f"{of.key}: {lines:,} lines in {target}. Keep it safe: it holds what people wrote.")
