"""What rows that are done together have in common, worked out once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Together:
    """Belongs to rows that were leased at the same time and are done one after the other, and is forgotten with them.

    What has changed before they were leased is in what is read now. What changes later asks for each of them again.
    """

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}

    async def once(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What was made for this key, or is made now. What fails is not kept."""
        if key not in self._made:
            self._made[key] = await make()
        made: T = self._made[key]
        return made
