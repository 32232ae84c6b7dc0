"""The Slack window draws every block, element and piece of text that the bot can send, and loses no word of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.reading import Reading
from bot.sandbox.slack.blockkit import message_faults, view_faults
from bot.sandbox.slack.blockkit.elements import IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from bot.sandbox.slack.blockkit.layout import CELLS, EVERYWHERE, IN_MESSAGES
from bot.sandbox.slack.blockkit.objects import GROUPS, INLINES
from bot.sandbox.slack.text import unescape
from bot.sandbox.stage import Stage
from bot.slack import forms
from bot.slack.unfurl import preview
from handlers.core import Where
from handlers.forms import Field, Form, Option
from handlers.words import words
from tests.bot.sandbox.page.conftest import PATIENCE
from tests.bot.slack import goldens
from tests.bot.test_samples import GOLDEN, SAMPLES

Json = dict[str, Any]
pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
HERE = Reading.of("en", "America/Los_Angeles")
KINDS = ("blocks", "elements", "texts", "groups", "inline")

ACCEPTED: Mapping[str, set[str]] = {
    "blocks": {*EVERYWHERE, *IN_MESSAGES},
    "elements": {*IN_ACTIONS, *IN_SECTION, *IN_INPUT, *IN_CONTEXT_ACTIONS},
    "texts": {"plain_text", "mrkdwn", *CELLS},
    "groups": set(GROUPS),
    "inline": set(INLINES),
}
"""All that the platform takes from us: whatever is drawn of it can be sent, and nothing else."""

DRAW = """async ([blocks, attachments]) => {
  const { attachment, draw } = await import("/static/slack/blocks.js");
  const { deskOf } = await import("/static/slack/desk.js");
  const bob = { name: "Bob Burke", handle: "bob" };
  const sight = {
    me: "U1", app: "U0", zone: "Europe/Berlin", now: 1795420800, people: { U0BOB: bob }, conversations: [],
    person: (id) => (id === "U0BOB" ? bob : undefined), channel: () => undefined, file: (id) => "/file/slack/" + id, go: () => {},
  };
  const desk = deskOf({ sight, context: {}, kind: "message", id: "1", root: document.body });
  const made = document.createElement("div");
  made.append(...draw(blocks, desk), ...attachments.map((one) => attachment(one, desk)));
  return { text: made.textContent, html: made.innerHTML, cannot: [...made.querySelectorAll(".cannot")].map((one) => one.textContent) };
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(browser: Browser, office: tuple[str, Stage]) -> Page:
    found = await browser.new_page()
    found.set_default_timeout(PATIENCE)
    await found.goto(office[0])
    return found


def kept() -> Iterator[tuple[str, Json]]:
    """All golden files of what goes to Slack."""
    for path in (*sorted(GOLDEN.glob("*.slack.json")), *sorted(goldens.FOLDER.glob("*.json"))):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def every_field() -> Json:
    """A form with each kind of field that the code's own table knows."""
    options = (Option("a", words("Option A")), Option("b", words("Option B")))
    fields = tuple(Field(kind, kind, words(f"A field of {kind}"), options=options) for kind in forms.ELEMENTS)  # type: ignore[arg-type]
    view = forms.view(Form("every", words("Every field"), fields, words("Send")), HERE, Where("slack", "T0", "C0"))
    assert view_faults(view) == []
    return view


def payloads() -> list[tuple[str, Json]]:
    homes = [("home: " + name, forms.home(card, HERE)) for name, card in SAMPLES.items()]
    previews = [("preview: " + name, {"blocks": [], "attachments": [preview(card, HERE)]}) for name, card in SAMPLES.items()]
    return [*kept(), ("every field", every_field()), *homes, *previews]


def types(payload: Json) -> Iterator[tuple[str, str]]:
    """(kind, type) of all that a payload is made of, told by where it stands."""
    for block in [*payload.get("blocks", ()), *(one for more in payload.get("attachments", ()) for one in more["blocks"])]:
        yield "blocks", block["type"]
        yield from _inside(block)


def _inside(block: Json) -> Iterator[tuple[str, str]]:
    for value in block.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and "type" in one:
                yield _kind(block.get("type", ""), one["type"]), one["type"]
                yield from _inside(one)
            elif isinstance(one, dict):
                yield from _inside(one)


def _kind(outer: str, inner: str) -> str:
    if outer in ("rich_text", "rich_text_list"):
        return "groups"
    if outer in GROUPS:
        return "inline"
    return "texts" if inner in ACCEPTED["texts"] else "elements"


def said(thing: Any) -> Iterator[str]:
    """The words that are on the screen at once: not what a menu shows when it is opened."""
    for one in thing if isinstance(thing, list) else [thing]:
        if isinstance(one, dict):
            if isinstance(one.get("text"), str) and one.get("type") in ("text", "link", "plain_text"):
                yield unescape(one["text"]) if one["type"] == "plain_text" else one["text"]
            yield from said([value for name, value in one.items() if name not in ("options", "option_groups", "placeholder", "confirm")])
        elif isinstance(one, list):
            yield from said(one)


def even(text: str) -> str:
    return "".join(text.split())


async def test_knows_all_that_the_platform_takes(page: Page) -> None:
    drawn = await page.evaluate(
        'async () => { const { DRAWN } = await import("/static/slack/blocks.js"); '
        "return Object.fromEntries(Object.entries(DRAWN).map(([kind, table]) => [kind, Object.keys(table)])); }"
    )
    assert {kind: ACCEPTED[kind] - set(drawn[kind]) for kind in KINDS} == {kind: set() for kind in KINDS}


async def test_knows_all_that_the_bot_sends() -> None:
    sent: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for name, payload in payloads():
        for kind, type_ in types(payload):
            assert type_ in ACCEPTED[kind], (name, kind, type_)
            sent[kind].add(type_)
    assert sent["blocks"] >= {"actions", "context", "image", "input", "rich_text", "section"}
    assert sent["elements"] >= {"button", "overflow", "static_select", "multi_static_select", "multi_users_select", "radio_buttons"}
    assert sent["inline"] >= {"text", "link", "user", "date"}


async def test_draws_every_sample_without_losing_a_word(page: Page) -> None:
    for name, payload in payloads():
        blocks, attachments = payload.get("blocks", []), payload.get("attachments", [])
        drawn = await page.evaluate(DRAW, [blocks, attachments])
        assert drawn["cannot"] == [], name
        shown = even(drawn["text"])
        assert [text for text in said([blocks, attachments]) if even(text) not in shown] == [], name


async def test_draws_one_of_everything_that_the_platform_takes(page: Page) -> None:
    """Also what no card of ours has yet."""
    plain = {"type": "plain_text", "text": "Some words"}
    style = {"bold": True, "italic": True, "strike": True, "underline": True, "code": True}
    line = [
        {"type": "text", "text": "styled", "style": style},
        {"type": "link", "url": "https://example.com", "text": "a link"},
        {"type": "user", "user_id": "U0BOB"},
        {"type": "usergroup", "usergroup_id": "S0TEAM"},
        {"type": "channel", "channel_id": "C0OTHER"},
        {"type": "team", "team_id": "T0TEAM"},
        {"type": "emoji", "name": "tada"},
        {"type": "broadcast", "range": "here"},
        {"type": "date", "timestamp": 1795420800, "format": "{date_long} at {time}", "fallback": "then"},
        {"type": "color", "value": "#aabbcc"},
    ]
    section = {"type": "rich_text_section", "elements": line}
    listed = {"type": "rich_text_list", "style": "ordered", "elements": [section], "indent": 1, "offset": 2}
    fence = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a  b"}]}
    rich = {"type": "rich_text", "elements": [section, listed, {"type": "rich_text_quote", "elements": line}, fence]}
    options = [{"text": plain, "value": "a", "description": plain}]
    needs: dict[str, Json] = {
        "number_input": {"is_decimal_allowed": True},
        "workflow_button": {"text": plain, "workflow": {"trigger": {"url": "https://example.com"}}},
        "feedback_buttons": {"positive_button": {"text": plain, "value": "y"}, "negative_button": {"text": plain, "value": "n"}},
        "icon_button": {"text": plain, "icon": "trash"},
        "button": {"text": plain, "style": "danger", "confirm": {"text": plain}},
        "image": {"slack_file": {"id": "F1"}, "alt_text": "A picture"},
    }
    for kind in ("overflow", "static_select", "multi_static_select", "checkboxes", "radio_buttons"):
        needs[kind] = {"options": options}

    def element(kind: str) -> Json:
        return {"type": kind, **needs.get(kind, {})}

    def actions(block: str, kinds: Mapping[str, Any]) -> list[Json]:
        return [{"type": block, "elements": [element(kind)]} for kind in kinds]

    blocks: list[Json] = [
        rich,
        {"type": "header", "text": plain},
        {"type": "divider"},
        {"type": "context", "elements": [plain, {"type": "mrkdwn", "text": "*small*"}, element("image")]},
        {"type": "image", "image_url": "https://elsewhere.example/x.png", "alt_text": "From elsewhere", "title": plain},
        {"type": "markdown", "text": "# Head\n\n**bold** [there](https://example.com)\n\n- one\n- two"},
        {"type": "file", "external_id": "X1", "source": "remote"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "A"}, {"type": "raw_number", "value": 4, "text": "4"}], [rich, rich]]},
        {
            "type": "video",
            "alt_text": "A video",
            "thumbnail_url": "https://example.com/t.png",
            "video_url": "https://example.com/v",
            "title": plain,
        },
        {"type": "section", "text": plain, "fields": [plain, {"type": "mrkdwn", "text": "_field_"}]},
        *({"type": "section", "text": plain, "accessory": element(kind)} for kind in IN_SECTION),
        *actions("actions", IN_ACTIONS),
        *actions("context_actions", IN_CONTEXT_ACTIONS),
        *({"type": "input", "label": plain, "hint": plain, "element": element(kind)} for kind in IN_INPUT),
    ]
    blocks = [block | {"block_id": f"b{at}"} for at, block in enumerate(blocks)]
    assert message_faults(blocks[:50]) + message_faults(blocks[50:]) == []
    assert {one["type"] for one in blocks} == ACCEPTED["blocks"]
    drawn = await page.evaluate(DRAW, [blocks, []])
    assert drawn["cannot"] == []
    for shown in ("@Bob Burke", "@here", "at 09:00", "Some words", "From elsewhere", "A video"):
        assert even(shown) in even(drawn["text"])
    assert "elsewhere.example/x.png" not in drawn["html"].replace('href="https://elsewhere.example/x.png"', "")


