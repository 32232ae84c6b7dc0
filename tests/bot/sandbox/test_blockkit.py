"""Our checker of Block Kit: every limit at its edge, and agreement with the schemas derived from Slack's own types."""

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.slack.blockkit import message_faults, view_faults, weight, with_ids

Json = dict[str, Any]
SCHEMAS = Path(__file__).resolve().parents[3].parent / "shared" / "schemas" / "slack"


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "x", value: str = "v") -> Json:
    return {"text": plain(text), "value": value}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": [option()], **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def several(kind: str, count: int) -> Json:
    return {"type": kind, "options": [option(value=str(n)) for n in range(count)]}


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns for _ in range(rows)]}


def confirm(**more: Any) -> Json:
    return {"text": plain(), **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a", **more}


def words(count: int) -> str:
    return "x" * count


LIMITS: dict[str, tuple[Json, Json]] = {
    "section text": (section(text=mrkdwn(words(3000))), section(text=mrkdwn(words(3001)))),
    "text not empty": (section(text=plain("x")), section(text=plain(""))),
    "fields": (section(fields=[plain()] * 10), section(fields=[plain()] * 11)),
    "no empty fields": (section(fields=[plain()]), section(fields=[])),
    "field text": (section(fields=[plain(words(2000))]), section(fields=[plain(words(2001))])),
    "header": ({"type": "header", "text": plain(words(150))}, {"type": "header", "text": plain(words(151))}),
    "actions": (actions(*[button()] * 25), actions(*[button()] * 26)),
    "no empty actions": (actions(button()), actions()),
    "context": ({"type": "context", "elements": [plain()] * 10}, {"type": "context", "elements": [plain()] * 11}),
    "button text": (actions(button(text=plain(words(75)))), actions(button(text=plain(words(76))))),
    "button value": (actions(button(value=words(2000))), actions(button(value=words(2001)))),
    "button url": (actions(button(url="https://a/" + words(2990))), actions(button(url="https://a/" + words(2991)))),
    "button label": (actions(button(accessibility_label=words(75))), actions(button(accessibility_label=words(76)))),
    "action_id": (actions(button(action_id=words(255))), actions(button(action_id=words(256)))),
    "block_id": (section(block_id=words(255)), section(block_id=words(256))),
    "option text": (actions(select(options=[option(words(75))])), actions(select(options=[option(words(76))]))),
    "option value": (actions(select(options=[option(value=words(150))])), actions(select(options=[option(value=words(151))]))),
    "options": (actions(several("static_select", 100)), actions(several("static_select", 101))),
    "no empty options": (actions(several("static_select", 1)), actions(several("static_select", 0))),
    "checkboxes": (actions(several("checkboxes", 10)), actions(several("checkboxes", 11))),
    "radio buttons": (actions(several("radio_buttons", 10)), actions(several("radio_buttons", 11))),
    "overflow": (actions(several("overflow", 5)), actions(several("overflow", 6))),
    "placeholder": (actions(select(placeholder=plain(words(150)))), actions(select(placeholder=plain(words(151))))),
    "confirm title": (actions(button(confirm=confirm(title=plain(words(100))))), actions(button(confirm=confirm(title=plain(words(101)))))),
    "confirm text": (actions(button(confirm={"text": plain(words(300))})), actions(button(confirm={"text": plain(words(301))}))),
    "confirm button": (actions(button(confirm=confirm(deny=plain(words(30))))), actions(button(confirm=confirm(deny=plain(words(31)))))),
    "image url": (image(image_url="https://a/" + words(2990)), image(image_url="https://a/" + words(2991))),
    "alt text": (image(alt_text=words(2000)), image(alt_text=words(2001))),
    "image title": (image(title=plain(words(2000))), image(title=plain(words(2001)))),
    "markdown": ({"type": "markdown", "text": words(12_000)}, {"type": "markdown", "text": words(12_001)}),
    "table rows": (table(100, 2), table(101, 2)),
    "table columns": (table(2, 20), table(2, 21)),
    "context actions": (
        {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain()}] * 5},
        {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain()}] * 6},
    ),
    "label": (field({"type": "plain_text_input"}, label=plain(words(2000))), field({"type": "plain_text_input"}, label=plain(words(2001)))),
    "hint": (field({"type": "plain_text_input"}, hint=plain(words(2000))), field({"type": "plain_text_input"}, hint=plain(words(2001)))),
    "longest answer": (field({"type": "plain_text_input", "max_length": 3000}), field({"type": "plain_text_input", "max_length": 3001})),
    "files": (field({"type": "file_input", "max_files": 10}), field({"type": "file_input", "max_files": 11})),
    "groups": (
        actions({"type": "static_select", "option_groups": [{"label": plain(), "options": [option()]}] * 100}),
        actions({"type": "static_select", "option_groups": [{"label": plain(), "options": [option()]}] * 101}),
    ),
}
RIGHT: list[Json] = [
    {"type": "divider"},
    image(),
    image(title=plain()),
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
    section(accessory=image()),
    section(accessory=button(style="primary", value="1")),
    section(accessory={"type": "multi_static_select", "options": [option()]}),
    section(accessory={"type": "datepicker", "initial_date": "2026-01-31"}),
    actions(button(), select(), {"type": "users_select"}, {"type": "timepicker", "initial_time": "09:30"}),
    actions({"type": "conversations_select", "filter": {"include": ["public", "im"], "exclude_bot_users": True}}),
    {"type": "context", "elements": [mrkdwn(), image()]},
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a", "style": {"bold": True}}]}],
    },
    field({"type": "plain_text_input", "multiline": True, "min_length": 2, "max_length": 5}),
    field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}, optional=True),
    field({"type": "checkboxes", "options": [{"text": mrkdwn(), "value": "a"}]}),
    field({"type": "external_select", "min_query_length": 2}),
    field({"type": "datetimepicker", "initial_date_time": 1_760_000_000}),
    field({"type": "email_text_input"}),
    field({"type": "url_text_input"}),
    {
        "type": "video",
        "alt_text": "a",
        "thumbnail_url": "https://example.com/a.png",
        "title": plain(),
        "video_url": "https://example.com/v",
    },
]
WRONG_FOR_ALL: list[Json] = [
    {},
    {"type": "paragraph"},
    {"type": "section"},
    section(colour="red"),
    section(text="words"),
    section(text={"type": "html", "text": "x"}),
    section(text={"type": "mrkdwn"}),
    section(text=mrkdwn() | {"emoji": True}),
    section(accessory={"type": "plain_text_input"}),
    {"type": "header", "text": mrkdwn()},
    {"type": "header"},
    {"type": "image", "image_url": "https://example.com/a.png"},
    {"type": "image", "alt_text": "a"},
    {"type": "image", "image_url": "https://example.com/a.png", "slack_file": {"id": "F1"}, "alt_text": "a"},
    {"type": "context", "elements": [button()]},
    {"type": "context", "elements": []},
    actions({"type": "plain_text_input"}),
    actions(button(text=mrkdwn())),
    actions(button(style="default")),
    actions(button(value=5)),
    actions({"type": "button"}),
    actions({"type": "static_select"}),
    actions(select(option_groups=[{"label": plain(), "options": [option()]}])),
    actions(select(options=[{"text": mrkdwn(), "value": "v"}])),
    actions(select(options=[option() | {"type": "option"}])),
    actions(select(placeholder=mrkdwn())),
    field(button()),
    field({"type": "number_input"}),
    field({"type": "plain_text_input"}, label=mrkdwn()),
    {"type": "input", "element": {"type": "plain_text_input"}},
    field({"type": "plain_text_input", "max_length": 0}),
    {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": []}]},
    {"type": "rich_text"},
    {"type": "divider", "text": "x"},
]
WRONG_BEYOND_THE_SCHEMA: list[Json] = [
    {"type": "alert", "text": plain()},
    image(image_url="ftp://example.com/a.png"),
    actions(button(url="not an address")),
    actions(select(initial_option=option("y", "w"))),
    actions(button(action_id="a"), button(action_id="a")),
    actions({"type": "datepicker", "initial_date": "tomorrow"}),
    actions({"type": "timepicker", "initial_time": "24:00"}),
    field({"type": "plain_text_input", "min_length": 5, "max_length": 4}),
]


@functools.cache
def schema(name: str) -> Any:
    """The validator for messages, modals or home tabs; skips the test where the schemas are not there."""
    jsonschema = pytest.importorskip("jsonschema")
    path = SCHEMAS / f"blockkit.{name}.schema.json"
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the checkout")
    return jsonschema.Draft7Validator(json.loads(path.read_text()))


def schema_says(name: str, body: Json) -> bool:
    return bool(schema(name).is_valid(body))


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_holds_at_its_edge(name: str) -> None:
    inside, outside = LIMITS[name]
    assert message_faults([inside]) == []
    assert message_faults([outside]) != []


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_is_the_schemas(name: str) -> None:
    inside, outside = LIMITS[name]
    assert schema_says("message", {"blocks": [inside]})
    assert not schema_says("message", {"blocks": [outside]})


@pytest.mark.parametrize("block", RIGHT, ids=json.dumps)
def test_right_blocks_pass_here_and_in_the_schemas(block: Json) -> None:
    modal = {"type": "modal", "title": plain(), "submit": plain(), "blocks": [block]}
    home = {"type": "home", "blocks": [block]}
    assert message_faults([block]) == view_faults(modal) == view_faults(home) == []
    assert schema_says("message", {"blocks": [block]})
    assert schema_says("modal", modal)
    assert schema_says("home", home)


@pytest.mark.parametrize("block", WRONG_FOR_ALL, ids=json.dumps)
def test_wrong_blocks_fail_here_and_in_the_schemas(block: Json) -> None:
    assert message_faults([block])
    assert view_faults({"type": "home", "blocks": [block]})
    assert not schema_says("message", {"blocks": [block]})
    assert not schema_says("home", {"type": "home", "blocks": [block]})


@pytest.mark.parametrize("block", WRONG_BEYOND_THE_SCHEMA, ids=json.dumps)
def test_what_no_schema_can_say_is_refused_too(block: Json) -> None:
    assert message_faults([block])


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [section()], **more}


