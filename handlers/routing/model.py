"""`next_step`: ask for approval, offer it to a vendor, assign it, or nothing. It knows the rules and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from handlers.core import Offer, Status, Ticket, Wait
from handlers.office.model import Office


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for approval by this policy before anything else happens."""

    policy: str


@dataclass(frozen=True, slots=True)
class OfferTo:
    """Offer it to a vendor, by this escalation policy."""

    vendor: str
    policy: str


@dataclass(frozen=True, slots=True)
class Assign:
    """Give it to the one person (e-mail) who works in its queue."""

    email: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Somebody has it, or it waits for something, or its queue is to take it."""


Step = Ask | OfferTo | Assign | Nothing


def next_step(ticket: Ticket, waits: tuple[Wait, ...], offers: tuple[Offer, ...], office: Office, approved: bool = False) -> Step:
    """The next step of an open ticket.

    An open wait forbids everything else, an open approval above all. A ticket that lacks required answers waits for its requester. Then
    approval (unless `approved`), then a vendor if that is where its category's escalation begins, then the only person of its queue.
    """
    if ticket.status is not Status.open or any(w.ended_at is None for w in waits):
        return Nothing()
    if missing_fields(ticket, office):
        return Nothing()
    category = office.category(ticket.category)
    policy = None if approved else approval_asked(ticket, office)
    if policy:
        return Ask(policy)
    if ticket.assignee or any(o.ended_at is None for o in offers):
        return Nothing()
    return _first_escalation(category.escalation, office) or _only_agent(ticket, office)


def approval_asked(ticket: Ticket, office: Office) -> str | None:
    """The approval policy that holds for a ticket. A known amount up to the policy's `amount_over` needs none; an unknown one does."""
    policy = office.approvals.get(office.category(ticket.category).approval or "")
    if policy is None or policy.after_hours:
        return None
    amount = _amount(ticket)
    free = amount is not None and policy.amount_over is not None and amount <= policy.amount_over
    return None if free else policy.key


def _amount(ticket: Ticket) -> Decimal | None:
    """The field `amount`, as the desk stores money; None if it was not said."""
    try:
        amount = Decimal(ticket.fields.get("amount") or "")
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def missing_fields(ticket: Ticket, office: Office) -> tuple[str, ...]:
    """The fields that the category requires and the ticket lacks, in the category's order."""
    return tuple(ask.field for ask in office.category(ticket.category).ask if ask.required and not ticket.fields.get(ask.field))


def _first_escalation(policy: str | None, office: Office) -> OfferTo | None:
    found = office.escalations.get(policy) if policy else None
    first = found.steps[0].to if found and found.steps else None
    return OfferTo(first.key, found.key) if found and first and first.kind == "vendor" else None


def _only_agent(ticket: Ticket, office: Office) -> Assign | Nothing:
    people = office.queues[ticket.queue].people if ticket.queue in office.queues else ()
    return Assign(people[0]) if len(people) == 1 else Nothing()
