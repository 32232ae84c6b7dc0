"""Where the processor time of a report goes: samples of the server process, in microseconds per request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson

from tests.bench.child import started
from tests.bench.load import run
from tests.bench.measure import CLIENTS, WARM
from tests.bench.options import Options
from tests.bench.traffic import Traffic

COUNT = 1500
MOST = 45
AREAS = (
    ("bot/slack/render", "drawing the answer"),
    ("bot/slack/", "Slack's door, listener, arrival"),
    ("bot/teams/", "Teams' door, listener, arrival, drawing"),
    ("botbuilder/", "botbuilder"),
    ("jwt/", "tokens"),
    ("bot/web/", "web server of ours"),
    ("bot/", "dispatch, doorkeeper, metrics"),
    ("handlers/understanding/", "category"),
    ("handlers/", "handlers"),
    ("storage/", "storage"),
    ("sqlalchemy/", "SQLAlchemy"),
    ("asyncpg/", "asyncpg"),
    ("slack_bolt/", "bolt"),
    ("slack_sdk/", "bolt"),
    ("aiohttp/", "aiohttp"),
    ("structlog/", "log"),
)

Stacks = Sequence[tuple[Sequence[str], int]]


async def profiled(options: Options, file: Path, traffic: Traffic) -> str:
    """Two tables as text: by area (each sample counted once, where it was innermost) and by function (with all that it calls)."""
    async with started("tests.bench.server", options.packed()) as child:
        for count, clients in ((traffic.first, 1), (WARM, CLIENTS)):
            traffic.enter((await run(child.port, await traffic.requests(count), clients)).answers)
        await child.order("drain")
        before = float(await child.order("profile"))
        traffic.enter((await run(child.port, await traffic.requests(COUNT), CLIENTS)).answers)
        await child.order("drain")
        used = float(await child.order("report")) - before
    return _tables(orjson.loads(file.read_bytes()), used / COUNT * 1e6)


def _tables(stacks: Stacks, each: float) -> str:
    total = sum(count for _, count in stacks)
    areas, functions = Counter[str](), Counter[str]()
    own = Counter[str]()
    for stack, count in stacks:
        areas[_area(stack)] += count
        own[stack[-1]] += count
        for function in set(stack):
            functions[function] += count
    scale = each / total
    head = f"{each:.0f} us per request, {total} samples"
    return "\n".join([head, "", *_lines(areas.items(), scale), "", *_lines(functions.most_common(MOST), scale, own)])


def _lines(counted: Iterable[tuple[str, int]], scale: float, own: Counter[str] | None = None) -> list[str]:
    ordered = sorted(counted, key=lambda item: -item[1])
    return [f"{count * scale:7.0f}  {'' if own is None else f'{own[name] * scale:7.0f}  '}{name}" for name, count in ordered]


def _area(stack: Sequence[str]) -> str:
    """What the innermost frame of a known area belongs to."""
    for frame in reversed(stack):
        for prefix, area in AREAS:
            if prefix in frame.partition(":")[0]:
                return area
    return "event loop"
