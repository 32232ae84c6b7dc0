"""Waiting for the world to change, without sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Counts changes and wakes those who wait for one."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Something changed: whoever waits looks again."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, predicate: Callable[[], T], within: float = 120.0) -> T:
        """Wait until `predicate()` is true and return its value; `TimeoutError` after `within` seconds."""
        async with asyncio.timeout(within):
            while True:
                coming = self._next
                if value := predicate():
                    return value
                await coming.wait()