VIEWS: dict[str, tuple[Json, Json]] = {
    "blocks": (modal(blocks=[section()] * 100), modal(blocks=[section()] * 101)),
    "some blocks": (modal(), modal(blocks=[])),
    "title": (modal(title=plain(words(24))), modal(title=plain(words(25)))),
    "submit": (modal(submit=plain(words(24))), modal(submit=plain(words(25)))),
    "close": (modal(close=plain(words(24))), modal(close=plain(words(25)))),
    "metadata": (modal(private_metadata=words(3000)), modal(private_metadata=words(3001))),
    "callback": (modal(callback_id=words(255)), modal(callback_id=words(256))),
    "external id": (modal(external_id=words(255)), modal(external_id=words(256))),
    "submit for input": (
        modal(blocks=[field({"type": "plain_text_input"})], submit=plain()),
        modal(blocks=[field({"type": "plain_text_input"})]),
    ),
    "known fields": (modal(notify_on_close=True), modal(on_close=True)),
    "plain title": (modal(title=plain()), modal(title=mrkdwn())),
}


@pytest.mark.parametrize("name", VIEWS)
def test_each_rule_for_modals_is_the_schemas(name: str) -> None:
    right, wrong = VIEWS[name]
    assert view_faults(right) == []
    assert view_faults(wrong) != []
    assert schema_says("modal", right)
    assert not schema_says("modal", wrong)