async def test_says_what_it_cannot_draw(page: Page) -> None:
    drawn = await page.evaluate(DRAW, [[{"type": "carousel"}, {"type": "actions", "elements": [{"type": "lever"}]}], []])
    assert drawn["cannot"] == ["“carousel” cannot be drawn here.", "“lever” cannot be drawn here."]


MARKED = {
    "*bold* _it_ ~no~ `a *b*`": "<strong>bold</strong> <em>it</em> <s>no</s> <code>a *b*</code>",
    "2*3*4 a_b_c * x * **": "2*3*4 a_b_c * x * **",
    "*_both_*": "<strong><em>both</em></strong>",
    "_<https://x.example/a_b_c|here>_": '<em><a href="https://x.example/a_b_c" target="_blank" rel="noopener noreferrer">here</a></em>',
    "&lt;b&gt; &amp;lt;": "&lt;b&gt; &amp;lt;",
    "```one\n*two*```": '<pre class="fence">one\n*two*</pre>',
    "&gt; said\n&gt; more\nno": "<blockquote>said\nmore</blockquote>no",
    "• one\n• two": "<ul><li>one</li><li>two</li></ul>",
    "3. c\n4. d": '<ol start="3"><li>c</li><li>d</li></ol>',
    "<javascript:alert(1)|x>": '<span title="javascript:alert(1)">x</span>',
    "<img src=x onerror=alert(1)>": "&lt;img src=x onerror=alert(1)&gt;",
    "<!here> :nosuch: 10:30:45": '<span class="mention all">@here</span> :nosuch: 10:30:45',
    "<#C9|office>": '<span class="mention">#office</span>',
    "<!date^1795420800^{date_num} {time}|then>": '<time datetime="2026-11-23T08:00:00.000Z">2026-11-23 09:00</time>',
    "<!date^1795420800^{no_such}|then>": '<time datetime="2026-11-23T08:00:00.000Z">then</time>',
    "a <!date^x^{time}|then>": "a <time>then</time>",
}


async def test_reads_slacks_markup(page: Page) -> None:
    for text, expected in MARKED.items():
        drawn = await page.evaluate(DRAW, [[{"type": "section", "text": {"type": "mrkdwn", "text": text}}], []])
        assert f'<div class="words">{expected}</div>' in drawn["html"], text


async def test_a_very_long_message_of_marks_that_never_close_is_drawn_as_it_is(page: Page) -> None:
    text = "_a *b ~c " * 4000
    drawn = await page.evaluate(DRAW, [[{"type": "section", "text": {"type": "mrkdwn", "text": text}}], []])
    assert drawn["text"] == text
