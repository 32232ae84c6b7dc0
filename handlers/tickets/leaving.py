"""When somebody leaves the office, what they had at hand goes back to its queue, for all to see."""

from __future__ import annotations

from handlers.core import Event, Offer, Status, Ticket
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk, File, Viewer
from handlers.tickets.model import moved
from handlers.tickets.offering import tell_offering
from handlers.tickets.posting import tell_responsible
from handlers.tickets.report import promised

MOST = 10_000


async def left(desk: Desk, event: Event) -> None:
    """Each of their open tickets is looked at, one by one; of somebody of a vendor those that they have claimed."""
    person = event.subject.removeprefix("person:")
    work = desk.work(event.organisation)
    held = list(await desk.tickets.held_by(of_desk(event.organisation), person, MOST))
    known = await desk.people.get(event.organisation, person)
    if known is not None and known.vendor:
        offered = await desk.tickets.list(Viewer(event.organisation, vendor=known.vendor), "offered", desk.now(), MOST)
        held += [file.ticket for file in offered.files if _claimed(file, person)]
    for ticket in held:
        work.tell(Event("ticket.left", ticket.subject, ticket.organisation, {"person": person}))
    await work.commit()


def _claimed(file: File, person: str) -> Offer | None:
    return next((offer for offer in file.live_offers if offer.claimed_by == person), None)


async def left_behind(desk: Desk, event: Event) -> None:
    """A ticket of somebody who has left: nobody has it now, and whoever is responsible is told."""
    file, person = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:")), str(event.data["person"])
    if file is None or file.ticket.status not in (Status.open, Status.in_progress):
        return
    if claimed := _claimed(file, person):
        await _unclaimed(desk, file.ticket, claimed)
    if file.ticket.assignee != person:
        return
    at_work = any(offer.claimed_by for offer in file.live_offers)
    ticket = replace(moved(file.ticket, "work" if at_work else "release", desk.now()), assignee=None)
    work = desk.work(event.organisation)
    work.save(ticket)
    work.tell(Event("ticket.released", ticket.subject, ticket.organisation, {"left": event.data["person"]}))
    await tell_responsible(desk, work, ticket, "left_behind", ticket.version)
    await work.commit()


async def _unclaimed(desk: Desk, before: Ticket, offer: Offer) -> None:
    """Any of the vendor's people may claim it now."""
    ticket = moved(before, "work" if before.assignee else "release", desk.now())
    work = desk.work(ticket.organisation)
    work.save(ticket, replace(offer, claimed_by=None, claimed_at=None))
    data = {"vendor": offer.vendor, "offer": offer.id, "left": offer.claimed_by}
    work.tell(Event("ticket.unclaimed", ticket.subject, ticket.organisation, data))
    await tell_offering(desk, work, ticket, offer, "given_back")
    await work.commit()


async def unanswered(desk: Desk, event: Event) -> None:
    """Whoever was to answer never will: the ticket waits for them no longer, and whoever looks after it is told that it goes on."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    ended = {w.id: replace(w, ended_at=desk.now()) for w in file.open_waits if w.on == event.data["person"]} if file else {}
    if file is None or not ended:
        return
    office = await desk.office(event.organisation)
    waits = tuple(ended.get(w.id, w) for w in file.waits)
    requester = await desk.people.get(event.organisation, file.ticket.requester)
    ticket = replace(file.ticket, updated_at=desk.now())
    ticket = promised(office, ticket, waits, requester) if requester else ticket
    work = desk.work(event.organisation)
    work.save(ticket, *ended.values())
    work.tell(Event("ticket.resumed", ticket.subject, ticket.organisation, {"why": "left"}))
    if ticket.assignee and ticket.assignee != event.data["person"]:
        work.notify(ticket.assignee, ticket.subject, "resumed", ticket.version)
    else:
        await tell_responsible(desk, work, ticket, "resumed", ticket.version)
    await work.commit()
