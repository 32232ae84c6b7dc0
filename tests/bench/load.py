"""Closed-loop clients: each keeps one connection, sends a request, waits for the whole answer, and sends the next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench.signed import Signed

WITHIN = 60.0
"""Seconds that a whole run may take."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: the office that it was for, which client got it, after how many seconds, status and body."""

    office: int
    client: int
    seconds: float
    status: int
    body: bytes


@dataclass(slots=True)
class Run:
    """All answers in the order of their arrival, and the seconds from the first request to the last answer."""

    answers: list[Answered] = field(default_factory=list)
    seconds: float = 0.0


async def run(port: int, requests: Sequence[Signed], clients: int) -> Run:
    """Sends all requests to 127.0.0.1:port through so many clients. TimeoutError after a minute, ConnectionError if the server hangs up."""
    found = Run()
    todo = iter(requests)
    async with asyncio.timeout(WITHIN):
        wires = [await _Client.connected(port, number, todo, found) for number in range(clients)]
        started = time.perf_counter()
        try:
            await asyncio.gather(*(wire.go() for wire in wires))
            found.seconds = time.perf_counter() - started
        finally:
            for wire in wires:
                wire.close()
    return found


class _Client(asyncio.Protocol):
    """HTTP/1.1 by hand: a client library would cost more than the server that it measures."""

    def __init__(self, number: int, todo: Iterator[Signed], found: Run) -> None:
        self._number, self._todo, self._found = number, todo, found
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._office, self._sent = 0, 0.0

    @classmethod
    async def connected(cls, port: int, number: int, todo: Iterator[Signed], found: Run) -> _Client:
        _, client = await asyncio.get_running_loop().create_connection(lambda: cls(number, todo, found), "127.0.0.1", port)
        return client

    async def go(self) -> None:
        self._next()
        await self._done

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(ConnectionError(f"the server hung up: {exc}"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._received = b""
        taken = time.perf_counter() - self._sent
        self._found.answers.append(Answered(self._office, self._number, taken, int(head[9:12]), body))
        self._next()

    def _next(self) -> None:
        request = next(self._todo, None)
        if request is None:
            self._done.set_result(None)
            return
        assert self._transport is not None
        self._office, self._sent = request.office, time.perf_counter()
        self._transport.write(request.data)


def _length(head: bytes) -> int:
    name, _, rest = head.lower().partition(b"content-length:")
    if not rest:
        raise ConnectionError(f"an answer without its length: {name[:60]!r}")
    return int(rest.partition(b"\r\n")[0])
