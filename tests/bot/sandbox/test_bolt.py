"""The sandbox against Slack's own framework: a real AsyncApp behind real HTTP finds nothing to object to."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, Tamper

Json = dict[str, Any]
FORM: Json = {
    "type": "modal",
    "callback_id": "report",
    "title": {"type": "plain_text", "text": "Report"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What is wrong?"},
            "element": {"type": "plain_text_input", "action_id": "w"},
        }
    ],
}


def desk(slack: SlackSandbox) -> AsyncApp:
    """A small desk: a command that opens a form, a form that becomes a card, a card that can be taken."""
    app = AsyncApp(
        signing_secret=slack.signing_secret,
        client=AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[]),
    )

    @app.command("/issue")
    async def issue(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM | {"private_metadata": body["channel_id"]})

    @app.view("report")
    async def report(ack: AsyncAck, view: Json, client: AsyncWebClient) -> None:
        words = view["state"]["values"]["what"]["w"]["value"]
        if len(words) < 5:
            await ack(response_action="errors", errors={"what": "Please say more."})
            return
        await ack()
        button = {"type": "button", "action_id": "take", "text": {"type": "plain_text", "text": "Take it"}}
        section = {"type": "section", "text": {"type": "plain_text", "text": words}, "accessory": button}
        await client.chat_postMessage(channel=view["private_metadata"], text=words, blocks=[section])

    @app.action("take")
    async def take(ack: AsyncAck, body: Json, say: AsyncSay) -> None:
        await ack()
        await say(text=f"<@{body['user']['id']}> is on it", thread_ts=body["message"]["ts"])

    return app


@pytest.fixture
async def bolt(slack: SlackSandbox) -> AsyncIterator[AsyncApp]:
    app = desk(slack)
    slack.app.events.clear()

    async def endpoint(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", endpoint)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


async def test_a_light_is_reported_and_taken(slack: SlackSandbox, bolt: AsyncApp) -> None:
    ana, bob = slack.actor("ana"), slack.actor("bob")
    await ana.command("#help", "/issue")
    await slack.until(lambda: ana.modal)
    await ana.submit({"What is wrong?": "dark"})
    assert ana.sees("Please say more.")
    await ana.submit({"What is wrong?": "light flickering"})
    await slack.until(lambda: bob.sees("light flickering"))
    await bob.press("Take it")
    await slack.until(lambda: ana.sees("@Bob Novak is on it"))
    assert ana.find("is on it").thread_ts == ana.find("light flickering").id
    assert [delivery.status for delivery in slack.deliveries] == [200] * 4


async def test_bolt_refuses_what_is_forged_or_unknown(slack: SlackSandbox, bolt: AsyncApp) -> None:
    ana = slack.actor("ana")
    assert (await ana.command("#help", "/issue", tamper=Tamper(secret="another"))).status == 401
    assert (await ana.command("#help", "/unknown")).status == 404
    assert ana.sees("/unknown failed")
