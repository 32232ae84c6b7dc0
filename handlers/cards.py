"""The closed vocabulary of what can be shown: a card is a pure function of state, and each renderer is one `match` over these blocks.

Platform limits are applied in renderers only. Inputs live in forms only (`handlers/forms.py`).
"""

from __future__ import annotations

from typing import Literal

from handlers.frozen import dataclass
from handlers.words import Sentence


@dataclass(frozen=True, slots=True)
class Text:
    """A line of running text."""

    line: Sentence


@dataclass(frozen=True, slots=True)
class Note:
    """A line in small print: context, hints, what happens next."""

    line: Sentence


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a person, set apart. `by` names them."""

    text: str
    by: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, side by side or one under the other as the surface has room."""

    pairs: tuple[tuple[Sentence, Sentence], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far: `done` of `total`."""

    done: int
    total: int
    label: Sentence


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture by its content hash, with words for those who cannot see it."""

    file: str
    alt: Sentence


Style = Literal["plain", "primary", "danger"]


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. With `opens` it opens that form; else it is a Press of `action`. `value` tells choices of one action apart."""

    label: Sentence
    action: str
    subject: str
    version: int = 0
    value: str = ""
    opens: str | None = None
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Buttons:
    """At most three in a row, the likeliest first; the rest under "More"."""

    row: tuple[Button, ...]
    more: tuple[Button, ...] = ()

    def __post_init__(self) -> None:
        if len(self.row) > 3:
            raise ValueError(f"{len(self.row)} buttons in a row: at most three, the rest goes under more")


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a list."""

    line: Sentence
    facts: Sentence | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class List:
    """Rows, cut to the surface's limit with "n more". `total` counts those that were not fetched too."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in columns."""

    header: tuple[Sentence, ...]
    rows: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Numbered sentences with one button each: levels, polls, the three likeliest categories."""

    items: tuple[Button, ...]
    numbered: bool = True


Block = Text | Note | Quote | Facts | Progress | Picture | Buttons | List | Table | Choices


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown. The title alone must make sense as a phone notification; `state` stands beside it ("on hold")."""

    title: Sentence
    blocks: tuple[Block, ...] = ()
    state: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A card with example data: rendered for all surfaces, compared with golden files and checked for parity."""

    name: str
    card: Card
