"""What is in the fields, and what the client lets in. All values travel as text."""

import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.cards.inputs import PEOPLE
from bot.sandbox.teams.model import Json
from bot.sandbox.teams.widgets import inputs, label
from bot.sandbox.teams.world import World

_FORMS = {"Input.Date": r"\d{4}-\d\d-\d\d", "Input.Time": r"([01]\d|2[0-3]):[0-5]\d", "Input.Number": r"-?\d+(\.\d+)?"}
_FORMS["Input.Rating"] = _FORMS["Input.Number"]


def filled(world: World, field: Json, given: Any, where: str) -> str:
    """The field's value once a person put `given` in: words, a choice's title or value, a person's name, or a list of these.

    `where` is the conversation, whose members alone some people pickers offer. `ClientRefused` if the client would not take it.
    """
    if given is None:
        return ""
    if field["type"] == "Input.ChoiceSet":
        return _chosen(world, field, given, where)
    if field["type"] == "Input.Toggle":
        on, off = str(field.get("valueOn", "true")), str(field.get("valueOff", "false"))
        return on if given in (True, on, "true") else off
    return _typed(field, str(given))


def _chosen(world: World, field: Json, given: Any, where: str) -> str:
    parts = list(given) if isinstance(given, list | tuple | set) else [given]
    if len(parts) > 1 and not field.get("isMultiSelect"):
        raise ClientRefused(f"{label(field)!r} takes one choice only")
    return ",".join(_pick(world, field, str(one), where) for one in parts)


def _pick(world: World, field: Json, name: str, where: str) -> str:
    for choice in field.get("choices", []):
        if name in (choice["title"], choice["value"]):
            return str(choice["value"])
    people, _, scope = field.get("choices.data", {}).get("dataset", "").partition("?")
    if people == PEOPLE:
        return _person(world, name, world.channel(where).members if scope == "scope=currentContext" else list(world.users))
    raise ClientRefused(f"{name!r} is not offered; there is {', '.join(one['title'] for one in field.get('choices', []))}")


def _person(world: World, name: str, offered: list[str]) -> str:
    """People pickers give the stable id."""
    try:
        user = world.user(name)
    except LookupError as nobody:
        raise ClientRefused(str(nobody)) from nobody
    if user.aad is None or user.deleted or user.id not in offered:
        raise ClientRefused(f"{name!r} is not offered by the people picker")
    return user.aad


def _typed(field: Json, text: str) -> str:
    form = _FORMS.get(field["type"])
    if form and not re.fullmatch(form, text):
        raise ClientRefused(f"{text!r} is not accepted by an {field['type']}")
    if len(text) > field.get("maxLength", 100_000):
        raise ClientRefused(f"more than {field['maxLength']} characters")
    return text


def at_start(field: Json) -> str:
    """The field's value before anybody touched it."""
    if field["type"] == "Input.Toggle":
        return str(field.get("value", field.get("valueOff", "false")))
    return str(field.get("value", ""))


def values_of(card: Json | None, drafts: Mapping[str, str]) -> dict[str, str]:
    """All values by the inputs' ids. An empty choice is left out, other empty fields come as empty texts."""
    found = {one["id"]: (one, drafts.get(one["id"], at_start(one))) for one in inputs(card)}
    return {key: value for key, (one, value) in found.items() if value or one["type"] != "Input.ChoiceSet"}


def refused(card: Json | None, drafts: Mapping[str, str]) -> dict[str, str]:
    """What the client says under the fields that it does not let go: by label."""
    found: dict[str, str] = {}
    for one in inputs(card):
        value = drafts.get(one["id"], at_start(one))
        if (one.get("isRequired") and not value) or (value and not _fits(one, value)):
            found[label(one)] = str(one.get("errorMessage", "This field is not filled in correctly."))
    return found


def _fits(field: Json, value: str) -> bool:
    if field["type"] == "Input.Number":
        return bool(field.get("min", float("-inf")) <= float(value) <= field.get("max", float("inf")))
    if field["type"] in ("Input.Date", "Input.Time"):
        return bool(str(field.get("min", "")) <= value <= str(field.get("max", "~")))
    return re.search(field.get("regex", ""), value) is not None
