"""The connector's rate limits (learn.microsoft.com, "Optimize your bot with rate limiting in Teams"): so many calls in so many seconds."""

import math
from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.clock import Clock

SENDS = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
READS = ((14, 1.0), (16, 2.0), (120, 30.0), (3600, 3600.0))
TENANT = ((50, 1.0),)
"""All calls of one app in one tenant."""
READERS = ("getConversationMembers", "getConversationPagedMembers", "getConversationMember", "getTeam", "getTeamChannels")


@dataclass
class RateLimits:
    """Off until switched on: `per_conversation` are the sends and reads in one conversation, `per_tenant` all calls."""

    clock: Clock
    per_conversation: bool = False
    per_tenant: bool = False
    _calls: dict[tuple[str, ...], deque[float]] = field(default_factory=dict)

    def switch(self, on: bool) -> None:
        """All limits on or off."""
        self.per_conversation = self.per_tenant = on
        self._calls.clear()

    def wait(self, method: str, conversation: str) -> int:
        """0 if the call may go ahead (it counts then), else the whole seconds for `Retry-After`."""
        reads = method in READERS
        asked: list[tuple[tuple[str, ...], tuple[tuple[int, float], ...]]] = []
        if self.per_conversation and conversation:
            asked.append((("reads" if reads else "sends", conversation), READS if reads else SENDS))
        if self.per_tenant:
            asked.append((("tenant",), TENANT))
        waits = [self._wait(key, windows) for key, windows in asked]
        if any(waits):
            return math.ceil(max(waits))
        for key, _ in asked:
            self._calls[key].append(self.clock())
        return 0

    def _wait(self, key: tuple[str, ...], windows: tuple[tuple[int, float], ...]) -> float:
        now, calls = self.clock(), self._calls.setdefault(key, deque())
        while calls and now - calls[0] >= windows[-1][1]:
            calls.popleft()
        return max((self._until_free(calls, now, *window) for window in windows), default=0.0)

    def _until_free(self, calls: deque[float], now: float, number: int, seconds: float) -> float:
        if len(calls) < number or now - calls[-number] >= seconds:
            return 0.0
        return seconds - (now - calls[-number])
