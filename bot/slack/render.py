"""Cards as Slack's messages.

All words stand in `rich_text` blocks: their elements are typed, so nothing that a person wrote can become a ping, a link or a style, and
clients have shown them since 2019. (A `header` cannot hold dates, and the text of a `section` would have to be escaped, which Slack offers
for three characters only.) Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import assert_never

from bot.chats import Payload
from bot.reading import Reading
from bot.shaping import bar, first_lines, numbering
from bot.slack import buttons as pressing
from bot.slack.spans import BOLD, ITALIC, Sight, elements, fitted, length, rich, section, small, small_print, words
from bot.slack.text import Json, escaped, plain_text
from bot.words import NOTHING, clean, cut, size
from handlers.cards import Block, Buttons, Card, Choices, Facts, Item, List, Note, Picture, Progress, Quote, Table, Text
from handlers.words import Sentence, joined, say, say_many

IN_MESSAGE, IN_MODAL = 50, 100
ALL_WORDS = 10_000
"""All texts of a message together; Slack refuses somewhat above 12,000 (`msg_blocks_too_long`)."""
LINE = 3000
ALT = 2000
NOTICE = 600
"""The notification's text: chat.update takes 4,000 bytes, escaping makes up to five of one."""
IN_LIST, IN_ITEM = 20, 300
"""Items of a list; characters of each of an item's lines."""
CELL, COLUMNS, ROWS = 40, 20, 100


def render(card: Card, reading: Reading, users: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None) -> Payload:
    """The card as arguments of chat.postMessage: `text` for notifications and screen readers, `blocks` for all else.

    `users` (person id -> Slack's user id) lets mentions ping; `files` (content hash -> id of an uploaded file) lets pictures be seen.
    """
    sight = Sight(reading, users or {}, files or {})
    return {"text": notice(sight, card), "blocks": blocks(sight, card, IN_MESSAGE)}


def notice(sight: Sight, card: Card) -> str:
    """The card as one short text, escaped: the title, its state and the first lines."""
    return escaped(cut(first_lines(card, sight.text), NOTICE)) or NOTHING


def blocks(sight: Sight, card: Card, most: int) -> list[Json]:
    """The card as at most `most` blocks; what does not fit is left out and the last block says so."""
    sheet = Sheet(sight, most)
    sheet.title(card)
    for at, block in enumerate(card.blocks):
        sheet.room_after = len(card.blocks) - at - 1
        sheet.draw(block)
    return sheet.finished()


