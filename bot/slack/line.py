"""One connection of Socket Mode, from its address to its end, and what an attempt at one can fail of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

import orjson
from aiohttp import WSMessage
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.limits import Limits
from bot.slack.send import QUIET
from bot.slack.text import Json

PASSING = frozenset({"", "fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable", "too_many_websockets"})
"""Errors that go by themselves ("": an answer without a name). All others are of the token or of the app's settings."""


class Turned(Exception):
    """Slack took the connection and ended it again before it was of use; the message is Slack's word for why."""


class Line(SocketModeClient):
    """One connection: slack_sdk's client, with its reconnecting left out and its queue passed by.

    By itself it closes the old connection before there is a new one, tries the same used-up address again when it cannot connect, and
    keeps whatever comes in a queue without bounds (slack_sdk 3.47). So here every connection is a client of its own.
    """

    def __init__(
        self, token: str, web: AsyncWebClient, hear: Callable[[Line, Json], Awaitable[None]], now: Callable[[], float], limits: Limits
    ) -> None:
        super().__init__(
            token,
            QUIET,
            web,
            auto_reconnect_enabled=False,
            ping_interval=limits.pinging,
            on_error_listeners=[self._stirred],
            on_close_listeners=[self._stirred],
        )
        self._hear, self._now, self._limits = hear, now, limits
        self._stir, self._greeted = asyncio.Event(), False
        self._heard, self._pong = now(), self.last_ping_pong_time
        self.bye = ""
        self.running: set[asyncio.Task[None]] = set()

    async def open(self, more: str = "") -> None:
        """Connects, and waits until Slack has said hello. `more` is added to the address. Raises what slack_sdk raises, or `Turned`."""
        said = await self.web_client.apps_connections_open(app_token=self.app_token)
        self.wss_uri = f"{said['url']}{more}"
        await self.connect()  # type: ignore[no-untyped-call]
        while not self._greeted:
            if self.bye or not self.alive:
                raise Turned(self.bye or "closed")
            await self.stirred(self._limits.connecting)
        self._heard = self._now()

    async def enqueue_message(self, message: str) -> None:
        """Where slack_sdk puts what it received. While this waits, nothing more is read: TCP holds Slack back."""
        self._heard = self._now()
        said = read(message)
        match said.get("type"):
            case "hello":
                self._greeted = True
                self._stir.set()
            case "disconnect":
                self.bye = str(said.get("reason", ""))
                self._stir.set()
            case _:
                await self._hear(self, said)

    @property
    def alive(self) -> bool:
        return not self.closed and self.current_session is not None and not self.current_session.closed

    @property
    def age(self) -> float:
        """Seconds since something came: a message, or the answer to one of the pings that slack_sdk sends."""
        if self.last_ping_pong_time != self._pong:
            self._pong, self._heard = self.last_ping_pong_time, self._now()
        return self._now() - self._heard

    @property
    def end(self) -> str:
        """Why it is over, "" while it is not: disabled, refresh, closed or silent."""
        if self.bye:
            return "disabled" if self.bye == "link_disabled" else "refresh"
        if not self.alive:
            return "closed"
        return "silent" if self.age > self._limits.silence else ""

    async def _stirred(self, message: WSMessage) -> None:
        self._stir.set()

    async def stirred(self, within: float) -> None:
        """Until something happened to the connection, or the time is over."""
        self._stir.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._stir.wait()

    async def rest(self) -> None:
        """After an announced end: Slack may not know of the next connection yet, so this one listens until Slack ends it."""
        end = self._now() + (self._limits.overlap if self.bye else 0.0)
        while self.alive and (left := end - self._now()) > 0:
            await self.stirred(min(left, self._limits.look))
        await finished(self.running, self._limits.finishing)

    async def close(self) -> None:
        """A dead connection never answers a goodbye, and slack_sdk would wait ten seconds for it."""
        self.closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.closing):
                await self.disconnect()  # type: ignore[no-untyped-call]
        await super().close()  # type: ignore[no-untyped-call]
        ends = [one for one in (self.message_processor, self.current_session_monitor, self.message_receiver) if one is not None]
        await asyncio.gather(*ends, return_exceptions=True)


def read(message: str) -> Json:
    """What was received; {} if it is nothing of Slack's."""
    try:
        said = orjson.loads(message)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


# ------------------------------------------------------------ what went wrong


def error_of(error: Exception) -> str:
    """Slack's name for it, or the kind of error. Its message may hold the address."""
    if isinstance(error, SlackApiError):
        return named(error) or "http_error"
    return str(error) if isinstance(error, Turned) else type(error).__name__


def named(error: SlackApiError) -> str:
    """Slack's name for it; "" where no Slack answered, but something before it (then there is no JSON either)."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def is_refusal(error: Exception) -> bool:
    """Whether somebody has to change something before it can work."""
    return isinstance(error, SlackApiError) and named(error) not in PASSING


def retry_after(error: Exception) -> float:
    """Seconds that Slack asks for."""
    if not isinstance(error, SlackApiError):
        return 0.0
    asked = str(error.response.headers.get("Retry-After", ""))
    return float(asked) if asked.isascii() and asked.isdigit() else 0.0


# ------------------------------------------------------------ tasks


async def finished(tasks: set[asyncio.Task[None]], within: float) -> bool:
    """Waits for all of them; False when some are still not done."""
    if not tasks:
        return True
    _, pending = await asyncio.wait(set(tasks), timeout=within)
    return not pending


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Breaks them off."""
    broken = list(tasks)
    for task in broken:
        task.cancel()
    await asyncio.gather(*broken, return_exceptions=True)
