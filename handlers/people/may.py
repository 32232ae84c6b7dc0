"""Who may do what: one table. Agent, approver and vendor follow from the office and the ticket; they are never granted.

Printed into `docs/permissions.md`. A new action needs a row here before anything can ask for it.
"""

from __future__ import annotations

from handlers.core import Offer, Person, Ticket, Wait
from handlers.office.model import Office

Relation = str

MAY: dict[str, frozenset[Relation]] = {
    "ticket.report": frozenset({"anyone"}),
    "ticket.show": frozenset({"anyone", "vendor"}),
    "ticket.comment": frozenset({"anyone", "vendor"}),
    "ticket.note": frozenset({"agent", "assignee"}),
    "ticket.watch": frozenset({"anyone"}),
    "ticket.unwatch": frozenset({"watcher"}),
    "ticket.slow": frozenset({"requester", "agent", "assignee"}),
    "ticket.detail": frozenset({"requester", "agent", "assignee"}),
    "ticket.categorise": frozenset({"requester", "agent", "assignee"}),
    "ticket.hide": frozenset({"requester", "agent", "assignee"}),
    "ticket.take": frozenset({"agent"}),
    "ticket.assign": frozenset({"agent", "assignee", "owner", "administrator"}),
    "ticket.release": frozenset({"assignee", "agent"}),
    "ticket.hold": frozenset({"agent", "assignee"}),
    "ticket.ask": frozenset({"agent", "assignee", "vendor"}),
    "ticket.answer": frozenset({"requester"}),
    "ticket.resume": frozenset({"agent", "assignee"}),
    "ticket.resolve": frozenset({"agent", "assignee", "holder"}),
    "ticket.reject": frozenset({"agent", "assignee"}),
    "ticket.cancel": frozenset({"requester", "agent", "assignee"}),
    "ticket.confirm": frozenset({"requester"}),
    "ticket.reopen": frozenset({"requester", "agent", "assignee"}),
    "ticket.offer": frozenset({"agent", "assignee"}),
    "ticket.withdraw": frozenset({"agent", "assignee"}),
    "ticket.claim": frozenset({"vendor"}),
    "ticket.unclaim": frozenset({"holder"}),
    "ticket.refuse": frozenset({"vendor"}),
    "office.change": frozenset({"administrator", "owner"}),
}


def relations(
    office: Office,
    person: Person,
    ticket: Ticket | None = None,
    waits: tuple[Wait, ...] = (),
    watchers: frozenset[str] = frozenset(),
    offers: tuple[Offer, ...] = (),
) -> frozenset[Relation]:
    """All that the person is to the office, and to the ticket if one is given."""
    if person.organisation != office.organisation:
        return frozenset()
    if person.vendor:
        return _of_vendor(person.vendor, ticket, offers)
    found = {"anyone", *_roles(office, person)}
    if ticket is not None and ticket.organisation == office.organisation:
        found |= _to_ticket(office, person, ticket, waits, watchers)
    return frozenset(found)


def _of_vendor(vendor: str, ticket: Ticket | None, offers: tuple[Offer, ...]) -> frozenset[Relation]:
    """Whoever belongs to a vendor acts as that vendor: `vendor` while the ticket is offered to it, `holder` while one of them has it."""
    live = [offer for offer in offers if ticket and offer.ticket == ticket.id and offer.vendor == vendor and offer.is_live]
    return frozenset({"vendor", "holder"} if any(offer.claimed_by for offer in live) else {"vendor"} if live else ())


def _roles(office: Office, person: Person) -> set[Relation]:
    colleague = office.person(person.email) if person.email else None
    roles = set(colleague.roles) if colleague else set()
    return roles | ({"owner", "administrator"} if person.email == office.head.owner else set())


def _to_ticket(office: Office, person: Person, ticket: Ticket, waits: tuple[Wait, ...], watchers: frozenset[str]) -> set[Relation]:
    approving = any(w.kind == "approval" and w.on == person.id and w.ended_at is None for w in waits)
    facts = {
        "requester": person.id == ticket.requester,
        "assignee": person.id == ticket.assignee,
        "watcher": person.id in watchers,
        "approver": approving,
        "agent": is_agent(office, person, ticket.queue),
    }
    return {name for name, true in facts.items() if true}


def is_agent(office: Office, person: Person, queue: str) -> bool:
    return bool(person.email) and person.email in office.agents(queue)


def may(action: str, held: frozenset[Relation]) -> bool:
    """Whether somebody with these relations may do it. An action without a row is a programming error: KeyError."""
    return bool(MAY[action] & held)
