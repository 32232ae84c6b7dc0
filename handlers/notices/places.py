"""What becomes of the channels that the desk posts into: closed, open again, read by others than before, known by another id."""

from __future__ import annotations

from typing import Literal

from handlers.core import Event, Place, Where
from handlers.frozen import replace
from handlers.office.model import Office
from handlers.ports import Desk, Work

Closed = Literal["archived", "deleted", "removed"]
Readers = Literal["shared", "private", "public"]
"""Who reads along in a channel now: people of another organisation, only those who were let in, or all colleagues."""
MOST_AT_ONCE = 200


async def closed(desk: Desk, organisation: str, where: Where, why: Closed) -> None:
    """Nothing can be posted there from now on. Who looks after the desk is told, once."""
    place = await desk.places.at(organisation, where)
    if place is None or place.unreachable:
        return
    work = desk.work(organisation)
    work.put(replace(place, unreachable=why))
    if place.vendor:
        work.at(desk.now(), "vendor.changed", f"vendor:{place.vendor}")
    await tell_administrators(desk, work, place, "undelivered")
    await work.commit()


async def opened(desk: Desk, organisation: str, where: Where) -> None:
    """It takes messages (again): what could not be posted or redrawn there is now."""
    place = await desk.places.at(organisation, where)
    if place is None or not (place.queue or place.vendor):
        return
    work = desk.work(organisation)
    if place.unreachable:
        work.put(replace(place, unreachable=None))
    if place.queue:
        work.at(desk.now(), "queue.changed", f"queue:{place.queue}")
    if place.vendor:
        work.at(desk.now(), "vendor.changed", f"vendor:{place.vendor}")
    work.at(desk.now(), "place.opened", f"place:{place.id}")
    await work.commit()


async def catch_up(desk: Desk, event: Event) -> None:
    """What is not shown there as it is now: some of it, in the order of writing, then the rest."""
    place = event.subject.removeprefix("place:")
    stale = await desk.posts.stale(event.organisation, place, str(event.data.get("after", "")), MOST_AT_ONCE)
    work = desk.work(event.organisation)
    work.deliver(*stale)
    if len(stale) == MOST_AT_ONCE:
        work.at(desk.now(), "place.opened", event.subject, {"after": stale[-1].id})
    await work.commit()


async def read_by(desk: Desk, organisation: str, where: Where, readers: Readers) -> None:
    """Others than before read along now, which somebody should know who knows what is said there."""
    place = await desk.places.at(organisation, where)
    if place is None or place.queue is None:
        return
    work = desk.work(organisation)
    await tell_administrators(desk, work, place, readers)
    await work.commit()


async def renumbered(desk: Desk, organisation: str, where: Where, channel: str) -> None:
    """The same channel under another id."""
    place = await desk.places.at(organisation, where)
    if place is not None and place.channel != channel:
        work = desk.work(organisation)
        work.put(replace(place, channel=channel))
        await work.commit()


def administrators(office: Office) -> list[str]:
    """Who looks after the desk itself: the administrators, else the owner."""
    return [email for email in office.people if office.has_role(email, "administrator")] or [office.head.owner]


async def tell_administrators(desk: Desk, work: Work, place: Place, reason: str) -> None:
    """Once a day for each channel."""
    day = int(desk.now().strftime("%Y%m%d"))
    for email in administrators(await desk.office(place.organisation)):
        person = await desk.people.by_email(place.organisation, email)
        if person is not None:
            work.notify(person.id, f"place:{place.id}", reason, day)
