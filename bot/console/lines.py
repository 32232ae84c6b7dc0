"""Lines from a terminal, a pipe or a file, read in a thread of their own: waiting for a key must not keep the bot from working."""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
from collections.abc import Callable
from typing import TextIO

Wanted = tuple[asyncio.AbstractEventLoop, "asyncio.Future[str | None]", str]


class Lines:
    """`read` takes the prompt and gives a line, or raises EOFError at the end."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self._wanted: queue.SimpleQueue[Wanted] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True, name="console-lines").start()

    async def next(self, prompt: str = "") -> str | None:
        """The next line without its end; None when there is none any more."""
        loop = asyncio.get_running_loop()
        wanted: asyncio.Future[str | None] = loop.create_future()
        self._wanted.put((loop, wanted, prompt))
        return await wanted

    def _work(self) -> None:
        while True:
            loop, wanted, prompt = self._wanted.get()
            try:
                line: str | None = self._read(prompt)
            except (EOFError, OSError, ValueError):
                line = None
            if loop.is_closed():
                return
            loop.call_soon_threadsafe(_give, wanted, line)


def _give(wanted: asyncio.Future[str | None], line: str | None) -> None:
    if not wanted.done():
        wanted.set_result(line)


def typed(prompt: str) -> str:
    """From a terminal, with the keys that edit a line."""
    return input(prompt)


def piped(source: TextIO | None = None) -> Callable[[str], str]:
    """From a file or a pipe, one line after the other."""

    def read(_prompt: str) -> str:
        line = (source or sys.stdin).readline()
        if not line:
            raise EOFError
        return line.rstrip("\r\n")

    return read
