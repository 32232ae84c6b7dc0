"""What a person is told about a ticket: news, questions, "Fixed?", words of others."""

from __future__ import annotations

from handlers.cards import Block, Buttons, Card, Choices, Note, Quote, Text
from handlers.core import Comment, Status, Ticket
from handlers.tickets.buttons import fixed_buttons, following_button, opens, press
from handlers.tickets.model import is_question
from handlers.tickets.sheet import Sheet
from handlers.tickets.wording import OUTCOME, SHOWN, files, ref
from handlers.words import Bold, Name, Sentence, say, words


def told(sheet: Sheet, what: Sentence, *blocks: Block) -> Card:
    """One piece of news about a ticket."""
    ticket = sheet.file.ticket
    title = say("{ref} {title}: {what}", ref=ref(ticket), title=ticket.title, what=what)
    return Card(title, (*blocks, Buttons((press(ticket, say("Show"), "ticket.show"),))))


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
    asked = [w for w in sheet.file.open_waits if is_question(w)]
    title = say("A question about {ref}: {title}", ref=ref(ticket), title=ticket.title)
    if not asked:
        return Card(title, (Note(say("This is settled, thank you.")),))
    button = Buttons((opens(ticket, say("Answer…"), "ticket.answer"),))
    return Card(title, (Quote(asked[-1].note), button, Note(say("It waits for your answer; its clock stands still."))))


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
    return Card(
        title, (quote, Buttons((*row, following_button(ticket, True))), Note(say("You follow it now: you are told what becomes of it.")))
    )


def in_thread(sheet: Sheet, comment: Comment) -> Card:
    """A comment made elsewhere, as it stands in the thread of the queue's card."""
    who = Bold(sheet.name(comment.author))
    if comment.deleted_at:
        return Card(say("{who} took this comment back.", who=who))
    return Card(say("{who} wrote a work note:", who=who) if comment.is_note else say("{who} wrote:", who=who), _said(sheet, comment))


def _said(sheet: Sheet, comment: Comment) -> tuple[Block, ...]:
    """Words with their files, or files alone."""
    return (*((Quote(comment.text),) if comment.text else ()), *files(sheet, comment.id))
