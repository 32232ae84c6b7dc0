"""The parts of the bench: which servers are measured together, on which databases."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench import load, signed, steadily, table, teams_parts
from tests.bench.child import started
from tests.bench.databases import Postgres, furnished
from tests.bench.fill import filled
from tests.bench.ledger import Ledger
from tests.bench.machine import cores, pin
from tests.bench.measure import WARM, Figures, Size, Variant, figures, measured, percentile
from tests.bench.options import Kind, Options
from tests.bench.profiled import profiled
from tests.bench.traffic import Commands

FULL = 500_000
OFFICES = 50
PER_SECOND, SECONDS = 20, 60


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the parts work: a temporary folder and a running PostgreSQL server."""

    folder: Path
    postgres: Postgres

    async def sqlite(self, name: str, offices: int = 1) -> str:
        return await furnished(f"sqlite:///{self.folder / name}.db", offices)

    async def postgresql(self, name: str, offices: int = 1) -> str:
        return await furnished(await self.postgres.create(name), offices)

    def variant(
        self, name: str, kind: Kind = "issue", inline: bool = True, database: str = "", offices: int = 1, before: int = 0
    ) -> Variant:
        server = self.postgres.pid if database.startswith("postgresql") else None
        return Variant(name, Options(kind, cores()[0], inline, database, offices), server, before)

    def bare(self, offices: int = 1) -> Variant:
        return self.variant("bare bolt", "bare", inline=False, offices=offices)


Part = Callable[[Bench], Awaitable[None]]


async def one(bench: Bench) -> None:
    """One office, without the pump; beside the product, for comparison, the same with commands taken by bolt."""
    await _shown(
        "one",
        [
            bench.bare(),
            bench.variant("bare bolt, inline", "bare"),
            bench.variant("issue, SQLite", database=await bench.sqlite("one")),
            bench.variant("issue, PostgreSQL", database=await bench.postgresql("one")),
            bench.variant("behind bolt, SQLite", "behind", database=await bench.sqlite("behind")),
            bench.variant("behind bolt, PostgreSQL", "behind", database=await bench.postgresql("behind")),
        ],
        Size(),
    )


async def many(bench: Bench) -> None:
    """Fifty offices, each with a workspace of its own."""
    await _shown(
        "many",
        [
            bench.bare(OFFICES),
            bench.variant("issue, SQLite, 50 offices", database=await bench.sqlite("many", OFFICES), offices=OFFICES),
            bench.variant("issue, PostgreSQL, 50 offices", database=await bench.postgresql("many", OFFICES), offices=OFFICES),
        ],
        Size(),
    )


async def pump(bench: Bench) -> None:
    """With the pump delivering each card into a Slack on loopback; the processor time includes all that follows from a report."""
    server, others = cores()
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(started("tests.bench.platform", str(others)))
        address = f"http://127.0.0.1:{platform.port}/api/"
        postgres = await bench.postgresql("pump")
        variants = [
            bench.bare(),
            Variant("issue and pump, SQLite", Options("issue", server, True, await bench.sqlite("pump"), platform=address)),
            Variant("issue and pump, PostgreSQL", Options("issue", server, True, postgres, platform=address), bench.postgres.pid),
        ]
        await _shown("pump", variants, Size(rounds=3, crowd=200, alone=20))
        print(f"{await platform.order('messages')} cards stand in the channels")


async def full(bench: Bench) -> None:
    """With half a million tickets in the database, beside an empty one."""
    empty, sqlite = await bench.sqlite("empty"), await bench.sqlite("full")
    new, postgres = await bench.postgresql("empty"), await bench.postgresql("full")
    await _filled(sqlite)
    await _filled(postgres)
    pairs = [
        [bench.variant("SQLite, empty", database=empty), bench.variant("SQLite, 500,000", database=sqlite, before=FULL)],
        [bench.variant("PostgreSQL, empty", database=new), bench.variant("PostgreSQL, 500,000", database=postgres, before=FULL)],
    ]
    for name, pair in zip(("full sqlite", "full postgresql"), pairs, strict=True):
        await _shown(name, pair, Size(rounds=5))


