"""The platform's side of Socket Mode: addresses that are good once, and the connections over which a bot without an address is told.

https://docs.slack.dev/apis/events-api/using-socket-mode, https://docs.slack.dev/reference/methods/apps.connections.open
"""

import asyncio
import itertools
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.world import World

APP_TOKEN = "xapp-sandbox"  # noqa: S105 a token of nobody: it is good on loopback only
PING_SECONDS = 1.0
MOST = 10
"""So many connections an app may have open."""
TYPES = {"event": "events_api", "command": "slash_commands"}
"""What an envelope is called, by what it carries; all else is `interactive`."""
REASONS = {"http_timeout": "timeout"}
"""Why an event comes again, in the words of Socket Mode where they differ."""


class AppLevel(World):
    """What an app-level token opens: no workspace, only an address to connect to. `address` makes a new one."""

    def __init__(self, world: World, token: str, address: Callable[[], str]) -> None:
        super().__init__(world.clock, token=token, team=world.team, domain=world.domain)
        self.app.id = world.app.id
        self.app.scopes = {"connections:write"}
        self.address = address


@dataclass(frozen=True)
class Acknowledged:
    """What became of an envelope: the payload in its acknowledgement (None: none came with it), `error` "" if it came in time."""

    payload: Json | None
    error: str


@dataclass(eq=False)
class Connection:
    """One WebSocket of the bot. `silent` makes it dead without a word: open, but nothing is said or answered any more."""

    number: int
    ws: web.WebSocketResponse
    silent: bool = False
    carried: int = 0
    pings: int = 0
    """So many of the bot's pings were answered."""
    said: list[Json] = field(default_factory=list)

    async def tell(self, message: Json) -> bool:
        """Send it; False if the connection broke. A silent one swallows it, as a broken line between us would."""
        if self.silent:
            return True
        try:
            await self.ws.send_str(json.dumps(message))
        except (ConnectionError, RuntimeError):
            return False
        return True


@dataclass
class Sockets:
    """The open connections of the app. `opened` counts all that there ever were, `quick` those that asked to be renewed often."""

    app_id: str
    changes: Changes
    base_url: Callable[[], str]
    ping_seconds: float = PING_SECONDS
    open: list[Connection] = field(default_factory=list)
    opened: int = 0
    quick: int = 0
    tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    _accepting: set[str] = field(default_factory=set)
    _turn: "itertools.count[int]" = field(default_factory=itertools.count)
    _forever: asyncio.Event = field(default_factory=asyncio.Event)

    # --- the bot's side

    def route(self) -> web.RouteDef:
        """The address that bots connect to."""
        return web.get("/link/", self.link, allow_head=False)

    def address(self) -> str:
        """A new address, good for one connection."""
        ticket = secrets.token_hex(8)
        self.tickets.add(ticket)
        return f"{self.base_url().replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self.app_id}"

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A connection, from hello until either side ends it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=403)
        self.tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False, autoclose=False, timeout=0.5)
        await ws.prepare(request)
        connection = Connection(self.opened + 1, ws)
        if len(self.open) >= MOST:
            await connection.tell({"type": "disconnect", "reason": "too_many_websockets"})
        else:
            await self._joined(connection, quick="debug_reconnects" in request.query)
        if connection.silent:
            await self._forever.wait()  # a dead line does not answer a goodbye either
        await ws.close()
        return ws

    async def _joined(self, connection: Connection, *, quick: bool) -> None:
        self.open.append(connection)
        self.opened += 1
        self.quick += quick
        pings = asyncio.create_task(self._ping(connection))
        try:
            await connection.tell(self._hello(quick=quick))
            self.changes.tell()
            await self._listen(connection)
        finally:
            pings.cancel()
            self.open.remove(connection)
            self.changes.tell()

    def _hello(self, *, quick: bool) -> Json:
        debug = {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 360 if quick else 18060}
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "connection_info": {"app_id": self.app_id},
            "debug_info": debug,
        }

    async def _listen(self, connection: Connection) -> None:
        while True:
            message = await connection.ws.receive()
            if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                break
            if not connection.silent:
                await self._heard(connection, message)

    async def _heard(self, connection: Connection, message: WSMessage) -> None:
        if message.type is WSMsgType.PING:
            await connection.ws.pong(message.data)
            connection.pings += 1
        elif message.type is WSMsgType.TEXT:
            self._acknowledged(connection, json.loads(message.data))

    def _acknowledged(self, connection: Connection, said: Json) -> None:
        """Over whichever connection it comes: the vendor's own client sends it over the newest."""
        connection.said.append(said)
        envelope = str(said.get("envelope_id", ""))
        future = self._waiting.get(envelope)
        if future and not future.done():
            future.set_result(said.get("payload") if envelope in self._accepting else None)

    async def _ping(self, connection: Connection) -> None:
        with suppress(ConnectionError, RuntimeError):
            while not connection.ws.closed:
                await asyncio.sleep(self.ping_seconds)
                if not connection.silent:
                    await connection.ws.ping(b"Ping from applink-sandbox")

    # --- the platform's side

    async def deliver(self, kind: str, payload: Json, within: float, retry: tuple[int, str] = (0, "")) -> Acknowledged:
        """Hand an envelope to any one connection and wait for its acknowledgement."""
        envelope = self._envelope(kind, payload, retry)
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = future
        try:
            if not await self._handed(envelope):
                return Acknowledged(None, "connection_failed")
            async with asyncio.timeout(within):
                return Acknowledged(await future, "")
        except TimeoutError:
            return Acknowledged(None, "http_timeout")
        finally:
            del self._waiting[envelope["envelope_id"]]
            self._accepting.discard(envelope["envelope_id"])

    def _envelope(self, kind: str, payload: Json, retry: tuple[int, str]) -> Json:
        envelope: dict[str, Any] = {"envelope_id": secrets.token_hex(16), "type": TYPES.get(kind, "interactive"), "payload": payload}
        envelope["accepts_response_payload"] = kind != "event"
        if kind == "event":
            envelope |= {"retry_attempt": retry[0], "retry_reason": REASONS.get(retry[1], retry[1])}
        else:
            self._accepting.add(envelope["envelope_id"])
        return envelope

    async def _handed(self, envelope: Json) -> bool:
        there = list(self.open)
        first = next(self._turn)
        for n in range(len(there)):
            connection = there[(first + n) % len(there)]
            if not connection.ws.closed and await connection.tell(envelope):
                connection.carried += 1
                return True
        return False

    # --- trouble to order

    async def disconnect(self, reason: str = "warning") -> list[Connection]:
        """Announce to all that they will be cut off: `warning`, `refresh_requested` or `link_disabled`. `cut` does it."""
        told = list(self.open)
        await asyncio.gather(
            *(one.tell({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}) for one in told)
        )
        return told

    async def cut(self, connections: list[Connection]) -> None:
        """Close these connections."""
        await asyncio.gather(*(self._closed(one.ws) for one in connections))

    async def _closed(self, ws: web.WebSocketResponse) -> None:
        with suppress(ConnectionError, RuntimeError):
            await ws.close()

    def fall_silent(self) -> list[Connection]:
        """All connections of now stay open and are dead: nothing is sent, no ping answered, and what is delivered there is lost."""
        for one in self.open:
            one.silent = True
        return list(self.open)

    async def stop(self) -> None:
        """End all connections."""
        self._forever.set()
        await self.cut(list(self.open))
