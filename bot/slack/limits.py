"""How long and how much: of a connection to Slack, and of the pauses between two tries to get one."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. Seconds, unless named otherwise.

    `width` envelopes are worked on at once; one more waits `wait` for its place (Slack gives up on it after three seconds). A connection
    from which nothing came for `silence` is dead. An announced end is followed by `overlap` at most in which both connections are open.
    Pauses between tries double from `first_pause` to `longest_pause`, and begin anew after a connection that held for `steady`.
    """

    width: int = 64
    wait: float = 3.0
    connecting: float = 10.0
    pinging: float = 5.0
    silence: float = 30.0
    look: float = 1.0
    overlap: float = 15.0
    steady: float = 60.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    finishing: float = 5.0
    closing: float = 2.0


USUAL = Limits()


class Pauses:
    """None at first, then longer and longer ones; each a little by chance, so that replicas do not come all at once."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._tries, self._least = limits, 0, 0.0
        self._chance = random.Random()  # noqa: S311 - spreads pauses, guards nothing

    def begin_anew(self) -> None:
        self._tries = 0

    def at_least(self, seconds: float) -> None:
        """For the next one only."""
        self._least = seconds

    def next(self) -> float:
        """Seconds."""
        tries, least, self._tries, self._least = self._tries, self._least, self._tries + 1, 0.0
        if not tries:
            return least
        pause = min(self._limits.longest_pause, self._limits.first_pause * 2.0 ** min(tries - 1, 30))
        return max(least, pause * self._chance.uniform(0.5, 1.0))
