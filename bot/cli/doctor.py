"""`deskbell doctor`: is everything set up, and what to do where it is not."""

from __future__ import annotations

import typer

from bot.cli.common import finish, settings
from bot.doctor import examined


def doctor() -> None:
    """Examine settings, database, Redis, office, Slack and Teams: a line for each, with what to do. Exit code 1 if anything fails."""
    found = settings()
    findings = finish(examined(found))
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.level == "fail" for finding in findings):
        raise typer.Exit(1)
