"""Where we can post. Places are cached by id, by the chat's own ids, by queue and by person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select

from handlers.core import Place, Where
from storage.cache import Cache
from storage.database import Database
from storage.rows import PLACES, select_all
from storage.tables import places

_OWN = places.c.organisation == bindparam("organisation")
_GET = select(*PLACES.columns).where(_OWN, places.c.id == bindparam("id"))
_AT = (
    select(*PLACES.columns)
    .where(_OWN, places.c.chat == bindparam("chat"), places.c.workspace == bindparam("workspace"), places.c.channel == bindparam("channel"))
    .order_by(places.c.id)
    .limit(1)
)
_OF_QUEUE = select(*PLACES.columns).where(_OWN, places.c.queue == bindparam("queue")).order_by(places.c.id)
_OF_VENDOR = select(*PLACES.columns).where(_OWN, places.c.vendor == bindparam("vendor"), places.c.kind == "channel").order_by(places.c.id)
_OF_VENDORS = select(*PLACES.columns).where(_OWN, places.c.vendor.is_not(None), places.c.kind == "channel").order_by(places.c.id)
_OF_QUEUES = select(*PLACES.columns).where(_OWN, places.c.queue.is_not(None)).order_by(places.c.id)
_DIRECT = (
    select(*PLACES.columns)
    .where(_OWN, places.c.person == bindparam("person"), places.c.kind == "dm")
    .order_by(places.c.used_at.desc(), places.c.id.desc())
)
_Key = tuple[str, str, str, str]


class PlaceStore:
    """`handlers.ports.Places`. A place counts as used when it is added or put."""

    def __init__(self, database: Database, clock: Callable[[], float], size: int = 20_000, seconds: float = 60.0) -> None:
        self._database = database
        self._places: Cache[str, Place] = Cache(size, seconds, clock)
        self._channels: Cache[_Key, str] = Cache(size, seconds, clock)
        self._queues: Cache[tuple[str, str], tuple[Place, ...]] = Cache(size, seconds, clock)
        self._directs: Cache[tuple[str, str], tuple[Place, ...]] = Cache(size, seconds, clock)

    async def get(self, organisation: str, place: str) -> Place | None:
        known = self._places.get(place)
        if known is None:
            found = await self._read(_GET, {"organisation": organisation, "id": place})
            return found[0] if found else None
        return known if known.organisation == organisation else None

    async def at(self, organisation: str, where: Where) -> Place | None:
        """The place of the channel; threads belong to it."""
        key = (organisation, where.chat, where.workspace, where.channel)
        place = self._known(key)
        if place is not None or not where.channel:
            return place
        epoch = self._channels.epoch
        parameters = dict(zip(("organisation", "chat", "workspace", "channel"), key, strict=True))
        found = await self._read(_AT, parameters)
        if not found:
            return None
        self._channels.put(key, found[0].id, epoch)
        return found[0]

    async def of_queue(self, organisation: str, queue: str) -> Sequence[Place]:
        return await self._listed(self._queues, (organisation, queue), _OF_QUEUE, "queue")

    async def of_queues(self, organisation: str) -> Sequence[Place]:
        """The channels of all queues, also of those that the office's policy no longer names."""
        return await self._read(_OF_QUEUES, {"organisation": organisation})

    async def of_vendor(self, organisation: str, vendor: str) -> Sequence[Place]:
        return await self._read(_OF_VENDOR, {"organisation": organisation, "vendor": vendor})

    async def of_vendors(self, organisation: str) -> Sequence[Place]:
        """The channels of all vendors, also of those that the office's policy no longer names."""
        return await self._read(_OF_VENDORS, {"organisation": organisation})

    async def channels(self, organisation: str) -> Sequence[Place]:
        """Those of all queues and vendors."""
        return [*await self.of_queues(organisation), *await self.of_vendors(organisation)]

    async def direct(self, organisation: str, person: str) -> Sequence[Place]:
        return await self._listed(self._directs, (organisation, person), _DIRECT, "person")

    def clear(self) -> None:
        for cache in (self._places, self._channels, self._queues, self._directs):
            cache.clear()

    def forget(self, kind: str, key: str) -> None:
        if kind == "places":
            self._places.forget(key)
            self._queues.clear()  # a place that is new or moved may belong to any queue, and to any person
            self._directs.clear()
        elif kind == "people":
            self._directs.clear()  # whoever is forgotten takes theirs along

    def _known(self, key: _Key) -> Place | None:
        known = self._channels.get(key)
        place = None if known is None else self._places.get(known)
        if place is None or (place.organisation, place.chat, place.workspace, place.channel) != key:
            return None
        return place

    async def _listed(
        self, cache: Cache[tuple[str, str], tuple[Place, ...]], key: tuple[str, str], query: Select[Any], by: str
    ) -> Sequence[Place]:
        """Places of an organisation by what the key's second part names."""
        known = cache.get(key)
        if known is None:
            epoch = cache.epoch
            known = tuple(await self._read(query, {"organisation": key[0], by: key[1]}))
            cache.put(key, known, epoch)
        return known

    async def _read(self, query: Select[Any], parameters: Mapping[str, object]) -> list[Place]:
        epoch = self._places.epoch
        found = await self._database.read(select_all, PLACES, query, parameters)
        for place in found:
            self._places.put(place.id, place, epoch)
        return found
