"""What the pump does with a row: an event for its subscriber, a timer, a post to deliver, an answer to give, a page to draw."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from bot.chats import HomePages
from bot.delivery import Delivery
from bot.desk import StoreDesk
from bot.pump import Done, Permanent, Run
from bot.together import Together
from handlers.core import Conflict, Event
from handlers.registry import Routes, Subscriber
from storage.leasing import Leased

TRIES = 3


class Runner:
    """Runs one row; the pump sees to order, leases and retries."""

    def __init__(self, desk: StoreDesk, routes: Routes, delivery: Delivery, homes: Mapping[str, HomePages] = MappingProxyType({})) -> None:
        self._desk, self._routes, self._delivery, self._homes = desk, routes, delivery, homes

    def begin(self) -> Run:
        """For rows that are done one after the other: they share what is the same for all of them."""
        return partial(self.run, together=Together())

    async def run(self, row: Leased, together: Together) -> Done | None:
        if row.kind == "deliver":
            await self._delivery.deliver(row.organisation, str(row.payload["post"]), together)
            return None
        if row.kind == "answer":
            await self._delivery.answer(row.name, row.payload)
            return None
        if row.kind == "home":
            await self._home(row)
            return None
        handler = self._routes.timers.get(row.name) if row.kind == "timer" else self._routes.subscriber(row.name, row.subscriber)
        if handler is None:
            raise Permanent(f"nobody handles {row.kind} {row.name} {row.subscriber}".rstrip())
        return await self._handled(handler, row)

    async def _home(self, row: Leased) -> None:
        if row.name not in self._homes:
            raise Permanent(f"{row.name} is not connected")
        await self._homes[row.name].refresh(row.payload)

    async def _handled(self, handler: Subscriber, row: Leased) -> Done | None:
        """With the state read again when somebody changes it in between."""
        desk = self._desk.for_row(row.seq, row.stamp)
        for attempt in range(TRIES):
            try:
                await handler(desk, Event(row.name, row.subject, row.organisation, row.payload))
            except Conflict:
                if attempt == TRIES - 1:
                    raise
            else:
                break
        return Done.already if desk.finished else None
