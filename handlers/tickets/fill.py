"""The forms of a ticket, and how what people typed into them becomes values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.core import Person, Press, Submit
from handlers.forms import Field, Form, Option
from handlers.office.model import Office
from handlers.office.policy import AskedField
from handlers.people.names import name_of
from handlers.ports import Desk
from handlers.registry import FormOpener
from handlers.tickets.case import Case, opened
from handlers.tickets.model import filled
from handlers.words import Sentence, say, words

IMPACTS = (("one", say("Only me")), ("several", say("Several of us")), ("everyone", say("Everyone")))
SLOWED = (("", say("I cannot say")), ("10", say("A little")), ("40", say("It slows me down")), ("100", say("I cannot work")))


def _form(name: str, title: Sentence, submit: Sentence, fields: Iterable[Field], desk: Desk, press: Press | None = None) -> Form:
    subject, version = (press.subject, press.version) if press else ("", 0)
    return Form(name, title, tuple(fields), submit, subject, version, desk.new_id())


def _options(pairs: Iterable[tuple[str, Sentence]]) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in pairs)


def categories(office: Office) -> tuple[Option, ...]:
    return tuple(Option(c.key, words(c.path)) for c in sorted(office.categories.values(), key=lambda c: c.path))


async def report(desk: Desk, person: Person, private: bool = False) -> Form:
    """The report, for those who prefer a form."""
    office = await desk.office(person.organisation)
    fields = (
        Field("text", "long", say("What is wrong, or what do you need?"), longest=3000),
        Field("category", "choice", say("What is it about?"), False, say("Leave it empty and I find out."), categories(office)),
        Field("spot", "text", say("Where?"), False, say("For example: 3rd floor, my desk"), longest=200),
        Field("slowed", "choice", say("How much does it slow you down?"), False, options=_options(SLOWED[1:])),
        Field("impact", "choice", say("Whom does it touch?"), False, options=_options(IMPACTS)),
        Field(
            "private",
            "choices",
            say("Who may see it?"),
            False,
            options=(Option("private", say("Only those who work on it")),),
            initial=("private",) if private else (),
        ),
    )
    return _form("ticket.report", say("Tell the desk"), say("Send"), fields, desk)


async def categorise(desk: Desk, press: Press) -> Form:
    case = await opened(desk, press, press.subject, "ticket.categorise")
    field = Field("category", "choice", say("What is it about?"), options=categories(case.office), initial=case.ticket.category)
    return _form("ticket.categorise", say("Change category"), say("Change"), (field,), desk, press)


async def detail(desk: Desk, press: Press) -> Form:
    case = await opened(desk, press, press.subject, "ticket.detail")
    ticket = case.ticket
    fields = (
        Field("spot", "text", say("Where?"), False, initial=ticket.spot, longest=200),
        Field("impact", "choice", say("Whom does it touch?"), options=_options(IMPACTS), initial=ticket.impact),
        Field(
            "slowed",
            "number",
            say("How much of your time does it cost, in percent?"),
            False,
            say("0 to 100"),
            initial=str(ticket.slowed or ""),
        ),
    )
    return _form("ticket.detail", say("Say more"), say("Save"), fields, desk, press)


async def asked(desk: Desk, press: Press) -> Form:
    """What the ticket's category still needs to know."""
    case = await opened(desk, press, press.subject, "ticket.detail")
    office, ticket = case.office, case.ticket
    asks = [ask for ask in office.category(ticket.category).ask if ask.required or not ticket.fields.get(ask.field)]
    fields = (field_of(office, ask.field, ask.required, ticket.fields.get(ask.field, "")) for ask in asks)
    return _form("ticket.fields", say("What I need to know"), say("Save"), fields, desk, press)


def field_of(office: Office, key: str, required: bool, initial: str = "") -> Field:
    asked_field = office.fields[key]
    options = tuple(Option(option, words(option)) for option in asked_field.options)
    hint = words(asked_field.help) if asked_field.help else None
    return Field(key, asked_field.kind, words(asked_field.label), required, hint, options, initial)


async def comment(desk: Desk, press: Press) -> Form:
    """A reply. Agents may start from a saved answer: `value` is its key."""
    case = await opened(desk, press, press.subject, "ticket.comment")
    fields = [Field("text", "long", say("Your words"), initial=await saved_text(case, press.value))]
    answers = [a for a in case.office.answers.values() if not a.categories or case.ticket.category in a.categories]
    if case.is_agent and answers and not press.value:
        options = tuple(Option(a.key, words(a.title)) for a in answers)
        fields = [
            Field("answer", "choice", say("Start from a saved answer"), False, options=options),
            Field("text", "long", say("Your words"), False, say("With a saved answer: leave this empty and read it on the next page.")),
        ]
    return _form("ticket.comment", say("Reply"), say("Send"), fields, desk, press)


async def saved_text(case: Case, key: str) -> str:
    """A saved answer, filled in; "" for those who have none: its facts are what the category asked."""
    saved = case.office.answers.get(key) if case.is_agent else None
    return filled(saved.text, await facts(case)) if saved else ""


