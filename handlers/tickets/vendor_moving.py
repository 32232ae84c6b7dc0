"""What is offered to a vendor follows it: its channel is another one, or takes no messages; or the office works with it no more."""

from __future__ import annotations

from handlers.core import Event, Offer, Post
from handlers.files.copy import follow
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk, File, Viewer, Work
from handlers.tickets.model import can, moved
from handlers.tickets.offering import tell_offering
from handlers.tickets.posting import MOST_REHOMED, OFFER_VIEW


async def changed(desk: Desk, event: Event) -> None:
    """Each open ticket that is offered to the vendor is looked at, one by one."""
    key = event.subject.removeprefix("vendor:")
    page = await desk.tickets.list(Viewer(event.organisation, vendor=key), "offered", desk.now(), MOST_REHOMED)
    work = desk.work(event.organisation)
    for ticket in page.tickets:
        work.tell(Event("ticket.followed", ticket.subject, ticket.organisation, {"vendor": key}))
    await work.commit()


async def followed(desk: Desk, event: Event) -> None:
    """One ticket: its card stands wherever the vendor hears of tickets now. Where that is nowhere, whoever offered it is told."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    made = next((one for one in file.live_offers if one.vendor == event.data["vendor"]), None) if file else None
    if file is None or made is None:
        return
    work = desk.work(event.organisation)
    if made.vendor not in (await desk.office(event.organisation)).vendors:
        await _dropped(desk, work, file, made)
    elif not await _placed(desk, work, file, made):
        await tell_offering(desk, work, file.ticket, made, "unreached")
    await work.commit()


async def _placed(desk: Desk, work: Work, file: File, made: Offer) -> bool:
    """Whether any of its people can see the card."""
    organisation, subject = made.organisation, file.ticket.subject
    places = [place for place in await desk.places.of_vendor(organisation, made.vendor) if not place.unreachable]
    have = {post.place for post in await desk.posts.of(organisation, subject) if (post.view, post.tag) == (OFFER_VIEW, made.id)}
    posts = [Post(desk.new_id(), organisation, subject, OFFER_VIEW, place.id, made.id) for place in places if place.id not in have]
    if posts:
        work.add(*posts)
        work.deliver(*posts)
        await follow(desk, work, organisation, subject)
    return bool(places)


async def _dropped(desk: Desk, work: Work, file: File, made: Offer) -> None:
    """The offer ends; whoever had claimed it is told, and whoever offered it."""
    ticket = file.ticket
    work.save(replace(made, ended_at=desk.now(), end="withdrawn"))
    if can(ticket, "work"):
        ticket = moved(ticket, "work" if ticket.assignee or not made.claimed_by else "release", desk.now())
        work.save(ticket)
        await tell_offering(desk, work, ticket, made, "dropped")
    if made.claimed_by:
        work.notify(made.claimed_by, ticket.subject, "withdrawn", ticket.version)
    data = {"vendor": made.vendor, "offer": made.id, "why": "policy"}
    work.tell(Event("ticket.withdrawn", ticket.subject, ticket.organisation, data))
