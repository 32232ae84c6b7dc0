"""Buttons: how they look, and what they carry to us and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from bot.slack.spans import Sight
from bot.slack.text import Json, plain_text, received
from handlers.cards import Button, Buttons
from handlers.words import say

LABEL = 75
BUTTON_VALUE = 2000
OPTION_VALUE = 150
OVERFLOW = 5
SELECT = 100
IN_ONE_BLOCK = 25


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button carries: the act, on what, as it was at that version; with `opens` the form it opens."""

    action: str
    subject: str = ""
    version: int = 0
    value: str = ""
    opens: str = ""


def packed(button: Button) -> str:
    """A button's value as JSON, without what is empty."""
    facts = {"a": button.action, "s": button.subject, "v": button.version, "x": button.value, "f": button.opens}
    return orjson.dumps({name: fact for name, fact in facts.items() if fact}).decode()


def unpacked(value: object) -> Pressed | None:
    """What `packed` made; None for anything else (an old button of another program, a made-up request)."""
    try:
        facts = json.loads(value) if isinstance(value, str) and len(value) <= BUTTON_VALUE else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or not facts.keys() <= {"a", "s", "v", "x", "f"}:
        return None
    version = facts.get("v", 0)
    texts = [facts.get(name, "") for name in ("a", "s", "x", "f")]
    if type(version) is not int or not all(isinstance(text, str) for text in texts) or not (texts[0] or texts[3]):
        return None
    action, subject, chosen, opens = map(received, texts)
    return Pressed(action, subject, version, chosen, opens)


def button(sight: Sight, number: Iterator[int], one: Button, label: str | None = None) -> Json:
    """A button element. `label` stands on it instead of its own, which is then read to those who cannot see.

    Raises ValueError when it carries more than 2,000 characters: that is a mistake of the card.
    """
    own = sight.text(one.label)
    value = packed(one)
    if len(value) > BUTTON_VALUE:
        raise ValueError(f"the button {one.action} carries {len(value)} characters, at most {BUTTON_VALUE} are possible")
    made: Json = {"type": "button", "action_id": _name(one.action, number), "text": plain_text(label or own, LABEL), "value": value}
    if one.style != "plain":
        made["style"] = one.style
    if label is not None:
        made["accessibility_label"] = plain_text(own, LABEL)["text"]
    return made


def _name(action: str, number: Iterator[int]) -> str:
    """Slack wants action ids unique in a message, and the same act may stand there twice."""
    return f"{action[:200]}|{next(number)}"


def row(sight: Sight, number: Iterator[int], buttons: Buttons) -> list[Json]:
    """A row of buttons with its "More": a menu of three dots, or with more than five entries a list to choose from.

    An entry there may carry 150 characters only; one that carries more becomes a button of its own.
    """
    fits = [len(packed(one)) <= OPTION_VALUE for one in buttons.more]
    short = [one for one, fit in zip(buttons.more, fits, strict=True) if fit][:SELECT]
    rest = [one for one, fit in zip(buttons.more, fits, strict=True) if not fit]
    found = [button(sight, number, one) for one in (*buttons.row, *rest)]
    return [*found, _more(sight, number, short)] if short else found


def _more(sight: Sight, number: Iterator[int], entries: Sequence[Button]) -> Json:
    options = [{"text": plain_text(sight.text(one.label), LABEL), "value": packed(one)} for one in entries]
    if len(options) <= OVERFLOW:
        return {"type": "overflow", "action_id": _name("more", number), "options": options}
    placeholder = plain_text(sight.text(say("More")), LABEL)
    return {"type": "static_select", "action_id": _name("more", number), "placeholder": placeholder, "options": options}


def actions(found: Sequence[Json]) -> list[Json]:
    """Elements in as many `actions` blocks as they need."""
    starts = range(0, len(found), IN_ONE_BLOCK)
    return [{"type": "actions", "elements": list(found[start : start + IN_ONE_BLOCK])} for start in starts]
