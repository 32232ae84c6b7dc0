"""What a category needs to know, asked one by one in a direct conversation."""

from __future__ import annotations

from handlers.cards import Card, Note
from handlers.core import Dialog, Event, Refused, Submit, Ticket
from handlers.dialogs import dialog_word
from handlers.files.keep import attach
from handlers.forms import Reply, Show
from handlers.frozen import replace
from handlers.office.model import Office
from handlers.people.viewers import viewer
from handlers.ports import Desk
from handlers.registry import Looking
from handlers.routing.model import missing_fields
from handlers.tickets import fill
from handlers.tickets.case import Case, opened, where
from handlers.tickets.model import can
from handlers.tickets.working import answered
from handlers.words import Sentence, say, words

QUESTION = "dialog.fields"


async def question(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """What the dialog asks now; None when there is nothing to ask any more: answered in a form, moved to another category, closed."""
    dialog = await desk.dialogs.get(looking.organisation, subject.removeprefix("dialog:"))
    if dialog is None or dialog.ended_at is not None or looking.person is None or looking.person.id != dialog.person:
        return None
    office = await desk.office(looking.organisation)
    file = await desk.tickets.file(viewer(office, looking.person), dialog.subject.removeprefix("ticket:"))
    step = _step(office, file.ticket, dialog) if file else None
    return _card(office, step) if step else None


def _step(office: Office, ticket: Ticket, dialog: Dialog) -> str | None:
    """The field that the dialog asks for: its own, unless the category has changed meanwhile; None if nothing is missing."""
    missing = missing_fields(ticket, office) if can(ticket, "work") else ()
    if not missing:
        return None
    return dialog.step if dialog.step in _required(office, ticket) else missing[0]


def _required(office: Office, ticket: Ticket) -> tuple[str, ...]:
    return tuple(ask.field for ask in office.category(ticket.category).ask if ask.required)


def _card(office: Office, step: str, hint: Sentence | None = None) -> Card:
    field = office.fields[step]
    choices = Note(words(" / ".join(field.options))) if field.options and hint is None else None
    notes = (choices, Note(words(field.help)) if field.help else None, Note(hint) if hint else None)
    return Card(words(field.label), tuple(note for note in notes if note))


async def given(desk: Desk, submit: Submit) -> Reply:
    """An answer in words: taken if it fits the field, else the question comes again with what was not understood."""
    dialog = await desk.dialogs.get(submit.actor.organisation, submit.subject.removeprefix("dialog:"))
    if dialog is None or dialog.ended_at is not None or dialog.person != submit.actor.id:
        raise Refused(say("That question is settled already. Just write what you need."))
    case = await opened(desk, submit, dialog.subject, "ticket.detail")
    step = _step(case.office, case.ticket, dialog)
    if step is None:
        raise Refused(say("That question is settled already. Just write what you need."))
    match dialog_word(submit.text("text")):
        case "back":
            return await _back(case, dialog, step)
        case "skip":
            return _card(case.office, step, say("I need this one before anybody can start. “pause” and “stop” work too."))
    value = fill.value_of(case, case.office.fields[step], submit.text("text"))
    if value is None:
        await _files_kept(case)
        return _card(case.office, step, fill.hint_of(case.office.fields[step]))
    return await _taken(case, dialog, step, value)


async def _files_kept(case: Case) -> None:
    """What came with words that were no answer belongs to the ticket all the same."""
    if case.message.files:
        work = case.desk.work(case.ticket.organisation, f"{case.message.key}:files")
        attach(case.desk, work, case.message, case.ticket.id)
        await work.commit()


async def _back(case: Case, dialog: Dialog, step: str) -> Reply:
    """The question before; at the first one that one again."""
    steps = _required(case.office, case.ticket)
    before = steps[max(0, steps.index(step) - 1)]
    work = case.work()
    work.save(replace(dialog, step=before))
    show = Show(QUESTION, f"dialog:{dialog.id}")
    return show if await work.commit(show) else work.earlier


async def _taken(case: Case, dialog: Dialog, step: str, value: str) -> Reply:
    """The next question, or when that was the last one the ticket as it is now. Words kept for a choice are settled with it."""
    work = case.work()
    ticket = await answered(case, work, {step: value})
    rest = missing_fields(ticket, case.office)
    now, subject = case.now, f"dialog:{dialog.id}"
    after = replace(dialog, answers={}, step=rest[0] if rest else step, asked_at=now, ended_at=None if rest else now)
    work.save(ticket, after)
    attach(case.desk, work, case.message, ticket.id)
    work.tell(Event("ticket.filled", ticket.subject, ticket.organisation, {"fields": [step]}), case.actor.id, where(case.message))
    if not rest:
        work.tell(Event("dialog.ended", subject, ticket.organisation, {"person": dialog.person}), case.actor.id, where(case.message))
    show = Show(QUESTION, subject) if rest else Show("ticket.answer", ticket.subject)
    return show if await work.commit(show) else work.earlier
