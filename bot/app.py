"""The wiring: store, desk, dispatch, pump and the chats put together, started, and stopped without losing anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog

from bot.chats import ChatClient, HomePages
from bot.delivery import Delivery
from bot.desk import StoreDesk
from bot.dispatch import Dispatch
from bot.doorkeeper import People
from bot.heartbeat import Heartbeat
from bot.offices import settle
from bot.pump import Pace, Pump
from bot.rows import Runner
from bot.settings import Settings
from handlers.core import Event
from handlers.notices.places import tell_administrators
from handlers.registry import Routes
from handlers.routes import ROUTES
from handlers.tickets.posting import audit
from handlers.understanding.categorizer import KeywordCategorizer
from handlers.understanding.reader import RuleReader
from storage.coordination import Coordination, connect
from storage.leasing import Leased
from storage.outbox import Outbox, sweep
from storage.store import Store

log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


def machine_clock() -> datetime:
    return datetime.now(UTC)


class Deskbell:
    """One process of the bot. `clients` are the chats it sends into, by name, `homes` people's pages there: filled until `start`."""

    def __init__(self, settings: Settings, store: Store, coordination: Coordination, clock: Clock, routes: Routes = ROUTES) -> None:
        self.settings, self.store, self.coordination, self.clock = settings, store, coordination, clock
        self.clients: dict[str, ChatClient] = {}
        self.homes: dict[str, HomePages] = {}
        categorizer = KeywordCategorizer()
        self.desk = StoreDesk(store, categorizer, RuleReader(categorizer), clock, public_url=settings.public_url)
        self.dispatch = Dispatch(self.desk, routes, People(self.desk, self.clients))
        self._runner = Runner(self.desk, routes, Delivery(self.desk, routes, self.clients), self.homes)
        self.pump = Pump(Outbox(store.database), self._runner.run, clock, machine_clock, self._buried, Pace(lease=settings.lease_seconds))
        self.heartbeat = Heartbeat(self.pump, self.audit, self.sweep, coordination)

    async def start(self) -> None:
        """Everything that goes on by itself: the pump, the heartbeat, what other replicas tell."""
        self.store.database.committed = self._committed
        self.store.announce = self.coordination.tell_changed
        await self.coordination.start(on_wake=self.pump.wake, on_changed=self.store.forget)
        self.pump.start()
        await self.heartbeat.start()

    async def stop(self) -> None:
        """Lets what runs end, gives leases back, and forgets nothing."""
        await self.heartbeat.stop()
        await self.pump.stop(self.settings.stop_seconds)
        await self.coordination.stop()

    def _committed(self, wakes: bool) -> None:
        if wakes:
            self.pump.wake()
            self.coordination.wake()

    async def audit(self) -> None:
        """Looks in every organisation for what nobody has answered in time."""
        for organisation in await self.store.offices.list():
            if organisation.version:
                found = await audit(self.desk, organisation.id)
                if found:
                    log.info("audit", organisation=organisation.id, late=found)

    async def sweep(self) -> None:
        """Throws away what is no longer needed, in short transactions."""
        while await self.store.database.write(sweep, self.clock()):
            pass

    async def settle(self) -> None:
        """People and places of every office, as its policy names them."""
        for organisation in await self.store.offices.list():
            if organisation.version:
                await settle(self.store, await self.store.offices.get(organisation.id), self.clock())

    async def _buried(self, row: Leased, reason: str) -> None:
        """A post that could not be delivered at all. That of a channel is said to the administrators, once a day for each channel."""
        post = await self.desk.posts.get(row.organisation, str(row.payload.get("post", "")))
        place = await self.desk.places.get(row.organisation, post.place) if post else None
        if post is None or place is None or post.view == "notice.undelivered":
            return
        work = self.desk.work(row.organisation)
        facts = {"row": row.seq, "post": post.id, "reason": reason[:200]}
        work.tell(Event("delivery.failed", f"place:{post.place}", row.organisation, facts))
        if place.kind == "channel":
            await tell_administrators(self.desk, work, place, "undelivered")
        await work.commit()


@asynccontextmanager
async def opened(settings: Settings, clock: Clock = machine_clock, migrated: bool = False) -> AsyncIterator[Deskbell]:
    """A bot with its store open, not started yet; everything is closed at the end."""
    subscribers = {event: tuple(names) for event, names in ROUTES.events.items()}
    store = await Store.open(settings.database_url, subscribers, clock, migrated=migrated)
    try:
        yield Deskbell(settings, store, connect(settings.redis_url), clock)
    finally:
        await store.close()
