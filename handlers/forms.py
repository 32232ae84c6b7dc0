"""What people fill in. Slack draws a modal, Teams a dialog, a page a web form, mail and console ask in words.

A form is minted with a one-time number, so that a second submission of the same form is answered like the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from handlers.cards import Card
from handlers.frozen import dataclass, replace
from handlers.words import Sentence

FieldKind = Literal["text", "long", "choice", "choices", "people", "date", "time", "number", "money", "rating", "file"]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Sentence


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `longest` is in characters; `initial` is a value as it would be submitted."""

    key: str
    kind: FieldKind
    label: Sentence
    required: bool = True
    hint: Sentence | None = None
    options: tuple[Option, ...] = ()
    initial: str | tuple[str, ...] = ""
    longest: int = 3000


@dataclass(frozen=True, slots=True)
class Form:
    """`name` picks the handler of its submission; `subject` and `version` are what it was opened on; `once` is its one-time number."""

    name: str
    title: Sentence
    fields: tuple[Field, ...]
    submit: Sentence
    subject: str = ""
    version: int = 0
    once: str = ""
    intro: Sentence | None = None

    def filled(self, values: Mapping[str, str | tuple[str, ...]]) -> Form:
        """The same form with what was already typed."""
        return replace(self, fields=tuple(replace(f, initial=values.get(f.key, f.initial)) for f in self.fields))


@dataclass(frozen=True, slots=True)
class Invalid:
    """What is wrong with a submission: a sentence for each field (key) concerned. The form stays open with its values."""

    errors: Mapping[str, Sentence]


@dataclass(frozen=True, slots=True)
class Show:
    """The answer to an act, by name: a view of a subject, drawn after the commit. It is what a redelivery is answered with too.

    `quiet`: where the pressed card is a post, its redraw is answer enough; elsewhere (a card only the presser has) this replaces it.
    """

    view: str
    subject: str
    version: int = 0
    quiet: bool = False


Reply = Card | Form | Invalid | Show | None
