"""The bench in Teams: people's messages beside botbuilder's own echo, and one card for a thousand conversations.

The pace of the client (two messages a second and conversation, fifty a second and tenant) is off.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import load
from tests.bench.child import Child, started
from tests.bench.databases import Postgres, furnished_in_teams
from tests.bench.ledger import Wrong
from tests.bench.machine import cores, pin
from tests.bench.measure import Variant
from tests.bench.messages import Messages, accounts, address, queue_channels, wide_channels
from tests.bench.options import Kind, Options

ROUNDS = 1
"""Broadcasts, each of another ticket's card."""


@dataclass(frozen=True, slots=True)
class Bots:
    """Makes variants, each with a database of its own."""

    folder: Path
    postgres: Postgres

    async def variant(self, name: str, tenant: Child, kind: Kind = "teams", *, pump: bool = False, own_tokens: bool = False) -> Variant:
        database = "" if kind == "echo" else await self._database(f"teams{tenant.port}")
        options = Options(kind, cores()[0], database=database, tenant=address(tenant), pump=pump)
        messages = Messages(tenant, self.folder, options, own_tokens)
        return Variant(name, options, self.postgres.pid if database else None, traffic=messages)

    async def _database(self, name: str) -> str:
        return await furnished_in_teams(await self.postgres.create(name), accounts(), queue_channels(), wide_channels())


async def variants(bots: Bots, tenants: Sequence[Child]) -> list[Variant]:
    """Four, each with a tenant of its own."""
    echo, plain, signed, pumped = tenants
    return [
        await bots.variant("bare echo", echo, "echo"),
        await bots.variant("report", plain),
        await bots.variant("report, a token each", signed, own_tokens=True),
        await bots.variant("report and delivery", pumped, pump=True),
    ]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What one took, for each copy: seconds until all stood there, and seconds of the server's processor."""

    seconds: float
    cpu: float


async def broadcasts(bots: Bots, tenant: Child) -> list[Broadcast]:
    """Several, one after the other. Raises `Wrong` unless each card stands once in each channel in the end."""
    bot, found = await bots.variant("", tenant, pump=True), []
    async with started("tests.bench.server", bot.options.packed()) as child:
        pin(child.pid, bot.options.core)
        for _ in range(ROUNDS):
            bot.under.enter((await load.run(child.port, await bot.under.requests(1), 1)).answers)
            found.append(await _broadcast(child))
    await bot.under.compare()
    assert isinstance(bot.traffic, Messages)
    _stand_once(await bot.traffic.standing())
    return found


async def _broadcast(child: Child) -> Broadcast:
    before, began = float(await child.order("drain")), time.perf_counter()
    used = float(await child.order("spread")) - before
    many = len(wide_channels())
    return Broadcast((time.perf_counter() - began) / many, used / many)


def _stand_once(standing: dict[str, list[str]]) -> None:
    for channel in wide_channels():
        cards = Counter(card.partition(" ")[0] for card in standing[channel])
        if cards != {f"#{number}": 1 for number in range(1, ROUNDS + 1)}:
            raise Wrong(f"in a channel stand {cards}")


def told(found: Sequence[Broadcast]) -> str:
    each = "; ".join(
        f"{1 / one.seconds:.0f} by the clock, {1 / one.cpu:.0f} by the processor ({one.cpu * 1e6:.0f} us a post)" for one in found
    )
    return f"broadcast to {len(wide_channels())} channels, every post found; posts/s of one core: {each}"
