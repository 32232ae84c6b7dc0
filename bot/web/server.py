"""The web server: one aiohttp application with the routes of the chats and the questions of those who run the bot."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

import structlog
from aiohttp import web

from bot import metrics
from bot.web import about
from bot.web.readiness import Readiness, Served

log = structlog.get_logger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 1 << 20
"""Bytes of a request's body; what chats send is some kilobytes."""
FINISH = 10.0
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "deskbell",
}


def web_app(bot: Served, routes: Iterable[web.AbstractRouteDef] = (), ready: Readiness | None = None) -> web.Application:
    """The application. `routes` are those of the chats ("POST /slack/events")."""
    app = web.Application(middlewares=[_answered], client_max_size=LARGEST)
    app[UNDER_WAY] = UnderWay()
    app[LOG] = log.bind()
    app.on_response_prepare.append(_dressed)
    app.add_routes([*Questions(bot, ready or Readiness(bot)).routes(), *about.routes(), *routes])
    return app


class NotListening(Exception):
    """The address cannot be used; the sentence says why."""


@asynccontextmanager
async def serving(
    bot: Served,
    host: str,
    port: int,
    routes: Iterable[web.AbstractRouteDef] = (),
    finish: float = FINISH,
    ready: Readiness | None = None,
) -> AsyncIterator[int]:
    """Listens while the context is open; gives the port (0 takes a free one). At the end nothing new is let in and what runs may finish,
    for at most `finish` seconds. Raises `NotListening`.
    """
    app = web_app(bot, routes, ready)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = await _listen(runner, host, port)
        yield int(runner.addresses[0][1])
        await site.stop()
        await app[UNDER_WAY].ended(finish)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> web.TCPSite:
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        raise NotListening(f"Port {port} on {host} cannot be listened on: {error.strerror or error}.") from error
    return site


class UnderWay:
    """Requests that have begun and are not answered. aiohttp's own end drops a body that is still arriving, so it comes after theirs."""

    def __init__(self) -> None:
        self.count = 0
        self.stopping = False
        self._none = asyncio.Event()

    def __enter__(self) -> None:
        """One more has begun; it ends with the context."""
        self.count += 1
        self._none.clear()

    def __exit__(self, *_: object) -> None:
        self.count -= 1
        if not self.count:
            self._none.set()

    async def ended(self, seconds: float) -> None:
        """Waits until all are answered, at most so long; from now on each answer closes its connection."""
        self.stopping = True
        if self.count:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._none.wait(), seconds)


UNDER_WAY = web.AppKey("under_way", UnderWay)
LOG = web.AppKey[structlog.typing.FilteringBoundLogger]("log")
"""Bound once for all requests."""


class Questions:
    """Alive? Ready? How much? GET only, and nothing secret in the answers."""

    def __init__(self, bot: Served, ready: Readiness) -> None:
        self._bot, self._ready = bot, ready

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self.healthz), web.get("/readyz", self.readyz), web.get("/metrics", self.metrics)]

    async def healthz(self, request: web.Request) -> web.Response:
        """The process is alive: for whoever would restart it."""
        return web.Response(text="alive\n")

    async def readyz(self, request: web.Request) -> web.Response:
        """It can be sent requests; else 503 and a line for each reason."""
        reasons = await self._ready.reasons()
        return web.Response(text="".join(f"{line}\n" for line in reasons or ["ready"]), status=503 if reasons else 200)

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus' text. Without a database the gauges of the outbox keep their last value."""
        try:
            await self._bot.pump.measure()
        except Exception as error:  # noqa: BLE001 - the other figures are wanted just then
            log.warning("outbox not measured", error=type(error).__name__)
        body, content_type = metrics.exposed()
        return web.Response(body=body, headers={"Content-Type": content_type})


# ---------------------------------------------------------------- every request


@web.middleware
async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A line in the log for each request, without its body, address or query; a fault becomes an apology with a reference."""
    started = time.perf_counter()
    status = 500
    try:
        with request.app[UNDER_WAY]:
            response = await handler(request)
        status = response.status
    except web.HTTPException as refused:
        status = refused.status
        raise
    except web.RequestPayloadError:  # a body that is packed otherwise than it says
        status = 400
        return web.Response(status=400)
    except Exception as error:  # noqa: BLE001 - nobody outside is shown what went wrong inside
        return _apology(error)
    finally:
        _told(request, status, time.perf_counter() - started)
    return response


def _told(request: web.Request, status: int, seconds: float) -> None:
    level, to = logging.INFO if status >= 400 else logging.DEBUG, request.app[LOG]
    if to.is_enabled_for(level):  # for nearly all requests it is not
        to.log(level, "request", method=_method(request), route=_route(request), status=status, ms=round(seconds * 1000, 1))


def _apology(error: Exception) -> web.Response:
    reference = secrets.token_hex(3).upper()
    frames = traceback.extract_tb(error.__traceback__)
    at = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-3:]]
    log.error("request failed", reference=reference, error=type(error).__name__, at=at)
    return web.Response(status=500, text=f"Something went wrong on my side (ref {reference}).\n")


def _route(request: web.Request) -> str:
    """The route as it was declared: what a stranger asks for stays out of the log."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "-"


def _method(request: web.Request) -> str:
    return request.method if request.method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH") else "other"


async def _dressed(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.merge(HEADERS)  # what is there already stays
    response.headers["Server"] = HEADERS["Server"]
    if request.app[UNDER_WAY].stopping:
        response.force_close()
