"""The desk that handlers get: the store, the office, the clock and the understanding of words, behind the ports they know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot import addresses
from bot.carrying import Carrying
from handlers.core import Attached, Person, Place
from handlers.office.model import Office
from handlers.ports import (
    Attachments,
    Categorizer,
    Dialogs,
    Fetched,
    Files,
    Homes,
    Notices,
    People,
    Places,
    Posts,
    Reader,
    Tickets,
    Work,
)
from storage.ids import new_id
from storage.store import Store
from storage.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class StoreDesk:
    """`handlers.ports.Desk` over a store. `now` is business time."""

    store: Store
    categorizer: Categorizer
    reader: Reader
    now: Callable[[], datetime]
    carrying: Carrying
    public_url: str | None = field(default=None, kw_only=True)

    def files(self, organisation: str) -> Files:
        return self.carrying.kept.of(organisation)

    async def fetch(self, file: Attached) -> Fetched:
        return await self.carrying.fetch(file)

    async def upload(self, system: str, file: Attached) -> str:
        return await self.carrying.upload(system, file)

    async def uploaded(self, system: str, remote_id: str) -> bool:
        return await self.carrying.uploaded(system, remote_id)

    async def take_back(self, system: str, remote_id: str) -> None:
        await self.carrying.take_back(system, remote_id)

    async def shows(self, place: Place, file: Attached) -> bool:
        return await self.carrying.shows(place.chat, file)

    def link_to(self, file: Attached, person: Person) -> str:
        return self.carrying.link_to(file, person)

    @property
    def tickets(self) -> Tickets:
        return self.store.tickets

    @property
    def people(self) -> People:
        return self.store.people

    @property
    def places(self) -> Places:
        return self.store.places

    @property
    def posts(self) -> Posts:
        return self.store.posts

    @property
    def attachments(self) -> Attachments:
        return self.store.attachments

    @property
    def notices(self) -> Notices:
        return self.store.notices

    @property
    def homes(self) -> Homes:
        return self.store.homes

    @property
    def dialogs(self) -> Dialogs:
        return self.store.dialogs

    def new_id(self) -> str:
        return new_id()

    def link(self, subject: str) -> str:
        return addresses.link(self.public_url, subject)

    def linked(self, text: str) -> str:
        return addresses.linked(self.public_url, text)

    async def office(self, organisation: str) -> Office:
        return await self.store.offices.get(organisation)

    def work(self, organisation: str, key: str | None = None) -> Work:
        return self.store.work(organisation, key)

    def for_row(self, seq: int, stamp: int) -> RowDesk:
        """The same desk for the handler of an outbox row."""
        return RowDesk(self.store, self.categorizer, self.reader, self.now, self.carrying, (seq, stamp))


@dataclass(frozen=True, slots=True)
class RowDesk(StoreDesk):
    """The desk of an event's or a timer's handler: its unit of work finishes the outbox row (seq, stamp) it was called for.

    So what the handler states and "this row is done" are written together: it is done exactly once.
    """

    row: tuple[int, int] = (0, 0)
    units: list[UnitOfWork] = field(default_factory=list)

    def work(self, organisation: str, key: str | None = None) -> Work:
        unit = self.store.work(organisation, key)
        unit.finish(*self.row)
        self.units.append(unit)
        return unit

    @property
    def finished(self) -> bool:
        """Whether a unit of work has been written, and the row's end with it."""
        return any(unit.written for unit in self.units)
