"""What becomes of the channels that the desk posts into: closed, open again, shared with others, known by another id."""

from __future__ import annotations

from handlers.core import Place, Where
from handlers.frozen import replace
from handlers.office.model import Office
from handlers.ports import Desk, Work

ARCHIVED, DELETED = "The channel is archived.", "The channel was deleted."


async def closed(desk: Desk, organisation: str, where: Where, why: str) -> None:
    """Nothing can be posted there from now on. Who looks after the desk is told, once."""
    place = await desk.places.at(organisation, where)
    if place is None or place.unreachable:
        return
    work = desk.work(organisation)
    work.put(replace(place, unreachable=why))
    await tell_administrators(desk, work, place, "undelivered")
    await work.commit()


async def opened(desk: Desk, organisation: str, where: Where) -> None:
    """It takes messages (again): what stands there is drawn anew, and what could not be posted is posted."""
    place = await desk.places.at(organisation, where)
    if place is None or place.queue is None:
        return
    work = desk.work(organisation)
    if place.unreachable:
        work.put(replace(place, unreachable=None))
    work.at(desk.now(), "queue.changed", f"queue:{place.queue}")
    await work.commit()


async def shared(desk: Desk, organisation: str, where: Where) -> None:
    """People of another organisation read along now."""
    place = await desk.places.at(organisation, where)
    if place is None or place.queue is None:
        return
    work = desk.work(organisation)
    await tell_administrators(desk, work, place, "shared")
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
