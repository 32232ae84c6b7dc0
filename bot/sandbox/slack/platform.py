"""What all parts of the sandbox share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.tokens import Hook, Tokens
from bot.sandbox.slack.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of the Web API or of a response URL (method `response_url`) as it arrived, and what it got."""

    method: str
    args: Json
    at: float
    answer: Json
    status: int

    @property
    def ok(self) -> bool:
        """Whether the platform did it."""
        return bool(self.answer.get("ok"))

    @property
    def error(self) -> str:
        """The error's name, "" if there was none."""
        return str(self.answer.get("error", ""))


@dataclass
class Platform:
    """The worlds by token, the short-lived keys, the limits and faults, and the log of calls."""

    clock: Clock
    worlds: dict[str, World]
    tokens: Tokens
    limits: RateLimits
    emit: Callable[[World, Json], None]
    """Tells the app of an event, if it is subscribed to it. Returns at once."""
    faults: Faults = field(default_factory=Faults)
    changes: Changes = field(default_factory=Changes)
    calls: list[Call] = field(default_factory=list)
    base_url: str = ""
    """Where the platform itself listens, without a slash at the end."""

    def serves(self, world: World) -> bool:
        """Whether the app is installed in this workspace: one of its tokens is good there."""
        return any(one is world for one in self.worlds.values())

    def team_of(self, authorization: str) -> str:
        """The workspace of a token in a header; "" of none that is good."""
        world = self.worlds.get(authorization.removeprefix("Bearer ").strip())
        return world.team if world else ""

    def response_url(self, hook: Hook) -> str:
        """The address that a payload carries for this hook."""
        return f"{self.base_url}/response/{hook.token}"
