"""Layout blocks, and where each may stand."""

from bot.sandbox.rules import Check, at_least_one, exactly_one, flag, many, number, one_of, shape, string, tagged
from bot.sandbox.slack.blockkit.elements import IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION, image
from bot.sandbox.slack.blockkit.objects import identifier, image_fields, plain, rich_text_elements, web_address, words

_id: dict[str, Check] = {"block_id": identifier}
CELLS: dict[str, Check] = {
    "raw_text": shape({"text": string()}),
    "raw_number": shape({"value": number(), "text": string()}),
    "rich_text": shape({"elements": rich_text_elements}, _id),
}
_column = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})
_in_context = tagged(
    {
        "image": image,
        "plain_text": shape({"text": string(1, 3000)}, {"emoji": flag}),
        "mrkdwn": shape({"text": string(1, 3000)}, {"verbatim": flag}),
    }
)

EVERYWHERE: dict[str, Check] = {
    "actions": shape({"elements": many(tagged(IN_ACTIONS), 1, 25)}, _id),
    "context": shape({"elements": many(_in_context, 1, 10)}, _id),
    "divider": shape({}, _id),
    "header": shape({"text": plain(150)}, _id),
    "image": shape({"alt_text": string(1, 2000)}, {**_id, **image_fields, "title": plain(2000)}, exactly_one("image_url", "slack_file")),
    "input": shape(
        {"label": plain(2000), "element": tagged(IN_INPUT)},
        {**_id, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": shape({"elements": rich_text_elements}, _id),
    "section": shape(
        {},
        {**_id, "text": words(3000), "fields": many(words(2000), 1, 10), "accessory": tagged(IN_SECTION), "expand": flag},
        at_least_one("text", "fields"),
    ),
    "video": shape(
        {"alt_text": string(1), "thumbnail_url": web_address, "title": plain(199), "video_url": web_address},
        {
            **_id,
            "author_name": string(1, 49),
            "description": plain(),
            "provider_icon_url": web_address,
            "provider_name": string(),
            "title_url": web_address,
        },
    ),
}
IN_MESSAGES: dict[str, Check] = {
    **EVERYWHERE,
    "context_actions": shape({"elements": many(tagged(IN_CONTEXT_ACTIONS), 1, 5)}, _id),
    "file": shape({"external_id": string(1), "source": one_of("remote")}, _id),
    "markdown": shape({"text": string(1, 12_000)}, _id),
    "table": shape({"rows": many(many(tagged(CELLS), 1, 20), 1, 100)}, {**_id, "column_settings": many(_column, 0, 20)}),
}
MESSAGE_BLOCKS = many(tagged(IN_MESSAGES), 0, 50)
VIEW_BLOCKS = many(tagged(EVERYWHERE), 1, 100)

_view: dict[str, Check] = {
    "private_metadata": string(0, 3000),
    "callback_id": string(0, 255),
    "external_id": string(0, 255),
}
MODAL = shape(
    {"title": plain(24), "blocks": VIEW_BLOCKS},
    {**_view, "submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag, "submit_disabled": flag},
)
HOME = shape({"blocks": VIEW_BLOCKS}, _view)
