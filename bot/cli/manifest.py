"""`deskbell manifest slack`: the app as Slack takes it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.common import fail, settings
from bot.slack.manifest import NoAddress, as_yaml, manifest

app = typer.Typer(no_args_is_help=True, help="The description of the app that a chat asks for when you make it there.")

CHOICE = (
    "Say how Slack and the desk reach each other:",
    "  --socket  the desk calls Slack; it needs no public address. Good for trying it, and for one workspace.",
    "  --http    Slack calls the desk at a public https address. Give it with --url, or as DESKBELL_PUBLIC_URL.",
)

Way = Annotated[
    bool | None,
    typer.Option("--socket/--http", help="The desk calls Slack (no public address needed), or Slack calls the desk.", show_default=False),
]
Url = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="The public https address of the desk. Without it, the one of DESKBELL_PUBLIC_URL."),
]


@app.callback()
def begin() -> None:
    """The description of the app that a chat asks for when you make it there."""


@app.command("slack")
def slack(socket: Way = None, url: Url = None) -> None:
    """Print the Slack app's manifest as YAML, to be pasted at api.slack.com/apps under "From a manifest"."""
    if socket is None:
        fail(*CHOICE)
    found = settings()
    try:
        document = manifest(found.slack_command, url or found.public_url, socket=socket)
    except NoAddress as wrong:
        fail(str(wrong), "Give the public address with --url https://..., or as DESKBELL_PUBLIC_URL.")
    typer.echo(as_yaml(document), nl=False)
