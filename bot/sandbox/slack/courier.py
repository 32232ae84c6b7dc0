"""Requests from the platform to the bot: signed, timed, and repeated when an event was not taken."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.clock import Clock, machine
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.payloads import envelope, subscription
from bot.sandbox.slack.platform import Platform
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.world import World

ANSWER_SECONDS = 3.0
RETRY_AFTER = (0.0, 60.0, 300.0)
"""An event that was not taken comes again almost at once, after a minute and after five more."""
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Slack-Signature` (docs.slack.dev, verifying requests from Slack)."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return f"v0={digest}"


@dataclass(frozen=True)
class Tamper:
    """How a request differs from an honest one.

    `secret` signs with another secret, `signature` replaces the header ("" leaves it out), `age` (seconds) makes the time stamp older,
    `retry_num` and `retry_reason` mark a repetition, `headers` are added, `body` is sent in place of the body that was signed.
    """

    secret: str | None = None
    signature: str | None = None
    age: float = 0.0
    retry_num: int = 0
    retry_reason: str = "http_timeout"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


HONEST = Tamper()


@dataclass(frozen=True)
class Delivery:
    """One request to the bot and its answer. `error` is "" when the answer was a 2xx in time, else what the platform calls it."""

    kind: str
    payload: Json
    status: int
    body: str
    headers: Mapping[str, str]
    seconds: float
    error: str

    @property
    def ok(self) -> bool:
        """Whether the bot took it in time."""
        return not self.error

    def json(self) -> Json:
        """The answer's JSON object; {} if it is empty or is none."""
        try:
            answer = json.loads(self.body)
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}


@dataclass(frozen=True)
class Late:
    """An event that will be sent again."""

    due: float
    world: World
    body: bytes
    payload: Json
    attempt: int
    reason: str


