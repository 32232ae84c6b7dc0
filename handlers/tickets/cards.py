"""How a ticket looks: to the person who reported it, in its queue's channel, looked up, and behind a link."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cards import Block, Buttons, Card, Facts, Note, Quote, Text
from handlers.core import Comment, Status, Ticket
from handlers.files.cards import shown
from handlers.office.model import Office
from handlers.routing.model import approval_asked
from handlers.tickets.buttons import (
    agent_buttons,
    fixed_buttons,
    following_button,
    missing,
    of_requester,
    opens,
    own_buttons,
    press,
    requester_buttons,
    slowing,
)
from handlers.tickets.sheet import Sheet
from handlers.tickets.wording import OUTCOME, PRIORITY, SHOWN, being_confirmed, files, next_step, offered, ref, waiting, who_and_when
from handlers.words import Argument, Name, Sentence, Web, When, joined, say, say_many, words

# ---------------------------------------------------------------- the answer to a report


def answer(sheet: Sheet, guesses: Sequence[str] = ()) -> Card:
    """What the reporter sees at once."""
    ticket = sheet.file.ticket
    blocks: list[Block] = [Note(_line(sheet)), Text(who_and_when(sheet))]
    if not ticket.sure:
        blocks += _which_category(sheet.office, ticket, guesses)
    blocks += [*files(sheet), *missing(sheet), *slowing(ticket), *own_buttons(ticket)]
    return Card(say("{ref} is open: {title}", ref=ref(ticket), title=ticket.title), tuple(blocks))


def _line(sheet: Sheet) -> Sentence:
    ticket = sheet.file.ticket
    facts: list[Argument] = [sheet.office.category(ticket.category).path, PRIORITY[ticket.priority]]
    facts += [ticket.spot] if ticket.spot else []
    facts += [say("private")] if ticket.visibility == "queue" else []
    return joined(facts)


def _which_category(office: Office, ticket: Ticket, guesses: Sequence[str]) -> list[Block]:
    """Three likeliest and "Other"; the ticket is already there, so nothing is lost if nobody answers."""
    known = [key for key in guesses if key in office.categories][:3]
    row = tuple(press(ticket, words(office.category(key).label), "ticket.categorise", key) for key in known)
    other = opens(ticket, say("Other…"), "ticket.categorise")
    buttons = Buttons((*row, other)) if len(row) < 3 else Buttons(row, more=(other,))
    return [Text(say("What is it about?")), buttons]


# ---------------------------------------------------------------- the card in the queue's channel


def channel(sheet: Sheet) -> Card:
    """The card that lives in the queue's channel and is edited through the ticket's life."""
    ticket = sheet.file.ticket
    picture = shown(sheet.files_of(), sheet.name(ticket.requester))
    blocks: list[Block] = [Note(_people(sheet)), *_body(ticket), *picture, *files(sheet), *_fields(sheet), *_promises(sheet)]
    blocks += [*_state(sheet), *agent_buttons(sheet)]
    return Card(say("{ref} {title}", ref=ref(ticket), title=ticket.title), tuple(blocks), SHOWN[sheet.shown])


def elsewhere(sheet: Sheet) -> Card:
    """What is left in a channel that the ticket has moved away from."""
    ticket = sheet.file.ticket
    queue = sheet.office.queue(ticket.queue).name
    return Card(say("{ref} has moved to {queue}.", ref=ref(ticket), queue=queue))


def _people(sheet: Sheet) -> Sentence:
    ticket = sheet.file.ticket
    place = say("{who} ({spot})", who=Name(sheet.name(ticket.requester)), spot=ticket.spot) if ticket.spot else None
    facts: list[Argument] = [sheet.office.category(ticket.category).path, PRIORITY[ticket.priority]]
    facts.append(place or Name(sheet.name(ticket.requester)))
    claimed = [offer.claimed_by for offer in sheet.file.live_offers if offer.claimed_by]
    holder = next(iter(claimed), ticket.assignee)
    if holder and ticket.status in (Status.open, Status.in_progress):
        facts.append(say("{who} has it", who=Name(sheet.name(holder))))
    return joined(facts + ([say("private")] if ticket.visibility == "queue" else []))


def _body(ticket: Ticket) -> list[Block]:
    """The words of the report, where the title does not already say all of them."""
    return [Quote(ticket.body)] if ticket.body.strip() != ticket.title else []


def _fields(sheet: Sheet) -> list[Block]:
    ticket = sheet.file.ticket
    known = [(sheet.office.fields[key].label, value) for key, value in ticket.fields.items() if key in sheet.office.fields and value]
    return [Facts(tuple((words(label), words(value)) for label, value in known))] if known else []


def _promises(sheet: Sheet) -> list[Block]:
    ticket, facts = sheet.file.ticket, list[Argument]()
    live = ticket.status in (Status.open, Status.in_progress)
    if live and ticket.respond_due and not ticket.responded_at:
        facts.append(say("Answer due {when}", when=When(ticket.respond_due)))
    if live and ticket.resolve_due:
        facts.append(say("Fix due {when}", when=When(ticket.resolve_due)))
    if len(sheet.file.affected) > 1:
        facts.append(say_many("{n} person", "{n} people", n=len(sheet.file.affected)))
    if sheet.lost >= 1:
        facts.append(say_many("about {n} hour lost so far", "about {n} hours lost so far", n=round(sheet.lost)))
    return [Note(joined(facts))] if facts else []


def _state(sheet: Sheet) -> list[Block]:
    """What it waits for, how it was fixed, how it ended."""
    ticket = sheet.file.ticket
    blocks: list[Block] = [Text(waiting(sheet))] if sheet.file.open_waits else []
    blocks += _with_vendor(sheet) if ticket.status in (Status.open, Status.in_progress) else []
    policy = approval_asked(ticket, sheet.office)
    if policy and ticket.status is Status.open and not sheet.file.open_waits:
        blocks.append(Note(say("The office asks for approval ({policy}) before this starts. Please get it first.", policy=policy)))
    if ticket.resolution and ticket.status in (Status.resolved, Status.closed):
        blocks.append(Quote(ticket.resolution, say("{who}, {when}", who=Name(sheet.name(ticket.resolved_by)), when=_resolved(sheet))))
    if ticket.outcome:
        blocks.append(Text(OUTCOME[ticket.outcome]))
    elif ticket.status is Status.resolved:
        blocks.append(Text(being_confirmed(sheet)))
    return blocks


def _with_vendor(sheet: Sheet) -> list[Block]:
    """Which vendor is asked or has it, and what it reads."""
    live = sheet.file.live_offers
    if not live:
        return []
    reads = say("{vendor} reads the report and the replies from now on. Work notes stay here.", vendor=Name(sheet.vendor(live[-1].vendor)))
    return [Text(offered(sheet)), Note(reads)]


def _resolved(sheet: Sheet) -> Sentence:
    """When, in how many minutes and for how much."""
    ticket = sheet.file.ticket
    facts: list[Argument] = [When(ticket.resolved_at)] if ticket.resolved_at else []
    facts += [say("{n} min", n=ticket.minutes)] if ticket.minutes else []
    facts += [say("{amount} {currency}", amount=ticket.cost, currency=sheet.office.head.currency)] if ticket.cost else []
    return joined(facts)


# ---------------------------------------------------------------- one ticket, looked up


def detail(sheet: Sheet, person: str, agent: bool) -> Card:
    """`show 142`: everything that a person may know of it, and what they can do."""
    ticket = sheet.file.ticket
    blocks: list[Block] = [Note(_people(sheet)), *_body(ticket), *files(sheet), *_fields(sheet), *_promises(sheet), *_state(sheet)]
    if ticket.status in (Status.open, Status.in_progress) and not sheet.file.open_waits:
        blocks.append(Text(who_and_when(sheet)))
    for comment in sheet.comments:
        blocks += [*_spoken(sheet, comment), *files(sheet, comment.id)]
    own = person == ticket.requester
    following = () if own else (following_button(ticket, person in sheet.file.watchers),)
    if agent:
        blocks += [fixed_buttons(ticket)] if own and ticket.status is Status.resolved else agent_buttons(sheet, following)
        blocks += of_requester(sheet) if own else []
    else:
        blocks += requester_buttons(sheet) if own else [Buttons((*following, opens(ticket, say("Comment…"), "ticket.comment")))]
    blocks += [Note(say("Link: {link}", link=Web(sheet.link, sheet.link)))] if sheet.link else []
    return Card(say("{ref} {title}", ref=ref(ticket), title=ticket.title), tuple(blocks), SHOWN[sheet.shown])


def _spoken(sheet: Sheet, comment: Comment) -> list[Block]:
    who = Name(sheet.name(comment.author))
    kind = (
        say("{who}, work note, {when}", who=who, when=When(comment.at))
        if comment.is_note
        else say("{who}, {when}", who=who, when=When(comment.at))
    )
    return [Quote(comment.text, kind)] if comment.text else [Note(kind)]


def address(sheet: Sheet) -> Card:
    """The link itself, to be copied."""
    title = say("The link to {ref}: {link}", ref=ref(sheet.file.ticket), link=Web(sheet.link, sheet.link))
    means = say("You can paste it anywhere. It opens only for those who may see the ticket, and shows nothing to others.")
    return Card(title, (Note(means),))


def linked(sheet: Sheet) -> Card:
    """What stands behind a link, in a place where everybody may know it: how it stands, who looks after it, what comes next."""
    ticket = sheet.file.ticket
    facts = joined([sheet.office.category(ticket.category).path, PRIORITY[ticket.priority]])
    title = say("{ref} {title}", ref=ref(ticket), title=ticket.title)
    return Card(title, (Note(facts), Text(next_step(sheet))), SHOWN[sheet.shown])
