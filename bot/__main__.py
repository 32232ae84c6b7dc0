"""The command line: `deskbell --help`."""

from __future__ import annotations

from bot import runtime

runtime.patient()  # before all that follows is loaded

from importlib.metadata import version as version_of

import typer

from bot import logs
from bot.cli import db, invite, manifest, offices, person
from bot.cli.demo import demo
from bot.cli.doctor import doctor
from bot.cli.export import export_
from bot.cli.run import run
from bot.cli.sandbox import sandbox

app = typer.Typer(
    name="deskbell",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="The bell on the office's front desk: it does not stop until the person who rang says that it is fixed.",
)
app.command()(run)
app.command()(sandbox)
app.command()(demo)
app.command()(doctor)
app.command("export")(export_)
app.add_typer(offices.app, name="office")
app.add_typer(person.app, name="person")
app.add_typer(db.app, name="db")
app.add_typer(manifest.app, name="manifest")
app.add_typer(invite.app, name="invite")


@app.callback()
def begin() -> None:
    logs.quiet()


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(f"deskbell {version_of('deskbell')}")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
