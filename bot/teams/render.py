"""Cards as Adaptive Cards 1.5, the version that Teams shows everywhere.

Words stand in `RichTextBlock`, which reads no markdown, so nothing that a person wrote can become a link or a style; only a line with a
date, a link or a mention is a `TextBlock` (see `text`). Facts are columns rather than a `FactSet`, whose values are markdown too.
A message has to stay under 28 KB: a card is drawn with long lines first, and with shorter ones until it fits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

import orjson

from bot.chats import Payload
from bot.reading import Reading
from bot.shaping import bar, first_lines, numbering
from bot.teams import buttons as pressing
from bot.teams.spans import SMALL, TITLE, USUAL, Look, Sight, fitted, line, runs
from bot.teams.text import Json, inert
from bot.words import NOTHING, cut, safe_address, size
from handlers.cards import Block, Buttons, Card, Choices, Facts, Item, List, Note, Picture, Progress, Quote, Table, Text
from handlers.frozen import dataclass
from handlers.words import Bold, Plain, Sentence, Span, Web, joined, say, say_many

BUDGET = 24_000
"""Bytes of a card with its summary: the rest of 28 KB is for addresses, and for whom the card is refreshed."""
NOTICE, ALT = 300, 500
CELL, COLUMNS = 200, 8
WIDE = 40
LABELS = "120px"
CLOSE = {"spacing": "Small"}


@dataclass(frozen=True, slots=True)
class Fit:
    """How much is shown: characters in a line, rows of a list and of a table."""

    line: int
    items: int
    rows: int


FITS = (Fit(3000, 20, 50), Fit(1500, 15, 30), Fit(700, 10, 20), Fit(300, 6, 10), Fit(100, 3, 5))


def render(
    card: Card,
    reading: Reading,
    users: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    *,
    link: str = "",
    posted: bool = False,
) -> Payload:
    """The card as `summary` (what a notification says, plain text) and `card` (an Adaptive Card), together under 24,000 bytes of JSON.

    `users` (person id -> aadObjectId) lets mentions ping; `files` (content hash -> https address) lets pictures be seen; `link` is where
    all of it can be read, for a card of which something had to be left out. `posted`: it is a post, which is redrawn.
    """
    sight = Sight(reading, users or {}, files or {}, link, posted=posted)
    summary = inert(cut(first_lines(card, sight.text), NOTICE)) or NOTHING

    def around(body: list[Json], sheet: Sight) -> Json:
        return {"summary": summary, "card": framed(body, sheet, {"fallbackText": summary}, wide=is_wide(card))}

    return drawn(sight, card, around)


def is_wide(card: Card) -> bool:
    """Whether it has rows that need all the room there is."""
    return any(isinstance(block, List | Table) for block in card.blocks)


def framed(body: list[Json], sight: Sight, more: Json, *, wide: bool = False) -> Json:
    """Elements as an Adaptive Card."""
    entities = sight.called.entities(orjson.dumps(body).decode())
    teams: Json = ({"width": "Full"} if wide else {}) | ({"entities": entities} if entities else {})
    return {"type": "AdaptiveCard", "version": "1.5", **more, "body": body} | ({"msteams": teams} if teams else {})


def drawn(sight: Sight, card: Card, around: Callable[[list[Json], Sight], Json]) -> Json:
    """The card in its frame, with lines as long as the budget allows; in the end elements are left out."""
    for fit in FITS:
        sheet = Sheet(sight.afresh(), fit)
        made = around(sheet.card(card), sheet.sight)
        if weight(made) <= BUDGET:
            return made
    kept = within(sheet.body, BUDGET - weight(around([sheet.rest()], sheet.sight)))
    return around([*kept, sheet.rest()], sheet.sight)


def weight(made: object) -> int:
    """Bytes of UTF-8 JSON."""
    return len(orjson.dumps(made))


def within(body: list[Json], room: int) -> list[Json]:
    """The elements that have room, in their order; buttons first, so that people can still act."""
    kept: set[int] = set()
    for at in sorted(range(len(body)), key=lambda at: body[at]["type"] != "ActionSet"):
        if (needed := weight(body[at]) + 1) <= room:
            kept.add(at)
            room -= needed
    return [one for at, one in enumerate(body) if at in kept]


class Sheet:
    """The elements of one card while they are drawn, and whether all of it was."""

    def __init__(self, sight: Sight, fit: Fit) -> None:
        self.sight = sight
        self.fit = fit
        self.body: list[Json] = []
        self.is_whole = True

    def card(self, card: Card) -> list[Json]:
        self.title(card)
        for before, block in zip((None, *card.blocks), card.blocks, strict=False):
            start = len(self.body)
            self.draw(block)
            if isinstance(before, List) and len(self.body) > start:
                self.body[start]["spacing"] = "Large"
        return self.body if self.is_whole else [*self.body, self.rest()]

    def rest(self) -> Json:
        """Says that there is more, and where."""
        told = say("There is more than can be shown here.")
        if self.sight.link:
            told = joined((told, Web(self.sight.link, self.sight.text(say("Open it in full")))), " ")
        made = self.line(told, SMALL)
        assert made is not None
        return made

    # ------------------------------------------------------------ putting

    def put(self, *made: Json | None, **layout: object) -> None:
        self.body += [{**one, **layout} for one in made if one is not None]

    def line(self, sentence: Sentence, look: Look = USUAL, limit: int | None = None) -> Json | None:
        return self.spans(self.sight.reading.spans(sentence), look, limit)

    def spans(self, spans: tuple[Span, ...], look: Look = USUAL, limit: int | None = None) -> Json | None:
        kept, is_whole = fitted(self.sight, spans, min(limit or self.fit.line, self.fit.line))
        self.is_whole &= is_whole
        return line(self.sight, kept, look)

    def note(self, sentence: Sentence) -> None:
        """Small print: close to the line above it, but not to a button or a quote."""
        above = self.body[-1]["type"] if self.body else ""
        self.put(self.line(sentence, SMALL), **(CLOSE if above in ("TextBlock", "RichTextBlock") else {}))

    # ------------------------------------------------------------ drawing

    def title(self, card: Card) -> None:
        """The title, and its state beside it; below it where the title cannot hold two styles."""
        title = self.line(card.title, TITLE) or {"type": "RichTextBlock", "inlines": runs((Plain(NOTHING),), TITLE)}
        state = self.line(card.state, {"isSubtle": True}) if card.state is not None else None
        if state and title["type"] == state["type"] == "RichTextBlock":
            between = runs((Plain("·"),), {"isSubtle": True})[0]
            title["inlines"] += [{**between, "text": "  ·  "}, *state["inlines"]]
            state = None
        self.put(title)
        self.put(state, spacing="None")

    def draw(self, block: Block) -> None:
        match block:
            case Text():
                self.put(self.line(block.line))
            case Note():
                self.note(block.line)
            case Buttons():
                self.is_whole &= len(block.more) <= pressing.IN_MENU
                self.put(*pressing.row(self.sight, block))
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
        text = self.spans((Plain(block.text.strip("\n")),))
        by = self.line(say("– {who}", who=block.by), SMALL) if block.by is not None else None
        items = [one for one in (text, by) if one is not None]
        if items:
            self.put({"type": "Container", "style": "emphasis", "items": [items[0], *({**one, **CLOSE} for one in items[1:])]})

    def facts(self, block: Facts) -> None:
        for at, (label, value) in enumerate(block.pairs):
            shown = self.line(value) or {"type": "RichTextBlock", "inlines": runs((Plain(NOTHING),))}
            name = self.line(label, {"weight": "Bolder"})
            columns = [
                {"type": "Column", "width": LABELS, "items": [name] if name else []},
                {"type": "Column", "width": "stretch", "items": [shown]},
            ]
            self.put({"type": "ColumnSet", "columns": columns}, **(CLOSE if at else {}))

    def progress(self, block: Progress) -> None:
        count = say("{done} of {total}", done=block.done, total=block.total)
        spans = self.sight.reading.spans(joined((block.label, count)))
        self.put(self.spans((Plain(f"{bar(block)}  "), *spans)))

    def picture(self, block: Picture) -> None:
        """A picture that can be fetched; otherwise the words that describe it."""
        address = safe_address(self.sight.files.get(block.file, ""))
        if address is None or address.startswith("mailto:"):
            self.note(say("Picture: {alt}", alt=block.alt))
        else:
            alt = inert(cut(self.sight.text(block.alt).strip() or NOTHING, ALT))
            self.put({"type": "Image", "url": address, "altText": alt, "msteams": {"allowExpand": True}})

    def choices(self, block: Choices) -> None:
        """Numbered sentences and a button for each number; short choices need no numbers, their buttons say it all."""
        if not block.numbered:
            self.put(*pressing.sets([pressing.action(self.sight, one) for one in block.items]))
            return
        marks = numbering(block)
        for at, (mark, one) in enumerate(zip(marks, block.items, strict=True)):
            spans = self.sight.reading.spans(one.label)
            self.put(self.spans((Bold(mark), Plain("  "), *spans)), **(CLOSE if at else {}))
        self.put(*pressing.sets([pressing.action(self.sight, one, mark) for mark, one in zip(marks, block.items, strict=True)]))

    def listing(self, block: List) -> None:
        shown = block.items[: self.fit.items]
        for item in shown:
            self.item(item)
        more = max(block.total, len(block.items)) - len(shown)
        if more > 0:
            self.note(say_many("{n} more", "{n} more", more))

    def item(self, item: Item) -> None:
        items = [self.line(item.line, limit=300)]
        if item.facts is not None and (facts := self.line(item.facts, SMALL, limit=300)):
            items.append({**facts, "spacing": "None"})
        items += [{**one, **CLOSE} for one in pressing.sets([pressing.action(self.sight, one) for one in item.buttons])]
        self.put({"type": "Container", "items": [one for one in items if one], "separator": True, "spacing": "Medium"})

    def table(self, block: Table) -> None:
        rows = (block.header, *block.rows[: self.fit.rows])
        width = max(map(len, rows))
        self.is_whole &= width <= COLUMNS
        if width:
            columns = [{"width": self.width(rows, at)} for at in range(min(width, COLUMNS))]
            drawn = [self.row(row, len(columns), {"weight": "Bolder"} if row is block.header else USUAL) for row in rows]
            self.put({"type": "Table", "columns": columns, "rows": drawn, "firstRowAsHeaders": True, "showGridLines": False})
        if left_out := len(block.rows) - len(rows) + 1:
            self.note(say_many("{n} more row", "{n} more rows", left_out))

    def width(self, rows: tuple[tuple[Sentence, ...], ...], at: int) -> int:
        """The weight of a column: what is longest in it, so that figures leave their room to words."""
        return 1 + min(WIDE, max(size(self.sight.text(row[at], 4 * WIDE)) for row in rows if at < len(row))) // 8

    def row(self, row: tuple[Sentence, ...], count: int, look: Look) -> Json:
        cells = [self.line(cell, look, CELL) for cell in row[:count]]
        cells += [None] * (count - len(cells))
        return {"type": "TableRow", "cells": [{"type": "TableCell", "items": [cell] if cell else []} for cell in cells]}
