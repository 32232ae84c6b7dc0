"""What stands on the terminal: who can read which message, and what its buttons are now.

While somebody's line is worked on, what the bot sends is held back and then printed in a fixed order, so that the same lines give the same
output however the pump's tasks were scheduled.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from bot.chats import Payload
from bot.console.render import Knob, knobs

KEPT = 1000
THREAD = "    "
ANSWER, CHANNEL, DIRECT = range(3)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message stands: what is written above it, the e-mails of those who read it, and what of it comes first.

    An ANSWER is nobody's post: only whoever acted sees it, and nothing redraws it.
    """

    heading: str
    readers: frozenset[str]
    rank: int = CHANNEL


@dataclass(frozen=True, slots=True)
class Shown:
    """A message. `order` counts them as they came; `thread` is the id of the message under which it stands."""

    id: str
    spot: Spot
    payload: Payload
    thread: str = ""
    order: int = 0
    edited: bool = False
    knobs: Sequence[Knob] = field(default=(), compare=False)

    @property
    def title(self) -> str:
        return str(self.payload["title"])

    @property
    def place(self) -> tuple[int, str, bool, bool, int]:
        """Where it is printed among what came at the same time: cards before their threads, edits before what is new."""
        return self.spot.rank, self.spot.heading, bool(self.thread), not self.edited, self.order


class Screen:
    """`write` takes a line to print."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._shown: OrderedDict[str, Shown] = OrderedDict()
        self._held: dict[str, Shown] | None = None
        self._count = 0
        self.printed = 0

    def say(self, *lines: str) -> None:
        for line in lines:
            self.printed += 1
            self._write(line)

    # ------------------------------------------------------------ messages

    def post(self, id_: str, spot: Spot, payload: Payload, thread: str = "") -> None:
        self._count += 1
        self._put(Shown(id_, spot, payload, thread, self._count, knobs=knobs(payload)))

    def edit(self, id_: str, spot: Spot, payload: Payload) -> None:
        """A message as it is now. One whose words are the same keeps quiet, only its buttons are renewed."""
        before = self._shown.get(id_)
        if before is None:
            self._count += 1
            self._put(Shown(id_, spot, payload, "", self._count, True, knobs(payload)))
            return
        after = replace(before, spot=spot, payload=payload, knobs=knobs(payload))
        if before.payload["lines"] == payload["lines"]:
            self._shown[id_] = after
            return
        self._put(after if self._held and id_ in self._held else replace(after, edited=True))

    def drop(self, id_: str) -> None:
        """A private answer that was replaced: its buttons are gone."""
        self._shown.pop(id_, None)

    def seen_by(self, reader: str) -> Iterator[Shown]:
        """What somebody has before them, the latest first."""
        return (shown for shown in reversed(self._shown.values()) if reader in shown.spot.readers)

    # ------------------------------------------------------------ printing

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Holds messages back until the end: each is printed once, as it is then."""
        self._held = {}
        try:
            yield
        finally:
            held, self._held = self._held, None
            for shown in sorted((self._shown.get(id_, one) for id_, one in held.items()), key=lambda one: one.place):
                self._print(shown)

    def _put(self, shown: Shown) -> None:
        self._shown[shown.id] = shown
        self._shown.move_to_end(shown.id)
        while len(self._shown) > KEPT:
            self._shown.popitem(last=False)
        if self._held is None:
            self._print(shown)
        else:
            self._held[shown.id] = shown

    def _print(self, shown: Shown) -> None:
        within = THREAD if shown.thread else ""
        first, *rest = shown.payload["lines"]
        self.say("", f"── {shown.spot.heading}{self._above(shown)} ──")
        self.say(f"{within}{first}{'  (edited)' if shown.edited else ''}", *(within + line for line in rest))

    def _above(self, shown: Shown) -> str:
        if not shown.thread:
            return ""
        parent = self._shown.get(shown.thread)
        return f", in the thread of {parent.title}" if parent else ", in a thread"
