"""What Teams would do with a card: what is markdown, who is mentioned, what is a date, what can be read. Apart from the renderer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

Json = dict[str, Any]
DATE = re.compile(r"\{\{(?:DATE|TIME)\([^)]*\)\}\}")
READ = ("title", "label", "altText", "summary", "fallbackText", "tooltip", "errorMessage", "placeholder")
USUAL = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "text_special"}
READER = MarkdownIt("js-default", {"html": True, "linkify": False, "typographer": False})
"""With more than any client of Teams reads."""


def objects(thing: Any) -> Iterator[Json]:
    """All objects inside, from the outside in."""
    if isinstance(thing, dict):
        yield thing
        for inner in thing.values():
            yield from objects(inner)
    elif isinstance(thing, list):
        for inner in thing:
            yield from objects(inner)


def strings(thing: Any) -> Iterator[tuple[str, str]]:
    """All texts that are shown, with the property in which they stand."""
    for one in objects(thing):
        if one.get("type") != "mention":
            yield from ((name, text) for name, text in one.items() if isinstance(text, str) and name in ("text", *READ))


def dates(thing: Any) -> list[str]:
    """All that would be replaced by a date or a time: Teams looks for them in runs and labels too."""
    return [found for _, text in strings(thing) for found in DATE.findall(text)]


def mentions(card: Json) -> list[str]:
    """The ids of those who are mentioned; what looks like a mention and is none is an error of the card."""
    entities = {one["text"]: one["mentioned"]["id"] for one in card.get("msteams", {}).get("entities", [])}
    found: list[str] = []
    for _, text in strings(card):
        for tag in re.findall(r"<at\b.*?(?:</at>|$)", text, re.IGNORECASE | re.DOTALL):
            assert tag in entities, f"{tag!r} is no mention"
            found.append(entities[tag])
    assert set(found) == set(entities.values()), "an entity without its text"
    return found


def marks(thing: Any) -> list[str]:
    """What markdown makes of the text blocks and of the boxes to tick, other than words: "strong_open", "link_open https://a.example"."""
    found: list[str] = []
    for text in markdown(thing):
        plain = re.sub(r"<at>[^<>]*</at>", "x", DATE.sub("x", text))
        found += [_named(token) for token in tokens(READER.parse(plain)) if token.type not in USUAL]
    return [mark for mark in found if not mark.endswith("_close")]


def markdown(thing: Any) -> Iterator[str]:
    """All texts that are read as markdown."""
    for one in objects(thing):
        if one.get("type") == "TextBlock":
            yield one["text"]
        elif one.get("type") == "FactSet":
            yield from (fact[name] for fact in one["facts"] for name in ("title", "value"))
        elif one.get("type") == "Input.ChoiceSet" and (one.get("isMultiSelect") or one.get("style") == "expanded"):
            yield from (choice["title"] for choice in one["choices"])


def tokens(found: list[Token]) -> Iterator[Token]:
    for token in found:
        yield token
        yield from tokens(token.children or [])


def _named(token: Token) -> str:
    return f"{token.type} {token.attrs['href']}" if token.type == "link_open" else token.type


def words(payload: Any) -> str:
    """All that can be read on a card, without what has no width."""
    return "\n".join(_words(payload)).replace("\u2060", "")


def _words(payload: Any) -> Iterator[str]:
    for one in objects(payload):
        if one.get("type") == "RichTextBlock":
            yield "".join(run["text"] for run in one["inlines"])
        elif one.get("type") == "TextBlock":
            yield "".join(token.content or "\n" for token in tokens(READER.parse(one["text"])) if token.type in ("text", "softbreak"))
        elif "deskbell" not in one:
            yield from (one[name] for name in READ if isinstance(one.get(name), str))


def alike(text: str) -> str:
    """Words without their spaces and with one sign for those that look the same."""
    return "".join(text.translate(str.maketrans("∗ˍˋ", "*_`")).replace("\u2060", "").split())
