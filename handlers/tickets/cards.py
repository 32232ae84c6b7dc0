"""How a ticket looks: to the person who reported it, in its queue's channel, in lists and in a direct message."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cards import Block, Button, Buttons, Card, Choices, Facts, Item, List, Note, Quote, Style, Text
from handlers.core import Comment, Status, Ticket, Wait
from handlers.files.cards import lines, shown
from handlers.office.model import Office
from handlers.routing.model import approval_asked, missing_fields
from handlers.tickets.model import Shown, can
from handlers.tickets.sheet import Sheet
from handlers.words import Argument, Bold, Name, Ref, Sentence, Web, When, joined, say, say_many, words

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


def press(ticket: Ticket, label: Sentence, action: str, value: str = "", style: Style = "plain") -> Button:
    return Button(label, action, ticket.subject, ticket.version, value, style=style)


def opens(ticket: Ticket, label: Sentence, form: str, value: str = "") -> Button:
    return Button(label, f"open:{form}", ticket.subject, ticket.version, value, opens=form)


# ---------------------------------------------------------------- the answer to a report


def answer(sheet: Sheet, guesses: Sequence[str] = ()) -> Card:
    """What the reporter sees at once."""
    ticket = sheet.file.ticket
    blocks: list[Block] = [Note(_line(sheet)), Text(who_and_when(sheet))]
    if not ticket.sure:
        blocks += _which_category(sheet.office, ticket, guesses)
    blocks += [*_files(sheet), *_missing(sheet), *_slowing(ticket), *_own_buttons(ticket)]
    return Card(say("{ref} is open: {title}", ref=ref(ticket), title=ticket.title), tuple(blocks))


def _line(sheet: Sheet) -> Sentence:
    ticket = sheet.file.ticket
    facts: list[Argument] = [sheet.office.category(ticket.category).path, PRIORITY[ticket.priority]]
    facts += [ticket.spot] if ticket.spot else []
    facts += [say("private")] if ticket.visibility == "queue" else []
    return joined(facts)


def who_and_when(sheet: Sheet) -> Sentence:
    """Who looks after it and when an answer is due: what happens next."""
    ticket, who = sheet.file.ticket, Name(sheet.responsible)
    queue = sheet.office.queue(ticket.queue).name
    if sheet.file.open_waits:
        return say("{who} ({queue}) looks after this. {what}", who=who, queue=queue, what=waiting(sheet))
    if ticket.respond_due and not ticket.responded_at:
        return say("{who} ({queue}) looks after this and answers by {due}.", who=who, queue=queue, due=When(ticket.respond_due))
    return say("{who} ({queue}) looks after this.", who=who, queue=queue)


def _which_category(office: Office, ticket: Ticket, guesses: Sequence[str]) -> list[Block]:
    """Three likeliest and "Other"; the ticket is already there, so nothing is lost if nobody answers."""
    known = [key for key in guesses if key in office.categories][:3]
    row = tuple(press(ticket, words(office.category(key).label), "ticket.categorise", key) for key in known)
    other = opens(ticket, say("Other…"), "ticket.categorise")
    buttons = Buttons((*row, other)) if len(row) < 3 else Buttons(row, more=(other,))
    return [Text(say("What is it about?")), buttons]


def _missing(sheet: Sheet) -> list[Block]:
    ticket = sheet.file.ticket
    labels = [sheet.office.fields[key].label for key in missing_fields(ticket, sheet.office)]
    if not labels:
        return []
    ask = say("Before anybody starts I need: {fields}", fields=", ".join(labels))
    return [Text(ask), Buttons((opens(ticket, say("Fill in…"), "ticket.fields"),))]


def _slowing(ticket: Ticket) -> list[Block]:
    """How much it slows them, in one press."""
    if ticket.slowed:
        return []
    levels = ((say("A little"), "10"), (say("It slows me down"), "40"), (say("I cannot work"), "100"))
    return [
        Note(say("How much does it slow you down?")),
        Buttons(tuple(press(ticket, label, "ticket.slow", value) for label, value in levels)),
    ]


def _own_buttons(ticket: Ticket) -> list[Block]:
    if not can(ticket, "work"):
        return []
    row = (opens(ticket, say("Change category"), "ticket.categorise"), opens(ticket, say("Say more…"), "ticket.detail"))
    private = () if ticket.visibility == "queue" else (press(ticket, say("Keep this private"), "ticket.hide"),)
    return [Buttons((*row, press(ticket, say("Cancel it"), "ticket.cancel", style="danger")), more=private)]


# ---------------------------------------------------------------- the card in the queue's channel


def channel(sheet: Sheet) -> Card:
    """The card that lives in the queue's channel and is edited through the ticket's life."""
    ticket = sheet.file.ticket
    picture = shown(sheet.files_of(), sheet.name(ticket.requester))
    blocks: list[Block] = [Note(_people(sheet)), *_body(ticket), *picture, *_files(sheet), *_fields(sheet), *_promises(sheet)]
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
    if ticket.assignee:
        facts.append(say("{who} has it", who=Name(sheet.name(ticket.assignee))))
    return joined(facts + ([say("private")] if ticket.visibility == "queue" else []))


def _body(ticket: Ticket) -> list[Block]:
    """The words of the report, where the title does not already say all of them."""
    return [Quote(ticket.body)] if ticket.body.strip() != ticket.title else []


def _files(sheet: Sheet, comment: str | None = None) -> list[Block]:
    """The files of the report, or of a comment."""
    return lines(sheet.files_of(comment), sheet.links)


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
    policy = approval_asked(ticket, sheet.office)
    if policy and ticket.status is Status.open and not sheet.file.open_waits:
        blocks.append(Note(say("The office asks for approval ({policy}) before this starts. Please get it first.", policy=policy)))
    if ticket.resolution and ticket.status in (Status.resolved, Status.closed):
        blocks.append(Quote(ticket.resolution, say("{who}, {when}", who=Name(sheet.name(ticket.resolved_by)), when=_resolved(sheet))))
    if ticket.outcome:
        blocks.append(Text(OUTCOME[ticket.outcome]))
    elif ticket.status is Status.resolved:
        blocks.append(Text(say("{who} is asked whether it is fixed.", who=Name(sheet.name(ticket.requester)))))
    return blocks


def _resolved(sheet: Sheet) -> Sentence:
    """When, in how many minutes and for how much."""
    ticket = sheet.file.ticket
    facts: list[Argument] = [When(ticket.resolved_at)] if ticket.resolved_at else []
    facts += [say("{n} min", n=ticket.minutes)] if ticket.minutes else []
    facts += [say("{amount} {currency}", amount=ticket.cost, currency=sheet.office.head.currency)] if ticket.cost else []
    return joined(facts)


def waiting(sheet: Sheet) -> Sentence:
    """What the ticket waits for, in a sentence; of several things the latest."""
    wait = sheet.file.open_waits[-1]
    return _WAITING[wait.kind](sheet, wait)


def _for_requester(sheet: Sheet, wait: Wait) -> Sentence:
    who = Name(sheet.name(wait.on))
    if wait.note == "fields":
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


def agent_buttons(sheet: Sheet, following: Sequence[Button] | None = None) -> list[Block]:
    """The likeliest first: take it, then finish it; the rest under More. `following`: what a known reader may do about hearing of it."""
    ticket, held = sheet.file.ticket, bool(sheet.file.open_waits)
    copying = (press(ticket, say("Copy link"), "ticket.link"),) if sheet.link and following is None else ()
    if ticket.status is Status.closed:
        return []
    if ticket.status is Status.resolved:
        return [Buttons((opens(ticket, say("Reopen…"), "ticket.reopen"), opens(ticket, say("Comment…"), "ticket.comment")), copying)]
    done = opens(ticket, say("Fixed…"), "ticket.resolve")
    comment = opens(ticket, say("Reply…"), "ticket.comment")
    first = (
        (done, comment)
        if ticket.status is Status.in_progress
        else (press(ticket, say("Take it"), "ticket.take", style="primary"), comment, done)
    )
    pause = press(ticket, say("Go on"), "ticket.resume") if held else opens(ticket, say("Put on hold…"), "ticket.hold")
    more = (
        opens(ticket, say("Ask the requester…"), "ticket.ask"),
        opens(ticket, say("Give to…"), "ticket.assign"),
        *((press(ticket, say("Give back"), "ticket.release"),) if ticket.assignee else ()),
        opens(ticket, say("Work note…"), "ticket.note"),
        opens(ticket, say("Category…"), "ticket.categorise"),
        opens(ticket, say("Details…"), "ticket.detail"),
        *((press(ticket, say("Follow"), "ticket.watch"),) if following is None else following),
        *copying,
        opens(ticket, say("Decline…"), "ticket.reject"),
    )
    return [Buttons((*first, pause)[:3], more=(*(*first, pause)[3:], *more))]


# ---------------------------------------------------------------- one ticket, looked up


def detail(sheet: Sheet, person: str, agent: bool) -> Card:
    """`show 142`: everything that a person may know of it, and what they can do."""
    ticket = sheet.file.ticket
    blocks: list[Block] = [Note(_people(sheet)), *_body(ticket), *_files(sheet), *_fields(sheet), *_promises(sheet), *_state(sheet)]
    if ticket.status in (Status.open, Status.in_progress) and not sheet.file.open_waits:
        blocks.append(Text(who_and_when(sheet)))
    for comment in sheet.comments:
        blocks += [*_spoken(sheet, comment), *_files(sheet, comment.id)]
    own = person == ticket.requester
    following = () if own else (_following(ticket, person in sheet.file.watchers),)
    if agent:
        blocks += [fixed_buttons(ticket)] if own and ticket.status is Status.resolved else agent_buttons(sheet, following)
        blocks += _of_requester(sheet) if own else []
    else:
        blocks += requester_buttons(sheet) if own else [Buttons((*following, opens(ticket, say("Comment…"), "ticket.comment")))]
    blocks += [Note(say("Link: {link}", link=Web(sheet.link, sheet.link)))] if sheet.link else []
    return Card(say("{ref} {title}", ref=ref(ticket), title=ticket.title), tuple(blocks), SHOWN[sheet.shown])


def address(sheet: Sheet) -> Card:
    """The link itself, to be copied."""
    title = say("The link to {ref}: {link}", ref=ref(sheet.file.ticket), link=Web(sheet.link, sheet.link))
    return Card(
        title, (Note(say("You can paste it anywhere. It opens only for those who may see the ticket, and shows nothing to others.")),)
    )


def linked(sheet: Sheet) -> Card:
    """What stands behind a link, in a place where everybody may know it: how it stands, who has it, what comes next."""
    ticket = sheet.file.ticket
    facts: list[Argument] = [sheet.office.category(ticket.category).path, PRIORITY[ticket.priority]]
    facts += [say("{who} has it", who=Name(sheet.name(ticket.assignee)))] if ticket.assignee else []
    return Card(say("{ref} {title}", ref=ref(ticket), title=ticket.title), (Note(joined(facts)), Text(_next(sheet))), SHOWN[sheet.shown])


def _next(sheet: Sheet) -> Sentence:
    ticket = sheet.file.ticket
    if ticket.outcome:
        return OUTCOME[ticket.outcome]
    if ticket.status is Status.resolved:
        return say("{who} is asked whether it is fixed.", who=Name(sheet.name(ticket.requester)))
    return who_and_when(sheet)


def _spoken(sheet: Sheet, comment: Comment) -> list[Block]:
    who = Name(sheet.name(comment.author))
    kind = (
        say("{who}, work note, {when}", who=who, when=When(comment.at))
        if comment.is_note
        else say("{who}, {when}", who=who, when=When(comment.at))
    )
    return [Quote(comment.text, kind)] if comment.text else [Note(kind)]


def requester_buttons(sheet: Sheet) -> list[Block]:
    ticket = sheet.file.ticket
    if ticket.status is Status.resolved:
        return [fixed_buttons(ticket)]
    if ticket.status is Status.closed:
        return [Buttons((opens(ticket, say("It is back…"), "ticket.again"),))] if ticket.outcome in ("confirmed", "unconfirmed") else []
    row = (*_to_answer(sheet), opens(ticket, say("Comment…"), "ticket.comment"))
    return [*_missing(sheet), Buttons(row), *_slowing(ticket), *_own_buttons(ticket)]


def _to_answer(sheet: Sheet) -> tuple[Button, ...]:
    asked = any(w.kind == "requester" and w.note != "fields" for w in sheet.file.open_waits)
    return (opens(sheet.file.ticket, say("Answer…"), "ticket.answer"),) if asked else ()


def _of_requester(sheet: Sheet) -> list[Block]:
    """What only its requester does, for an agent who reported it."""
    if not can(sheet.file.ticket, "work"):
        return []
    cancel = press(sheet.file.ticket, say("Cancel it"), "ticket.cancel", style="danger")
    return [*_missing(sheet), Buttons((*_to_answer(sheet), cancel))]


def _following(ticket: Ticket, follows: bool) -> Button:
    return press(ticket, say("Stop following"), "ticket.unwatch") if follows else press(ticket, say("Follow"), "ticket.watch")


def fixed_buttons(ticket: Ticket) -> Buttons:
    return Buttons((press(ticket, say("Yes, fixed"), "ticket.confirm", style="primary"), opens(ticket, say("Not yet…"), "ticket.reopen")))


def listed(sheets: Sequence[Sheet], title: Sentence, total: int, empty: Sentence) -> Card:
    """Some tickets, one row each."""
    if not sheets:
        return Card(empty)
    return Card(title, (List(tuple(_item(sheet) for sheet in sheets), total),))


def _item(sheet: Sheet) -> Item:
    ticket = sheet.file.ticket
    facts: list[Argument] = [
        SHOWN[sheet.shown],
        PRIORITY[ticket.priority],
        Name(sheet.name(ticket.assignee)) if ticket.assignee else words(sheet.responsible),
    ]
    if ticket.resolve_due and ticket.status in (Status.open, Status.in_progress):
        facts.append(say("due {when}", when=When(ticket.resolve_due)))
    return Item(say("{ref} {title}", ref=ref(ticket), title=ticket.title), joined(facts), (press(ticket, say("Show"), "ticket.show"),))


# ---------------------------------------------------------------- what a person is told


def fixed(sheet: Sheet) -> Card:
    """ "Fixed?" to the requester; after the answer it says what was answered."""
    ticket = sheet.file.ticket
    blocks: list[Block] = [Quote(ticket.resolution)] if ticket.resolution else []
    if ticket.status is Status.resolved:
        title = say(
            "{who} says {ref} is fixed: {title}. Is it?", who=Name(sheet.name(ticket.resolved_by)), ref=ref(ticket), title=ticket.title
        )
        return Card(
            title, (*blocks, fixed_buttons(ticket), Note(say("No answer in 3 working days: I close it and note that nobody confirmed.")))
        )
    title = say("{ref} {title}", ref=ref(ticket), title=ticket.title)
    return Card(title, (*blocks, *_after_fixed(ticket)), SHOWN[sheet.shown])


def _after_fixed(ticket: Ticket) -> list[Block]:
    if ticket.outcome == "confirmed" and ticket.score is None:
        stars = tuple(press(ticket, words(str(n)), "ticket.score", str(n)) for n in range(1, 6))
        return [Text(say("Thank you, it is closed. How was it, from 1 (poor) to 5 (great)?")), Choices(stars, numbered=False)]
    if ticket.outcome == "confirmed":
        return [Text(say("Thank you, it is closed. You gave it {n} of 5.", n=ticket.score or 0))]
    if ticket.outcome == "unconfirmed":
        return [Text(OUTCOME["unconfirmed"]), Buttons((opens(ticket, say("It is not fixed…"), "ticket.reopen"),))]
    if ticket.outcome:
        return [Text(OUTCOME[ticket.outcome])]
    return [Text(say("It is not fixed yet: it is open again, and everybody on it knows."))]


def question(sheet: Sheet) -> Card:
    """A question of an agent to the requester."""
    ticket = sheet.file.ticket
    asked = [w for w in sheet.file.open_waits if w.kind == "requester" and w.note != "fields"]
    title = say("A question about {ref}: {title}", ref=ref(ticket), title=ticket.title)
    if not asked:
        return Card(title, (Note(say("This is settled, thank you.")),))
    button = Buttons((opens(ticket, say("Answer…"), "ticket.answer"),))
    return Card(title, (Quote(asked[-1].note), button, Note(say("It waits for your answer; its clock stands still."))))


def told(sheet: Sheet, what: Sentence, *blocks: Block) -> Card:
    """One piece of news about a ticket."""
    ticket = sheet.file.ticket
    title = say("{ref} {title}: {what}", ref=ref(ticket), title=ticket.title, what=what)
    return Card(title, (*blocks, Buttons((press(ticket, say("Show"), "ticket.show"),))))


def commented(sheet: Sheet, comment: Comment) -> Card:
    ticket = sheet.file.ticket
    title = say("{who} on {ref} {title}", who=Name(sheet.name(comment.author)), ref=ref(ticket), title=ticket.title)
    row = (opens(ticket, say("Reply…"), "ticket.comment"), press(ticket, say("Show"), "ticket.show"))
    return Card(title, (*_said(sheet, comment), Buttons(row)))


def mentioned(sheet: Sheet, comment: Comment | None, follows: bool) -> Card:
    """To somebody whom words name: a comment, or (without one) the report. `follows`: they hear of it from now on."""
    ticket = sheet.file.ticket
    title = say("You are named in {ref} {title}", ref=ref(ticket), title=ticket.title)
    if comment is not None:
        title = say("{who} mentions you on {ref} {title}", who=Name(sheet.name(comment.author)), ref=ref(ticket), title=ticket.title)
    row = (opens(ticket, say("Reply…"), "ticket.comment"), press(ticket, say("Show"), "ticket.show"))
    quote = Quote(comment.text if comment else ticket.body)
    if not follows:
        return Card(title, (quote, Buttons(row)))
    return Card(title, (quote, Buttons((*row, _following(ticket, True))), Note(say("You follow it now: you are told what becomes of it."))))


def in_thread(sheet: Sheet, comment: Comment) -> Card:
    """A comment made elsewhere, as it stands in the thread of the queue's card."""
    who = Bold(sheet.name(comment.author))
    if comment.deleted_at:
        return Card(say("{who} took this comment back.", who=who))
    return Card(say("{who} wrote a work note:", who=who) if comment.is_note else say("{who} wrote:", who=who), _said(sheet, comment))


def _said(sheet: Sheet, comment: Comment) -> tuple[Block, ...]:
    """Words with their files, or files alone."""
    return (*((Quote(comment.text),) if comment.text else ()), *_files(sheet, comment.id))
