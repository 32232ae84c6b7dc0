"""All worlds in a file, so that whoever comes back after a restart finds everything where it was."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import Base64Bytes, TypeAdapter, ValidationError

from bot.sandbox.mail import model as mail_model
from bot.sandbox.mail.world import World as MailWorld
from bot.sandbox.slack import model as slack_model
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import World as SlackWorld
from bot.sandbox.teams import model as teams_model
from bot.sandbox.teams.world import World as TeamsWorld

VERSION = 1


class NotReadable(Exception):
    """The file is none of ours, or of another version."""


@dataclass
class SlackKept:
    """All of a Slack workspace that outlives a restart. What is half filled in, and every address that opens for minutes only, does not.

    `tokens` are those that an installation gave out, with its `scopes`.
    """

    users: dict[str, slack_model.User]
    channels: dict[str, slack_model.Channel]
    ephemerals: list[slack_model.Ephemeral]
    files: dict[str, slack_model.SlackFile]
    homes: dict[str, slack_model.View]
    number: int
    last_ts: tuple[int, int]
    tokens: list[str] = field(default_factory=list)
    scopes: set[str] = field(default_factory=set)


@dataclass
class TeamsKept:
    """All of a tenant of Teams that outlives a restart."""

    users: dict[str, teams_model.User]
    teams: dict[str, teams_model.Team]
    conversations: dict[str, teams_model.Conversation]
    files: dict[str, teams_model.TeamsFile]
    pictures: dict[str, Base64Bytes]
    number: int
    last_id: int


@dataclass
class MailKept:
    """All letters. Whose the mailboxes are stands in the office's document."""

    letters: dict[str, mail_model.Letter] = field(default_factory=dict)
    number: int = 0


@dataclass
class Kept:
    """`mail` and `vendors` (the other workspaces by team) are empty in a file from before there were any. `ahead`: how many seconds the
    office's clock goes before the machine's. `facts`: what the demonstration itself remembers.
    """

    slack: SlackKept
    teams: TeamsKept
    mail: MailKept = field(default_factory=MailKept)
    ahead: float = 0.0
    facts: dict[str, str] = field(default_factory=dict)
    vendors: dict[str, SlackKept] = field(default_factory=dict)
    version: int = VERSION


_ADAPTER = TypeAdapter(Kept)


def kept(
    slack: SlackWorld, teams: TeamsWorld, mail: MailWorld, ahead: float, facts: dict[str, str], vendors: Sequence[Workspace] = ()
) -> bytes:
    """JSON."""
    here = _slack_kept(slack)
    beside = {one.world.team: replace(_slack_kept(one.world), tokens=one.tokens, scopes=one.app.scopes) for one in vendors}
    there = TeamsKept(teams.users, teams.teams, teams.conversations, teams.files, teams.pictures, teams.number, teams.last_id)
    return _ADAPTER.dump_json(Kept(here, there, MailKept(mail.letters, mail.number), ahead, facts, beside))


def _slack_kept(slack: SlackWorld) -> SlackKept:
    return SlackKept(slack.users, slack.channels, slack.ephemerals, slack.files, slack.homes, slack.number, slack.last_ts)


def read(text: bytes) -> Kept:
    """Raises `NotReadable`."""
    try:
        found = _ADAPTER.validate_json(text)
    except ValidationError as error:
        raise NotReadable("it is no state of the sandbox") from error
    if found.version != VERSION:
        raise NotReadable(f"it is of version {found.version}, not {VERSION}")
    return found


def restore(found: Kept, slack: SlackWorld, teams: TeamsWorld, mail: MailWorld, vendors: Sequence[Workspace] = ()) -> None:
    """Fills new worlds."""
    mail.letters, mail.number = found.mail.letters, found.mail.number
    _fill(slack, found.slack)
    for one in vendors:
        if before := found.vendors.get(one.world.team):
            _fill(one.world, before)
            one.app.scopes = before.scopes
            one.remember(before.tokens)
    teams.users, teams.teams, teams.conversations = found.teams.users, found.teams.teams, found.teams.conversations
    teams.files, teams.pictures = found.teams.files, found.teams.pictures
    teams.number, teams.last_id = found.teams.number, found.teams.last_id
    for chat in teams.conversations.values():
        if chat.team is not None:
            chat.team = teams.teams[chat.team.id]  # one team, not a copy for each of its channels
    for team in teams.teams.values():
        team.members = teams.conversations[team.id].members


def _fill(slack: SlackWorld, found: SlackKept) -> None:
    slack.users, slack.channels, slack.ephemerals = found.users, found.channels, found.ephemerals
    slack.files, slack.homes = found.files, found.homes
    slack.number, slack.last_ts = found.number, found.last_ts


def write(path: Path, text: bytes) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".new")
    draft.write_bytes(text)
    os.replace(draft, path)
