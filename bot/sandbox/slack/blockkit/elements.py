"""Block elements, and which block may hold which of them."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.rules import Check, Faults, exactly_one, flag, many, matching, number, one_of, shape, string, tagged
from bot.sandbox.slack.blockkit.objects import (
    colour,
    confirm,
    identifier,
    image_fields,
    initial_is_an_option,
    link,
    option,
    option_group,
    plain,
    plain_option,
    rich_option,
    rich_text_elements,
)

_named: dict[str, Check] = {"action_id": identifier}
_asked: dict[str, Check] = {**_named, "confirm": confirm}
_field: dict[str, Check] = {**_asked, "focus_on_load": flag}
_menu: dict[str, Check] = {**_field, "placeholder": plain(150)}
_typed: dict[str, Check] = {
    **_named,
    "focus_on_load": flag,
    "placeholder": plain(150),
    "dispatch_action_config": shape({}, {"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}),
}
_several: dict[str, Check] = {**_menu, "max_selected_items": number(1)}
_ids = many(string(1))
_rich_text = tagged({"rich_text": shape({"elements": rich_text_elements}, {"block_id": identifier})})
_filter = shape(
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def _lengths_in_order(value: Any, path: str, faults: Faults) -> None:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        faults.add(path, "min_length must be less than or equal to max_length")


_static: dict[str, Check] = {"options": many(plain_option, 1, 100), "option_groups": many(option_group, 1, 100)}
_one_source = exactly_one("options", "option_groups")
_conversations: dict[str, Check] = {"default_to_current_conversation": flag, "filter": _filter}

_BUTTONS: dict[str, Check] = {
    "button": shape(
        {"text": plain(75)},
        {**_asked, "url": link, "value": string(0, 2000), "style": colour, "accessibility_label": string(1, 75)},
    ),
    "overflow": shape({"options": many(option(plain(75), with_url=True), 1, 5)}, _asked),
    "workflow_button": shape(
        {"text": plain(75), "workflow": shape({"trigger": shape({"url": link}, {"customizable_input_parameters": many(shape({}))})})},
        {**_asked, "style": colour, "accessibility_label": string(1, 75)},
    ),
}
_CHOICES: dict[str, Check] = {
    "static_select": shape({}, {**_menu, **_static, "initial_option": plain_option}, _one_source, initial_is_an_option),
    "multi_static_select": shape({}, {**_several, **_static, "initial_options": many(plain_option)}, _one_source, initial_is_an_option),
    "external_select": shape({}, {**_menu, "initial_option": plain_option, "min_query_length": number(0)}),
    "multi_external_select": shape({}, {**_several, "initial_options": many(plain_option), "min_query_length": number(0)}),
    "users_select": shape({}, {**_menu, "initial_user": string(1)}),
    "multi_users_select": shape({}, {**_several, "initial_users": _ids}),
    "conversations_select": shape({}, {**_menu, **_conversations, "initial_conversation": string(1), "response_url_enabled": flag}),
    "multi_conversations_select": shape({}, {**_several, **_conversations, "initial_conversations": _ids}),
    "channels_select": shape({}, {**_menu, "initial_channel": string(1), "response_url_enabled": flag}),
    "multi_channels_select": shape({}, {**_several, "initial_channels": _ids}),
    "checkboxes": shape({"options": many(rich_option, 1, 10)}, {**_field, "initial_options": many(rich_option, 1)}, initial_is_an_option),
    "radio_buttons": shape({"options": many(rich_option, 1, 10)}, {**_field, "initial_option": rich_option}, initial_is_an_option),
}
_TIMES: dict[str, Check] = {
    "datepicker": shape({}, {**_menu, "initial_date": matching(r"\d{4}-\d\d-\d\d", "must be a date like 2026-01-31")}),
    "timepicker": shape(
        {}, {**_menu, "initial_time": matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time like 17:30"), "timezone": string(1)}
    ),
    "datetimepicker": shape({}, {**_field, "initial_date_time": number(10**9, 10**10 - 1)}),
}
_WRITING: dict[str, Check] = {
    "plain_text_input": shape(
        {},
        {**_typed, "initial_value": string(), "multiline": flag, "min_length": number(0, 3000), "max_length": number(1, 3000)},
        _lengths_in_order,
    ),
    "email_text_input": shape({}, {**_typed, "initial_value": string()}),
    "url_text_input": shape({}, {**_typed, "initial_value": string()}),
    "number_input": shape(
        {"is_decimal_allowed": flag}, {**_typed, "initial_value": string(), "min_value": string(), "max_value": string()}
    ),
    "rich_text_input": shape({}, {**_typed, "initial_value": _rich_text, "min_lines": number(1), "max_lines": number(1)}),
    "file_input": shape({}, {**_named, "filetypes": many(string(1), 1), "max_files": number(1, 10)}),
}
image = shape({"alt_text": string(0, 2000)}, image_fields, exactly_one("image_url", "slack_file"))
_feedback = shape({"text": plain(75), "value": string(0, 2000)}, {"accessibility_label": string(1, 75)})

IN_ACTIONS: Mapping[str, Check] = {**_BUTTONS, **_CHOICES, **_TIMES, "rich_text_input": _WRITING["rich_text_input"]}
IN_SECTION: Mapping[str, Check] = {**_BUTTONS, **_CHOICES, "datepicker": _TIMES["datepicker"], "timepicker": _TIMES["timepicker"]} | {
    "datetimepicker": _TIMES["datetimepicker"],
    "image": image,
}
IN_INPUT: Mapping[str, Check] = {**_CHOICES, **_TIMES, **_WRITING}
IN_CONTEXT_ACTIONS: Mapping[str, Check] = {
    "feedback_buttons": shape({"positive_button": _feedback, "negative_button": _feedback}, _named),
    "icon_button": shape(
        {"icon": string(1), "text": plain(75)},
        {**_asked, "value": string(0, 2000), "accessibility_label": string(1, 75), "visible_to_user_ids": _ids},
    ),
}
