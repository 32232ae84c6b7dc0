"""`deskbell manifest slack | teams`: the app as each chat takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import fail, settings
from bot.public import NoAddress
from bot.settings import Settings
from bot.slack.manifest import as_yaml
from bot.slack.manifest import manifest as slack_manifest
from bot.teams.limits import mistakes
from bot.teams.manifest import manifest as teams_manifest
from bot.teams.package import NoPackage, packed
from bot.teams.registration import guid

app = typer.Typer(no_args_is_help=True, help="The description of the app that a chat asks for when you make it there.")

CHOICE = (
    "Say how Slack and the desk reach each other:",
    "  --socket  the desk calls Slack; it needs no public address. Good for trying it, and for one workspace.",
    "  --http    Slack calls the desk at a public https address. Give it with --url, or as DESKBELL_PUBLIC_URL.",
)
GIVE_URL = "Give the public address with --url https://..., or as DESKBELL_PUBLIC_URL."
GIVE_APP_ID = (
    "Give the app id of the bot's registration with --app-id, or as DESKBELL_TEAMS_APP_ID. docs/install-teams.md says where it is."
)

Way = Annotated[
    bool | None,
    typer.Option("--socket/--http", help="The desk calls Slack (no public address needed), or Slack calls the desk.", show_default=False),
]
Url = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="The public https address of the desk. Without it, the one of DESKBELL_PUBLIC_URL."),
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the package is written.")]
AppId = Annotated[
    str | None,
    typer.Option("--app-id", metavar="ID", help="The app id of the bot's registration. Without it, the one of the settings."),
]
Reading = Annotated[
    bool | None,
    typer.Option(
        "--read-channels/--no-read-channels",
        help="Ask to hear what is said without a mention, in the teams and chats it is added to. Without it, DESKBELL_TEAMS_READ_CHANNELS.",
        show_default=False,
    ),
]
Release = Annotated[
    str | None,
    typer.Option("--version", metavar="X.Y.Z", help="Another version than the program's: each package must be higher than the last one."),
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
        document = slack_manifest(found.slack_command, url or found.public_url, socket=socket)
    except NoAddress as wrong:
        fail(str(wrong), GIVE_URL)
    typer.echo(as_yaml(document), nl=False)


@app.command("teams")
def teams(
    out: Out = Path("deskbell.zip"), app_id: AppId = None, url: Url = None, read_channels: Reading = None, release: Release = None
) -> None:
    """Write the package that Microsoft Teams takes under "Upload an app": the manifest and its two pictures."""
    found = settings()
    bot, base = _app_id(found, app_id), url or found.public_url or fail("Teams has to reach the desk.", GIVE_URL)
    reading = found.teams_read_channels if read_channels is None else read_channels
    try:
        document = teams_manifest(bot, base, read_channels=reading, release=release or "")
        if wrong := mistakes(document):
            fail("Teams would not take this package:", *(f"  {one}" for one in wrong))
        out.write_bytes(packed(document))
    except NoAddress as no:
        fail(str(no), GIVE_URL)
    except NoPackage as no:
        fail(str(no))
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror or type(error).__name__}. Give another place with --out FILE.")
    typer.echo(f"{out}: version {document['version']}, for the bot {bot} at {base}. Upload it as docs/install-teams.md says.")


def _app_id(found: Settings, given: str | None) -> str:
    """The one that is given, or that of the only registration there is."""
    if given is not None:
        try:
            return guid(given, "The app id")
        except ValueError as wrong:
            fail(f"{wrong}.", GIVE_APP_ID)
    known = [one for one in found.teams_registrations if one.app_id]
    if found.teams_app_id or len(known) == 1:
        return found.teams_app_id or known[0].app_id
    if known:
        fail(
            "There are several registrations, each with a package of its own. Give --app-id:",
            *(f"  {one.app_id} {one.name}" for one in known),
        )
    return fail("A package is made for one bot.", GIVE_APP_ID)
