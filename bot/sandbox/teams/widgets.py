"""The things on a card that a person can press, fill in or look at."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.model import Json

_INSIDE = ("body", "items", "columns", "rows", "cells", "inlines", "images", "actions")
_PRESSED = ("selectAction", "inlineAction")


def visible(thing: Any) -> Iterator[Json]:
    """All elements and actions of a card from the top down, without what is hidden."""
    if isinstance(thing, list):
        for one in thing:
            yield from visible(one)
    elif isinstance(thing, dict) and thing.get("isVisible", True):
        yield thing
        for name in _INSIDE:
            yield from visible(thing.get(name))
        for name in _PRESSED:
            yield from visible(thing.get(name))


def actions(card: Json | None) -> list[Json]:
    """All that can be pressed."""
    return [one for one in visible(card) if str(one.get("type", "")).startswith("Action.") and one.get("isEnabled", True)]


def inputs(card: Json | None) -> list[Json]:
    """All that can be filled in."""
    return [one for one in visible(card) if str(one.get("type", "")).startswith("Input.")]


def labels(card: Json | None) -> list[str]:
    """What stands on the buttons, those behind the three dots too."""
    return [one["title"] for one in actions(card) if "title" in one]


def label(field: Json) -> str:
    """What stands above a field."""
    return str(field.get("label") or field.get("title") or field.get("placeholder") or field["id"])


def names(action: Json) -> set[str]:
    """All by which a test or a person may call an action."""
    return {str(action[name]) for name in ("title", "id", "verb") if name in action}


def find_action(card: Json | None, name: str | int) -> Json:
    """The action with this title, id or verb, or with this place among `actions`; `ClientRefused` if there is none."""
    for at, one in enumerate(actions(card)):
        if name == at or name in names(one):
            return one
    raise ClientRefused(f"there is no {name!r} to press here; there is {', '.join(map(repr, labels(card))) or 'nothing'}")


def find_input(card: Json | None, name: str) -> Json:
    """The field with this label or id; `ClientRefused` if there is none."""
    for one in inputs(card):
        if name in (label(one), one["id"]):
            return one
    raise ClientRefused(f"there is no field {name!r} here; there is {', '.join(repr(label(one)) for one in inputs(card)) or 'nothing'}")


def told_off(card: Json | None) -> dict[str, str]:
    """The sentences in the colour of attention right under a field, by the field's label."""
    found: dict[str, str] = {}
    above: Json | None = None
    for one in visible(card):
        kind = str(one.get("type", ""))
        if kind.startswith("Input."):
            above = one
        elif above is not None and (sentence := _attention(one)):
            found[label(above)] = sentence
            above = None
        elif kind in ("TextBlock", "RichTextBlock", "ActionSet", "Image", "FactSet", "Table"):
            above = None
    return found


def _attention(element: Json) -> str:
    if element.get("type") == "TextBlock" and str(element.get("color", "")).lower() == "attention":
        return str(element["text"])
    runs = element.get("inlines", []) if element.get("type") == "RichTextBlock" else []
    if runs and all(isinstance(one, dict) and str(one.get("color", "")).lower() == "attention" for one in runs):
        return "".join(one["text"] for one in runs)
    return ""


def addresses(card: Any) -> Iterator[str]:
    """The addresses of all pictures that can be seen, in order."""
    return (str(one.get("url", "")) for one in visible(card) if one.get("type") == "Image")
