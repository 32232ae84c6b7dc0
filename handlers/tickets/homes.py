"""The own page of each person (their tickets, and their queue's) is kept true while they may be looking at it.

Whoever opened it within the hour is looked up by who they are to the changed ticket, so the work does not grow with the office.
"""

from __future__ import annotations

from datetime import timedelta

from handlers.core import Event, Ticket
from handlers.office.model import Office
from handlers.people.viewers import of_desk
from handlers.ports import Desk

WATCHED = timedelta(hours=1)
"""So long after somebody has opened their page it is kept true."""
PAUSE = timedelta(minutes=1)
"""Between two drawings that nobody has asked for."""


async def changed(desk: Desk, event: Event) -> None:
    """Has the pages drawn again on which this ticket stands, or stood before: all changes of a minute at once."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    if file is None:
        return
    office, now = await desk.office(event.organisation), desk.now()
    agents = [await desk.people.by_email(event.organisation, email) for email in _agents(office, file.ticket, event)]
    close = {file.ticket.requester, file.ticket.assignee, *file.watchers, *(one.id for one in agents if one)}
    homes = await desk.homes.looked_at(event.organisation, [person for person in close if person], now - WATCHED)
    work = desk.work(event.organisation)
    for home in homes:
        work.refresh(home, max(now, home.drawn_at + PAUSE))
    if homes:
        await work.commit()


def _agents(office: Office, ticket: Ticket, event: Event) -> list[str]:
    """Those who work in the ticket's queue, and in the one that it has left with this event."""
    before = str(event.data.get("before") or "")
    left = {"ticket.categorised": lambda: office.category(before).queue, "ticket.requeued": lambda: before}
    queues = {ticket.queue, left[event.name]()} if before and event.name in left else {ticket.queue}
    return sorted({email for queue in queues if queue in office.queues for email in office.agents(queue)})
