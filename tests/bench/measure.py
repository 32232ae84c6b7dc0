"""Rounds: every variant in turn, again and again, so that whatever else the machine does hits all of them alike."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.bench import load
from tests.bench.child import Child, started
from tests.bench.machine import cpu, family, pin
from tests.bench.options import Options
from tests.bench.traffic import Commands, Traffic

CLIENTS = 32
WARM = 200


@dataclass(frozen=True, slots=True)
class Round:
    """One round of one variant; processor time in seconds per request, latencies in seconds."""

    rate: float
    cpu: float
    database_cpu: float
    latencies: tuple[float, ...]
    alone: tuple[float, ...]


@dataclass(slots=True)
class Variant:
    """A server to be measured, under its traffic. `name` is its line in the table; `database` is the pid of its database server."""

    name: str
    options: Options
    database: int | None = None
    before: int = 0
    rounds: list[Round] = field(default_factory=list)
    traffic: Traffic | None = None

    @property
    def under(self) -> Traffic:
        """Without another one, commands of Slack."""
        self.traffic = self.traffic or Commands(self.options, self.before)
        return self.traffic

    def of(self, what: str) -> list[float]:
        return [float(getattr(one, what)) for one in self.rounds]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: rounds, and in each of them so many requests by 32 clients and so many by one."""

    rounds: int = 5
    crowd: int = 400
    alone: int = 40


async def measured(variants: Sequence[Variant], size: Size) -> int:
    """Fills the variants' rounds; how many tickets were acknowledged and found in the databases. Raises `ledger.Wrong`."""
    async with AsyncExitStack() as stack:
        children = [await stack.enter_async_context(started("tests.bench.server", variant.options.packed())) for variant in variants]
        for variant, child in zip(variants, children, strict=True):
            pin(child.pid, variant.options.core)
            await _warmed(variant, child)
        for number in range(size.rounds):
            for at in _turned(len(variants), number):
                variants[at].rounds.append(await _round(variants[at], children[at], size))
    return sum([await variant.under.compare() for variant in variants])


async def _warmed(variant: Variant, child: Child) -> None:
    """The first request of a process reads the policy and works out a year of holidays: one at a time until that is done."""
    await _sent(variant, child, variant.under.first, 1)
    await _sent(variant, child, WARM, CLIENTS)
    await child.order("drain")


def _turned(count: int, by: int) -> list[int]:
    """A different one begins each round."""
    return [(at + by) % count for at in range(count)]


async def _round(variant: Variant, child: Child, size: Size) -> Round:
    before, database_before = float(await child.order("drain")), _database(variant)
    crowd = await _sent(variant, child, size.crowd, CLIENTS)
    used, database_used = float(await child.order("drain")) - before, _database(variant) - database_before
    alone = await _sent(variant, child, size.alone, 1)
    await child.order("drain")
    return Round(
        rate=size.crowd / crowd.seconds,
        cpu=used / size.crowd,
        database_cpu=database_used / size.crowd,
        latencies=tuple(one.seconds for one in crowd.answers),
        alone=tuple(one.seconds for one in alone.answers),
    )


async def _sent(variant: Variant, child: Child, count: int, clients: int) -> load.Run:
    requests = await variant.under.requests(count)
    gc.collect()
    found = await load.run(child.port, requests, clients)
    variant.under.enter(found.answers)
    return found


def _database(variant: Variant) -> float:
    return cpu(family(variant.database)) if variant.database else 0.0


# ---------------------------------------------------------------- figures


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one variant over all rounds: microseconds per request, requests a second, milliseconds; ratios are those to the first variant,
    taken round by round (above 1 is better than it), and their median."""

    name: str
    cpu_us: float
    database_cpu_us: float
    rate: float
    p50_ms: float
    p99_ms: float
    alone_p50_ms: float
    cpu_ratio: float
    rate_ratio: float
    spread: float


def figures(variants: Sequence[Variant]) -> list[Figures]:
    """`spread` is how far the rounds' ratios of processor time lie apart, as a share of their median."""
    return [_figures(variant, variants[0]) for variant in variants]


def _figures(variant: Variant, first: Variant) -> Figures:
    latencies = [seconds for one in variant.rounds for seconds in one.latencies]
    alone = [seconds for one in variant.rounds for seconds in one.alone]
    cpu_ratios = [base / own for base, own in zip(first.of("cpu"), variant.of("cpu"), strict=True)]
    rate_ratios = [own / base for base, own in zip(first.of("rate"), variant.of("rate"), strict=True)]
    return Figures(
        name=variant.name,
        cpu_us=median(variant.of("cpu")) * 1e6,
        database_cpu_us=median(variant.of("database_cpu")) * 1e6,
        rate=median(variant.of("rate")),
        p50_ms=percentile(latencies, 0.5) * 1e3,
        p99_ms=percentile(latencies, 0.99) * 1e3,
        alone_p50_ms=percentile(alone, 0.5) * 1e3 if alone else 0.0,
        cpu_ratio=median(cpu_ratios),
        rate_ratio=median(rate_ratios),
        spread=(max(cpu_ratios) - min(cpu_ratios)) / median(cpu_ratios),
    )
