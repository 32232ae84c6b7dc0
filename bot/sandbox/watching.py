"""Waiting for what a test or a demonstration wants to see."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot.sandbox.changes import Changes

T = TypeVar("T")


class Recorded(Protocol):
    """A call of the platform as it was kept."""

    @property
    def method(self) -> str: ...

    @property
    def error(self) -> str: ...


async def until(changes: Changes, calls: Sequence[Recorded], predicate: Callable[[], T], within: float) -> T:
    """Wait until `predicate()` is true after some change, and return its value; `TimeoutError` says what was called last."""
    try:
        return await changes.until(predicate, within)
    except TimeoutError:
        last = ", ".join(f"{call.method} {call.error or 'ok'}" for call in calls[-8:]) or "nothing"
        raise TimeoutError(f"it did not come true within {within} s; the last calls were: {last}") from None
