"""What Slack grants when a workspace installs us, and what is kept of it: who we are there, and tokens with their end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from storage.installations import Installation as Row

EARLY = 2 * 3600.0
"""So many seconds before its end a token is renewed."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Our app in one workspace (or, installed for a whole enterprise, there). `workspace`: Slack's team or enterprise id."""

    workspace: str
    token: str = field(repr=False)
    bot_user: str = ""
    bot: str = ""
    enterprise: str = ""
    """The enterprise of which the workspace is one, "" if it stands alone."""

    @property
    def wide(self) -> bool:
        """Whether it is for all of the enterprise."""
        return bool(self.enterprise) and self.workspace == self.enterprise


@dataclass(frozen=True, slots=True)
class Grant:
    """An answer of oauth.v2.access. `workspace` is the enterprise's id if the app was installed for all of it, else the team's.

    `expires_in`: seconds, None where tokens do not expire. `by`: the id of the person who installed.
    """

    workspace: str
    token: str = field(repr=False)
    name: str = ""
    bot_user: str = ""
    app: str = ""
    enterprise: str = ""
    enterprise_wide: bool = False
    scopes: tuple[str, ...] = ()
    by: str = ""
    refresh_token: str = field(default="", repr=False)
    expires_in: float | None = None


class Refused(Exception):
    """Slack says no, and will say so again: `error` is its word for it (https://docs.slack.dev/reference/methods/oauth.v2.access)."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Unreachable(Exception):
    """Slack does not answer, or not now."""


Refresh = Callable[[str], Awaitable[Grant]]
"""Exchanges a refresh token for a new grant. Raises `Refused` or `Unreachable`."""
Works = Callable[[str], Awaitable[bool]]
"""Whether Slack accepts a token. Raises `Unreachable`."""


def data_of(grant: Grant, bot: str, now: float) -> dict[str, object]:
    """What is stored of a new installation. `now`: machine time in seconds."""
    told: dict[str, object] = {"bot_user": grant.bot_user, "bot": bot, "app": grant.app, "by": grant.by, "scopes": list(grant.scopes)}
    return {**told, "enterprise": grant.enterprise, "enterprise_wide": grant.enterprise_wide, "installed_at": now, **tokens_of(grant, now)}


def tokens_of(grant: Grant, now: float) -> dict[str, object]:
    expires_at = None if grant.expires_in is None else now + grant.expires_in
    return {"token": grant.token, "refresh_token": grant.refresh_token, "expires_at": expires_at}


@dataclass(frozen=True, slots=True)
class Kept:
    """An installation whose token is there. Machine time in seconds."""

    installation: Installation
    refresh_token: str = field(repr=False)
    expires_at: float | None

    def lasts(self, until: float) -> bool:
        return self.expires_at is None or until < self.expires_at

    def is_due(self, now: float) -> bool:
        return bool(self.refresh_token) and not self.lasts(now + EARLY)


def kept_in(row: Row | None) -> Kept | None:
    if row is None or not row.data.get("token"):
        return None
    expires_at = row.data.get("expires_at")
    facts = (text_in(row.data, name) for name in ("token", "bot_user", "bot", "enterprise"))
    installation = Installation(row.workspace, *facts)
    return Kept(installation, text_in(row.data, "refresh_token"), float(expires_at) if isinstance(expires_at, int | float) else None)


def text_in(data: Mapping[str, object], name: str) -> str:
    return str(data.get(name) or "")
