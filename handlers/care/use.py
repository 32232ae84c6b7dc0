"""Forgetting in the running desk: what may have come back in between goes once more, and every message that showed it is drawn anew."""

from __future__ import annotations

from handlers.core import Event
from handlers.ports import Desk, Forget
from handlers.registry import Routes


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


ROUTES = Routes(timers={"person.forgotten": forgotten, "care.redrawn": redrawn})
