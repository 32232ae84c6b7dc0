"""The desk that handlers get: the store, the office, the clock and the understanding of words, behind the ports they know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot import addresses
from handlers.office.model import Office
from handlers.ports import Categorizer, Dialogs, Homes, Notices, People, Places, Posts, Reader, Tickets, Work
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
    public_url: str | None = field(default=None, kw_only=True)

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
