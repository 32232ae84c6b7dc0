"""Processes that the bench starts, and ends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO

START, ORDER, STOP = 60.0, 120.0, 30.0
"""Seconds that a process may take to come up, to follow an order, and to end."""


@dataclass(slots=True)
class Child:
    """A running process that listens on `port`."""

    process: asyncio.subprocess.Process
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid

    async def order(self, what: str) -> str:
        """Returns when it was followed, with what the process says to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what}\n".encode())
        return await _line(self.process, ORDER)


@asynccontextmanager
async def started(module: str, *arguments: str) -> AsyncIterator[Child]:
    """A Python process of the module, which prints its port first and ends with its input. Its log is shown if something goes wrong."""
    pipe = asyncio.subprocess.PIPE
    with TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, stdin=pipe, stdout=pipe, stderr=log)
        try:
            yield Child(process, int(await _line(process, START)))
        except Exception:
            _show(log)
            raise
        finally:
            await _ended(process)


def _show(log: IO[bytes]) -> None:
    log.seek(max(0, log.seek(0, SEEK_END) - 4000))
    print(log.read().decode(errors="replace"), file=sys.stderr)


async def _ended(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), STOP)
    except TimeoutError:
        process.kill()
        await process.wait()
        print("a process of the bench did not end by itself and was killed", file=sys.stderr)


async def _line(process: asyncio.subprocess.Process, within: float) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), within)
    if not line:
        raise RuntimeError(f"a process of the bench ended by itself (code {await process.wait()})")
    return line.decode().strip()
