"""Words of people made harmless for a terminal: nothing they wrote can move the cursor, colour the screen or hide what stands there."""

from __future__ import annotations

import unicodedata

LINE, WORDS = 300, 1200
REPLACED = "\N{REPLACEMENT CHARACTER}"
_KEPT = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
_BREAKS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\v": "\n", "\f": "\n"}


def harmless(text: str) -> str:
    """Control characters become a visible mark, marks that only turn the direction of writing go; line breaks stay."""
    for one, other in _BREAKS.items():
        text = text.replace(one, other)
    return text if text.isascii() and text.isprintable() else "".join(map(_harmless, text))


def _harmless(letter: str) -> str:
    if letter == "\n" or letter in _KEPT:
        return letter
    if letter == "\t":
        return " "
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return REPLACED if category in ("Cc", "Cs") else letter


def one_line(text: str, longest: int = LINE) -> str:
    """The text on a single line, cut where it is too long."""
    return cut(" ".join(harmless(text).split()), longest)


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def lines(text: str, longest: int = WORDS) -> list[str]:
    """The text as lines; what is left out is counted."""
    shown = harmless(text[: longest + 1]).strip("\n")
    found = [line.rstrip() for line in cut(shown, longest).split("\n")]
    return found if len(text) <= longest else [*found, f"({len(text) - longest:,} characters more)"]