@dataclass
class Courier:
    """Carries requests to the bot's request URL, or over `sockets` where the bot has none."""

    platform: Platform
    secret: str
    signing_clock: Clock = machine
    url: str = ""
    sockets: Sockets | None = None
    answer_within: float = ANSWER_SECONDS
    echo_bot_messages: bool = True
    sent: list[Delivery] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    _session: aiohttp.ClientSession | None = None
    _background: set[asyncio.Task[Delivery]] = field(default_factory=set)

    async def stop(self) -> None:
        """Give up what is on its way and close the connections."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._background:
            await asyncio.gather(*self._background)

    # --- requests

    async def send(self, kind: str, payload: Json, body: bytes, content_type: str, tamper: Tamper = HONEST) -> Delivery:
        """Send one request, twice if that trouble was ordered; returns the first answer."""
        if not self.platform.faults.doubled():
            return await self._once(kind, payload, body, content_type, tamper)
        again = self._once(kind, payload, body, content_type, Tamper(retry_num=1) if kind == "event" else tamper)
        first, _ = await asyncio.gather(self._once(kind, payload, body, content_type, tamper), again)
        return first

    async def _once(self, kind: str, payload: Json, body: bytes, content_type: str, tamper: Tamper) -> Delivery:
        if self.sockets:
            return await self._by_socket(self.sockets, kind, payload, tamper)
        headers = self._headers(body, content_type, tamper)
        started = time.monotonic()
        status, text, answered, error = 0, "", {}, ""
        try:
            async with (
                asyncio.timeout(self.answer_within),
                self._open().post(self._address(), data=tamper.body or body, headers=headers) as got,
            ):
                status, text, answered = got.status, await got.text(), dict(got.headers)
                error = "" if 200 <= status < 300 else "http_error"
        except TimeoutError:
            error = "http_timeout"
        except aiohttp.ClientError:
            error = "connection_failed"
        return self._noted(Delivery(kind, payload, status, text, answered, time.monotonic() - started, error))

    async def _by_socket(self, sockets: Sockets, kind: str, payload: Json, tamper: Tamper) -> Delivery:
        """An acknowledgement stands for status 200, its payload for the body. Nothing is signed, so there is nothing to forge."""
        if tamper not in (HONEST, Tamper(retry_num=tamper.retry_num, retry_reason=tamper.retry_reason)):
            raise ValueError("over a socket only repetitions can be played: it knows no signatures and no headers")
        started = time.monotonic()
        retry = (tamper.retry_num, tamper.retry_reason if tamper.retry_num else "")
        got = await sockets.deliver(kind, payload, self.answer_within, retry)
        text = "" if got.payload is None else json.dumps(got.payload)
        return self._noted(Delivery(kind, payload, 0 if got.error else 200, text, {}, time.monotonic() - started, got.error))

    def _noted(self, delivery: Delivery) -> Delivery:
        self.sent.append(delivery)
        self.platform.changes.tell()
        return delivery

    def _headers(self, body: bytes, content_type: str, tamper: Tamper) -> dict[str, str]:
        timestamp = str(int(self.signing_clock() - tamper.age))
        signature = sign(tamper.secret or self.secret, timestamp, body) if tamper.signature is None else tamper.signature
        headers = {"Content-Type": content_type, "X-Slack-Request-Timestamp": timestamp, "User-Agent": "Slackbot 1.0 (sandbox)"}
        if signature:
            headers["X-Slack-Signature"] = signature
        if tamper.retry_num:
            headers |= {"x-slack-retry-num": str(tamper.retry_num), "x-slack-retry-reason": tamper.retry_reason}
        return headers | dict(tamper.headers)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    def _address(self) -> str:
        if not self.url:
            raise LookupError("the sandbox does not know the bot's request URL yet: set bot_url")
        return self.url if urlsplit(self.url).path not in ("", "/") else self.url.rstrip("/") + "/slack/events"

    # --- events

    def hears(self, world: World, event: Json) -> bool:
        """Whether the app gets this event: it is installed and subscribed, is in the conversation, and wants its own messages."""
        if not (self.url or self.sockets) or not self.platform.serves(world) or subscription(world, event) not in world.app.events:
            return False
        channel = event.get("channel") or event.get("item", {}).get("channel")
        known = world.channels.get(channel) if isinstance(channel, str) else None
        hears = known is None or (world.app.user in known.members and world.may_work_in(known))
        if not hears and event["type"] != "link_shared":  # of links it hears everywhere
            return False
        own = world.app.user in (event.get("user"), event.get("message", {}).get("user"), event.get("previous_message", {}).get("user"))
        return not own or event["type"] != "message" or self.echo_bot_messages

    def emit(self, world: World, event: Json) -> None:
        """Send an event in the background, if the app hears of it."""
        if self.hears(world, event):
            task = asyncio.get_running_loop().create_task(self._carry(world, event))
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def event(self, world: World, event: Json, tamper: Tamper = HONEST) -> Delivery | None:
        """Send an event and wait for the answer; None if the app does not hear of it. Not taken, it is repeated as on the platform."""
        return await self._carry(world, event, tamper) if self.hears(world, event) else None

    async def _carry(self, world: World, event: Json, tamper: Tamper = HONEST) -> Delivery:
        payload = envelope(world, event, self.platform.clock())
        body = json.dumps(payload).encode()
        delivery = await self.send("event", payload, body, JSON_TYPE, tamper)
        if not delivery.ok and "x-slack-no-retry" not in {name.lower() for name in delivery.headers}:
            now = self.platform.clock()
            waits = [sum(RETRY_AFTER[: n + 1]) for n in range(3)]
            self.late += [Late(now + wait, world, body, payload, n + 1, delivery.error) for n, wait in enumerate(waits)]
            await self.repeat()
        return delivery

    async def repeat(self) -> int:
        """Send again what is due by the platform's clock; the number of events that were taken now."""
        taken = 0
        for late in sorted(self.late, key=lambda one: one.due):
            if late in self.late and late.due <= self.platform.clock():
                self.late.remove(late)
                tamper = Tamper(retry_num=late.attempt, retry_reason=late.reason)
                if (await self.send("event", late.payload, late.body, JSON_TYPE, tamper)).ok:
                    self.late = [one for one in self.late if one.body != late.body]
                    taken += 1
        return taken
