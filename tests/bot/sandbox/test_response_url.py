"""Response URLs: five answers in thirty minutes, private unless they say otherwise."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import HandClock, SlackSandbox

Json = dict[str, Any]
BUTTONS = [{"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}]}]


def answer(slack: SlackSandbox, original: str | None = None) -> AsyncWebhookClient:
    """A client for the response URL of something that Ana did in #help."""
    ana = slack.actor("ana")
    return AsyncWebhookClient(ana.keys(ana.place("#help").id, original)["response_url"], retry_handlers=[])


async def test_an_answer_is_private_by_default(slack: SlackSandbox) -> None:
    got = await answer(slack).send(text="for you")
    assert (got.status_code, got.body) == (200, '{"ok": true}')
    assert slack.actor("ana").find("for you").kind == "ephemeral"
    assert not slack.actor("bob").sees("for you")


async def test_an_answer_can_be_for_all_and_in_a_thread(slack: SlackSandbox) -> None:
    parent = await slack.actor("bob").message("#help", "parent")
    await answer(slack).send_dict({"text": "for all", "response_type": "in_channel", "thread_ts": parent.ts, "replace_original": False})
    assert slack.actor("bob").find("for all").thread_ts == parent.ts


async def test_a_url_answers_five_times(slack: SlackSandbox) -> None:
    hook = answer(slack)
    assert [(await hook.send(text=str(n))).status_code for n in range(6)] == [200] * 5 + [404]
    assert "used_url" in (await hook.send(text="x")).body


async def test_a_url_answers_for_thirty_minutes(slack: SlackSandbox, clock: HandClock) -> None:
    hook = answer(slack)
    clock.move(30 * 60)
    assert (await hook.send(text="in time")).status_code == 200
    clock.move(1)
    late = await hook.send(text="late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)
    assert (await AsyncWebhookClient(slack.base_url.replace("/api/", "/response/none")).send(text="x")).status_code == 404


@pytest.mark.parametrize(
    ("body", "error"), [({"response_type": "ephemeral"}, "no_text"), ({"text": "x", "blocks": [{"type": "paragraph"}]}, "invalid_blocks")]
)
async def test_a_wrong_answer_is_refused_and_costs_no_use(slack: SlackSandbox, body: Json, error: str) -> None:
    hook = answer(slack)
    for _ in range(6):
        got = await hook.send_dict(body)
        assert (got.status_code, error in got.body) == (400, True)
    assert (await hook.send(text="right")).status_code == 200


async def test_a_message_is_replaced_and_deleted_where_it_stood(slack: SlackSandbox, web_client: AsyncWebClient) -> None:
    ts = (await web_client.chat_postMessage(channel=slack.world.channel("help").id, text="old", blocks=BUTTONS))["ts"]
    await answer(slack, ts).send(text="new", replace_original=True)
    assert slack.actor("bob").find("new").id == ts
    await answer(slack, ts).send(delete_original=True)
    assert not slack.actor("bob").sees("new")


async def test_a_private_note_stays_private_when_replaced(slack: SlackSandbox, web_client: AsyncWebClient) -> None:
    ana = slack.world.user("ana").id
    ts = (await web_client.chat_postEphemeral(channel=slack.world.channel("help").id, user=ana, text="old", blocks=BUTTONS))["message_ts"]
    await answer(slack, ts).send(text="new", replace_original=True, response_type="in_channel")
    assert slack.actor("ana").find("new").kind == "ephemeral"
    assert not slack.actor("bob").sees("new")
    await answer(slack, ts).send(delete_original=True)
    assert not slack.actor("ana").sees("new")


async def test_a_command_has_no_original(slack: SlackSandbox) -> None:
    assert (await answer(slack).send(delete_original=True)).status_code == 400
    await answer(slack).send(text="beside", replace_original=True)
    assert slack.actor("ana").sees("beside")


async def test_response_urls_know_trouble_too(slack: SlackSandbox) -> None:
    slack.fail_next("response_url", 500)
    assert (await answer(slack).send(text="x")).status_code == 500
    assert [call.status for call in slack.calls_of("response_url")] == [500]
