"""What a person reads: the plain words of a message or card, after the client's own markup was applied."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.teams.model import Json, User

_DATE = re.compile(r"\{\{(DATE|TIME)\(([^,()]+)(?:,\s*(SHORT|LONG|COMPACT))?\)\}\}")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>~|&])")
_FORMATS = {
    "COMPACT": "{0.month}/{0.day}/{0.year}",
    "SHORT": "{0:%a}, {0:%b} {0.day}, {0.year}",
    "LONG": "{0:%A}, {0:%B} {0.day}, {0.year}",
}


def dated(text: str, user: User) -> str:
    """Times in the person's own zone in place of `{{DATE(...)}}` and `{{TIME(...)}}`; what is not written as documented stays as it is."""

    def shown(found: re.Match[str]) -> str:
        try:
            moment = datetime.fromisoformat(found[2].strip()).astimezone(ZoneInfo(user.tz))
        except ValueError:
            return found[0]
        if found[1] == "TIME":
            return f"{moment:%I:%M %p}".lstrip("0")
        return _FORMATS[found[3] or "COMPACT"].format(moment)

    return _DATE.sub(shown, text)


def markdown(text: str) -> str:
    """The words of the markdown that a TextBlock knows: bold, italic, links, lists."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[1])
        return f"\x00{len(kept) - 1}\x00"

    text = _ESCAPED.sub(keep, text)
    text = re.sub(r"\[([^\]\n]+)\]\([^()\s]+\)", r"\1", text)
    text = re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", r"\1", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])", r"\1", text)
    text = re.sub(r"(?m)^(- |\d+\. )\s*", r"\1", text)
    text = html.unescape(re.sub(r"</?at>", "", text))
    return _INVISIBLE.sub("", re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text))


def message_words(text: str, text_format: str) -> str:
    """A message's own words as they read."""
    plain = re.sub(r"</?at>", "", text)
    if text_format == "xml":
        return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br\s*/?>|</p>", "\n", plain))).strip()
    if text_format == "typed":
        return html.unescape(plain)
    return markdown(plain) if text_format == "markdown" else plain


def words(thing: Any, user: User) -> str:
    """All that can be read in a card, one line per piece, in order; what is not visible is left out."""
    return "\n".join(piece for piece in _read(thing, user) if piece)


def _read(thing: Any, user: User) -> Iterator[str]:
    if isinstance(thing, list):
        for inner in thing:
            yield from _read(inner, user)
    elif isinstance(thing, dict) and thing.get("isVisible", True):
        match thing.get("type", ""):
            case "TextBlock":
                yield markdown(dated(thing["text"], user))
            case "RichTextBlock":
                yield _INVISIBLE.sub("", "".join(one if isinstance(one, str) else one["text"] for one in thing["inlines"]))
            case "FactSet":
                yield from (line for fact in thing["facts"] for line in (markdown(fact["title"]), markdown(dated(fact["value"], user))))
            case _:
                yield from _parts(thing, user)


_WORDS = ("label", "title", "altText", "codeSnippet", "placeholder")
_INSIDE = ("body", "items", "columns", "rows", "cells", "images", "choices", "actions")


def _parts(thing: Json, user: User) -> Iterator[str]:
    for name in _WORDS:
        if isinstance(thing.get(name), str):
            yield thing[name]
    for name in _INSIDE:
        yield from _read(thing.get(name), user)


def pings(thing: Any) -> set[str]:
    """The ids of whom a message or card mentions, as they stand in its entities."""
    return {one["mentioned"]["id"] for one in thing or [] if isinstance(one, dict) and one.get("type") == "mention"}