def test_a_message_takes_fifty_blocks() -> None:
    assert message_faults([section()] * 50) == []
    assert message_faults([section()] * 51) == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]


def test_block_ids_are_unique_in_a_message_and_action_ids_in_a_block() -> None:
    assert "block_id" in message_faults([section(block_id="a"), section(block_id="a")])[0]
    assert message_faults([actions(button(action_id="a")), actions(button(action_id="a"))]) == []


def test_the_markdown_blocks_of_a_message_share_their_limit() -> None:
    half = {"type": "markdown", "text": words(6000)}
    assert message_faults([half, half]) == []
    assert message_faults([half, half, {"type": "markdown", "text": "x"}])


def test_blocks_for_messages_only_do_not_stand_in_views() -> None:
    for block in ({"type": "markdown", "text": "x"}, table(1, 1)):
        assert message_faults([block]) == []
        assert view_faults(modal(blocks=[block]))


def test_one_field_at_most_takes_the_focus() -> None:
    focused = field({"type": "plain_text_input", "focus_on_load": True})
    assert view_faults(modal(blocks=[focused], submit=plain())) == []
    assert view_faults(modal(blocks=[focused, focused], submit=plain()))


def test_an_option_may_be_described_and_only_an_overflow_may_link() -> None:
    assert message_faults([actions(select(options=[option() | {"description": plain(words(75))}]))]) == []
    assert message_faults([actions(select(options=[option() | {"description": plain(words(76))}]))])
    linked = option() | {"url": "https://example.com"}
    assert message_faults([actions({"type": "overflow", "options": [linked]})]) == []
    assert message_faults([actions(select(options=[linked]))])


def test_faults_read_as_slacks() -> None:
    assert message_faults([section(), section(text=plain(words(3001)))]) == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]
    assert message_faults([{"type": "paragraph"}]) == ["[ERROR] unsupported type: paragraph [json-pointer:/blocks/0/type]"]


def test_missing_ids_are_made_up_and_given_ones_kept() -> None:
    stored = with_ids([actions(button(), button(action_id="mine")), section(block_id="b")])
    made = [element["action_id"] for element in stored[0]["elements"]]
    assert made[1] == "mine"
    assert len(set(made)) == 2
    assert stored[0]["block_id"]
    assert stored[1]["block_id"] == "b"


def test_the_weight_of_blocks_is_all_their_texts() -> None:
    assert weight([section(text=plain("four")), {"type": "context", "elements": [mrkdwn("two"), mrkdwn("x")]}]) == 8
