"""What work costs, said so that no machine is too slow for it: by how it grows, or in calls."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from types import FrameType


def growth(small: Callable[[], object], large: Callable[[], object], rounds: int = 5) -> float:
    """How many times longer `large` takes than `small`: the best of some rounds of each, in CPU seconds of this thread."""
    return min(_seconds(large) for _ in range(rounds)) / min(_seconds(small) for _ in range(rounds))


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls, of Python and of C: the same number on every machine."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def _seconds(work: Callable[[], object]) -> float:
    """Without the collector, which goes through all that other tests left."""
    gc.disable()
    try:
        began = time.thread_time()
        work()
        return max(time.thread_time() - began, 1e-6)
    finally:
        gc.enable()