async def facts(case: Case) -> dict[str, str]:
    """What the {fields} of a saved answer stand for: the ticket's own facts, and what its category asked."""
    ticket = case.ticket
    requester = await case.desk.people.get(ticket.organisation, ticket.requester)
    own = {
        "number": f"#{ticket.number}",
        "title": ticket.title,
        "spot": ticket.spot,
        "me": case.actor.name,
        "office": case.office.head.name,
    }
    return {**ticket.fields, **own, "requester": requester.name if requester else ""}


def second_page(desk: Desk, submit: Submit, text: str) -> Form:
    """A saved answer, filled in, to be read and changed before it is sent."""
    fields = (Field("text", "long", say("Your words"), initial=text),)
    return Form("ticket.comment", say("Reply"), fields, say("Send"), submit.subject, submit.version, desk.new_id())


def one_text(name: str, action: str, title: Sentence, label: Sentence, submit: Sentence) -> FormOpener:
    """The opener of a form with one long text, for those who may do the action."""

    async def opener(desk: Desk, press: Press) -> Form:
        await opened(desk, press, press.subject, action)
        return _form(name, title, submit, (Field("text", "long", label),), desk, press)

    return opener


note = one_text("ticket.note", "ticket.note", say("Work note"), say("Only those who work on it read this"), say("Save"))
ask = one_text("ticket.ask", "ticket.ask", say("Ask the requester"), say("Your question"), say("Ask"))
answer = one_text("ticket.answer", "ticket.answer", say("Answer"), say("Your answer"), say("Send"))
reject = one_text("ticket.reject", "ticket.reject", say("Decline"), say("Why? The requester reads this."), say("Decline"))
reopen = one_text("ticket.reopen", "ticket.reopen", say("Not yet"), say("What is still wrong?"), say("Reopen"))
again = one_text("ticket.again", "ticket.confirm", say("It is back"), say("What is wrong this time?"), say("Report"))


async def assign(desk: Desk, press: Press) -> Form:
    case = await opened(desk, press, press.subject, "ticket.assign")
    people = case.office.agents(case.ticket.queue)
    options = tuple(Option(email, words(name_of(case.office, email))) for email in people)
    field = Field("email", "choice", say("To whom?"), options=options)
    return _form("ticket.assign", say("Give to"), say("Give"), (field,), desk, press)


async def hold(desk: Desk, press: Press) -> Form:
    await opened(desk, press, press.subject, "ticket.hold")
    fields = (
        Field("until", "date", say("Until when?")),
        Field("why", "text", say("Why?"), False, say("The requester reads this."), longest=200),
    )
    return _form("ticket.hold", say("Put on hold"), say("Put on hold"), fields, desk, press)


async def resolve(desk: Desk, press: Press) -> Form:
    case = await opened(desk, press, press.subject, "ticket.resolve")
    currency = case.office.head.currency
    fields = (
        Field("what", "long", say("What did you do?"), hint=say("The requester reads this, and it is kept for the next time.")),
        Field("minutes", "number", say("Minutes of work"), False),
        Field("cost", "money", say("Cost in {currency}", currency=currency), False),
    )
    return _form("ticket.resolve", say("Fixed"), say("Fixed"), fields, desk, press)


# ---------------------------------------------------------------- from typed text to values

_PERCENT = re.compile(r"\s*(\d{1,3})\s*%?\s*", re.ASCII)


def percent(text: str) -> int:
    """0 to 100; 0 for nothing typed. Check with `wrong_slow` first."""
    found = _PERCENT.fullmatch(text)
    return min(int(found[1]), 100) if found else 0


def wrong_slow(text: str) -> dict[str, Sentence]:
    """The error of a percentage, by field key; empty if it is right."""
    found = _PERCENT.fullmatch(text)
    if not text or (found and int(found[1]) <= 100):
        return {}
    return {"slowed": say("Please give a number from 0 to 100.")}


def whole(text: str) -> int | None:
    """A whole number of up to six digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def value_of(case: Case, field: AskedField, text: str) -> str | None:
    """An answer as the field's kind stores it (a date YYYY-MM-DD, an amount or a number as a decimal); None if it does not fit."""
    reader, said = case.desk.reader, text.strip()
    match field.kind:
        case "date":
            day = reader.date(said, case.now, case.actor.zone)
            return local_day(day, case.actor.zone) if day else None
        case "money":
            return reader.money(said)
        case "number":
            return said if _NUMBER.fullmatch(said) else None
        case "choice" if field.options:
            return next((option for option in field.options if option.casefold() == said.casefold()), None)
        case _:
            return said[:3000] or None


def local_day(at: datetime, zone: str) -> str:
    """The day of a moment on a person's clock."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_HINTS: dict[str, Sentence] = {
    "date": say("Please give a day, such as “next Monday” or 2026-12-01."),
    "money": say("Please give an amount, such as 120.50."),
    "number": say("Please give a number."),
}


def hint_of(field: AskedField) -> Sentence:
    """What would fit, for somebody whose answer did not."""
    if field.options:
        return say("Please answer with one of these: {choices}", choices=" / ".join(field.options))
    return _HINTS.get(field.kind, say("I could not read that."))
