"""Everything that is remembered, put together: open a store once, close it at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from storage.attachments import AttachmentStore
from storage.committer import Committer
from storage.contacts import ContactStore
from storage.database import Database, open_database
from storage.dialogs import DialogStore
from storage.homes import HomeStore
from storage.ids import new_id
from storage.installations import InstallationStore
from storage.migrate import migrate
from storage.notices import NoticeStore
from storage.offices import OfficeStore
from storage.people import PeopleStore
from storage.places import PlaceStore
from storage.posts import PostStore
from storage.tickets import TicketStore
from storage.work import Subscribers, UnitOfWork

Changed = Callable[[str, str], None]


class Store:
    """The storage side of the desk. `clock` is business time; `monotonic` is the machine's, in seconds, and ages caches.

    `announce` hears (kind, id) of everything changed here that other replicas may hold in a cache; they `forget` it. `database.committed`
    wakes the pump.
    """

    def __init__(
        self, database: Database, subscribers: Subscribers, clock: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.database = database
        self.announce: Changed = _nobody
        self.tickets = TicketStore(database)
        self.people = PeopleStore(database, monotonic)
        self.places = PlaceStore(database, monotonic)
        self.posts = PostStore(database)
        self.attachments = AttachmentStore(database)
        self.notices = NoticeStore(database)
        self.dialogs = DialogStore(database)
        self.homes = HomeStore(database)
        self.contacts = ContactStore(database, monotonic)
        self.offices = OfficeStore(database, monotonic, self._changed)
        self.installations = InstallationStore(database, self._changed)
        self._subscribers = {event: tuple(names) for event, names in subscribers.items()}
        self._clock = clock
        self._committer = Committer(database, self._touched)

    @classmethod
    async def open(
        cls, url: str, subscribers: Subscribers, clock: Callable[[], datetime], readers: int = 4, migrated: bool = False
    ) -> Store:
        """Opens the database at `url` and brings it up to date, unless it is known to be `migrated`."""
        store = cls(open_database(url, readers), subscribers, clock)
        try:
            if not migrated:
                await migrate(store.database)
        except BaseException:
            await store.close()
            raise
        return store

    def work(self, organisation: str, key: str | None = None) -> UnitOfWork:
        """A unit of work; with a key it is done once."""
        return UnitOfWork(organisation, key, self._committer.commit, self._subscribers, self._clock(), new_id)

    def forget(self, kind: str, key: str) -> None:
        """Another replica changed this: read it again when it is next asked for. ("*", "*"): word may have been lost, forget everything."""
        for kept in (self.people, self.places, self.offices, self.installations):
            if kind == "*":
                kept.clear()
            else:
                kept.forget(kind, key)

    async def close(self) -> None:
        """Writes what was taken, then lets go of the database."""
        await self._committer.stop()
        await self.database.close()

    def _changed(self, kind: str, key: str) -> None:
        self.forget(kind, key)
        self.announce(kind, key)

    def _touched(self, places: Sequence[tuple[str, str]]) -> None:
        for kind, key in places:
            self._changed(kind, key)


def _nobody(_kind: str, _key: str) -> None:
    """There are no other replicas."""
