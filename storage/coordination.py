"""What replicas tell each other and share: wake-ups, forgotten cache entries, who leads, how fast a channel may be used, small caches.

Nothing here is the truth: the database is. With Redis it reaches all replicas; without, or while Redis is away, the twin in this process
does the same for this process alone. Then replicas find new work by looking for it instead of being woken, believe their caches until those
run out, and each keeps its own count of a channel's rate and its own leader: whatever leaders do is safe to do twice.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Protocol

from storage.shared import EVERYTHING, Shared

Woken = Callable[[], None]
Changed = Callable[[str, str], None]


class Coordination(Protocol):
    """Keys are of one deployment, times in seconds. No method raises because of a lost connection."""

    async def start(self, on_wake: Woken, on_changed: Changed) -> None:
        """From now on hears what other replicas tell; what this one tells, it does not hear itself.

        `on_changed` may be told `EVERYTHING`: messages may have been lost, so forget whatever is cached.
        """
        ...

    async def stop(self) -> None: ...
    def wake(self) -> None:
        """There is new work: other replicas' pumps look at once. Never waits."""
        ...

    def tell_changed(self, kind: str, key: str) -> None:
        """Other replicas forget what they cached of this. Never waits."""
        ...

    async def lead(self, name: str, seconds: float) -> int | None:
        """Become, or remain, the one that leads `name` for so long: a fencing token, higher for every new leader. None: another leads."""
        ...

    async def resign(self, name: str) -> None: ...
    async def pace(self, key: str, per_second: float, burst: int) -> float:
        """0: go, it is counted. Otherwise not yet, nothing is counted: ask again after so many seconds.

        The generic cell rate algorithm (GCRA, ITU-T I.371, annex A): `burst` at once, then one each 1 / `per_second`.
        """
        ...

    async def cool(self, key: str, seconds: float) -> None:
        """Closes the key for so long, as a chat's Retry-After asks; never shortens what is closed already."""
        ...

    async def get(self, key: str) -> bytes | None: ...
    async def put(self, key: str, value: bytes, seconds: float) -> None: ...


class Alone:
    """The twin in this process. `clock` gives machine time in seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._leads: dict[str, tuple[int, float]] = {}
        self._arrivals: dict[str, float] = {}
        self._closed: dict[str, float] = {}
        self._values: dict[str, tuple[bytes, float]] = {}
        self._full = 1024

    async def start(self, on_wake: Woken, on_changed: Changed) -> None:
        """There is nobody to hear."""

    async def stop(self) -> None:
        """Nothing is open."""

    def wake(self) -> None:
        """There is nobody to wake."""

    def tell_changed(self, kind: str, key: str) -> None:
        """There is nobody to tell."""

    async def lead(self, name: str, seconds: float) -> int | None:
        now = self._clock()
        token, until = self._leads.get(name, (0, 0.0))
        if until <= now:
            token = max(token + 1, int(now * 1000))
        self._leads[name] = (token, now + seconds)
        return token

    async def resign(self, name: str) -> None:
        token, _ = self._leads.get(name, (0, 0.0))
        self._leads[name] = (token, 0.0)

    async def pace(self, key: str, per_second: float, burst: int) -> float:
        now, step = self._clock(), 1 / per_second
        if (closed := self._closed.get(key, 0.0)) > now:
            return closed - now
        arrival = max(self._arrivals.get(key, 0.0), now) + step
        wait = arrival - burst * step - now
        if wait > 1e-6:
            return wait
        self._arrivals[key] = arrival
        self._tidy(now)
        return 0.0

    async def cool(self, key: str, seconds: float) -> None:
        now = self._clock()
        self._closed[key] = max(self._closed.get(key, 0.0), now + seconds)
        self._tidy(now)

    async def get(self, key: str) -> bytes | None:
        value, until = self._values.get(key, (None, math.inf))
        return value if until > self._clock() else None

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        now = self._clock()
        self._values[key] = (value, now + seconds)
        self._tidy(now)

    def _tidy(self, now: float) -> None:
        """Drops what is over whenever the whole has doubled, so that each entry pays for its own removal."""
        if len(self._arrivals) + len(self._closed) + len(self._values) < self._full:
            return
        self._arrivals = {key: at for key, at in self._arrivals.items() if at > now}
        self._closed = {key: at for key, at in self._closed.items() if at > now}
        self._values = {key: entry for key, entry in self._values.items() if entry[1] > now}
        self._full = max(1024, 2 * (len(self._arrivals) + len(self._closed) + len(self._values)))


def connect(url: str | None) -> Coordination:
    """Through the Redis at `url` (redis://, rediss:// or unix://), or alone. Opens nothing before it is used."""
    return Shared(url, Alone()) if url else Alone()


__all__ = ["EVERYTHING", "Alone", "Coordination", "connect"]
