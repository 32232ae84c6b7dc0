"""Forgetting in the running desk: people who asked for it, and tickets that the office wants to keep no longer."""

from __future__ import annotations

from handlers.care.periods import DRAWN, months_before
from handlers.core import Event
from handlers.people.viewers import of_desk
from handlers.ports import Desk, Discard, Empty, Forget
from handlers.registry import Routes

BATCH = 100
MOST_COMMENTS = 10_000


async def forgotten(desk: Desk, event: Event) -> None:
    """By now no replica believes any more that it knows the person."""
    work = desk.work(event.organisation)
    work.erase(Forget(event.subject.removeprefix("person:")))
    await work.commit()


async def redrawn(desk: Desk, event: Event) -> None:
    """All messages about a subject, also those that are else never drawn again: a name or words in them are no more."""
    posts = await desk.posts.of(event.organisation, event.subject)
    if posts:
        work = desk.work(event.organisation)
        work.deliver(*posts)
        await work.commit()


async def retain(desk: Desk, organisation: str, limit: int = BATCH) -> int:
    """Empties some of the tickets that have been closed for longer than the office wants, and deletes some that were emptied before.

    How many there were: call it until it gives 0. An office that sets nothing keeps everything.
    """
    keep = (await desk.office(organisation)).retention
    if keep.closed_tickets is None:
        return 0
    now, viewer, work = desk.now(), of_desk(organisation), desk.work(organisation)
    old = await desk.tickets.closed_before(viewer, months_before(now, keep.closed_tickets), limit)
    for ticket in old:
        work.erase(Empty(ticket))
        work.tell(Event("ticket.emptied", f"ticket:{ticket}", organisation))
        comments = await desk.tickets.comments(viewer, ticket, MOST_COMMENTS)
        for subject in (f"ticket:{ticket}", *(comment.subject for comment in comments)):
            work.at(now, "care.redrawn", subject)
    gone = await desk.tickets.emptied_before(viewer, now - DRAWN, limit) if keep.then == "delete" else ()
    work.erase(*map(Discard, gone))
    if old or gone:
        await work.commit()
    return len(old) + len(gone)


ROUTES = Routes(timers={"person.forgotten": forgotten, "care.redrawn": redrawn})
