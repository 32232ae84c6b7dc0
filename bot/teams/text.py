"""Words on their way into Teams: never read as markdown, a mention or a date, on any of its clients.

Cards know two kinds of text. A `TextRun` is shown as it is, but for `{{DATE(...)}}`; a `TextBlock` is read as markdown. Backslashes are no
way out of that: desktop takes them away, phones have shown them or have styled the words all the same. So what means something there is
kept apart by a character of no width, and the three that mark without a partner give way to ones that look the same.
"""

from __future__ import annotations

import re
from typing import Any

from bot.words import NOTHING, clean, cut

Json = dict[str, Any]

JOINER = "\u2060"
"""Of no width, and no line may break there."""
TEXT, LABEL = 3000, 75
_SPECIAL = re.compile(r"\{(?=\{)|<(?=/?[A-Za-z!?])")
_LOOKALIKE = str.maketrans("*_`", "∗ˍˋ")
_MARKS = re.compile(r"[]\\~]|\{(?=\{)|<(?=[A-Za-z/!?])|&(?=[\w#])")
_FIRST = re.compile(r"(?=[-+=>|:]|#+(?:\s|\Z)|\d+[.)])")
_INDENT = re.compile(r"\n\s*")
PLAIN = re.compile(r"[\w ,.;'\"()/·–…!?%$€@-]*")
"""Nothing in words of these alone means anything inside of a line, but for the underscore."""


def inert(text: str) -> str:
    """Cleaned words for a place where Teams reads no markdown: a run, a label, a button."""
    if "{{" not in text and "<" not in text:
        return text
    return _SPECIAL.sub(rf"\g<0>{JOINER}", text)


def unmarked(text: str) -> str:
    """Cleaned words for the middle of a `TextBlock`. What begins a line of its own there begins no list, title or quote."""
    if "_" not in text and PLAIN.fullmatch(text):
        return text
    kept = _MARKS.sub(rf"\g<0>{JOINER}", text.translate(_LOOKALIKE))
    first, *rest = _INDENT.split(kept)
    return "\n\n".join([first, *(at_start(line) for line in rest)])


def at_start(line: str) -> str:
    """A line that is no list, title or quote, whatever it begins with."""
    line = line.lstrip()
    return JOINER + line if _FIRST.match(line) else line


def short(text: str, limit: int) -> str:
    """One line of at most `limit` characters for a button, a label or a hint; a dash stands for an empty one."""
    if len(text) <= limit and text.isascii() and text.isprintable() and "{" not in text and "<" not in text and (shown := text.strip()):
        return shown
    return inert(cut(" ".join(clean(text[: 4 * limit]).split()) or NOTHING, limit))
