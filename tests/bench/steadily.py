"""An open loop: requests come at their own pace, as people do, whether or not the server keeps up.

The time of an answer counts from the moment at which its request was due, so that a server which stands still cannot hide it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from tests.bench.load import Answered, Run
from tests.bench.signed import Signed

CONNECTIONS = 40
"""More than are under way at once as long as an answer takes less than two seconds."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def run(port: int, requests: Sequence[Signed], per_second: float) -> Run:
    """Sends each request to 127.0.0.1:port when it is due. TimeoutError half a minute after the last one was."""
    free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    found, began = Run(), time.perf_counter()
    async with asyncio.timeout(len(requests) / per_second + 30), asyncio.TaskGroup() as group:
        for number, request in enumerate(requests):
            due = began + number / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(_ask(free, request, due, number, found))
    found.seconds = time.perf_counter() - began
    while not free.empty():
        free.get_nowait()[1].close()
    return found


async def _ask(free: asyncio.LifoQueue[Connection], request: Signed, due: float, number: int, found: Run) -> None:
    reader, writer = connection = await free.get()
    writer.write(request.data)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    body = await reader.readexactly(int(length))
    found.answers.append(Answered(request.office, number, time.perf_counter() - due, int(head[9:12]), body))
    free.put_nowait(connection)
