"""How blocks of a card read in every chat: numbers of choices, bars, and the lines that a notification shows."""

from __future__ import annotations

from collections.abc import Callable

from handlers.cards import Card, Choices, Progress, Text
from handlers.words import Sentence, joined

BAR = 10


def first_lines(card: Card, text: Callable[[Sentence], str]) -> str:
    """The title with its state, and the first two lines below it."""
    lines = [block.line for block in card.blocks if isinstance(block, Text)][:2]
    head = [card.title] if card.state is None else [joined((card.title, card.state))]
    return "\n".join(filter(None, (text(line).strip() for line in (*head, *lines))))


def bar(block: Progress) -> str:
    """How far, in ten characters."""
    full = round(BAR * min(max(block.done, 0), block.total) / block.total) if block.total > 0 else 0
    return "█" * full + "░" * (BAR - full)


def numbering(block: Choices) -> list[str]:
    """The numbers people see: those of the values where all are numbers (levels 0 to 5), else from 1."""
    values = [one.value for one in block.items]
    if values and all(value.isascii() and value.isdigit() for value in values):
        return values
    return [str(at) for at in range(1, len(values) + 1)]
