"""The requests of the sandbox have the keys of Slack's own example payloads."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.shapes import user_json

Json = dict[str, Any]
EXAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "schemas" / "payloads" / "slack"
ELSEWHERE = {"enterprise_id", "enterprise_name", "ssl_check", "workflow_step", "event.client_msg_id", "event.edited", "event.team"}
"""Only in organisations of several workspaces, in workflows, or for some messages."""


def keys(payload: Json, *inside: str) -> set[str]:
    """The names at the top and in some objects below."""
    names = set(payload)
    for outer in inside:
        names |= {f"{outer}.{name}" for name in payload.get(outer, {})}
    return names


def example(name: str) -> Json:
    path = EXAMPLES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the checkout")
    found: Json = json.loads(path.read_text())
    return found


def missing(name: str, ours: Json, *inside: str) -> set[str]:
    return keys(example(name), *inside) - keys(ours, *inside) - ELSEWHERE


@pytest.fixture
async def heard(slack: SlackSandbox, bot: Any, web_client: AsyncWebClient) -> dict[str, Json]:
    """One request of each kind, by its kind."""
    slack.courier.echo_bot_messages = False
    ana, place = slack.actor("ana"), slack.world.channel("help").id
    button = {"type": "button", "action_id": "a", "value": "v", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    title = {"type": "plain_text", "text": "x"}
    view = {"type": "modal", "title": title, "submit": title, "close": title, "notify_on_close": True, "blocks": blocks}
    await ana.command("#help", "/issue", "x")
    await ana.message("#help", "@deskbell x")
    await ana.react("x", "eyes")
    await ana.invite("bob", "#help")
    await ana.opens_home("messages")
    await ana.shortcut("s")
    await ana.message_shortcut("m", "x")
    await web_client.chat_postEphemeral(channel=place, user=ana.user.id, text="x", blocks=blocks)
    await ana.press("Go")
    for act in (ana.submit, ana.close):
        await web_client.views_open(trigger_id=ana.keys()["trigger_id"], view=view)
        await act()
    return {one.get("event", one).get("type", "slash_command"): one for one in bot.heard}


@pytest.mark.parametrize(
    ("kind", "name", "inside"),
    [
        ("slash_command", "slash_command.1", ()),
        ("message", "event.message.file_share.1", ()),
        ("app_mention", "event.app_mention.1", ("event",)),
        ("reaction_added", "event.reaction_added.1", ("event",)),
        ("member_joined_channel", "event.member_joined_channel.1", ("event",)),
        ("app_home_opened", "event.app_home_opened.1", ("event",)),
        ("block_actions", "block_actions.1", ("user", "container", "team", "channel")),
        ("shortcut", "shortcut.1", ("user",)),
        ("message_action", "message_action.1", ("user", "channel")),
        ("view_submission", "view_submission.1", ("user", "team")),
        ("view_closed", "view_closed.1", ("user", "view")),
    ],
)
def test_nothing_is_missing_from_a_payload(heard: dict[str, Json], kind: str, name: str, inside: tuple[str, ...]) -> None:
    elsewhere = {"team.enterprise_id", "team.enterprise_name"}
    assert missing(name, heard[kind], *inside) <= elsewhere


def test_a_pressed_button_has_the_keys_of_slacks(heard: dict[str, Json]) -> None:
    assert set(example("block_actions.1")["actions"][0]) == set(heard["block_actions"]["actions"][0])


def test_the_people_and_the_app_in_answers_have_slacks_names(slack: SlackSandbox) -> None:
    answers = EXAMPLES.parent / "slack-api-responses"
    path = answers / "users.info.json"
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the checkout")

    ours = user_json(slack.world, slack.world.user("ana"))
    known = json.loads(path.read_text())["user"]
    assert set(ours) <= set(known)
    assert set(ours["profile"]) <= set(known["profile"])
