"""Buttons: how they look, and what they carry to us and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache

import orjson

from bot.pressed import Pressed, carried, pressed
from bot.reading import label as said
from bot.slack.spans import Sight
from bot.slack.text import Json, plain_text
from bot.words import clean
from handlers.cards import Button, Buttons
from handlers.words import Sentence, Translate, say

LABEL = 75
BUTTON_VALUE = 2000
OPTION_VALUE = 150
OVERFLOW = 5
SELECT = 100
IN_ONE_BLOCK = 25


def packed(button: Button) -> str:
    """A button's value as JSON, without what is empty."""
    return orjson.dumps(carried(button)).decode()


def unpacked(value: object) -> Pressed | None:
    """What `packed` made; None for anything else (an old button of another program, a made-up request)."""
    try:
        return pressed(json.loads(value)) if isinstance(value, str) and len(value) <= BUTTON_VALUE else None
    except (ValueError, RecursionError):
        return None


def button(sight: Sight, number: Iterator[int], one: Button, label: str | None = None) -> Json:
    """A button element. `label` stands on it instead of its own, which is then read to those who cannot see.

    Raises ValueError when it carries more than 2,000 characters: that is a mistake of the card.
    """
    value = packed(one)
    if len(value) > BUTTON_VALUE:
        raise ValueError(f"the button {one.action} carries {len(value)} characters, at most {BUTTON_VALUE} are possible")
    made: Json = {"type": "button", "action_id": _name(one.action, number), "text": _label(sight, one.label), "value": value}
    if one.style != "plain":
        made["style"] = one.style
    if label is not None:
        made |= {"text": plain_text(label, LABEL), "accessibility_label": made["text"]["text"]}
    return made


def _label(sight: Sight, sentence: Sentence) -> Json:
    """What stands on a button. Most are drawn again and again with the same words."""
    if sentence.arguments:
        return plain_text(sight.text(sentence), LABEL)
    return _constant(sentence.template, sight.reading.translate)


@lru_cache(maxsize=4096)
def _constant(template: str, translate: Translate) -> Json:
    return plain_text(clean(said(template, translate)), LABEL)


def _name(action: str, number: Iterator[int]) -> str:
    """Slack wants action ids unique in a message, and the same act may stand there twice."""
    return f"{action[:200]}|{next(number)}"


def row(sight: Sight, number: Iterator[int], buttons: Buttons) -> list[Json]:
    """A row of buttons with its "More": a menu of three dots, or with more than five entries a list to choose from.

    An entry there may carry 150 characters only; one that carries more becomes a button of its own.
    """
    found = [button(sight, number, one) for one in buttons.row]
    if not buttons.more:
        return found
    entries = [(one, packed(one)) for one in buttons.more]
    found += [button(sight, number, one) for one, value in entries if len(value) > OPTION_VALUE]
    short = [entry for entry in entries if len(entry[1]) <= OPTION_VALUE][:SELECT]
    return [*found, _more(sight, number, short)] if short else found


def _more(sight: Sight, number: Iterator[int], entries: Sequence[tuple[Button, str]]) -> Json:
    """The menu of entries with what they carry."""
    options = [{"text": _label(sight, one.label), "value": value} for one, value in entries]
    if len(options) <= OVERFLOW:
        return {"type": "overflow", "action_id": _name("more", number), "options": options}
    placeholder = _label(sight, say("More"))
    return {"type": "static_select", "action_id": _name("more", number), "placeholder": placeholder, "options": options}


def actions(found: Sequence[Json]) -> list[Json]:
    """Elements in as many `actions` blocks as they need."""
    if 0 < len(found) <= IN_ONE_BLOCK:
        return [{"type": "actions", "elements": list(found)}]
    starts = range(0, len(found), IN_ONE_BLOCK)
    return [{"type": "actions", "elements": list(found[start : start + IN_ONE_BLOCK])} for start in starts]
