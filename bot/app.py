"""The wiring: store, desk, dispatch, pump and the chats put together, started, and stopped without losing anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog

from bot.carrying import Carrying, FileLinks
from bot.chats import ChatClient, HomePages
from bot.copies import Copies
from bot.delivery import Delivery
from bot.desk import StoreDesk
from bot.dispatch import Dispatch
from bot.doorkeeper import People
from bot.heartbeat import Heartbeat
from bot.homing import sought
from bot.offices import settle
from bot.pictures import PictureLinks
from bot.pump import Pace, Pump
from bot.rows import Runner
from bot.settings import Settings
from bot.web.tickets import ChatDoor
from handlers.care.use import retain
from handlers.core import Event, Place
from handlers.files.copy import COPY
from handlers.files.keep import given_up
from handlers.frozen import replace
from handlers.notices.places import tell_administrators
from handlers.registry import Routes
from handlers.routes import ROUTES
from handlers.tickets.posting import audit
from handlers.understanding.categorizer import KeywordCategorizer
from handlers.understanding.reader import RuleReader
from storage.coordination import Coordination, connect
from storage.files import FileStore
from storage.leasing import Leased
from storage.outbox import Outbox, sweep
from storage.retaining import sweep_words
from storage.secrets import keys_in
from storage.store import Store

log = structlog.get_logger(__name__)
ROUNDS = 20
"""Batches of old tickets in one sweep."""
Clock = Callable[[], datetime]


def machine_clock() -> datetime:
    return datetime.now(UTC)


class Deskbell:
    """One process of the bot. `clients` are the chats it sends into, by name, `homes` people's pages there, `doors` how a page leads there:
    filled until `start`."""

    def __init__(self, settings: Settings, store: Store, coordination: Coordination, clock: Clock, routes: Routes = ROUTES) -> None:
        self.settings, self.store, self.coordination, self.clock = settings, store, coordination, clock
        self.clients: dict[str, ChatClient] = {}
        self.homes: dict[str, HomePages] = {}
        self.doors: dict[str, ChatDoor] = {}
        categorizer = KeywordCategorizer()
        self.carrying = Carrying(FileStore(settings.data_folder / "files"), links=file_links(settings), pictures=picture_links(settings))
        self.desk = StoreDesk(store, categorizer, RuleReader(categorizer), clock, self.carrying, public_url=settings.public_url)
        self.dispatch = Dispatch(self.desk, routes, People(self.desk, self.clients))
        self.delivery = Delivery(self.desk, routes, self.clients, Copies(self.desk, self.carrying), self._broadcasts)
        self._runner = Runner(self.desk, routes, self.delivery, self.homes)
        self.pump = Pump(Outbox(store.database), self._runner.begin, clock, machine_clock, self._buried, Pace(lease=settings.lease_seconds))
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

    async def _broadcasts(self, organisation: str) -> float:
        return await self.coordination.pace(f"broadcast:{organisation}", self.settings.broadcasts_per_second, 1)

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
        for broom in (sweep, sweep_words):
            while await self.store.database.write(broom, self.clock()):
                pass
        for organisation in await self.store.offices.list():
            if organisation.version:
                await self._retain(organisation.id)

    async def _retain(self, organisation: str) -> None:
        """What an office keeps no longer. The rest of a great heap waits for the next sweep; meanwhile its messages are drawn."""
        for _ in range(ROUNDS):
            if not await retain(self.desk, organisation):
                return

    async def settle(self) -> None:
        """People and places of every office, as its policy names them."""
        for organisation in await self.store.offices.list():
            if organisation.version:
                await settle(self.store, await self.store.offices.get(organisation.id), self.clock())

    async def _buried(self, row: Leased, reason: str) -> None:
        """A post that could not be delivered at all: that of a channel is said to the administrators, once a day for each channel. A file
        that could not be fetched is said on its ticket."""
        if row.name == "file.attached":
            await given_up(self.desk, row.organisation, row.subject)
        post = await self.desk.posts.get(row.organisation, str(row.payload.get("post", "")))
        place = await self.desk.places.get(row.organisation, post.place) if post else None
        if post is None or place is None or post.view == "notice.undelivered":
            return
        work = self.desk.work(row.organisation)
        facts = {"row": row.seq, "post": post.id, "reason": reason[:200]}
        work.put(replace(post, shown_hash=""))
        work.tell(Event("delivery.failed", f"place:{post.place}", row.organisation, facts))
        await work.commit()
        if place.kind == "channel" and post.view != COPY:  # a file that does not follow is still named, with a link
            await self._undelivered(place)

    async def _undelivered(self, place: Place) -> None:
        """A channel that takes nothing may be in another workspace of the office; else administrators hear of it."""
        chat = self.clients.get(place.chat)
        if chat is None or not await sought(self.desk, chat, place):
            work = self.desk.work(place.organisation)
            await tell_administrators(self.desk, work, place, "undelivered")
            await work.commit()


def file_links(settings: Settings) -> FileLinks | None:
    """Kept files have addresses where we have one, and a key to sign with."""
    keys = keys_in(settings.secret_keys.get_secret_value() if settings.secret_keys else "")
    return FileLinks(settings.public_url, keys) if settings.public_url and keys else None


def picture_links(settings: Settings) -> PictureLinks | None:
    """Chats fetch pictures over https only."""
    keys = keys_in(settings.secret_keys.get_secret_value() if settings.secret_keys else "")
    url = settings.public_url or ""
    return PictureLinks(url, keys) if url.startswith("https://") and keys else None


@asynccontextmanager
async def opened(
    settings: Settings, clock: Clock = machine_clock, migrated: bool = False, coordination: Coordination | None = None
) -> AsyncIterator[Deskbell]:
    """A bot with its store open, not started yet; everything is closed at the end. Without `coordination`, that of the settings."""
    subscribers = {event: tuple(names) for event, names in ROUTES.events.items()}
    store = await Store.open(settings.database_url, subscribers, clock, migrated=migrated)
    try:
        yield Deskbell(settings, store, coordination or connect(settings.redis_url), clock)
    finally:
        await store.close()
