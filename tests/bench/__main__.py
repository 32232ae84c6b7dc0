"""`python -m tests.bench [PART ...]`: all parts, or those named."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import signal
import tempfile
import time
from pathlib import Path

from tests.bench.databases import postgres
from tests.bench.machine import cores, model
from tests.bench.parts import ASKED, PARTS, Bench

LONGEST = 900.0
"""Seconds after which the bench gives up, whatever hangs."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"any of {', '.join(PARTS | ASKED)}; without one, all but the last")
    chosen = parser.parse_args().part or list(PARTS)
    if unknown := [part for part in chosen if part not in PARTS | ASKED]:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS | ASKED)}")
    began = time.perf_counter()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    asyncio.run(_run(chosen))
    print(f"\nin all {time.perf_counter() - began:.0f} s")


async def _run(chosen: list[str]) -> None:
    server, others = cores()
    print(f"{model()}; Python {platform.python_version()}; server on core {server}, clients and PostgreSQL on core {others}")
    async with asyncio.timeout(LONGEST):
        await _parts(chosen, others)


async def _parts(chosen: list[str], others: int) -> None:
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as folder:
        os.sched_setaffinity(0, {others})
        with postgres(Path(folder)) as server_of_postgres:
            for part in chosen:
                await (PARTS | ASKED)[part](Bench(Path(folder), server_of_postgres))


if __name__ == "__main__":
    main()
