"""A form asked in words: one field after the other, each answer checked before the next question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.console.roster import Unclear
from bot.console.screen import Shown
from bot.console.text import one_line
from bot.reading import Reading
from handlers.core import FormValue, Where
from handlers.forms import Field, Form, Option
from handlers.words import Sentence

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
CLEARED = "-"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What is needed to read answers: days in words (on the person's own clock), and people by name (as the value that a form carries)."""

    day: Callable[[str], datetime | None]
    person: Callable[[str], str]


@dataclass(slots=True)
class Asking:
    """An open form of one person. `fields` are those still to be asked; it was opened in `where`, by a button of the message `pressed`."""

    form: Form
    reading: Reading
    where: Where
    pressed: Shown | None = None
    fields: list[Field] = field(default_factory=list)
    values: dict[str, FormValue] = field(default_factory=dict)

    @classmethod
    def begin(cls, form: Form, reading: Reading, where: Where, pressed: Shown | None = None) -> Asking:
        return cls(form, reading, where, pressed, [one for one in form.fields if one.kind != "file"])

    def opening(self) -> list[str]:
        intro = [self.text(self.form.intro)] if self.form.intro is not None else []
        unasked = [f"{self.text(one.label)}: a file cannot be sent here." for one in self.form.fields if one.kind == "file"]
        return [f'{self.text(self.form.title)}: answer line by line ("?" explains, "cancel" stops).', *intro, *unasked]

    def question(self) -> list[str]:
        """The next field, with its choices numbered."""
        asked = self.fields[0]
        kept = self._shown(asked)
        needed = "" if asked.required else " (optional: an empty line skips it)"
        last = f" (an empty line keeps: {kept})" if kept else needed
        return [f"  {self.text(asked.label)}{last}", *self._options(asked)]

    def explained(self) -> list[str]:
        asked = self.fields[0]
        hint = [f"  {self.text(asked.hint)}"] if asked.hint is not None else []
        return [*hint, f"  {_MANNER.get(asked.kind, 'Words, on one line.')}", *self.question()]

    def take(self, typed: str, understanding: Understanding) -> None:
        """An answer to the next field. Raises `Unclear` where it does not fit."""
        asked = self.fields[0]
        if not typed and asked.required and not asked.initial:
            raise Unclear("  This one is needed.", *self.question())
        self.values[asked.key] = self._value(asked, typed, understanding)
        self.fields.pop(0)

    def again(self, errors: Sequence[str]) -> None:
        """Asks those fields again that were refused (all, if the refusal names none of them), keeping what was typed."""
        form = self.form.filled(self.values)
        refused = [one for one in form.fields if one.key in errors]
        self.fields = refused or [one for one in form.fields if one.kind != "file"]

    def text(self, sentence: Sentence) -> str:
        return one_line(self.reading.text(sentence))

    # ------------------------------------------------------------ one field

    def _value(self, asked: Field, typed: str, understanding: Understanding) -> FormValue:
        if not typed:
            return asked.initial
        if typed == CLEARED and not asked.required:
            return ""
        if len(typed) > asked.longest:
            raise Unclear(f"  That is longer than {asked.longest:,} characters.")
        return self._read(asked, typed, understanding)

    def _read(self, asked: Field, typed: str, understanding: Understanding) -> FormValue:
        match asked.kind:
            case "choice":
                return self._choice(asked, typed)
            case "choices":
                return tuple(dict.fromkeys(self._choice(asked, part.strip()) for part in typed.split(",") if part.strip()))
            case "people":
                return tuple(dict.fromkeys(understanding.person(part.strip()) for part in typed.split(",") if part.strip()))
            case "date":
                return _day(typed, understanding)
            case "time":
                return _time(typed)
            case "rating" if typed not in tuple("12345"):
                raise Unclear("  Please give a number from 1 to 5.")
            case _:
                return typed

    def _choice(self, asked: Field, typed: str) -> str:
        """By the label, by its number in the list, or by the beginning of exactly one label."""
        wanted = typed.casefold()
        labels = [(option, self.text(option.label).casefold()) for option in asked.options]
        exact = [option for option, label in labels if wanted in (label, option.value.casefold())]
        if not exact and typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= len(asked.options):
            exact = [asked.options[int(typed) - 1]]
        found = exact or [option for option, label in labels if label.startswith(wanted)] or _containing(labels, wanted)
        if len(found) != 1:
            raise Unclear(f"  {'Several choices fit' if found else 'None of the choices fits'}.", *self._options(asked))
        return found[0].value

    def _options(self, asked: Field) -> list[str]:
        return [f"    {at} {self.text(option.label)}" for at, option in enumerate(asked.options, 1)]

    def _shown(self, asked: Field) -> str:
        """What an empty line keeps, as people read it."""
        labels = {option.value: self.text(option.label) for option in asked.options}
        values = (asked.initial,) if isinstance(asked.initial, str) else asked.initial
        return one_line(", ".join(labels.get(value, value) for value in values if value), 100)


def _containing(labels: Sequence[tuple[Option, str]], wanted: str) -> list[Option]:
    return [option for option, label in labels if wanted in label]


def _day(typed: str, understanding: Understanding) -> str:
    found = understanding.day(typed)
    if found is None:
        raise Unclear("  Please give a day, such as tomorrow, next Monday or 2026-12-01.")
    return found.date().isoformat()


def _time(typed: str) -> str:
    found = _TIME.fullmatch(typed)
    if found is None:
        raise Unclear("  Please give a time, such as 09:30.")
    return f"{int(found[1]):02}:{found[2]}"


_MANNER = {
    "choice": "A number of the list, or its words.",
    "choices": "Numbers or words of the list, with commas between them.",
    "people": "Names or e-mails, with commas between them.",
    "date": "A day: tomorrow, next Monday, 2026-12-01.",
    "time": "A time: 09:30.",
    "number": "A number.",
    "money": "An amount, such as 120.50.",
    "rating": "A number from 1 to 5.",
}
