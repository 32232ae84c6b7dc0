"""The end of a ticket: resolved, and then confirmed or reopened by its requester; or cancelled, declined, closed after silence."""

from __future__ import annotations

from handlers.core import Event, Outcome, Press, Refused, Standing, Status, Submit, Ticket
from handlers.files.drop import of_words
from handlers.forms import Invalid, Reply
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk, File, Work
from handlers.tickets import fill
from handlers.tickets.case import Case, involved, opened, ref
from handlers.tickets.model import SILENCE, may_reopen, moved
from handlers.tickets.report import Draft, created
from handlers.tickets.talking import comment_row, state_comment
from handlers.tickets.working import DETAIL, done, ended_waits, repromised, taken_back
from handlers.words import say


async def resolve(desk: Desk, submit: Submit) -> Reply:
    """What was done, in minutes and money; the requester is asked whether it is fixed."""
    case = await opened(desk, submit, submit.subject, "ticket.resolve")
    cost, errors = _cost(case, submit), {}
    if not submit.text("what"):
        errors["what"] = say("Please say in a few words what you did.")
    if submit.text("minutes") and fill.whole(submit.text("minutes")) is None:
        errors["minutes"] = say("Please give whole minutes, such as 45.")
    if cost is None:
        errors["cost"] = say("Please give an amount, such as 120.50.")
    if errors:
        return Invalid(errors)
    _nothing_to_approve(case)
    ticket = replace(
        case.responded(case.moved("resolve")),
        resolution=submit.text("what"),
        minutes=fill.whole(submit.text("minutes")),
        cost=cost or "",
        resolved_by=case.actor.id,
        assignee=case.ticket.assignee or (None if case.actor.vendor else case.actor.id),
    )
    return await _resolved(case, ticket)


def _cost(case: Case, submit: Submit) -> str | None:
    """The cost as a decimal number; "" for none, None for what is no amount."""
    text = submit.text("cost")
    return case.desk.reader.money(text) if text else ""


def _nothing_to_approve(case: Case) -> None:
    if any(w.kind == "approval" for w in case.file.open_waits):
        raise Refused(say("{ref} still waits for approval.", ref=ref(case.ticket)))


async def _resolved(case: Case, ticket: Ticket) -> Reply:
    work = case.work()
    ticket = await repromised(case, ticket, ended_waits(work, case, lambda _: True))
    _stop_losing(work, case)
    calendar = case.office.calendar("office")
    work.at(calendar.add(case.now, SILENCE), "ticket.silence", ticket.subject, {"resolved_at": case.now.isoformat()})
    work.notify(ticket.requester, ticket.subject, "fixed", ticket.version)
    for person in involved(case) - {ticket.requester}:
        work.notify(person, ticket.subject, "done", ticket.version, "soon")
    return await done(case, work, ticket, "ticket.resolved", data={"minutes": ticket.minutes, "cost": ticket.cost})


def _stop_losing(work: Work, case: Case) -> None:
    for affected in case.file.affected:
        if affected.until is None:
            work.save(replace(affected, until=case.now))


async def confirm(desk: Desk, press: Press) -> Reply:
    """Yes, fixed: only the requester's word closes the loop."""
    case = await opened(desk, press, press.subject, "ticket.confirm")
    return await done(case, case.work(), replace(case.moved("confirm"), human_at=case.now), "ticket.confirmed")


async def score(desk: Desk, press: Press) -> Reply:
    """How it was, 1 to 5, after the confirmation."""
    case = await opened(desk, press, press.subject, "ticket.confirm")
    if case.ticket.outcome is not Outcome.confirmed or press.value not in tuple("12345"):
        raise Refused(say("That can only be said about a ticket that you have confirmed as fixed."))
    ticket = replace(case.moved("talk"), score=int(press.value))
    return await done(case, case.work(), ticket, "ticket.scored", data={"score": int(press.value)})


