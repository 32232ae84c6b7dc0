"""Where a ticket's cards stand: one in its queue's channel of each chat, its comments in that card's thread; and who is rung for."""

from __future__ import annotations

from handlers.core import Comment, Event, Place, Post, Ticket
from handlers.files.copy import follow
from handlers.frozen import replace
from handlers.people.see import vendor_audience
from handlers.people.viewers import of_desk
from handlers.ports import Desk, File, Viewer, Work

CHANNEL_VIEW = "ticket.channel"
OFFER_VIEW = "ticket.offered"
"""The card of an offer in a vendor's channel; the tag of its post is the offer."""
MOST_REHOMED = 10_000
"""Open tickets of one queue that follow it when its channel changes, the soonest due first."""


async def place(desk: Desk, work: Work, ticket: Ticket, have: frozenset[str] = frozenset()) -> None:
    """States the ticket's card in its queue's channel of every chat; `have` are the places where one stands already.

    Whoever is responsible is told 1:1 of what is urgent, and of everything where the queue has no channel at all.
    """
    places = await desk.places.of_queue(ticket.organisation, ticket.queue)
    posts = [Post(desk.new_id(), ticket.organisation, ticket.subject, CHANNEL_VIEW, p.id) for p in places if p.id not in have]
    work.add(*posts)
    work.deliver(*posts)
    if not ticket.assignee and (not places or (ticket.priority == "urgent" and not have)):
        await tell_responsible(desk, work, ticket, "reported", ticket.version)


async def moved(desk: Desk, event: Event) -> None:
    """A ticket in another category may belong to another queue: it gets its card there."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    if file is None:
        return
    posts = await desk.posts.of(event.organisation, event.subject)
    work = desk.work(event.organisation)
    await place(desk, work, file.ticket, frozenset(post.place for post in posts if post.view == CHANNEL_VIEW))
    await follow(desk, work, event.organisation, event.subject)
    await work.commit()


async def rehoming(desk: Desk, event: Event) -> None:
    """A queue has another channel, or is no more: each of its open tickets is looked at."""
    key = event.subject.removeprefix("queue:")
    page = await desk.tickets.list(Viewer(event.organisation, queues=frozenset({key})), "queue", desk.now(), MOST_REHOMED)
    work = desk.work(event.organisation)
    for ticket in page.tickets:
        work.tell(Event("ticket.rehomed", ticket.subject, ticket.organisation))
    await work.commit()


async def rehomed(desk: Desk, event: Event) -> None:
    """Where its queue is no more, a ticket goes to that of its category; it gets its card there."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    if file is None:
        return
    office, ticket = await desk.office(event.organisation), file.ticket
    posts = await desk.posts.of(event.organisation, event.subject)
    work = desk.work(event.organisation)
    if ticket.queue not in office.queues:
        ticket = replace(ticket, queue=office.category(ticket.category).queue)
        work.save(ticket)
        work.tell(Event("ticket.requeued", ticket.subject, ticket.organisation, {"queue": ticket.queue, "before": file.ticket.queue}))
    await place(desk, work, ticket, frozenset(post.place for post in posts if post.view == CHANNEL_VIEW))
    await follow(desk, work, event.organisation, event.subject)
    await work.commit()


async def tell_responsible(desk: Desk, work: Work, ticket: Ticket, reason: str, version: int) -> None:
    """Tells whoever is responsible. Are they its requester, or may they not see it, then the first other person of its queue."""
    office = await desk.office(ticket.organisation)
    agents = office.agents(ticket.queue)
    for email in (office.responsible_for(ticket.category).person, *agents):
        person = await desk.people.by_email(ticket.organisation, email)
        sees = ticket.visibility == "office" or email in agents
        if person is not None and person.id != ticket.requester and sees:
            work.notify(person.id, ticket.subject, reason, version)
            return


async def threaded(desk: Desk, event: Event) -> None:
    """A comment made elsewhere appears in the thread of the queue's card, not in those of channels that the ticket has left; and, if it is
    for a vendor too, in the thread of the vendor's card.
    """
    comment = await desk.tickets.comment(of_desk(event.organisation), event.subject.removeprefix("comment:"))
    file = await desk.tickets.file(of_desk(event.organisation), comment.ticket) if comment else None
    if comment is None or file is None:
        return
    work = desk.work(event.organisation)
    for card in await desk.posts.of(event.organisation, f"ticket:{comment.ticket}"):
        place = await desk.places.get(event.organisation, card.place)
        if place is not None and _belongs(comment, file, card, place) and not _from_there(comment, place, card):
            post = Post(desk.new_id(), event.organisation, event.subject, "comment.thread", place.id, thread=card.id)
            work.add(post)
            work.deliver(post)
    await follow(desk, work, event.organisation, event.subject)
    await work.commit()


def _belongs(comment: Comment, file: File, card: Post, place: Place) -> bool:
    if card.view == CHANNEL_VIEW:
        return place.queue == file.ticket.queue
    live = card.view == OFFER_VIEW and any(offer.id == card.tag for offer in file.live_offers)
    return live and place.vendor is not None and vendor_audience(place.vendor) in comment.audience


def _from_there(comment: Comment, place: Place, card: Post) -> bool:
    """Whether the comment was written in that very thread, so that it stands there already."""
    origin = comment.origin
    here = (place.chat, place.workspace, place.channel) == (origin.chat, origin.workspace, origin.channel)
    return here and bool(origin.message_id) and origin.message_id.startswith(f"{card.message_id}/")


async def audit(desk: Desk, organisation: str, limit: int = 200) -> int:
    """Rings about open tickets that nobody has answered in time: whoever is responsible, once for each. Gives how many are late."""
    late = await desk.tickets.neglected(of_desk(organisation), desk.now(), limit)
    work = desk.work(organisation)
    for ticket in late:
        await tell_responsible(desk, work, ticket, "late", 0)
    await work.commit()
    return len(late)
