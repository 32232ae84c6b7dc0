"""What each use case begins with: the ticket, the office, who acts and what they may. And how it ends: one change, told and redrawn."""

from __future__ import annotations

from datetime import datetime

from handlers.core import Message, Offer, Person, Refused, Ticket
from handlers.frozen import dataclass, replace
from handlers.office.model import Office
from handlers.people.may import MAY, may, relations
from handlers.people.names import name_of
from handlers.people.viewers import viewer
from handlers.ports import Desk, File, Viewer, Work
from handlers.tickets.model import Act, Illegal, moved
from handlers.words import Ref, Sentence, say


@dataclass(frozen=True, slots=True)
class Case:
    """One act of one person on one ticket."""

    desk: Desk
    office: Office
    actor: Person
    viewer: Viewer
    file: File
    held: frozenset[str]
    now: datetime
    message: Message

    @property
    def ticket(self) -> Ticket:
        return self.file.ticket

    @property
    def is_agent(self) -> bool:
        return bool(self.held & {"agent", "assignee"})

    @property
    def is_responsible(self) -> bool:
        """Whether the actor is one of those whose answer the requester waits for."""
        return bool(self.held & {"agent", "assignee", "holder"})

    @property
    def offer(self) -> Offer:
        """The live offer to the actor's vendor. Only for acts of a vendor: they need that relation."""
        return next(offer for offer in self.file.live_offers if offer.vendor == self.actor.vendor)

    @property
    def holders(self) -> tuple[str, ...]:
        """Whoever of a vendor has claimed it, and so is at work on it."""
        return tuple(offer.claimed_by for offer in self.file.live_offers if offer.claimed_by)

    def work(self) -> Work:
        return self.desk.work(self.actor.organisation, self.message.key)

    def moved(self, act: Act) -> Ticket:
        """The ticket after the act, or a refusal that says how it stands."""
        try:
            return moved(self.ticket, act, self.now)
        except Illegal:
            raise Refused(_too_late(self.ticket)) from None

    def responded(self, ticket: Ticket) -> Ticket:
        """Marks the act of somebody responsible: the first one stops the response clock, each shows that it is not forgotten."""
        if not self.is_responsible:
            return replace(ticket, human_at=self.now)
        return replace(ticket, responded_at=ticket.responded_at or self.now, human_at=self.now)


async def opened(desk: Desk, message: Message, subject: str, action: str) -> Case:
    """The case of a ticket by its subject. Refuses what the actor may not see (as if it did not exist) or may not do."""
    office = await desk.office(message.actor.organisation)
    look = viewer(office, message.actor)
    file = await desk.tickets.file(look, subject.removeprefix("ticket:"))
    if file is None:
        raise Refused(say("I cannot find that ticket. It may be private, or it may never have existed."))
    case = _case(desk, office, look, file, message)
    if not may(action, case.held):
        raise Refused(_not_yours(case, action))
    return case


async def numbered(desk: Desk, message: Message, number: int, action: str) -> Case:
    """The case of a ticket by the number that people use."""
    office = await desk.office(message.actor.organisation)
    look = viewer(office, message.actor)
    file = await desk.tickets.numbered(look, number)
    if file is None:
        raise Refused(say("There is no ticket {ref} that you can see. Say “list” to see yours.", ref=f"#{number}"))
    case = _case(desk, office, look, file, message)
    if not may(action, case.held):
        raise Refused(_not_yours(case, action))
    return case


def _case(desk: Desk, office: Office, look: Viewer, file: File, message: Message) -> Case:
    held = relations(office, message.actor, file.ticket, file.waits, file.watchers, file.offers)
    return Case(desk, office, message.actor, look, file, held, desk.now(), message)


def involved(case: Case) -> set[str]:
    """Whom news of a ticket concern: its requester, its assignee, its followers, and who claimed it, but not whoever made the news."""
    return {person for person in (case.ticket.requester, case.ticket.assignee, *case.file.watchers, *case.holders) if person} - {
        case.actor.id
    }


def ref(ticket: Ticket) -> Ref:
    return Ref(ticket.subject, f"#{ticket.number}")


def _too_late(ticket: Ticket) -> Sentence:
    match ticket.status:
        case "closed":
            return say("{ref} is already closed. If the problem is back, please report it again.", ref=ref(ticket))
        case "resolved":
            return say("{ref} is already marked as fixed and waits for the requester to confirm.", ref=ref(ticket))
        case _:
            return say("That cannot be done with {ref} as it stands now. Its card shows what can.", ref=ref(ticket))


def _not_yours(case: Case, action: str) -> Sentence:
    """Who can, of those whom the table names for this act."""
    if case.actor.vendor:
        return _not_with_vendor(case)
    may_do, ticket = MAY[action], ref(case.ticket)
    people = ", ".join([name_of(case.office, email) for email in case.office.agents(case.ticket.queue)][:4])
    if "watcher" in may_do:
        return say("You do not follow {ref}.", ref=ticket)
    if may_do <= {"vendor", "holder"}:
        return say("Only people of the vendor to whom {ref} is offered can do that.", ref=ticket)
    if "agent" not in may_do:
        return say("Only the requester can do that with {ref}. You can comment on it.", ref=ticket)
    if "requester" in may_do:
        return say("Only {people} or the requester can do that with {ref}. You can comment on it.", people=people, ref=ticket)
    return say("Only {people} can do that with {ref}. You can comment on it.", people=people, ref=ticket)


def _not_with_vendor(case: Case) -> Sentence:
    if case.held:
        return say("That can be done with {ref} once one of you has claimed it.", ref=ref(case.ticket))
    return say("{ref} is not offered to you any more. Nothing to do for you.", ref=ref(case.ticket))


def where(message: Message) -> str:
    """Where an act was done, for the history."""
    return f"{message.where.chat}:{message.where.workspace}:{message.where.channel}"
