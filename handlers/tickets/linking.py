"""Links to tickets: given to whoever wants to paste one, and shown as a short card where one was pasted."""

from __future__ import annotations

from handlers.core import Linked, Press, Refused
from handlers.forms import Reply
from handlers.people.viewers import of_place, viewer
from handlers.ports import Desk, File, Viewer
from handlers.tickets import cards
from handlers.tickets.case import opened
from handlers.tickets.sheet import sheet
from handlers.words import say


async def copied(desk: Desk, press: Press) -> Reply:
    """The address, to be pasted anywhere."""
    case = await opened(desk, press, press.subject, "ticket.show")
    shown = await sheet(desk, case.office, case.file)
    if not shown.link:
        raise Refused(say("The desk has no address on the web any more, so tickets have no links."))
    return cards.address(shown)


async def linked(desk: Desk, message: Linked) -> Reply:
    """A short card, if everybody who reads that place may see the ticket. Else nothing: not even that there is something to hide."""
    file = await _open_to_all(desk, message) if message.inside else None
    return cards.linked(await sheet(desk, await desk.office(file.ticket.organisation), file)) if file else None


async def _open_to_all(desk: Desk, message: Linked) -> File | None:
    """What stays with its queue shows in the queue's own channel; in every other place only what is open to the office, and where a vendor
    reads along nothing: it has its card.
    """
    organisation, ticket = message.actor.organisation, message.subject.removeprefix("ticket:")
    place = await desk.places.at(organisation, message.where)
    if place and place.vendor is not None:
        return None
    readers = of_place(place) if place else Viewer(organisation)
    if await desk.tickets.file(viewer(await desk.office(organisation), message.actor), ticket) is None:
        return None
    return await desk.tickets.file(readers, ticket)
