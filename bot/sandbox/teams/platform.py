"""What all parts of the sandbox share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.teams.faults import Faults
from bot.sandbox.teams.keys import Issuer
from bot.sandbox.teams.limits import RateLimits
from bot.sandbox.teams.login import Login
from bot.sandbox.teams.model import Message
from bot.sandbox.teams.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of the connector or the token endpoint (method `token`), and what it got.

    `args` are its parts: `conversation`, `activity` (an id), `query`, `body`, those that it had.
    """

    method: str
    args: Json
    at: float
    answer: Any
    status: int

    @property
    def ok(self) -> bool:
        """Whether the platform did it."""
        return self.status < 400

    @property
    def error(self) -> str:
        """The error's code, "" if there was none."""
        error = {} if self.ok else self.answer["error"]
        return str(error.get("code", "")) if isinstance(error, dict) else str(error)

    @property
    def body(self) -> Json:
        """What was sent."""
        body: Json = self.args.get("body", {})
        return body


@dataclass
class Platform:
    """The tenant, the keys and tokens, the limits and faults, and the log of calls."""

    clock: Clock
    world: World
    issuer: Issuer
    login: Login
    limits: RateLimits
    refresh: Callable[[Message], None]
    """Lets the clients ask for what single people should see of a message, and for its pictures. Returns at once."""
    faults: Faults = field(default_factory=Faults)
    changes: Changes = field(default_factory=Changes)
    calls: list[Call] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """What was wrong with the bot's answers to invokes, in the order in which it came."""
    base_url: str = ""
    """Where the platform itself listens, without a slash at the end."""

    @property
    def service_url(self) -> str:
        """The connector's address for this tenant, with the slash at the end that it has in activities."""
        return f"{self.base_url}/emea/{self.world.tenant}/"
