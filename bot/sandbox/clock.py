"""The platform's clock is a function, so that three seconds or thirty minutes pass in a test without waiting."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Gives the seconds since 1970 (UTC)."""

machine: Clock = time.time


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: float = 1_760_000_000.0) -> None:
        self.now = start

    def __call__(self) -> float:
        """The seconds since 1970 that the hand points to."""
        return self.now

    def move(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += seconds
