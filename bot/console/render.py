"""Cards as plain text. Every button gets a number, and the payload says what each number means."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import assert_never

from bot.chats import Payload
from bot.console.text import lines as lines_of
from bot.console.text import one_line
from bot.reading import Reading
from bot.shaping import bar
from handlers.cards import Block, Button, Buttons, Card, Choices, Facts, Item, List, Note, Picture, Progress, Quote, Table, Text
from handlers.words import Bold, Code, Mention, Name, Plain, Ref, Sentence, Span, Web, When, say, say_many

IN_LIST = 30
CELL = 40


@dataclass(frozen=True, slots=True)
class Knob:
    """A button as it was shown: `mark` is its number, `about` the row in which it stands."""

    mark: str
    label: str
    action: str
    subject: str
    version: int
    value: str = ""
    about: str = ""

    def __str__(self) -> str:
        return f"[{self.mark}]" if self.label == self.mark else f"[{self.mark} {self.label}]"


def render(card: Card, reading: Reading) -> Payload:
    """The `title`, the `lines` to print (it is in the first), the `buttons` in them, and `refs`: subjects by name ("#142")."""
    drawing = Drawing(reading, reserved(card, reading))
    drawing.card(card)
    return {
        "title": drawing.text(card.title),
        "lines": drawing.lines,
        "buttons": [asdict(knob) for knob in drawing.knobs],
        "refs": drawing.refs,
    }


def knobs(payload: Payload) -> list[Knob]:
    return [Knob(**facts) for facts in payload["buttons"]]


def reserved(card: Card, reading: Reading) -> frozenset[str]:
    """Numbers that the card itself gives to buttons (levels 0 to 5, stars): no other button gets one of them."""
    choices = [block for block in card.blocks if isinstance(block, Choices)]
    return frozenset(mark for block in choices for mark in numbering(block, reading))


def numbering(block: Choices, reading: Reading) -> list[str]:
    """What choices number themselves with: levels by their values, stars by their labels. Nothing where these are no numbers."""
    own = [one.value if block.numbered else reading.text(one.label) for one in block.items]
    return own if own and all(text.isascii() and text.isdigit() for text in own) else []


class Drawing:
    """The lines of one card while it is drawn."""

    def __init__(self, reading: Reading, taken: frozenset[str]) -> None:
        self.reading = reading
        self.lines: list[str] = []
        self.knobs: list[Knob] = []
        self.refs: dict[str, str] = {}
        self._marks: Iterator[str] = (str(n) for n in itertools.count(1) if str(n) not in taken)

    def card(self, card: Card) -> None:
        state = f"  [{self.text(card.state)}]" if card.state is not None else ""
        self.lines.append(self.text(card.title) + state)
        for block in card.blocks:
            self.draw(block)

    def draw(self, block: Block) -> None:
        match block:
            case Text(line) | Note(line):
                self.put(self.text(line))
            case Quote():
                self.quote(block)
            case Facts():
                self.put(*(f"{self.text(label)}: {self.text(value)}" for label, value in block.pairs))
            case Progress():
                self.progress(block)
            case Picture():
                self.put(self.text(say("(picture: {alt})", alt=block.alt)))
            case Buttons():
                self.buttons(block)
            case List():
                self.listing(block)
            case Table():
                self.put(*aligned([[self.cell(cell) for cell in row] for row in (block.header, *block.rows)]))
            case Choices():
                self.choices(block)
            case _:
                assert_never(block)

    # ------------------------------------------------------------ words

    def put(self, *lines: str) -> None:
        self.lines += [f"  {line}".rstrip() for line in lines]

    def text(self, sentence: Sentence) -> str:
        return one_line("".join(self.span(span) for span in self.reading.spans(sentence)))

    def span(self, span: Span) -> str:
        match span:
            case Plain(text) | Bold(text) | Name(text):
                return text
            case Code(text):
                return f"`{text}`"
            case Web(url, text):
                return f"{text} ({url})"
            case Mention(_, text):
                return f"@{text}"
            case When():
                return self.reading.moment(span)
            case Ref(subject, text):
                self.refs[subject] = text
                return text
            case _:
                assert_never(span)

    def cell(self, sentence: Sentence) -> str:
        return one_line(self.text(sentence), CELL)

    # ------------------------------------------------------------ blocks

    def quote(self, block: Quote) -> None:
        self.put(*(f"│ {line}" for line in lines_of(block.text)))
        if block.by is not None:
            self.put(f"│ — {self.text(block.by)}")

    def progress(self, block: Progress) -> None:
        count = self.text(say("{done} of {total}", done=block.done, total=block.total))
        self.put(f"{bar(block)}  {self.text(block.label)} · {count}")

    def buttons(self, block: Buttons) -> None:
        self.row(block.row)
        if block.more:
            self.row(block.more, self.text(say("More:")) + " ")

    def row(self, buttons: Iterable[Button], before: str = "", about: str = "") -> None:
        made = [self.knob(button, about=about) for button in buttons]
        if made:
            self.put(before + " ".join(map(str, made)))

    def knob(self, button: Button, mark: str = "", about: str = "") -> Knob:
        action = f"open:{button.opens}" if button.opens else button.action
        label = self.text(button.label)
        made = Knob(mark or next(self._marks), label, action, button.subject, button.version, button.value, about)
        self.knobs.append(made)
        return made

    def choices(self, block: Choices) -> None:
        """Numbered sentences one below the other; choices that say all in a word stand side by side."""
        own = numbering(block, self.reading)
        marks = own or [next(self._marks) for _ in block.items]
        made = [self.knob(button, mark) for button, mark in zip(block.items, marks, strict=True)]
        if block.numbered:
            self.put(*(f"[{knob.mark}] {knob.label}" for knob in made))
        else:
            self.put(" ".join(map(str, made)))

    def listing(self, block: List) -> None:
        for item in block.items[:IN_LIST]:
            self.item(item)
        more = max(block.total, len(block.items)) - min(len(block.items), IN_LIST)
        if more > 0:
            self.put(self.text(say_many("{n} more", "{n} more", more)))

    def item(self, item: Item) -> None:
        line = self.text(item.line)
        self.put(f"- {line}")
        if item.facts is not None:
            self.put(f"  {self.text(item.facts)}")
        self.row(item.buttons, "  ", line)


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows of cells as lines in which each column begins at the same place."""
    widths = [max(map(len, column)) for column in itertools.zip_longest(*rows, fillvalue="")]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows]


def sentence_lines(sentences: Iterable[Sentence], reading: Reading) -> list[str]:
    return [one_line(reading.text(sentence)) for sentence in sentences]
