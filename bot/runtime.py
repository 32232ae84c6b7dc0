"""How the process runs: a fast event loop where there is one, and a garbage collector that does not walk what lives for ever.

Figures are in `docs/performance.md`.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

YOUNG = 20_000
"""Objects made before the youngest are looked through; Python's own 700 is for programs that keep little."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Like `asyncio.run`, on libuv's loop (uvloop) wherever that exists."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def patient() -> None:
    """Call before everything is loaded: until then nearly all that is made stays, and looking for what does not is a waste."""
    gc.set_threshold(YOUNG, 20, 20)


def settled() -> None:
    """Call once when everything is loaded: what is there now stays, so the collector need never look at it again."""
    gc.collect()
    gc.freeze()
    patient()
