"""A server process of the bench: prints its port, takes orders line by line, and ends when its input ends (so it never outlives the bench).

Orders: `drain` is answered when the pump has done everything, `spread` puts the newest ticket's card into all wide channels of Teams and
is answered when it stands there, `profile` begins to sample, `report` ends that and writes what it found. Each is answered with the
processor time used so far, in seconds, with all threads.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot import runtime
from tests.bench.options import Options
from tests.bench.sampler import Sampler

Orders = dict[str, Callable[[], Awaitable[None]]]
BARE = ("bare", "echo")
"""Kinds that run on asyncio's own loop, as they ship."""


async def main(options: Options) -> None:
    async with _served(options) as (port, own):
        sampler = Sampler()
        orders: Orders = {**own, "profile": sampler.start, "report": lambda: sampler.stop(options.profile)}
        print(port, flush=True)
        while order := (await asyncio.to_thread(sys.stdin.readline)).strip():
            await orders[order]()
            print(time.process_time(), flush=True)


@asynccontextmanager
async def _served(options: Options) -> AsyncIterator[tuple[int, Orders]]:
    """The bare ones are loaded without a line of ours at work, so that they pay for nothing of ours."""
    if options.kind in BARE:
        async with _bare(options) as port:
            yield port, {"drain": _nothing}
        return
    from tests.bench import desk, office

    async with (office if options.kind == "teams" else desk).served(options) as (port, bot):
        runtime.settled()
        yield port, {"drain": lambda: desk.drained(options, bot), "spread": lambda: office.spread(options, bot)}


def _bare(options: Options) -> AbstractAsyncContextManager[int]:
    if options.kind == "echo":
        from tests.bench import echo

        return echo.served(options.tenant)
    from tests.bench import bare

    return bare.served(options.inline)


async def _nothing() -> None:
    """There is no pump."""


if __name__ == "__main__":
    given = Options.unpacked(sys.argv[1])
    os.sched_setaffinity(0, {given.core})
    (asyncio.run if given.kind in BARE else runtime.run)(main(given))
