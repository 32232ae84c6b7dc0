"""How a ticket looks to the people of a vendor: in their channel, and looked up. Nothing on it is meant for the office alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.cards import Block, Buttons, Card, Note, Quote, Text
from handlers.core import Comment, Offer, Status
from handlers.files.cards import shown
from handlers.office.policy import Threads
from handlers.tickets.buttons import opens, press
from handlers.tickets.lists import Some, listed
from handlers.tickets.sheet import Sheet
from handlers.tickets.wording import OUTCOME, PRIORITY, SHOWN, being_confirmed, files, ref, waiting
from handlers.words import Argument, Name, Sentence, When, joined, say

OPEN = (Status.open, Status.in_progress)


def channel(sheet: Sheet, offer: Offer, threads: Threads) -> Card:
    """The card in the vendor's channel. Of an offer that is over, only that it is."""
    if not offer.is_live:
        return over(sheet, offer)
    reads = Note(_reads(sheet, threads))
    return Card(_title(sheet), (*_body(sheet, offer), *buttons(sheet, offer), reads), _shown(sheet))


def over(sheet: Sheet, offer: Offer) -> Card:
    """Of an offer that is over nothing but that it is."""
    return Card(say("{ref} of {office}: {end}", ref=ref(sheet.file.ticket), office=sheet.office.head.name, end=_END[offer.end]))


def elsewhere(sheet: Sheet) -> Card:
    """What is left in a channel that is the vendor's no more."""
    return Card(say("{ref} of {office} is not shown here any more.", ref=ref(sheet.file.ticket), office=sheet.office.head.name))


def detail(sheet: Sheet, offer: Offer) -> Card:
    """Looked up by one of the vendor's people: with the latest words."""
    spoken = [block for comment in sheet.comments for block in (*_spoken(sheet, comment), *files(sheet, comment.id))]
    return Card(_title(sheet), (*_body(sheet, offer), *spoken, *buttons(sheet, offer)), _shown(sheet))


def offered(some: Some, vendor: str, office: str) -> Card:
    """What is offered to the vendor and not closed."""
    nothing = say("Nothing is offered to {vendor} just now.", vendor=vendor)
    if not some.sheets:
        later = say("When {office} offers you a ticket, it appears here, in the place that you agreed on.", office=office)
        here = say("I take no reports from here: please send them to {office} as you did before.", office=office)
        return Card(nothing, (Text(later), Text(here)))
    return listed(some, say("{office} has offered this to {vendor}", office=office, vendor=vendor), nothing)


def _shown(sheet: Sheet) -> Sentence:
    return say("offered to you") if sheet.shown == "escalated" else SHOWN[sheet.shown]


def _title(sheet: Sheet) -> Sentence:
    ticket = sheet.file.ticket
    return say("{ref} of {office}: {title}", ref=ref(ticket), office=sheet.office.head.name, title=ticket.title)


_END: Mapping[str, Sentence] = {
    "withdrawn": say("taken back. Nothing to do for you."),
    "declined": say("you have declined it."),
    "": say("it is over."),
}


def _reads(sheet: Sheet, threads: Threads) -> Sentence:
    """Who reads what is written in the card's thread."""
    office, who = sheet.office.head.name, Name(sheet.name(sheet.file.ticket.requester))
    if threads == "private":
        return say("What you write in this thread stays with you. “Reply…” writes to {office} and {who}.", office=office, who=who)
    return say("{office} and {who} read what you write in this thread. Begin with // to keep it to yourselves.", office=office, who=who)


def _body(sheet: Sheet, offer: Offer) -> list[Block]:
    ticket = sheet.file.ticket
    blocks: list[Block] = [Note(_facts(sheet))]
    blocks += [Quote(ticket.body)] if ticket.body.strip() != ticket.title else []
    blocks += [*shown(sheet.files_of(), sheet.name(ticket.requester)), *files(sheet)]
    blocks += [Quote(offer.note, say("{who}", who=Name(sheet.name(offer.offered_by))))] if offer.note else []
    return [*blocks, *(Text(sentence) for sentence in _state(sheet, offer))]


def _facts(sheet: Sheet) -> Sentence:
    """What it is about, how urgent, where, who has it and who can be asked."""
    ticket = sheet.file.ticket
    found = sheet.office.sites.get(ticket.site or "")
    site = found.name if found else ""
    facts: list[Argument] = [sheet.office.category(ticket.category).path, PRIORITY[ticket.priority]]
    facts += [", ".join(filter(None, (ticket.spot, site)))] if ticket.spot or site else []
    return joined([*facts, Name(sheet.name(ticket.requester))])


def _state(sheet: Sheet, offer: Offer) -> list[Sentence]:
    """Who has it, or until when it should be answered; and what it waits for or how it ended."""
    ticket = sheet.file.ticket
    if ticket.outcome:
        return [OUTCOME[ticket.outcome]]
    if ticket.status is Status.resolved:
        return [being_confirmed(sheet)]
    said = _waits(sheet, offer)
    if offer.claimed_by and offer.claimed_at:
        return [say("{who} has it since {when}.", who=Name(sheet.name(offer.claimed_by)), when=When(offer.claimed_at)), *said]
    return [_please(sheet, offer), *said]


def _waits(sheet: Sheet, offer: Offer) -> list[Sentence]:
    """What it waits for. What was asked, or said about it, before the offer is not for the vendor."""
    if not sheet.file.open_waits:
        return []
    return [waiting(sheet)] if sheet.file.open_waits[-1].since >= offer.since else [say("On hold in the office.")]


def _please(sheet: Sheet, offer: Offer) -> Sentence:
    contact = Name(sheet.name(offer.offered_by))
    if offer.due:
        return say("Please claim or decline it by {due}. Your contact: {contact}.", due=When(offer.due), contact=contact)
    return say("Please claim or decline it. Your contact: {contact}.", contact=contact)


def buttons(sheet: Sheet, offer: Offer) -> list[Block]:
    """What the vendor can do now."""
    ticket = sheet.file.ticket
    comment = opens(ticket, say("Reply…"), "ticket.comment")
    if ticket.status is Status.closed:
        return []
    if ticket.status is Status.resolved:
        return [Buttons((comment,))]
    ask, decline = opens(ticket, say("Ask the requester…"), "ticket.ask"), opens(ticket, say("Decline…"), "ticket.refuse")
    if offer.claimed_by:
        give_back = press(ticket, say("Give back"), "ticket.unclaim")
        return [Buttons((opens(ticket, say("Done…"), "ticket.resolve"), comment, give_back), more=(ask, decline))]
    return [Buttons((press(ticket, say("Claim"), "ticket.claim", style="primary"), decline, comment), more=(ask,))]


def _spoken(sheet: Sheet, comment: Comment) -> Sequence[Block]:
    who = say("{who}, {when}", who=Name(sheet.name(comment.author)), when=When(comment.at))
    return (Quote(comment.text, who),) if comment.text else (Note(who),)
