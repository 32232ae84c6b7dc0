"""How a ticket stands, in words: its state, who looks after it, what it waits for. What all of its cards say alike."""

from __future__ import annotations

from handlers.cards import Block
from handlers.core import Status, Ticket, Wait
from handlers.files.cards import lines
from handlers.tickets.model import Shown, is_for_fields
from handlers.tickets.sheet import Sheet
from handlers.words import Name, Ref, Sentence, When, say

SHOWN: dict[Shown, Sentence] = {
    "new": say("new"),
    "awaiting approval": say("waiting for approval"),
    "open": say("open"),
    "escalated": say("escalated"),
    "in progress": say("in progress"),
    "on hold": say("on hold"),
    "resolved": say("fixed, to be confirmed"),
    "closed": say("closed"),
    "reopened": say("reopened"),
    "rejected": say("declined"),
    "cancelled": say("cancelled"),
}
PRIORITY: dict[str, Sentence] = {"low": say("low"), "normal": say("normal"), "high": say("high"), "urgent": say("urgent")}
OUTCOME: dict[str, Sentence] = {
    "confirmed": say("Closed: the requester confirmed that it is fixed."),
    "unconfirmed": say("Closed without an answer: nobody confirmed that it is fixed."),
    "rejected": say("Declined."),
    "cancelled": say("Cancelled."),
    "duplicate": say("Closed as a duplicate."),
}


def ref(ticket: Ticket) -> Ref:
    return Ref(ticket.subject, f"#{ticket.number}")


def who_and_when(sheet: Sheet) -> Sentence:
    """Who looks after it and when an answer is due: what happens next."""
    ticket, who = sheet.file.ticket, Name(sheet.responsible)
    queue = sheet.office.queue(ticket.queue).name
    if sheet.file.live_offers and not sheet.file.open_waits:
        return say("{who} ({queue}) looks after this. {what}", who=who, queue=queue, what=offered(sheet))
    if sheet.file.open_waits:
        return say("{who} ({queue}) looks after this. {what}", who=who, queue=queue, what=waiting(sheet))
    if ticket.respond_due and not ticket.responded_at:
        return say("{who} ({queue}) looks after this and answers by {due}.", who=who, queue=queue, due=When(ticket.respond_due))
    return say("{who} ({queue}) looks after this.", who=who, queue=queue)


def offered(sheet: Sheet) -> Sentence:
    """Which vendor is asked, or has it; of several the latest."""
    offer = sheet.file.live_offers[-1]
    if offer.claimed_by and offer.claimed_at:
        return say("{who} works on it since {when}.", who=Name(sheet.name(offer.claimed_by)), when=When(offer.claimed_at))
    vendor = Name(sheet.vendor(offer.vendor))
    if offer.due:
        return say("{vendor} is asked to help and answers by {due}.", vendor=vendor, due=When(offer.due))
    return say("{vendor} is asked to help.", vendor=vendor)


def next_step(sheet: Sheet) -> Sentence:
    """What happens next; of a closed ticket how it ended."""
    ticket = sheet.file.ticket
    if ticket.outcome:
        return OUTCOME[ticket.outcome]
    return being_confirmed(sheet) if ticket.status is Status.resolved else who_and_when(sheet)


def being_confirmed(sheet: Sheet) -> Sentence:
    return say("{who} is asked whether it is fixed.", who=Name(sheet.name(sheet.file.ticket.requester)))


def waiting(sheet: Sheet) -> Sentence:
    """What the ticket waits for, in a sentence; of several things the latest."""
    wait = sheet.file.open_waits[-1]
    return _WAITING[wait.kind](sheet, wait)


def _for_requester(sheet: Sheet, wait: Wait) -> Sentence:
    who = Name(sheet.name(wait.on))
    if is_for_fields(wait):
        return say("{who} is asked for what is missing. Until then its clock stands still.", who=who)
    return say("{who} is asked: {question}", who=who, question=wait.note)


def _for_date(sheet: Sheet, wait: Wait) -> Sentence:
    until = When(wait.due, "day") if wait.due else "?"
    return say("On hold until {until}: {why}", until=until, why=wait.note) if wait.note else say("On hold until {until}.", until=until)


def _for_approval(sheet: Sheet, wait: Wait) -> Sentence:
    return say("{who} is asked for approval.", who=Name(sheet.name(wait.on)))


def _for_vendor(sheet: Sheet, wait: Wait) -> Sentence:
    return say("A vendor works on it: {note}", note=wait.note)


_WAITING = {
    "requester": _for_requester,
    "date": _for_date,
    "approval": _for_approval,
    "vendor": _for_vendor,
}


def files(sheet: Sheet, comment: str | None = None) -> list[Block]:
    """The files of the report, or of a comment."""
    return lines(sheet.files_of(comment), sheet.links) if sheet.files else []
