"""The platform's rate limits: per method and workspace, and one message a second per channel (docs.slack.dev/apis/web-api/rate-limits)."""

import math
from dataclasses import dataclass, field

from bot.sandbox.clock import Clock

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute."""

TIER_OF = {
    "apps.connections.open": 1,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.unfurl": 3,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.delete": 3,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.remove": 2,
    "team.profile.get": 3,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
    "users.profile.get": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
CHANNEL_BURST = 3
"""How many messages a channel takes at once before it takes one a second."""
WORKSPACE_POSTS = 300
"""Messages a minute in the whole workspace ("several hundred")."""


@dataclass
class _Bucket:
    size: float
    per_second: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Take one; 0, or the seconds until there is one to take."""
        self.level = min(self.size, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


@dataclass
class RateLimits:
    """Off until switched on: `per_channel` and `posts_per_second` are of chat.postMessage, the latter in all channels; `per_method`
    are the tiers.
    """

    clock: Clock
    per_channel: bool = False
    per_method: bool = False
    posts_per_second: float = 0.0
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)

    def switch(self, on: bool) -> None:
        """All limits on or off."""
        self.per_channel = self.per_method = on
        self._buckets.clear()

    def wait(self, team: str, method: str, channel: str) -> int:
        """0 if the call may go ahead, else the whole seconds for `Retry-After`."""
        waits = [0.0]
        if method == "chat.postMessage":
            if self.per_channel:
                waits.append(self._take((team, method, channel), CHANNEL_BURST, 1.0))
            if self.posts_per_second:
                waits.append(self._take((team, "all channels"), CHANNEL_BURST, self.posts_per_second))
            if self.per_method:
                waits.append(self._take((team, method), WORKSPACE_POSTS, WORKSPACE_POSTS / 60))
        elif self.per_method and method in TIER_OF:
            minute = TIERS[TIER_OF[method]]
            waits.append(self._take((team, method), minute, minute / 60))
        return math.ceil(max(waits))

    def _take(self, key: tuple[str, ...], size: float, per_second: float) -> float:
        now = self.clock()
        bucket = self._buckets.setdefault(key, _Bucket(size, per_second, size, now))
        return bucket.wait(now)
