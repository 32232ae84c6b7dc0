"""What the people of a vendor look up, and what its channel shows: each as the vendor may see it."""

from __future__ import annotations

from handlers.cards import Card
from handlers.core import Offer, Person
from handlers.files.model import seen_from
from handlers.people.see import is_offered
from handlers.people.viewers import of_desk, of_place, viewer
from handlers.ports import Desk
from handlers.registry import Looking, View
from handlers.tickets import vendor_cards
from handlers.tickets.lists import Some
from handlers.tickets.sheet import Sheet, sheet

ROWS = 10


async def channel(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """The card of one offer (the post's tag) in a channel of the vendor."""
    place = looking.place
    if place is None or place.vendor is None:
        return None
    if not place.vendor:
        return await _elsewhere(desk, subject, looking)
    office, look = await desk.office(looking.organisation), of_place(place)
    file = await desk.tickets.file(look, subject.removeprefix("ticket:"))
    offer = next((one for one in file.offers if one.id == looking.tag and one.vendor == place.vendor), None) if file else None
    if file is None or offer is None:
        return None
    files = seen_from(place, await desk.attachments.of(look, file.ticket.id)) if offer.is_live else ()
    return vendor_cards.channel(
        await sheet(desk, office, file, files=files), offer, office.threads_in(place.vendor, place.chat, place.channel)
    )


async def _elsewhere(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """In a channel that is the vendor's no more."""
    file = await desk.tickets.file(of_desk(looking.organisation), subject.removeprefix("ticket:"))
    return vendor_cards.elsewhere(await sheet(desk, await desk.office(looking.organisation), file)) if file else None


def while_offered(view: View) -> View:
    """For a vendor whose offer is over the view only says that it is, in place of whatever it showed before: what was changed, forgotten or
    said since then is not for it.
    """

    async def fenced(desk: Desk, subject: str, looking: Looking) -> Card | None:
        return await _over(desk, subject, looking) or await view(desk, subject, looking)

    return fenced


async def _over(desk: Desk, subject: str, looking: Looking) -> Card | None:
    vendor = looking.person.vendor if looking.person else looking.place.vendor if looking.place else None
    if vendor is None:
        return None
    look, (kind, _, key) = of_desk(looking.organisation), subject.partition(":")
    comment = await desk.tickets.comment(look, key) if kind == "comment" else None
    file = await desk.tickets.file(look, comment.ticket if comment else key)
    past = [offer for offer in file.offers if vendor in (offer.vendor, "")] if file else []
    if file is None or not past or is_offered(vendor, past):
        return None
    found = await sheet(desk, await desk.office(looking.organisation), file)
    return vendor_cards.over(found, past[-1]) if vendor else vendor_cards.elsewhere(found)


def detail(found: Sheet, person: Person) -> Card | None:
    """The ticket for one of the vendor's people; None while it is not offered to them."""
    offer: Offer | None = next((one for one in found.file.live_offers if one.vendor == person.vendor), None)
    return vendor_cards.detail(found, offer) if offer else None


async def offered(desk: Desk, person: Person) -> Card:
    """All that is offered to the person's vendor."""
    office = await desk.office(person.organisation)
    page = await desk.tickets.list(viewer(office, person), "offered", desk.now(), ROWS)
    vendor = person.vendor or ""
    name = office.vendors[vendor].name if vendor in office.vendors else vendor
    return vendor_cards.offered(Some([await sheet(desk, office, file) for file in page.files], page.total), name, office.head.name)
