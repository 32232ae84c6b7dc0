"""Processor time and cores, from Linux's /proc (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@cache
def cores() -> tuple[int, int]:
    """The server's core, and the one for all others (the same one on a machine with a single core), as they were when first asked for."""
    free = sorted(os.sched_getaffinity(0))
    return free[-1], free[0]


def pin(pid: int, core: int) -> None:
    """Puts a process with all its threads on one core. What it starts later stays there too."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})


def cpu(pids: list[int]) -> float:
    """Seconds of user and system time that these processes have used, with their threads and ended children (in steps of 10 ms)."""
    return sum(map(_seconds, pids))


def family(parent: int) -> list[int]:
    """The process and its children: a PostgreSQL server with all its back ends."""
    children = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and _parent(path) == parent]
    return [parent, *children]


def _seconds(pid: int) -> float:
    fields = _stat(Path(f"/proc/{pid}"))
    return sum(map(int, fields[11:15])) / _TICK if fields else 0.0


def _parent(process: Path) -> int | None:
    fields = _stat(process)
    return int(fields[1]) if fields else None


def _stat(process: Path) -> list[str]:
    """The fields after the name, which may itself hold spaces; empty for a process that has ended meanwhile."""
    try:
        return (process / "stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def model() -> str:
    """The processor's name and how many cores of it are ours."""
    names = [line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {len(os.sched_getaffinity(0))} cores"
