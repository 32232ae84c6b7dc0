"""Forms as Slack's modals, and what comes back from them.

A modal carries what it is about in `private_metadata`, which only this app can write. Limits: https://docs.slack.dev/reference/views
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.fields import DATE, NUMBER, TIME, first_value, first_values, scale
from bot.reading import Reading
from bot.slack.render import IN_MODAL, blocks
from bot.slack.spans import LONGEST_LINE, Sight, elements, fitted, rich, section, small
from bot.slack.text import Json, plain_text
from bot.words import clean, cut, received
from handlers.cards import Card
from handlers.core import FormValue, Where
from handlers.forms import Field, Form, Invalid, Option
from handlers.words import Sentence, say

TITLE = 24
LABEL = 2000
OPTION = 75
OPTION_VALUE = 150
IN_GROUP, GROUPS = 100, 100
TEXT = "plain_text_input"
TYPED = 3000
METADATA = 3000


@dataclass(frozen=True, slots=True)
class Opened:
    """What a modal says of itself when it is sent: which form, on what, minted with which number, opened where."""

    form: str = ""
    subject: str = ""
    version: int = 0
    once: str = ""
    channel: str = ""
    thread: str = ""
    private: bool = False


KINDS: dict[str, type] = {"version": int, "private": bool}
"""Of the facts that are no text."""

# ---------------------------------------------------------------- out


def view(form: Form, reading: Reading, where: Where, users: Mapping[str, str] | None = None, *, private: bool = False) -> Json:
    """The form as a modal. `users`: person id -> Slack's user id, for people who are already chosen."""
    sight = Sight(reading, users or {})
    intro = fitted(elements(sight, form.intro), LONGEST_LINE) if form.intro is not None else []
    fields = [_block(sight, form, field) for field in form.fields]
    opened = Opened(form.name, form.subject, form.version, form.once, where.channel, where.thread or "", private)
    return {
        **_modal(sight, form.title, opened, close=say("Cancel")),
        "callback_id": form.name[:255],
        "submit": plain_text(sight.text(form.submit), TITLE),
        "blocks": [*([rich(section(intro))] if intro else []), *fields][:IN_MODAL],
    }


def shown(card: Card, reading: Reading, where: Where) -> Json:
    """A card as a modal: the answer to a form, or to a press inside of one."""
    sight = Sight(reading)
    opened = Opened(channel=where.channel, thread=where.thread or "")
    return {**_modal(sight, say("Deskbell"), opened, close=say("Close")), "callback_id": "card", "blocks": blocks(sight, card, IN_MODAL)}


def home(card: Card, reading: Reading) -> Json:
    """A card as a person's App Home."""
    return {"type": "home", "callback_id": "home", "blocks": blocks(Sight(reading), card, IN_MODAL)}


def loading(reading: Reading) -> Json:
    """What is opened at once, while the form is made: the trigger lapses after 3 seconds."""
    return shown(Card(say("One moment…")), reading, Where("slack", "", ""))


def _modal(sight: Sight, title: Sentence, opened: Opened, close: Sentence) -> Json:
    return {
        "type": "modal",
        "title": plain_text(sight.text(title), TITLE),
        "close": plain_text(sight.text(close), TITLE),
        "private_metadata": metadata(opened),
    }


def metadata(opened: Opened) -> str:
    """Raises ValueError above Slack's 3,000 characters: subjects and ids are short, so that would be a mistake of the form."""
    text = json.dumps({name: getattr(opened, name) for name in Opened.__slots__ if getattr(opened, name)}, separators=(",", ":"))
    if len(text) > METADATA:
        raise ValueError(f"the form {opened.form} carries {len(text)} characters, at most {METADATA} are possible")
    return text