async def steady(bench: Bench) -> None:
    """A busy office's pace on a full PostgreSQL, while the pump delivers every card: an open loop, for a minute."""
    server, others = cores()
    database = await bench.postgresql("steady")
    await _filled(database)
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(started("tests.bench.platform", str(others)))
        options = Options("issue", server, True, database, platform=f"http://127.0.0.1:{platform.port}/api/")
        child, ledger = await stack.enter_async_context(started("tests.bench.server", options.packed())), Ledger(FULL)
        pin(child.pid, server)
        first = await load.run(child.port, signed.requests(WARM, 1), 1)
        found = await steadily.run(child.port, signed.requests(PER_SECOND * SECONDS, 1), PER_SECOND)
        await child.order("drain")
        ledger.enter([*first.answers, *found.answers])
        kept, cards = await ledger.compare(database), await platform.order("messages")
    times = [one.seconds * 1e3 for one in found.answers]
    shares = ", ".join(f"p{share:.0%}".removesuffix("%") + f" {percentile(times, share):.1f} ms" for share in (0.5, 0.95, 0.99))
    print(
        f"\nsteady: {PER_SECOND} requests/s for {SECONDS} s: {shares}, worst {max(times):.0f} ms; {kept} tickets kept, {cards} cards stand"
    )


async def teams(bench: Bench) -> None:
    """Messages 1:1 in Microsoft Teams on PostgreSQL, beside a bot of botbuilder that only echoes."""
    bots = teams_parts.Bots(bench.folder, bench.postgres)
    async with AsyncExitStack() as stack:
        tenants = [await stack.enter_async_context(started("tests.bench.tenant", str(cores()[1]))) for _ in range(4)]
        await _shown("teams", await teams_parts.variants(bots, tenants), Size(rounds=3, crowd=100, alone=5))


async def broadcast(bench: Bench) -> None:
    """One card for a thousand channels of Teams, through the pump."""
    async with started("tests.bench.tenant", str(cores()[1])) as tenant:
        print(f"\n{teams_parts.told(await teams_parts.broadcasts(teams_parts.Bots(bench.folder, bench.postgres), tenant))}", flush=True)


async def profile(bench: Bench) -> None:
    """Where the processor time goes. Not among the parts that run by themselves: a profile slows down what it looks at."""
    await _profiled_in_teams(bench)
    for name, database in (("SQLite", await bench.sqlite("profile")), ("PostgreSQL", await bench.postgresql("profile"))):
        file = bench.folder / f"{name}.json"
        options = Options("issue", cores()[0], True, database, profile=str(file))
        print(f"\nprofile, {name}: {await profiled(options, file, Commands(options))}", flush=True)


async def _profiled_in_teams(bench: Bench) -> None:
    async with started("tests.bench.tenant", str(cores()[1])) as tenant:
        variant, file = await teams_parts.Bots(bench.folder, bench.postgres).variant("", tenant), bench.folder / "teams.json"
        print(f"\nprofile, Teams: {await profiled(replace(variant.options, profile=str(file)), file, variant.under)}", flush=True)


async def _filled(url: str) -> None:
    began = time.perf_counter()
    os.sched_setaffinity(0, {cores()[0]})  # beside PostgreSQL, which then has its core for itself
    await filled(url, FULL)
    os.sched_setaffinity(0, {cores()[1]})
    print(f"{FULL:,} tickets written into {url.partition(':')[0]} in {time.perf_counter() - began:.0f} s")


PARTS: dict[str, Part] = {"one": one, "many": many, "pump": pump, "full": full, "steady": steady, "teams": teams, "broadcast": broadcast}
ASKED: dict[str, Part] = {"profile": profile}


async def _shown(part: str, variants: list[Variant], size: Size) -> list[Figures]:
    """Measures, and prints what came out."""
    began = time.perf_counter()
    tickets = await measured(variants, size)
    found = figures(variants)
    print(f"\n{part}: {tickets} tickets acknowledged, each found in its database")
    print(table.table(found))
    print(table.line(part, found, tickets=tickets, seconds=round(time.perf_counter() - began, 1)), flush=True)
    return found
