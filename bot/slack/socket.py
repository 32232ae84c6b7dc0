"""Socket Mode: for companies without a public address. We call Slack, and Slack tells us everything over the connection that stays.

Slack renews a connection every few hours and says so before; some die without a word. So each connection is watched, and replaced.
Nothing is signed here: what comes over the connection comes from whom we called.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import orjson
import structlog
from aiohttp import WSMessage
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.answers import Count
from bot.slack.chores import fault
from bot.slack.door import known
from bot.slack.send import QUIET, WEB_API
from bot.slack.text import Json

log = structlog.get_logger(__name__)

PASSING = frozenset({"", "fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable", "too_many_websockets"})
"""Errors that go by themselves ("": an answer without a name). All others are of the token or of the app's settings."""
REFUSED_ADVICE = (
    "Check DESKBELL_SLACK_APP_TOKEN: it is the app-level token (it begins with xapp-) with the scope connections:write, from "
    "Basic Information on your app's pages at api.slack.com. I go on trying."
)
DISABLED_ADVICE = (
    "Socket Mode was switched off for the app. Switch it on again on your app's pages at api.slack.com, or give me a public address and "
    "remove DESKBELL_SLACK_APP_TOKEN. I go on trying."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. Seconds, unless named otherwise.

    `width` envelopes are worked on at once; one more waits `wait` for its place (Slack gives up on it after three seconds). A connection
    from which nothing came for `silence` is dead. An announced end is followed by `overlap` at most in which both connections are open.
    Pauses between tries double from `first_pause` to `longest_pause`, and begin anew after a connection that held for `steady`.
    """

    width: int = 64
    wait: float = 3.0
    connecting: float = 10.0
    pinging: float = 5.0
    silence: float = 30.0
    look: float = 1.0
    overlap: float = 15.0
    steady: float = 60.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    finishing: float = 5.0
    closing: float = 2.0


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


class Socket:
    """The bot's connection to Slack. `commanded` answers slash commands, `app` all else; `count` takes (what, why).

    `now` is a monotonic clock. With `debug_reconnects` Slack renews the connection every six minutes instead of every few hours.
    """

    def __init__(
        self,
        app: AsyncApp,
        commanded: Callable[[Json], Awaitable[Json]],
        app_token: str,
        count: Count,
        *,
        base_url: str = WEB_API,
        limits: Limits = Limits(),
        now: Callable[[], float] = time.monotonic,
        debug_reconnects: bool = False,
    ) -> None:
        self._app, self._commanded, self._token, self._count = app, commanded, app_token, count
        self._web = AsyncWebClient(base_url=base_url, timeout=int(limits.connecting) or 1, retry_handlers=[], logger=QUIET)
        self._limits, self._now, self._more = limits, now, "&debug_reconnects=true" if debug_reconnects else ""
        self._slots, self._pauses = asyncio.Semaphore(limits.width), Pauses(limits)
        self._line: Line | None = None
        self._lines: set[Line] = set()
        self._keeper: asyncio.Task[None] | None = None
        self._resting: set[asyncio.Task[None]] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._state, self._stopping, self._ready = "", False, asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether Slack reaches us now."""
        line = self._line
        return not self._stopping and line is not None and line.alive and line.age <= self._limits.silence

    async def start(self) -> None:
        """Connects in the background, and stays connected until `stop`. Never raises: what is wrong stands in the log."""
        self._keeper = asyncio.create_task(self._keep())

    async def ready(self, within: float) -> bool:
        """Waits for the first connection; False when there was none in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._ready.wait()
        return self._ready.is_set()

    async def stop(self) -> None:
        """Takes nothing more, finishes what runs (within `finishing` seconds), and closes. What was not taken Slack sends elsewhere."""
        self._stopping = True
        await ended([*self._resting, *([self._keeper] if self._keeper else [])])
        if not await finished(self._running, self._limits.finishing):
            log.warning("slack socket stopped with work under way", count=len(self._running))
        await ended(self._running)
        await asyncio.gather(*(self._end(line) for line in list(self._lines)))

    # ------------------------------------------------------------ staying connected

    async def _keep(self) -> None:
        while True:
            try:
                await self._hold()
            except Exception as error:  # noqa: BLE001 - nobody would notice that nothing comes any more
                self._count("socket", "failed")
                log.error("slack socket failed", **fault(error))

    async def _hold(self) -> None:
        """The next connection, from its beginning until it is time for another."""
        line = await self._next()
        before, self._line = self._line, line
        if before is not None:
            self._let_rest(before)
        self._ready.set()
        self._say("connected")
        await self._watch(line)

    async def _next(self) -> Line:
        """A new connection, however long it takes."""
        while True:
            await asyncio.sleep(self._pauses.next())
            try:
                return await self._connect()
            except Exception as error:  # noqa: BLE001 - whatever it was: without a connection we hear nothing, so it is tried again
                self._failed(error)

    async def _connect(self) -> Line:
        line = Line(self._token, self._web, self._heard, self._now, self._limits)
        self._lines.add(line)
        try:
            async with asyncio.timeout(self._limits.connecting):
                await line.open(self._more)
        except BaseException:
            await self._end(line)
            raise
        return line

    def _failed(self, error: Exception) -> None:
        name = error_of(error)
        if is_refusal(error):
            self._count("socket", "refused")
            return self._say(f"refused: {name}", error=name)
        if not isinstance(error, (SlackClientError, Turned, OSError, TimeoutError, aiohttp.ClientError)):
            log.error("slack socket failed", **fault(error))
        self._count("socket", "unreachable")
        self._pauses.at_least(retry_after(error))
        return self._say("unreachable", error=name)

    async def _watch(self, line: Line) -> None:
        since = self._now()
        while not (why := line.end):
            await line.stirred(self._limits.look)
        self._count("socket", why)
        if self._now() - since >= self._limits.steady:
            self._pauses.begin_anew()
        if why != "refresh":
            self._say(why, why=why)

    def _let_rest(self, line: Line) -> None:
        task = asyncio.create_task(self._rested(line))
        self._resting.add(task)
        task.add_done_callback(self._resting.discard)

    async def _rested(self, line: Line) -> None:
        await line.rest()
        await self._end(line)

    async def _end(self, line: Line) -> None:
        await line.close()
        self._lines.discard(line)

    def _say(self, state: str, **more: str) -> None:
        """A line in the log, once for each change. The address and the token are secrets, so neither is ever in it."""
        if state == self._state:
            return
        self._state = state
        match state.partition(":")[0]:
            case "connected":
                log.info("slack socket connected")
            case "refused":
                log.error("slack socket refused", advice=REFUSED_ADVICE, **more)
            case "disabled":
                log.error("slack socket disabled", advice=DISABLED_ADVICE, **more)
            case "unreachable":
                log.warning("slack socket unreachable", **more)
            case _:
                log.warning("slack socket lost", **more)

    # ------------------------------------------------------------ what comes

    async def _heard(self, line: Line, envelope: Json) -> None:
        """Takes an envelope if there is a place for it in time. One that is not taken is not acknowledged: Slack sends events again."""
        if not isinstance(envelope.get("envelope_id"), str) or not await self._placed():
            return
        if self._stopping:
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
        for through in (line, self._line):
            if through is not None and through.alive:
                with suppress(ConnectionError, RuntimeError):  # closed at this moment
                    await through.send_socket_mode_response(response)
                    return
        self._count("socket", "unacknowledged")


class Pauses:
    """None at first, then longer and longer ones; each a little by chance, so that replicas do not come all at once."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._tries, self._least = limits, 0, 0.0
        self._chance = random.Random()  # noqa: S311 - spreads pauses, guards nothing

    def begin_anew(self) -> None:
        self._tries = 0

    def at_least(self, seconds: float) -> None:
        """For the next one only."""
        self._least = seconds

    def next(self) -> float:
        """Seconds."""
        tries, least, self._tries, self._least = self._tries, self._least, self._tries + 1, 0.0
        if not tries:
            return least
        pause = min(self._limits.longest_pause, self._limits.first_pause * 2.0 ** min(tries - 1, 30))
        return max(least, pause * self._chance.uniform(0.5, 1.0))


def read(message: str) -> Json:
    """What was received; {} if it is nothing of Slack's."""
    try:
        said = orjson.loads(message)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


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
