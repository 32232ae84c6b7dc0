"""Which button is meant by `take`, `2`, `take 142` or `1 #142`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.console.render import Knob
from bot.console.roster import Unclear
from bot.console.screen import Shown

_OF_TICKET = re.compile(r"(.+?)\s+(?:of\s+)?#?(\d{1,9})", re.ASCII)
_MARKS = str.maketrans("", "", ".,:;!?…'\"“”’()[]")

Pressed = tuple[Shown, Knob]


@dataclass(frozen=True, slots=True)
class Aim:
    """Buttons with `words` on them, or with that number; `subjects`: only those of a ticket."""

    words: str
    subjects: frozenset[str] | None = None

    def knobs(self, shown: Shown) -> list[Knob]:
        return [knob for knob in shown.knobs if self.subjects is None or knob.subject in self.subjects]


def find(cards: Iterable[Shown], typed: str) -> Pressed:
    """The button of the latest card that fits. Raises `Unclear` where none does, or where several of one card do."""
    seen = [shown for shown in cards if shown.knobs]
    whole = _found(seen, Aim(typed), (_exactly,))
    of_ticket = _OF_TICKET.fullmatch(typed.strip())
    if whole is None and of_ticket is not None:
        return _of_ticket(seen, of_ticket[1], of_ticket[2])
    found = whole or _numbered(seen, Aim(typed)) or _found(seen, Aim(typed), (_begins, _within))
    if found is None:
        raise Unclear(f'No button "{_quoted(typed)}" is on a card before you.', *_latest(seen))
    return found


def _of_ticket(seen: Sequence[Shown], words: str, number: str) -> Pressed:
    name = f"#{int(number)}"
    subjects = frozenset(subject for shown in seen for subject, text in shown.payload["refs"].items() if text == name)
    if not subjects:
        raise Unclear(f'No card of {name} is before you: "show {int(number)}" brings it.')
    aim = Aim(words, subjects)
    found = _found(seen, aim, (_exactly,)) or _numbered(seen, aim) or _found(seen, aim, (_begins, _within))
    if found is None:
        raise Unclear(f'No card of {name} has a button "{_quoted(words)}".', *_latest([s for s in seen if aim.knobs(s)]))
    return found


def _found(seen: Sequence[Shown], aim: Aim, ways: Sequence[Callable[[str, str], bool]]) -> Pressed | None:
    """The better a way of matching, the more it counts; among equals, the later a card."""
    for fits in ways:
        for shown in seen:
            knobs = [knob for knob in aim.knobs(shown) if fits(folded(aim.words), folded(knob.label))]
            if len(knobs) > 1:
                raise Unclear("Several buttons fit. Which one?", *(_told(knob) for knob in knobs))
            if knobs:
                return shown, knobs[0]
    return None


def _numbered(seen: Sequence[Shown], aim: Aim) -> Pressed | None:
    """By number, on the latest card that has any button of those."""
    for shown in seen:
        knobs = aim.knobs(shown)
        if knobs and aim.words.strip().isdigit():
            return next(((shown, knob) for knob in knobs if knob.mark == aim.words.strip()), None)
    return None


def folded(text: str) -> str:
    return " ".join(text.casefold().translate(_MARKS).split())


def _exactly(typed: str, label: str) -> bool:
    return typed == label


def _begins(typed: str, label: str) -> bool:
    return bool(typed) and label.startswith(typed)


def _within(typed: str, label: str) -> bool:
    return bool(typed) and set(typed.split()) <= set(label.split())


def _told(knob: Knob) -> str:
    return f"  press {knob.mark}: {knob.label}{f' ({knob.about})' if knob.about else ''}"


def _latest(seen: Sequence[Shown]) -> list[str]:
    return [f"The latest has: {' '.join(map(str, seen[0].knobs))}"] if seen else []


def _quoted(text: str) -> str:
    return " ".join(text.split())[:40]