def opened_by(text: object) -> Opened | None:
    """What `metadata` wrote; None for anything else."""
    try:
        facts = json.loads(text) if isinstance(text, str) and text else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or not facts.keys() <= set(Opened.__slots__):
        return None
    right = all(type(fact) is KINDS.get(name, str) for name, fact in facts.items())
    cleaned: Json = {name: received(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return Opened(**cleaned) if right else None


def _block(sight: Sight, form: Form, field: Field) -> Json:
    if field.kind == "file":
        return _no_file(sight, field)
    made: Json = {
        "type": "input",
        "block_id": field.key[:255],
        "label": plain_text(sight.text(field.label), LABEL),
        "optional": not field.required,
        # The form's name makes a field of the next page a new one: Slack keeps what was typed where both ids stay the same.
        "element": {"action_id": form.name[:255], **_element(sight, field)},
    }
    if field.hint is not None:
        made["hint"] = plain_text(sight.text(field.hint), LABEL)
    return made


def _no_file(sight: Sight, field: Field) -> Json:
    """Files come in the conversation, in every chat the same way."""
    told = say("{what}: please send it in the conversation, as an answer in the thread.", what=field.label)
    made = small(sight, told)
    assert made is not None
    return made


def _element(sight: Sight, field: Field) -> Json:
    return ELEMENTS[field.kind](sight, field)


def _typed(sight: Sight, field: Field) -> Json:
    longest = max(1, min(field.longest, TYPED))
    made: Json = {"type": TEXT, "max_length": longest, "multiline": field.kind == "long"}
    initial = cut(clean(first_value(field)), longest)
    return made | ({"initial_value": initial} if initial else {})


def _number(sight: Sight, field: Field) -> Json:
    initial = first_value(field)
    return {"type": "number_input", "is_decimal_allowed": True} | ({"initial_value": initial} if NUMBER.fullmatch(initial) else {})


def _date(sight: Sight, field: Field) -> Json:
    initial = first_value(field)
    return {"type": "datepicker"} | ({"initial_date": initial} if DATE.fullmatch(initial) else {})


def _time(sight: Sight, field: Field) -> Json:
    initial = first_value(field)
    return {"type": "timepicker"} | ({"initial_time": initial} if TIME.fullmatch(initial) else {})


def _choice(sight: Sight, field: Field) -> Json:
    """One of some. Above 100 in groups of 100; with none at all, or more than Slack can list (10,000), it is typed."""
    made = _listed(sight, "static_select", field)
    if made is None:
        return _typed(sight, field)
    initial = [option for option in _offered(made) if option["value"] == first_value(field)]
    return made | ({"initial_option": initial[0]} if initial else {})


def _choices(sight: Sight, field: Field) -> Json:
    made = _listed(sight, "multi_static_select", field)
    if made is None:
        return _typed(sight, field)
    initial = [one for one in _offered(made) if one["value"] in first_values(field)]
    return made | ({"initial_options": initial} if initial else {})


def _listed(sight: Sight, kind: str, field: Field) -> Json | None:
    options = [_option(sight, one) for one in field.options]
    if not options or len(options) > IN_GROUP * GROUPS:
        return None
    if len(options) <= IN_GROUP:
        return {"type": kind, "options": options}
    return {"type": kind, "option_groups": [_group(options, start) for start in range(0, len(options), IN_GROUP)]}


def _group(options: list[Json], start: int) -> Json:
    """A hundred options, called by their first and last one, so that a long list can be scanned."""
    part = options[start : start + IN_GROUP]
    first, last = (cut(one["text"]["text"], 35) for one in (part[0], part[-1]))
    return {"label": plain_text(f"{first} – {last}", OPTION), "options": part}


def _offered(made: Json) -> list[Json]:
    groups = made.get("option_groups", [])
    return [*made.get("options", []), *itertools.chain.from_iterable(group["options"] for group in groups)]


def _option(sight: Sight, option: Option) -> Json:
    if not 1 <= len(option.value) <= OPTION_VALUE:
        raise ValueError(f"an option's value has {len(option.value)} characters: 1 to {OPTION_VALUE} are possible")
    return {"text": plain_text(sight.text(option.label), OPTION), "value": option.value}


def _people(sight: Sight, field: Field) -> Json:
    initial = [sight.users[person] for person in first_values(field) if person in sight.users]
    return {"type": "multi_users_select"} | ({"initial_users": initial} if initial else {})


def _rating(sight: Sight, field: Field) -> Json:
    options = [_option(sight, step) for step in scale(field)]
    initial = [option for option in options if option["value"] == first_value(field)]
    return {"type": "radio_buttons", "options": options} | ({"initial_option": initial[0]} if initial else {})


ELEMENTS: Mapping[str, Callable[[Sight, Field], Json]] = {
    "text": _typed,
    "long": _typed,
    "money": _typed,
    "choice": _choice,
    "choices": _choices,
    "people": _people,
    "date": _date,
    "time": _time,
    "number": _number,
    "rating": _rating,
}


# ---------------------------------------------------------------- in


def values(state: object, account: Callable[[str], str] = str) -> dict[str, FormValue]:
    """What was filled in, by field, from a view's `state`. People come as `account(user id)`. Empty fields are left out."""
    filled = state.get("values") if isinstance(state, dict) else None
    if not isinstance(filled, dict):
        return {}
    read = {key: _value(element, account) for key, block in filled.items() if isinstance(block, dict) for element in block.values()}
    return {key: value for key, value in read.items() if value}


def _value(element: Any, account: Callable[[str], str]) -> FormValue:
    match element:
        case {"selected_options": [*options]}:
            return tuple(received(one["value"]) for one in options if isinstance(one, dict) and isinstance(one.get("value"), str))
        case {"selected_users": [*users]}:
            return tuple(account(received(user)) for user in users if isinstance(user, str))
        case {"selected_option": {"value": str(value)}} | {"selected_date": str(value)} | {"selected_time": str(value)}:
            return received(value)
        case {"value": str(value)}:
            return received(value)
        case _:
            return ""


def written(state: object) -> str:
    """What was typed into a view's text fields, one after the other."""
    filled = state.get("values") if isinstance(state, dict) else None
    blocks = [block for block in filled.values() if isinstance(block, dict)] if isinstance(filled, dict) else []
    typed = (_value(one, str) for block in blocks for one in block.values() if isinstance(one, dict) and one.get("type") == TEXT)
    return "\n".join(text for text in typed if isinstance(text, str) and text.strip())


def errors(invalid: Invalid, fields: Iterable[str], reading: Reading) -> dict[str, str]:
    """A sentence under each field concerned, for `response_action: errors`. Empty when the form has no field at all to say it under.

    Slack refuses a field that the modal does not have, so what is wrong with anything else is said under the first one.
    """
    known = list(fields)
    found: dict[str, list[str]] = {}
    for key, sentence in invalid.errors.items():
        place = key if key in known else next(iter(known), None)
        if place is not None:
            found.setdefault(place, []).append(reading.text(sentence))
    return {key: cut(clean(" ".join(lines)), LABEL) for key, lines in found.items()}


def inputs(view: object) -> list[str]:
    """The keys of the fields that a modal from Slack has."""
    found = view.get("blocks") if isinstance(view, dict) else None
    blocks = found if isinstance(found, list) else []
    return [str(one.get("block_id", "")) for one in blocks if isinstance(one, dict) and one.get("type") == "input"]
