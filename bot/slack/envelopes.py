"""What comes over a connection: each envelope is worked on, and acknowledged when its work is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.answering import Count
from bot.chores import fault
from bot.slack.door import known
from bot.slack.limits import Limits
from bot.slack.line import Line, ended, finished, read
from bot.slack.text import Json

log = structlog.get_logger(__name__)


class Envelopes:
    """`commanded` answers slash commands, `app` all else; `count` takes (what, why). `present` is the newest connection."""

    def __init__(
        self,
        app: AsyncApp,
        commanded: Callable[[Json], Awaitable[Json]],
        count: Count,
        limits: Limits,
        present: Callable[[], Line | None],
    ) -> None:
        self._app, self._commanded, self._count, self._limits, self._present = app, commanded, count, limits, present
        self._slots, self._closed = asyncio.Semaphore(limits.width), False
        self._running: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """Nothing more is taken. What is not taken Slack sends elsewhere."""
        self._closed = True

    async def drain(self) -> None:
        """Finishes what runs, within `finishing` seconds, and breaks off the rest."""
        if not await finished(self._running, self._limits.finishing):
            log.warning("slack socket stopped with work under way", count=len(self._running))
        await ended(self._running)

    async def heard(self, line: Line, envelope: Json) -> None:
        """Takes an envelope if there is a place for it in time. One that is not taken is not acknowledged: Slack sends events again."""
        if not isinstance(envelope.get("envelope_id"), str) or not await self._placed():
            return
        if self._closed:
            self._slots.release()
            return
        task = asyncio.create_task(self._worked(line, envelope))
        for running in (self._running, line.running):
            running.add(task)
            task.add_done_callback(running.discard)

    async def _placed(self) -> bool:
        try:
            async with asyncio.timeout(self._limits.wait):
                return await self._slots.acquire()
        except TimeoutError:
            self._count("socket", "overload")
            return False

    async def _worked(self, line: Line, envelope: Json) -> None:
        try:
            answer = await self._answer(envelope)
            if answer is not None:
                await self._acknowledge(line, envelope, answer)
        except Exception as error:  # noqa: BLE001 - listeners do not raise, so what came is of no shape that bolt can read
            self._count("refused", "payload")
            log.warning("slack envelope unreadable", **fault(error))
        finally:
            self._slots.release()

    async def _answer(self, envelope: Json) -> Json | None:
        """The payload of the acknowledgement; None after a fault of ours, which is not acknowledged."""
        payload = envelope["payload"]
        if envelope.get("type") == "slash_commands":
            return await self._commanded(payload)
        said = await self._app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload, headers=retries(envelope)))
        if said.status == 404:
            self._count("unheard", kind_of(payload))
        if said.status >= 500:
            self._count("socket", "fault")
            return None
        return content(said)

    async def _acknowledge(self, line: Line, envelope: Json, answer: Json) -> None:
        """Over the connection it came by, or the present one if that is gone."""
        payload = answer if answer and envelope.get("accepts_response_payload") else None
        response = SocketModeResponse(envelope["envelope_id"], payload)
        for through in (line, self._present()):
            if through is not None and through.alive:
                with suppress(ConnectionError, RuntimeError):  # closed at this moment
                    await through.send_socket_mode_response(response)
                    return
        self._count("socket", "unacknowledged")


def retries(envelope: Json) -> dict[str, str | Sequence[str]]:
    """The headers that Slack would send over HTTP."""
    if not envelope.get("retry_attempt"):
        return {}
    return {"x-slack-retry-num": str(envelope["retry_attempt"]), "x-slack-retry-reason": str(envelope.get("retry_reason", ""))}


def content(said: BoltResponse) -> Json:
    """Bolt's answer as a payload: its JSON, or its words."""
    if said.status != 200 or not said.body:
        return {}
    return read(said.body) if said.body.startswith("{") else {"text": said.body}


def kind_of(payload: Json) -> str:
    """What it was that nobody listens to, as a label."""
    event = payload.get("event")
    kind = event.get("type") if isinstance(event, dict) else payload.get("type")
    return known(str(kind))