async def reopen(desk: Desk, submit: Submit) -> Reply:
    """Not yet: back to the same people, with its history. After the grace period it becomes a new, linked ticket."""
    case = await opened(desk, submit, submit.subject, "ticket.reopen")
    text = submit.text("text")
    if not text:
        return Invalid({"text": say("Please say in a few words what is still wrong.")})
    if not may_reopen(case.ticket, case.now):
        return await _recurred(case, submit)
    ticket = replace(case.moved("reopen"), human_at=case.now, resolution="", minutes=None, cost="")
    work = case.work()
    for affected in case.file.affected:
        work.save(replace(affected, until=None))
    state_comment(case, work, comment_row(case, text, note=False))
    for person in involved(case):
        work.notify(person, ticket.subject, "reopened", ticket.version)
    return await done(case, work, ticket, "ticket.reopened")


async def again(desk: Desk, submit: Submit) -> Reply:
    """It is back: a new ticket in the same category, linked as a recurrence."""
    case = await opened(desk, submit, submit.subject, "ticket.confirm")
    if not submit.text("text"):
        return Invalid({"text": say("Please say in a few words what is wrong this time.")})
    return await _recurred(case, submit)


async def _recurred(case: Case, submit: Submit) -> Reply:
    if case.ticket.status is not Status.closed:
        raise Refused(say("{ref} is not closed. Comment on it, or reopen it.", ref=ref(case.ticket)))
    old = case.ticket
    draft = Draft(submit.text("text"), old.visibility == "queue", old.category, old.spot, old.slowed, old.impact, old.fields, old.id)
    whose = await case.desk.people.get(old.organisation, old.requester)
    if whose is not None and whose.standing is Standing.member:  # theirs it stays, whoever notices that it is back
        draft = replace(draft, requester=whose, told="on_behalf")
    return await created(case.desk, submit, draft)


async def cancel(desk: Desk, press: Press) -> Reply:
    """It is not needed any more."""
    return await cancelled(await opened(desk, press, press.subject, "ticket.cancel"))


async def cancelled(case: Case, with_files: bool = False) -> Reply:
    """`with_files`: those of its report are deleted too."""
    ticket = replace(case.moved("cancel"), human_at=case.now)
    work = _ended(case)
    if with_files:
        await of_words(case.desk, work, ticket.organisation, ticket.id)
    _tell_other_side(work, case, ticket, "cancelled")
    reply = "ticket.answer" if case.actor.id == ticket.requester and not case.is_agent else DETAIL
    return await done(case, work, ticket, "ticket.cancelled", reply)


async def reject(desk: Desk, submit: Submit) -> Reply:
    """Declined by those who would have to do it, with the reason."""
    case = await opened(desk, submit, submit.subject, "ticket.reject")
    if not submit.text("text"):
        return Invalid({"text": say("Please say why: the requester reads it.")})
    ticket = replace(case.responded(case.moved("reject")), resolution=submit.text("text"), resolved_by=case.actor.id)
    work = _ended(case)
    _tell_other_side(work, case, ticket, "rejected")
    return await done(case, work, ticket, "ticket.rejected")


def _ended(case: Case) -> Work:
    """A unit of work in which nothing is waited for, no vendor is asked and no time is lost any more."""
    work = case.work()
    ended_waits(work, case, lambda _: True)
    taken_back(work, case)
    _stop_losing(work, case)
    return work


def _tell_other_side(work: Work, case: Case, ticket: Ticket, reason: str) -> None:
    for person in involved(case):
        work.notify(person, ticket.subject, reason, ticket.version)


async def silence(desk: Desk, event: Event) -> None:
    """Days without an answer to "Fixed?": closed, and recorded as unconfirmed. Too late or reopened meanwhile: nothing."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    if file is None or not _same_resolution(file, event):
        return
    now = desk.now()
    ticket = moved(file.ticket, "close_silent", now)
    work = desk.work(event.organisation)
    work.save(ticket)
    work.tell(Event("ticket.closed", ticket.subject, ticket.organisation, {"why": "silence"}))
    await work.commit()


def _same_resolution(file: File, event: Event) -> bool:
    ticket = file.ticket
    resolved = ticket.resolved_at.isoformat() if ticket.resolved_at else ""
    return ticket.status is Status.resolved and resolved == event.data.get("resolved_at")
