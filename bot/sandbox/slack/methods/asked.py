"""One call as a method sees it, and the arguments that many methods share."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, Json, User
from bot.sandbox.slack.platform import Platform
from bot.sandbox.slack.world import World


@dataclass(frozen=True)
class Asked:
    """The arguments of a call, and the workspace of its token."""

    platform: Platform
    world: World
    args: Json

    def text(self, name: str) -> str:
        """A required text; `invalid_arguments` if it is missing."""
        value = self.args.get(name)
        if value in (None, ""):
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return str(value)

    def maybe(self, name: str) -> str:
        """A text that may be missing: then ""."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A yes or no, in JSON or as a form spells it."""
        return self.args.get(name) in (True, "true", "True", "1", 1)

    def structure(self, name: str) -> Any:
        """A JSON argument, also when a form carries it as text; None if missing, `invalid_arguments` if it is no JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError as fault:
            raise SlackError("invalid_arguments", [f"[ERROR] not valid JSON [json-pointer:/{name}]"]) from fault

    def needs(self, scope: str) -> None:
        """`missing_scope` unless the app was granted it."""
        granted = self.world.app.scopes
        if scope and scope not in granted:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(granted)))

    def user(self, name: str = "user", error: str = "user_not_found") -> User:
        """The person named by an id; `user_not_found` else."""
        found = self.world.users.get(self.text(name))
        if found is None:
            raise SlackError(error)
        return found

    def channel(self) -> Channel:
        """The conversation named by `channel` if the app can know of it; `channel_not_found` else, `team_access_not_granted` in a workspace
        of an enterprise that the app was not added to.
        """
        found = self.world.channels.get(self.text("channel"))
        if found is None or (found.kind != "channel" and self.world.app.user not in found.members):
            raise SlackError("channel_not_found")
        if not self.world.may_work_in(found):
            raise SlackError("team_access_not_granted")
        return found


def page(asked: Asked, items: list[Json], name: str) -> Json:
    """One page of a list: `limit` (1-1000, default all up to 1000) and `cursor`; faults are `invalid_limit`, `invalid_cursor`."""
    limit = asked.maybe("limit") or "1000"
    if not limit.isdigit() or not 1 <= int(limit) <= 1000:
        raise SlackError("invalid_limit")
    start = _start(asked.maybe("cursor"))
    end = start + int(limit)
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return {"ok": True, name: items[start:end], "response_metadata": {"next_cursor": cursor}}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as fault:
        raise SlackError("invalid_cursor") from fault
    if word != "next" or not number.isdigit():
        raise SlackError("invalid_cursor")
    return int(number)
