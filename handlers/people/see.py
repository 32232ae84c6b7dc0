"""Who may see which ticket and read which comment: one rule each, and everything that reads tickets agrees with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from handlers.core import AUDIENCE_INSIDE, AUDIENCE_REQUESTER, Comment, Offer, Ticket, Wait
from handlers.ports import Viewer


def may_see(viewer: Viewer, ticket: Ticket, watchers: Collection[str], waits: Iterable[Wait], offers: Iterable[Offer]) -> bool:
    """Whether the ticket exists for this viewer. `watchers` are person ids; `waits` and `offers` are those of the ticket.

    The desk sees all of its organisation, a vendor what was offered to it, and everybody else what is open to the office. What stays with
    its queue is seen by who works there, by its requester and watchers, and by those who are being asked to approve it.
    """
    if viewer.organisation != ticket.organisation:
        return False
    if viewer.desk:
        return True
    if viewer.vendor is not None:
        return any(offer.vendor == viewer.vendor for offer in offers)
    if ticket.visibility == "office" or ticket.queue in viewer.queues:
        return True
    return viewer.person is not None and _is_close(viewer.person, ticket, watchers, waits)


def _is_close(person: str, ticket: Ticket, watchers: Collection[str], waits: Iterable[Wait]) -> bool:
    return person == ticket.requester or person in watchers or any(_asks(wait, person) for wait in waits)


def _asks(wait: Wait, person: str) -> bool:
    return wait.kind == "approval" and wait.on == person and wait.ended_at is None


def may_read(viewer: Viewer, ticket: Ticket, comment: Comment, offers: Iterable[Offer]) -> bool:
    """Whether a viewer who may see the ticket may read this comment on it. `offers` are those of the ticket.

    A vendor reads what was said to it, while the ticket is offered to it. Of the rest, what the requester may read is for everybody who
    sees the ticket; what was said inside is for those who work in the queue; and people may always read their own words.
    """
    if viewer.desk:
        return True
    if viewer.vendor is not None:
        return vendor_audience(viewer.vendor) in comment.audience and is_offered(viewer.vendor, offers)
    if AUDIENCE_REQUESTER in comment.audience or (viewer.person is not None and viewer.person == comment.author):
        return True
    return AUDIENCE_INSIDE in comment.audience and ticket.queue in viewer.queues


def is_offered(vendor: str, offers: Iterable[Offer]) -> bool:
    """Whether a ticket with these offers is offered to the vendor now. Of one that was, it knows that it was, and no more."""
    return any(offer.vendor == vendor and offer.is_live for offer in offers)


def vendor_audience(vendor: str) -> str:
    """A vendor as part of an audience."""
    return f"vendor:{vendor}"
