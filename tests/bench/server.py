"""A server process of the bench: prints its port, takes orders line by line, and ends when its input ends (so it never outlives the bench).

Orders: `drain` is answered when the pump has done everything, `profile` begins to sample, `report` ends that and writes what it found.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.bench.options import Options
from tests.bench.sampler import Sampler

Drain = Callable[[], Awaitable[None]]


async def main(options: Options) -> None:
    async with _application(options) as (application, drain), _listening(application) as port:
        sampler = Sampler()
        orders = {"drain": drain, "profile": sampler.start, "report": lambda: sampler.stop(options.profile)}
        print(port, flush=True)
        while order := (await asyncio.to_thread(sys.stdin.readline)).strip():
            await orders[order]()
            print("done", flush=True)


@asynccontextmanager
async def _application(options: Options) -> AsyncIterator[tuple[web.Application, Drain]]:
    """The bare one is loaded without a line of ours, so that it pays for nothing of ours."""
    if options.kind == "bare":
        from tests.bench import bare

        yield bare.application(options.inline), _nothing
        return
    from tests.bench import desk

    async with desk.served(options) as (application, bot):
        yield application, lambda: desk.drained(bot)


async def _nothing() -> None:
    """There is no pump."""


@asynccontextmanager
async def _listening(application: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    given = Options.unpacked(sys.argv[1])
    os.sched_setaffinity(0, {given.core})
    asyncio.run(main(given))
