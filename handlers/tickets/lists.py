"""Several tickets on one card: a list, and the page of what concerns a person."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cards import Button, Buttons, Card, Item, List, Text
from handlers.core import Status, Ticket
from handlers.frozen import dataclass
from handlers.tickets.buttons import fixed_buttons, opens, press
from handlers.tickets.model import is_question
from handlers.tickets.sheet import Sheet
from handlers.tickets.wording import PRIORITY, SHOWN, ref
from handlers.words import Argument, Name, Sentence, When, joined, say, say_many, words

OWN = say("Your open tickets")
NONE_OF_ONES_OWN = say("You have no open ticket. To report something, just say what is wrong.")
IN_QUEUES = say("Open in your queues, soonest due first")
NONE_IN_QUEUES = say("Your queues are empty.")


@dataclass(frozen=True, slots=True)
class Some:
    """The first tickets of a list, and how many it has altogether."""

    sheets: Sequence[Sheet]
    total: int


def listed(some: Some, title: Sentence, empty: Sentence) -> Card:
    """Some tickets, one row each."""
    return Card(title, (_rows(some),)) if some.sheets else Card(empty)


def home(waiting: Some, own: Some, queues: Some | None) -> Card:
    """A person's own page: what waits for them, what they reported, and what is due in their queues (None: they work in none)."""
    report = Button(say("Report something…"), "open:ticket.report", "", opens="ticket.report", style="primary")
    parts = [listed(own, OWN, NONE_OF_ONES_OWN)]
    if waiting.sheets:
        title = say_many("{n} ticket waits for you", "{n} tickets wait for you", n=waiting.total)
        parts.insert(0, Card(title, (List(tuple(_waiting(sheet) for sheet in waiting.sheets), waiting.total),)))
    if queues is not None:
        parts.append(listed(queues, IN_QUEUES, NONE_IN_QUEUES))
    first, *rest = parts
    below = [block for part in rest for block in (Text(part.title), *part.blocks)]
    return Card(first.title, (Buttons((report,)), *first.blocks, *below))


def _rows(some: Some) -> List:
    return List(tuple(_item(sheet) for sheet in some.sheets), some.total)


def _item(sheet: Sheet) -> Item:
    ticket = sheet.file.ticket
    facts: list[Argument] = [
        SHOWN[sheet.shown],
        PRIORITY[ticket.priority],
        Name(sheet.name(ticket.assignee)) if ticket.assignee else words(sheet.responsible),
    ]
    if ticket.resolve_due and ticket.status in (Status.open, Status.in_progress):
        facts.append(say("due {when}", when=When(ticket.resolve_due)))
    return Item(_title(ticket), joined(facts), (press(ticket, say("Show"), "ticket.show"),))


def _waiting(sheet: Sheet) -> Item:
    """What its requester is asked, and the buttons that answer it."""
    ticket, question = sheet.file.ticket, next((w for w in reversed(sheet.file.open_waits) if is_question(w)), None)
    show = press(ticket, say("Show"), "ticket.show")
    if ticket.status is Status.resolved:
        asked = say("{who} says that it is fixed. Is it?", who=Name(sheet.name(ticket.resolved_by)))
        return Item(_title(ticket), asked, (*fixed_buttons(ticket).row, show))
    if question is not None:
        return Item(_title(ticket), words(question.note), (opens(ticket, say("Answer…"), "ticket.answer"), show))
    return Item(_title(ticket), say("Something is missing before anybody starts."), (opens(ticket, say("Fill in…"), "ticket.fields"), show))


def _title(ticket: Ticket) -> Sentence:
    return say("{ref} {title}", ref=ref(ticket), title=ticket.title)
