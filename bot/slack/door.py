"""The one address that Slack calls: lets in what is really signed, fresh and new, and answers nothing with a 404 or a 500.

Commands are read here and not by bolt: it takes every form in which the word "payload" stands for one that holds a payload, and loses what
somebody wrote about theirs (slack_bolt 1.30, `parse_body`). It also makes a report a fifth dearer.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier
from yarl import URL

from bot.answering import Count
from bot.chores import fault
from bot.slack.text import Json

log = structlog.get_logger(__name__)

LARGEST = 1 << 20
SKEW = 300.0
NOT_NOW = 503
"""What a listener answers when it cannot take an event just now: Slack sends it again. Bolt's own 500 is for what it cannot read."""
MOST_REMEMBERED = 200_000
FORM = "application/x-www-form-urlencoded"
UNREADABLE = "I could not read this request."


class Turned(Clock):
    """A clock for slack_sdk's verifier, from a function."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


class Replays:
    """Signatures seen within the time in which they are good. In this process only: beyond it, the keys of arrivals do the same."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_new(self, signature: str) -> bool:
        now = self._now()
        while self._seen and (next(iter(self._seen.values())) < now or len(self._seen) > MOST_REMEMBERED):
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        self._seen[signature] = now + 2 * SKEW
        return True


class Door:
    """`events` is the aiohttp handler of `/slack/events`. `commanded` answers slash commands; `count` takes (what, why)."""

    def __init__(
        self,
        app: AsyncApp,
        commanded: Callable[[Json], Awaitable[Json]],
        signing_secret: str,
        count: Count,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._commanded, self._count, self._now = app, commanded, count, now
        self._verifier = SignatureVerifier(signing_secret, Turned(now))
        self._replays = Replays(now)

    async def events(self, request: web.Request) -> web.Response:
        body = await self._read(request)
        if body is None:
            return self._refused("size", 413)
        why = self._objection(request, body)
        if why:
            return self._refused(why, 400 if why == "encoding" else 401)
        try:
            return await self._passed_on(request, body)
        except Exception as error:  # noqa: BLE001 - listeners do not raise, so what came is of no shape that bolt can read
            log.warning("slack request unreadable", **fault(error))
            return self._refused("payload", 400)

    async def _passed_on(self, request: web.Request, body: bytes) -> web.Response:
        command = command_in(request, body)
        return said(await self._commanded(command)) if command else await self._by_bolt(request, body)

    async def _by_bolt(self, request: web.Request, body: bytes) -> web.Response:
        bolt_request = AsyncBoltRequest(body=body.decode(), query=request.query_string, headers=dict(request.headers))
        return self._answer(bolt_request.body, await self._app.async_dispatch(bolt_request))

    async def _read(self, request: web.Request) -> bytes | None:
        """The body, or None if it is larger than a megabyte (Slack's are some kilobytes)."""
        if (request.content_length or 0) > LARGEST:
            return None
        try:
            return await request.read()
        except web.HTTPRequestEntityTooLarge:
            return None

    def _objection(self, request: web.Request, body: bytes) -> str:
        """Why not to let it in; "" if there is nothing against it."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and signature.isascii()):
            return "signature"
        if abs(self._now() - float(timestamp[:20])) > SKEW:
            return "timestamp"
        try:
            right = self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:
            return "encoding"
        if not right:
            return "signature"
        return "" if self._replays.is_new(signature) or is_repeated_event(request, body) else "replay"

    def _refused(self, why: str, status: int) -> web.Response:
        self._count("refused", why)
        return web.Response(status=status, text=UNREADABLE if status == 400 else "")

    def _answer(self, body: Any, answer: BoltResponse) -> web.Response:
        if answer.status == 404:
            return self._unheard(body)
        if answer.status == NOT_NOW:
            self._count("refused", "not now")
            return web.Response(status=NOT_NOW)
        if answer.status >= 500:
            return self._refused("payload", 400)
        kind = answer.headers.get("content-type", ["application/json" if answer.body.startswith("{") else "text/plain"])[0]
        return web.Response(status=answer.status, text=answer.body, content_type=kind.partition(";")[0])

    def _unheard(self, body: Any) -> web.Response:
        """Something that nobody listens to. Slack would send an event again and again, so it is accepted; what is nothing at all is not."""
        kind = body.get("type") if isinstance(body, dict) else None
        if not isinstance(kind, str):
            return self._refused("payload", 400)
        event = body.get("event")
        inner = event.get("type") if isinstance(event, dict) else None
        self._count("unheard", known(inner if isinstance(inner, str) else kind))
        return web.Response()


def command_in(request: web.Request, body: bytes) -> Json:
    """The fields of a slash command (https://docs.slack.dev/interactivity/implementing-slash-commands); empty for all else."""
    if request.content_type != FORM or body.startswith(b"payload="):
        return {}
    fields = dict(URL.build(query_string=body.decode(), encoded=True).query)  # as urllib's parse_qsl, at half its price
    return fields if "command" in fields else {}


def said(answer: Json) -> web.Response:
    """An answer as the response. Never empty words: Slack would show them."""
    return web.Response(body=orjson.dumps(answer), content_type="application/json") if answer else web.Response()


def is_repeated_event(request: web.Request, body: bytes) -> bool:
    """Slack repeats an event at once when our answer was lost: within the same second the signature is the same too.

    Only events are repeated, and each has an id under which it is done once. The header itself is not signed, so it excuses nothing else.
    """
    return "x-slack-retry-num" in request.headers and body.startswith(b"{")


def known(kind: str) -> str:
    """A kind as a label: only what looks like one of Slack's, so that a made-up one cannot fill the metrics."""
    return kind if len(kind) <= 40 and kind.replace("_", "").replace(".", "").isalnum() and kind.isascii() else "other"
