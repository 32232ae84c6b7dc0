"""A sampling profiler for the server process: where its processor time goes, with little distortion.

A timer that runs with the process's processor time (ITIMER_PROF, https://man7.org/linux/man-pages/man2/getitimer.2.html) interrupts it
every two milliseconds; what each thread is doing then is one sample. Waiting threads are left out.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

import orjson

EVERY = 0.002
_WAITING = frozenset({"wait", "select", "_worker", "get", "readline", "_recv_msg"})

Stack = tuple[str, ...]


class Sampler:
    """Counts stacks; a stack is "file:function" from the outermost call inwards."""

    def __init__(self) -> None:
        self._stacks: Counter[Stack] = Counter()

    async def start(self) -> None:
        self._stacks.clear()
        signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    async def stop(self, file: str) -> None:
        """Writes [[stack, samples], ...] as JSON."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(file).write_bytes(orjson.dumps([[stack, count] for stack, count in self._stacks.most_common()]))

    def _sample(self, _signal: int, frame: FrameType | None) -> None:
        """The handler runs in the main thread. If that only waits, the time was used by another one."""
        main = _stack(frame)
        if main and main[-1].rpartition(":")[2] not in _WAITING:
            self._stacks[main] += 1
            return
        here = threading.get_ident()
        for thread, top in sys._current_frames().items():
            stack = _stack(top)
            if thread != here and stack[-1].rpartition(":")[2] not in _WAITING:
                self._stacks[stack] += 1
                return
        self._stacks[main] += 1


def _stack(frame: FrameType | None) -> Stack:
    names: list[str] = []
    while frame is not None:
        code = frame.f_code
        names.append(f"{_short(code.co_filename)}:{code.co_qualname}")
        frame = frame.f_back
    return tuple(reversed(names))


def _short(file: str) -> str:
    return file.rpartition("site-packages/")[2] if "site-packages/" in file else "/".join(file.rsplit("/", 3)[1:])
