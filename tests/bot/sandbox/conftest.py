"""A sandbox with a few people, a web client for it, and a small bot that answers as it is told."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import HandClock, SlackSandbox

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[web.Response]]


@dataclass
class Bot:
    """A bot of a few lines: verifies signatures with Slack's own verifier, keeps what it heard, answers what the test put in `answer`."""

    verifier: SignatureVerifier
    heard: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    refused: int = 0
    answer: Answer | None = None

    async def listen(self, request: web.Request) -> web.Response:
        body = await request.text()
        if not self.verifier.is_valid_request(body, dict(request.headers)):
            self.refused += 1
            return web.Response(status=401)
        payload: Json = json.loads(body) if request.content_type == "application/json" else dict(parse_qsl(body, keep_blank_values=True))
        if "payload" in payload:
            payload = json.loads(payload["payload"])
        self.heard.append(payload)
        self.headers.append(dict(request.headers))
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": payload["challenge"]})
        return await self.answer(payload) if self.answer else web.Response()

    def says(self, body: Json | str, status: int = 200) -> None:
        """Answer everything from now on with this."""

        async def answer(payload: Json) -> web.Response:
            return web.Response(text=body, status=status) if isinstance(body, str) else web.json_response(body, status=status)

        self.answer = answer

    def events(self, kind: str) -> list[Json]:
        """The events of one type that it heard."""
        return [one["event"] for one in self.heard if one.get("event", {}).get("type") == kind]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def slack(clock: HandClock) -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox(clock=clock) as sandbox:
        sandbox.add_user("ana", real_name="Ana Silva", email="ana@example.com", tz="Europe/Lisbon")
        sandbox.add_user("bob", real_name="Bob Novak")
        sandbox.add_user("eve", real_name="Eve Gone", deleted=True)
        sandbox.add_channel("help", ["ana", "bob"])
        sandbox.add_channel("other", ["ana"], bot=False)
        sandbox.add_channel("board", ["bob"], kind="group", bot=False)
        yield sandbox


@pytest.fixture
def web_client(slack: SlackSandbox) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])


@pytest.fixture
async def bot(slack: SlackSandbox) -> AsyncIterator[Bot]:
    little = Bot(SignatureVerifier(slack.signing_secret, SdkClock()))
    application = web.Application()
    application.router.add_post("/slack/events", little.listen)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield little
    await runner.cleanup()
