"""Buttons: how they look, and what they carry to us and back.

A press is an `Action.Execute`, whose answer replaces the card for the one who pressed; a client that does not know it takes the
`Action.Submit` in its `fallback`, which carries the same. What opens a form is an `Action.Submit` that asks for a dialog.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bot.pressed import Pressed, carried, pressed
from bot.reading import label as said
from bot.teams.spans import Sight
from bot.teams.text import LABEL, Json, short
from bot.words import clean, size
from handlers.cards import Button, Buttons
from handlers.words import Sentence, Translate

OURS = "deskbell"
POSTED = "posted"
"""Beside it: the button stands on a post of ours, which is redrawn. Of what opens a dialog Teams does not always say where it stands."""
DATA = 2000
IN_SET = 6
"""Teams shows six buttons of a set; what is secondary stands behind its three dots."""
IN_MENU = 20
PHONE, EDGES = 42, 4
"""Characters of titles that stand side by side on a phone, and how many of them a button's edges take."""
STYLES = {"primary": "positive", "danger": "destructive"}


def packed(button: Button) -> Json:
    """What Teams sends back when it is pressed. Raises ValueError above 2,000 characters: that is a mistake of the card."""
    facts = carried(button)
    if (length := sum(len(str(fact)) for fact in facts.values())) > DATA:
        raise ValueError(f"the button {button.action} carries {length} characters, at most {DATA} are possible")
    return {"msteams": {"type": "task/fetch"}, OURS: facts} if button.opens else {OURS: facts}


def unpacked(data: object) -> Pressed | None:
    """What `packed` made, as it comes with an invoke or a message; None for anything else."""
    facts = data.get(OURS) if isinstance(data, dict) else None
    if not isinstance(facts, dict) or sum(len(fact) for fact in facts.values() if isinstance(fact, str)) > DATA:
        return None
    return pressed(facts)


def action(sight: Sight, one: Button, label: str | None = None, **more: str) -> Json:
    """A button as an action. `label` stands on it instead of its own, which is then read to those who cannot see."""
    title = _label(sight, one.label)
    made: Json = {"title": short(label, LABEL), "tooltip": title, **more} if label is not None else {"title": title, **more}
    if one.style != "plain":
        made["style"] = STYLES[one.style]
    data = packed(one) | ({POSTED: True} if one.opens and sight.posted else {})
    if sight.dialog:
        return {"type": "Action.Submit", **made, "data": {OURS: data[OURS]}}
    submit: Json = {"type": "Action.Submit", **made, "data": data}
    return submit if one.opens else {"type": "Action.Execute", **made, "verb": one.action, "data": data, "fallback": submit}


def _label(sight: Sight, sentence: Sentence) -> str:
    """What stands on a button. Most are drawn again and again with the same words."""
    if sentence.arguments:
        return short(sight.text(sentence), LABEL)
    return _constant(sentence.template, sight.reading.translate)


@lru_cache(maxsize=4096)
def _constant(template: str, translate: Translate) -> str:
    return short(clean(said(template, translate)), LABEL)


def row(sight: Sight, buttons: Buttons) -> list[Json]:
    """A row of buttons with its "more" behind three dots."""
    more = [action(sight, one, mode="secondary") for one in buttons.more[:IN_MENU]]
    *rows, last = sets([action(sight, one) for one in buttons.row]) or [_set([])]
    return [*rows, _set([*last["actions"], *more])] if last["actions"] or more else []


def sets(actions: Iterable[Json]) -> list[Json]:
    """Actions in as many sets as they need to be read on a phone, where a button that does not fit is cut or out of sight."""
    rows: list[list[Json]] = []
    room = 0
    for one in actions:
        needed = size(one["title"]) + EDGES
        if not rows or needed > room or len(rows[-1]) == IN_SET:
            rows.append([])
            room = PHONE
        rows[-1].append(one)
        room -= needed
    return [_set(row) for row in rows]


def _set(actions: list[Json]) -> Json:
    return {"type": "ActionSet", "actions": actions}
