"""Socket Mode: for companies without a public address. We call Slack, and Slack tells us everything over the connection that stays.

Slack renews a connection every few hours and says so before; some die without a word. So each connection is watched, and replaced.
Nothing is signed here: what comes over the connection comes from whom we called.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answering import Count
from bot.chores import fault
from bot.slack.envelopes import Envelopes
from bot.slack.limits import USUAL, Limits, Pauses
from bot.slack.line import Line, Turned, ended, error_of, is_refusal, retry_after
from bot.slack.send import QUIET, WEB_API
from bot.slack.text import Json

log = structlog.get_logger(__name__)

REFUSED_ADVICE = (
    "Check DESKBELL_SLACK_APP_TOKEN: it is the app-level token (it begins with xapp-) with the scope connections:write, from "
    "Basic Information on your app's pages at api.slack.com. I go on trying."
)
DISABLED_ADVICE = (
    "Socket Mode was switched off for the app. Switch it on again on your app's pages at api.slack.com, or give me a public address and "
    "remove DESKBELL_SLACK_APP_TOKEN. I go on trying."
)


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
        limits: Limits = USUAL,
        now: Callable[[], float] = time.monotonic,
        debug_reconnects: bool = False,
    ) -> None:
        self._token, self._count = app_token, count
        self._web = AsyncWebClient(base_url=base_url, timeout=int(limits.connecting) or 1, retry_handlers=[], logger=QUIET)
        self._limits, self._now, self._more = limits, now, "&debug_reconnects=true" if debug_reconnects else ""
        self._pauses = Pauses(limits)
        self._envelopes = Envelopes(app, commanded, count, limits, lambda: self._line)
        self._line: Line | None = None
        self._lines: set[Line] = set()
        self._keeper: asyncio.Task[None] | None = None
        self._resting: set[asyncio.Task[None]] = set()
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
        self._envelopes.close()
        await ended([*self._resting, *([self._keeper] if self._keeper else [])])
        await self._envelopes.drain()
        await asyncio.gather(*(self._end(line) for line in list(self._lines)))

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
        line = Line(self._token, self._web, self._envelopes.heard, self._now, self._limits)
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
