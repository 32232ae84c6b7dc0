"""`state.values`: what is in the fields, in the shapes of docs.slack.dev (interactions payloads)."""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.slack.widgets import STATELESS, Widget, pick, widgets
from bot.sandbox.slack.world import World

Json = dict[str, Any]
Values = dict[str, dict[str, Json]]

_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "files"),
}
"""Per element: the name of its value in a payload, and of its value at the start."""

OPTIONAL_WHEN_ACTED = "overflow"


def filled(world: World, element: Json, given: Any) -> Json:
    """The element's value once a person put `given` in: words, an option's label or value, a name, or a list of these.

    `ClientRefused` if the client would not take it (not an option, nobody of that name, not a number or address).
    """
    kind = element["type"]
    if kind == OPTIONAL_WHEN_ACTED:
        return {"type": kind, "selected_option": pick(element["options"], given)}
    name = _FIELDS[kind][0]
    if given is None:
        return {"type": kind, name: [] if name.endswith("s") else None}
    many = kind.startswith("multi_") or kind in ("checkboxes", "file_input")
    convert = _converter(world, element)
    parts = given if isinstance(given, list | tuple | set) else [given]
    return {"type": kind, name: [convert(one) for one in parts] if many else convert(given)}


def _converter(world: World, element: Json) -> Callable[[Any], Any]:
    kind = element["type"].removeprefix("multi_")
    match kind:
        case "users_select":
            return lambda one: _known(lambda: world.user(one).id)
        case "channels_select" | "conversations_select":
            return lambda one: _known(lambda: world.channel(one).id)
        case "static_select" | "radio_buttons" | "checkboxes":
            return lambda one: pick(Widget({"type": "", "block_id": ""}, element).options, one)
        case "datetimepicker":
            return int
        case "rich_text_input":
            return lambda one: one if isinstance(one, dict) else rich_text(one)
        case "external_select" | "file_input":
            return lambda one: one
        case _:
            return lambda one: _typed(element, str(one))


def _known(look: Callable[[], str]) -> str:
    try:
        return look()
    except LookupError as nobody:
        raise ClientRefused(str(nobody)) from nobody


_FORMS = {
    "number_input": r"-?\d+(\.\d+)?",
    "email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "url_text_input": r"\w+://\S+",
    "datepicker": r"\d{4}-\d\d-\d\d",
    "timepicker": r"\d\d:\d\d",
}


def _typed(element: Json, text: str) -> str:
    form = _FORMS.get(element["type"])
    if form and not re.fullmatch(form, text):
        raise ClientRefused(f"{text!r} is not accepted by a {element['type']}")
    if len(text) > element.get("max_length", 3000):
        raise ClientRefused(f"more than {element.get('max_length', 3000)} characters")
    if len(text) < element.get("min_length", 0):
        raise ClientRefused(f"fewer than {element['min_length']} characters")
    return text


def rich_text(text: str) -> Json:
    """Words as the rich text that a client makes of them."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def at_start(element: Json) -> Json:
    """The element's value before anybody touched it."""
    kind = element["type"]
    name, initial = _FIELDS[kind]
    nothing: Any = [] if kind.startswith("multi_") or kind in ("checkboxes", "file_input") else None
    return {"type": kind, name: element.get(initial, nothing)}


def state_of(world: World, user: str, container: str, blocks: list[Json]) -> Values:
    """`state.values` of a view (by its id) or message (by its ts) as this person filled it.

    What was filled survives an update of the blocks as long as block_id and action_id stay, as on the platform.
    """
    draft = world.drafts.get((user, container), {})
    values: Values = {}
    for widget in widgets(blocks):
        if widget.element["type"] not in STATELESS:
            block_id, action_id = widget.key
            values.setdefault(block_id, {})[action_id] = draft.get(widget.key) or at_start(widget.element)
    return values


def is_empty(value: Json) -> bool:
    """Whether nothing was put into a field."""
    return not any(inner for name, inner in value.items() if name != "type")
