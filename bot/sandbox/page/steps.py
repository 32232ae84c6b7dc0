"""What a step of the tour is, and what it can see: the same screens as everybody."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.stage import Stage

HOUR, ABOUT = 3600.0, 60.0
_OPEN = re.compile(r"#(\d+) is open")


class Sight:
    """What can be seen of this round of the tour: all that Slack has shown Ana after the time stamp `since`."""

    def __init__(self, stage: Stage, since: str, ahead: float) -> None:
        self.stage, self.ahead = stage, ahead
        everything = stage.on.slack.actor("ana").seen()
        self._shown = [one for one in everything if one.kind in ("message", "ephemeral") and one.id > since]

    @property
    def number(self) -> str:
        """The ticket that Ana has reported first, as "#7"; "" before."""
        return self._reported(0)

    @property
    def second(self) -> str:
        """The next one that she has reported."""
        return self._reported(1)

    def _reported(self, at: int) -> str:
        found = dict.fromkeys(f"#{one[1]}" for one in map(_OPEN.search, (shown.text for shown in self._shown)) if one)
        return list(found)[at] if len(found) > at else ""

    def ana_reads(self, words: str, of: str | None = None) -> bool:
        """About the first ticket, unless another is named."""
        number = self.number if of is None else of
        return bool(number) and any(one.says(words) and one.says(number) for one in self._shown)

    def ana_can_press(self, label: str) -> bool:
        return any(label in one.buttons and one.says(self.number) for one in self._shown)

    def is_later(self) -> bool:
        return self.stage.on.clock.ahead >= self.ahead + HOUR - ABOUT


@dataclass(frozen=True)
class Step:
    """`where` it happens: the name of a conversation, "dm" for the one with the app. `words` tell the story, `hint` how to do it oneself.
    `do` and `done` are given what can be seen."""

    key: str
    chat: Literal["slack", "teams"]
    who: str
    where: str
    words: str
    hint: str
    do: Callable[[Sight], Awaitable[object]]
    done: Callable[[Sight], bool]
