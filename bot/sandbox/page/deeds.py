"""What people do on the page: a name and a few values from the browser become what the person in that window does.

A deed takes the actor and the values, and may give something back. `ClientRefused` is what the platform's own client would say.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from bot.sandbox.errors import ClientRefused

Json = dict[str, Any]
Who = TypeVar("Who")
Deed = Callable[[Who, "Given"], Awaitable[Json | None]]
CHANGED = "That has changed meanwhile. Look at it as it is now."


class Given:
    """What the browser sent. A value of another kind than asked for is refused."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str, default: str | None = None) -> str:
        found = self._values.get(name, default)
        if not isinstance(found, str):
            raise ClientRefused(f"{name} is missing")
        return found

    def number(self, name: str) -> int:
        found = self._values.get(name)
        if not isinstance(found, int) or isinstance(found, bool):
            raise ClientRefused(f"{name} is missing")
        return found

    def flag(self, name: str) -> bool:
        return self._values.get(name) is True

    def any(self, name: str) -> Any:
        return self._values.get(name)

    def values(self, name: str) -> Mapping[str, Any]:
        found = self._values.get(name, {})
        return found if isinstance(found, dict) else {}

    def texts(self, name: str) -> list[str]:
        found = self._values.get(name, [])
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


class Deeds(Generic[Who]):
    """All that can be done in one chat, by name."""

    def __init__(self) -> None:
        self._known: dict[str, Deed[Who]] = {}

    def __call__(self, deed: Deed[Who]) -> Deed[Who]:
        """Registers a function under its own name."""
        self._known[deed.__name__] = deed
        return deed

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._known)

    async def do(self, name: str, who: Who, values: Mapping[str, Any]) -> Json:
        """Raises `ClientRefused` also for what nobody can do here, and for what is no longer there."""
        deed = self._known.get(name)
        if deed is None:
            raise ClientRefused("that cannot be done here")
        try:
            return await deed(who, Given(values)) or {}
        except LookupError as gone:
            raise ClientRefused(CHANGED) from gone
