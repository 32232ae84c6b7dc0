"""`deskbell sandbox`: the office in a browser, with Slack and Teams side by side and no account at all."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from bot import logs, runtime
from bot.cli.common import Trouble, finish, migrated, settings
from bot.cli.example import example_office
from bot.cli.offices import checked
from bot.cli.run import stopped_by_signals
from bot.sandbox import history, keeping
from bot.sandbox.page.control import Controls
from bot.sandbox.page.server import Page
from bot.sandbox.stage import Platforms, Stage, listening, platforms, settings_of, staged
from bot.settings import Settings
from bot.web.server import NotListening

log = structlog.get_logger(__name__)
FOLDER = Path("var/sandbox")
PORT = 8420
SAVED_EVERY = 1.0
ENDINGS = ("", "-wal", "-shm")

Port = Annotated[int, typer.Option("--port", min=0, max=65534, help="Where the page is; the bot itself listens on the next one.")]
Reset = Annotated[bool, typer.Option("--reset", help="Forget all that happened, and begin anew.")]
SlackOnly = Annotated[bool, typer.Option("--slack-only", help="An office that has no Teams.")]
Seed = Annotated[bool, typer.Option("--seed/--no-seed", help="Begin with two weeks of tickets, or with none.")]
OfficeFile = Annotated[Path | None, typer.Option("--office", metavar="FILE", help="Another office than the example.")]


def sandbox(port: Port = PORT, reset: Reset = False, seed: Seed = True, slack_only: SlackOnly = False, office: OfficeFile = None) -> None:
    """Try it in a browser: a Slack and a Teams side by side, and mail, with the people of an example office."""
    found = settings()
    quiet = {"log_level": "error", "log_format": "console"}
    found = found.model_copy(update={name: value for name, value in quiet.items() if name not in found.model_fields_set})
    logs.configure(found)
    finish(_sandbox(found, office or example_office(), Wanted(port, reset, seed and office is None, slack_only)))


@dataclass(frozen=True)
class Wanted:
    """`seed`: a new office has a history; that of the example is told by its own people."""

    port: int
    reset: bool
    seed: bool
    slack_only: bool

    @property
    def bot_port(self) -> int:
        return self.port + 1 if self.port else 0


async def _sandbox(found: Settings, file: Path, wanted: Wanted) -> None:
    document, _ = await checked(file, None)
    kept = Kept(FOLDER, document, wanted.slack_only)
    if wanted.reset:
        kept.forget()
    before = kept.read()
    on = platforms(document, found.slack_command, before)
    try:
        await _shown(found, on, kept, wanted, new=before is None)
    except NotListening as why:
        raise Trouble(f"{why}", "Choose another one: deskbell sandbox --port 8500") from why


async def _shown(found: Settings, on: Platforms, kept: Kept, wanted: Wanted, *, new: bool) -> None:
    stop, page = stopped_by_signals(), Page(on.slack, on.teams, on.mail, on.changes)
    async with listening(on, wanted.port, page.routes()) as address:
        chosen = settings_of(found, on, kept.database, wanted.bot_port, slack_only=wanted.slack_only)
        await migrated(chosen.database_url)
        told = history.play if wanted.seed else None
        async with staged(on, chosen.model_copy(update={"data_folder": kept.folder}), new=new, history=told) as stage:
            page.control = Controls(stage)
            runtime.settled()
            typer.echo("\n".join(introduction(address, on, new=new)))
            saving = asyncio.create_task(kept.saved_always(stage))
            await stop.wait()
            saving.cancel()
            await asyncio.gather(saving, return_exceptions=True)
    kept.save(on)


def introduction(address: str, on: Platforms, *, new: bool) -> list[str]:
    """Where to look and what to try."""
    name = on.document["office"]["name"]
    again = "" if new else " It goes on where you left it; --reset begins anew."
    return [
        f"{name}, in Slack and in Teams: {address}",
        f"Open it in a browser.{again} Ctrl-C ends it.",
        "Try as Ana, on the left: /issue light above my desk flickers",
        "Nothing leaves this machine.",
    ]


class Kept:
    """The folder in which the sandbox remembers: the bot's database, and both platforms in one file. One without the other is nothing."""

    def __init__(self, folder: Path, document: Mapping[str, Any], slack_only: bool = False) -> None:
        self.folder, self._state, self._file = folder, folder / "platforms.json", folder / "desk.db"
        self._office = hashlib.sha256(json.dumps([document, slack_only], sort_keys=True, default=str).encode()).hexdigest()

    @property
    def database(self) -> str:
        return f"sqlite:///{self._file}"

    def read(self) -> keeping.Kept | None:
        """What was there at the last end; None begins anew. Another office begins anew too."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            found = keeping.read(self._state.read_bytes()) if self._file.exists() else None
        except (OSError, keeping.NotReadable) as why:
            log.info("sandbox begins anew", why=str(why))
            found = None
        if found is None or found.facts.get("office") != self._office:
            self.forget()
            return None
        return found

    def forget(self) -> None:
        """Only files of ours."""
        self._state.unlink(missing_ok=True)
        for ending in ENDINGS:
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)

    def save(self, on: Platforms) -> None:
        facts = {**on.facts, "office": self._office}
        text = keeping.kept(on.slack.world, on.teams.world, on.mail.world, on.clock.ahead, facts, on.slack.workspaces[1:])
        keeping.write(self._state, text)

    async def saved_always(self, stage: Stage) -> None:
        """Soon after each change."""
        saved = -1
        while True:
            if saved != (saved := stage.on.changes.count):
                self.save(stage.on)
            await asyncio.sleep(SAVED_EVERY)
