"""What the cards about the desk itself are drawn from."""

from __future__ import annotations

from handlers.cards import Card
from handlers.core import Place
from handlers.notices import cards
from handlers.notices.places import Readers
from handlers.ports import Desk
from handlers.registry import Looking, View


async def undelivered(desk: Desk, subject: str, looking: Looking) -> Card | None:
    place = await _place(desk, subject, looking)
    return cards.undelivered(await _name(desk, place), place.chat.capitalize(), place.unreachable) if place else None


def read_by(readers: Readers) -> View:
    """The view of a channel that these people read now."""

    async def view(desk: Desk, subject: str, looking: Looking) -> Card | None:
        place = await _place(desk, subject, looking)
        return cards.read_by(await _name(desk, place), place.chat.capitalize(), readers) if place else None

    return view


async def welcome(desk: Desk, subject: str, looking: Looking) -> Card:
    office = await desk.office(looking.organisation)
    return cards.welcome(office.head.name, office.head.key)


async def _place(desk: Desk, subject: str, looking: Looking) -> Place | None:
    return await desk.places.get(looking.organisation, subject.removeprefix("place:"))


async def _name(desk: Desk, place: Place) -> str:
    office = await desk.office(place.organisation)
    if place.queue:
        return office.queue(place.queue).name
    vendor = office.vendors.get(place.vendor or "")
    return vendor.name if vendor else place.channel
