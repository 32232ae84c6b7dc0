"""When somebody leaves the office, what they had at hand goes back to its queue, for all to see."""

from __future__ import annotations

from handlers.core import Event, Status
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk
from handlers.tickets.model import moved
from handlers.tickets.posting import tell_responsible
from handlers.tickets.report import promised

MOST = 10_000


async def left(desk: Desk, event: Event) -> None:
    """Each of their open tickets is looked at, one by one."""
    person = event.subject.removeprefix("person:")
    work = desk.work(event.organisation)
    for ticket in await desk.tickets.held_by(of_desk(event.organisation), person, MOST):
        work.tell(Event("ticket.left", ticket.subject, ticket.organisation, {"person": person}))
    await work.commit()


async def left_behind(desk: Desk, event: Event) -> None:
    """A ticket of somebody who has left: nobody has it now, and whoever is responsible is told."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    if file is None or file.ticket.assignee != event.data["person"] or file.ticket.status not in (Status.open, Status.in_progress):
        return
    ticket = replace(moved(file.ticket, "release", desk.now()), assignee=None)
    work = desk.work(event.organisation)
    work.save(ticket)
    work.tell(Event("ticket.released", ticket.subject, ticket.organisation, {"left": event.data["person"]}))
    await tell_responsible(desk, work, ticket, "left_behind", ticket.version)
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
