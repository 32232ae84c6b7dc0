"""What a category needs to know, asked one by one in a direct conversation."""

from __future__ import annotations

from dataclasses import replace

from handlers.cards import Card, Note
from handlers.core import Dialog, Event, Refused, Submit
from handlers.dialogs import dialog_word
from handlers.forms import Reply, Show
from handlers.office.policy import AskedField
from handlers.ports import Desk
from handlers.routing.model import missing_fields
from handlers.tickets.case import Case, opened, where
from handlers.tickets.working import answered
from handlers.words import Sentence, say, words


async def given(desk: Desk, submit: Submit) -> Reply:
    """An answer in words: taken if it fits the field, else the question comes again with what was not understood."""
    dialog = await desk.dialogs.get(submit.actor.organisation, submit.subject.removeprefix("dialog:"))
    if dialog is None or dialog.ended_at is not None or dialog.person != submit.actor.id:
        raise Refused(say("That question is settled already. Just write what you need."))
    case = await opened(desk, submit, dialog.subject, "ticket.detail")
    field = case.office.fields.get(dialog.step)
    if field is None or dialog_word(submit.text("text")) in ("back", "skip"):
        return _question(case, dialog.step, say("I need this one before anybody can start. “pause” and “stop” work too."))
    value = read(case, field, submit.text("text"))
    if value is None:
        return _question(case, dialog.step, _HINTS.get(field.kind, say("I could not read that.")))
    return await _taken(case, dialog, value)


async def _taken(case: Case, dialog: Dialog, value: str) -> Reply:
    work = case.work()
    ticket = await answered(case, work, {dialog.step: value})
    rest = missing_fields(ticket, case.office)
    now = case.now
    work.save(ticket, replace(dialog, step=rest[0] if rest else dialog.step, asked_at=now, ended_at=None if rest else now))
    work.tell(Event("ticket.filled", ticket.subject, ticket.organisation, {"fields": [dialog.step]}), case.actor.id, where(case.message))
    show = Show("ticket.answer", ticket.subject)
    if not await work.commit(show):
        return work.earlier
    return _question(case, rest[0]) if rest else show


def _question(case: Case, step: str, hint: Sentence | None = None) -> Card:
    field = case.office.fields.get(step)
    label = field.label if field else step
    return Card(words(label), (Note(hint),) if hint else ())


_HINTS: dict[str, Sentence] = {
    "date": say("Please give a day, such as “next Monday” or 2026-12-01."),
    "money": say("Please give an amount, such as 120.50."),
    "number": say("Please give a number."),
    "choice": say("Please answer with one of the choices."),
}


def read(case: Case, field: AskedField, text: str) -> str | None:
    """An answer as the field's kind stores it (a date YYYY-MM-DD, an amount as a decimal number); None if it does not fit."""
    reader, office = case.desk.reader, case.office
    match field.kind:
        case "date":
            day = reader.date(text, case.now, case.actor.zone)
            return day.date().isoformat() if day else None
        case "money":
            return reader.money(text)
        case "number":
            return text if text.replace(".", "", 1).isdigit() else None
        case "choice" if field.options:
            return next((option for option in field.options if option.lower() == text.lower()), None)
        case _:
            return text[:3000] if office and text else None