class Sheet:
    """The blocks of one message while they are drawn, and how much room is left."""

    def __init__(self, sight: Sight, most: int) -> None:
        self.sight = sight
        self.most = most
        self.blocks: list[Json] = []
        self.words_left = ALL_WORDS
        self.room_after = 0
        """Blocks of the card that are still to come: a list leaves room for them."""
        self.numbers = itertools.count(1)

    # ------------------------------------------------------------ putting

    def put(self, *made: Json | None) -> None:
        for one in made:
            if one is not None:
                self.blocks.append(one)

    def line(self, parts: list[Json]) -> None:
        """Elements as a line of rich text, within the words that are left."""
        limit, long = min(LINE, self.words_left), length(parts)
        fit = parts if long <= limit else fitted(parts, limit)
        if fit:
            self.words_left -= min(long, limit)
            self.put(rich(section(fit)))

    def note(self, sentence: Sentence) -> None:
        limit = min(LINE, self.words_left)
        if limit > 0:
            made, long = small_print(self.sight, sentence, limit)
            self.words_left -= min(limit, long)
            self.put(made)

    def finished(self) -> list[Json]:
        if len(self.blocks) > self.most or self.words_left <= 0:
            last = small(self.sight, say("There is more than can be shown here."))
            return [*self.blocks[: self.most - 1], *([last] if last else [])]
        return self.blocks or [rich(section([{"type": "text", "text": NOTHING}]))]

    # ------------------------------------------------------------ drawing

    def title(self, card: Card) -> None:
        parts = elements(self.sight, card.title, BOLD)
        if card.state is not None and (state := elements(self.sight, card.state, ITALIC)):
            parts += [{"type": "text", "text": "  ·  "}, *state]
        self.line(parts)

    def draw(self, block: Block) -> None:
        match block:
            case Text():
                self.line(elements(self.sight, block.line))
            case Note():
                self.note(block.line)
            case Buttons():
                self.put(*pressing.actions(pressing.row(self.sight, self.numbers, block)))
            case Quote():
                self.quote(block)
            case Facts():
                self.facts(block)
            case Progress():
                self.progress(block)
            case Picture():
                self.picture(block)
            case List():
                self.listing(block)
            case Table():
                self.table(block)
            case Choices():
                self.choices(block)
            case _:
                assert_never(block)

    def quote(self, block: Quote) -> None:
        shown = words(cut(clean(block.text), min(LINE, max(self.words_left, 1))))
        if shown is not None:
            self.words_left -= size(shown["text"])
            self.put(rich({"type": "rich_text_quote", "elements": [shown]}))
        if block.by is not None:
            self.note(say("– {who}", who=block.by))

    def facts(self, block: Facts) -> None:
        parts: list[Json] = []
        for label, value in block.pairs:
            colon = words(("\n" if parts else "") + self.sight.text(label) + ": ", BOLD)
            parts += [*filter(None, [colon]), *(elements(self.sight, value) or [{"type": "text", "text": NOTHING}])]
        self.line(parts)

    def progress(self, block: Progress) -> None:
        drawn = words(f"{bar(block)}  ")
        count = say("{done} of {total}", done=block.done, total=block.total)
        self.line([*filter(None, [drawn]), *elements(self.sight, joined((block.label, count)))])

    def picture(self, block: Picture) -> None:
        """An uploaded picture; where it is not uploaded, the words that describe it."""
        alt = plain_text(self.sight.text(block.alt), ALT)["text"]
        if block.file in self.sight.files:
            self.put({"type": "image", "slack_file": {"id": self.sight.files[block.file]}, "alt_text": alt})
        else:
            self.note(say("Picture: {alt}", alt=block.alt))

    def choices(self, block: Choices) -> None:
        """Numbered sentences and a button for each number; short choices need no numbers, their buttons say it all."""
        if not block.numbered:
            self.put(*pressing.actions([pressing.button(self.sight, self.numbers, one) for one in block.items]))
            return
        marks = numbering(block)
        parts: list[Json] = []
        for mark, one in zip(marks, block.items, strict=True):
            number = words(("\n" if parts else "") + f"{mark}  ", BOLD)
            parts += [*filter(None, [number]), *elements(self.sight, one.label)]
        self.line(parts)
        made = [pressing.button(self.sight, self.numbers, one, mark) for mark, one in zip(marks, block.items, strict=True)]
        self.put(*pressing.actions(made))

    def listing(self, block: List) -> None:
        shown = 0
        for item in block.items[:IN_LIST]:
            needed = 2 if item.buttons else 1
            if len(self.blocks) + needed + 1 + 2 * self.room_after > self.most or self.words_left <= 0:
                break
            self.item(item)
            shown += 1
        more = max(block.total, len(block.items)) - shown
        if more > 0:
            self.note(say_many("{n} more", "{n} more", more))

    def item(self, item: Item) -> None:
        facts = [words("\n"), *fitted(elements(self.sight, item.facts), IN_ITEM)] if item.facts is not None else []
        self.line([*fitted(elements(self.sight, item.line), IN_ITEM), *(one for one in facts if one is not None)])
        self.put(*pressing.actions([pressing.button(self.sight, self.numbers, one) for one in item.buttons]))

    def table(self, block: Table) -> None:
        """Columns of even width in fixed-width letters, which the oldest clients show as well."""
        rows = (block.header, *block.rows[:ROWS])
        lines = aligned([[cut(" ".join(self.sight.text(cell, 4 * CELL).split()), CELL) for cell in row[:COLUMNS]] for row in rows])
        text, left_out = fitting(lines, min(LINE, self.words_left))
        left_out += len(block.rows) - len(rows) + 1
        if text:
            self.words_left -= size(text)
            self.put(rich({"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}))
        if left_out:
            self.note(say_many("{n} more row", "{n} more rows", left_out))


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows of cells as lines in which each column begins at the same place."""
    widths = [max(len(cell) for cell in column) for column in itertools.zip_longest(*rows, fillvalue="")]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows]


def fitting(lines: list[str], limit: int) -> tuple[str, int]:
    """As many lines as fit, and how many are left out."""
    kept = list(lines)
    while kept and size("\n".join(kept)) > limit:
        kept.pop()
    return "\n".join(kept), len(lines) - len(kept)
