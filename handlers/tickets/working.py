"""Working on a ticket: take it, give it, hold it, ask its requester, and say more about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from handlers.core import Event, Impact, Message, Press, Refused, Submit, Ticket, Wait, WaitKind
from handlers.forms import Invalid, Reply, Show
from handlers.frozen import replace
from handlers.office.model import Office
from handlers.people.viewers import of_desk
from handlers.ports import Desk, Work
from handlers.routing.model import Assign, missing_fields, next_step
from handlers.tickets import fill
from handlers.tickets.case import Case, involved, opened, where
from handlers.tickets.model import is_for_fields, is_question, priority
from handlers.tickets.posting import tell_responsible
from handlers.tickets.report import promised, waiting_for_fields
from handlers.words import Sentence, say

DETAIL = "ticket.detail"
Facts = Mapping[str, object]


async def done(case: Case, work: Work, ticket: Ticket, kind: str, reply: str = DETAIL, data: Facts | None = None) -> Reply:
    """Saves the changed ticket, tells what happened and commits; answers with the ticket as it is now."""
    work.save(ticket)
    work.tell(Event(kind, ticket.subject, ticket.organisation, data or {}), case.actor.id, where(case.message))
    show = Show(reply, ticket.subject, quiet=True)
    return show if await work.commit(show) else work.earlier


def ended_waits(work: Work, case: Case, which: Callable[[Wait], bool]) -> tuple[Wait, ...]:
    """Ends these open waits; gives all waits as they are then."""
    ended = {w.id: replace(w, ended_at=case.now) for w in case.file.open_waits if which(w)}
    work.save(*ended.values())
    return tuple(ended.get(w.id, w) for w in case.file.waits)


def taken_back(work: Work, case: Case) -> Case:
    """Ends what vendors were offered; the case as it is then."""
    ended = {offer.id: replace(offer, ended_at=case.now, end="withdrawn") for offer in case.file.live_offers}
    work.save(*ended.values())
    return replace(case, file=replace(case.file, offers=tuple(ended.get(offer.id, offer) for offer in case.file.offers)))


async def repromised(case: Case, ticket: Ticket, waits: tuple[Wait, ...]) -> Ticket:
    requester = await case.desk.people.get(ticket.organisation, ticket.requester)
    return promised(case.office, ticket, waits, requester) if requester else ticket


# ---------------------------------------------------------------- who has it


async def take(desk: Desk, press: Press) -> Reply:
    """Exactly one wins; whoever comes later is told who has it."""
    case = await opened(desk, press, press.subject, "ticket.take")
    if case.ticket.assignee == case.actor.id and case.ticket.status == "in_progress":
        raise Refused(say("You already have it."))
    if case.ticket.status == "in_progress" and case.ticket.assignee and press.version < case.ticket.version:
        raise Refused(await _faster(case))
    no_approval_open(case)
    ticket = case.responded(replace(case.moved("take"), assignee=case.actor.id))
    work = case.work()
    for person in involved(case):
        work.notify(person, ticket.subject, "taken", ticket.version, "soon")
    return await done(case, work, ticket, "ticket.taken")


async def _faster(case: Case) -> Sentence:
    holder = await case.desk.people.get(case.ticket.organisation, case.ticket.assignee or "")
    return say("{who} was faster. Nothing to do for you.", who=holder.name if holder else "Somebody")


def no_approval_open(case: Case) -> None:
    if any(w.kind == "approval" for w in case.file.open_waits):
        raise Refused(say("It still waits for approval. It can be taken as soon as that is given."))


async def assign(desk: Desk, submit: Submit) -> Reply:
    case = await opened(desk, submit, submit.subject, "ticket.assign")
    no_approval_open(case)
    agent = await desk.people.by_email(case.ticket.organisation, submit.text("email").lower())
    if agent is None or submit.text("email").lower() not in case.office.agents(case.ticket.queue):
        return Invalid({"email": say("Please choose somebody who works in this queue.")})
    ticket = replace(case.moved("work" if case.holders else "assign"), assignee=agent.id, human_at=case.now)
    work = case.work()
    _tell_new_assignee(work, case, ticket)
    if case.ticket.assignee not in (None, case.actor.id, agent.id):
        work.notify(case.ticket.assignee or "", ticket.subject, "taken", ticket.version, "soon")
    return await done(case, work, ticket, "ticket.assigned", data={"to": agent.id})


async def release(desk: Desk, press: Press) -> Reply:
    case = await opened(desk, press, press.subject, "ticket.release")
    if case.ticket.assignee is None:
        raise Refused(say("Nobody has it."))
    return await done(case, case.work(), replace(case.moved("work" if case.holders else "release"), assignee=None), "ticket.released")


# ---------------------------------------------------------------- waiting


async def hold(desk: Desk, submit: Submit) -> Reply:
    """On hold until a date; it comes back by itself in the morning of that day."""
    case = await opened(desk, submit, submit.subject, "ticket.hold")
    until = morning(submit.text("until"), case.office)
    if until is None or until <= case.now:
        return Invalid({"until": say("Please choose a day after today.")})
    wait = _wait(case, "date", submit.text("why"), due=until)
    work = case.work()
    waits = (*ended_waits(work, case, lambda w: w.kind == "date"), wait)
    work.add(wait)
    work.at(until, "ticket.hold_over", case.ticket.subject, {"wait": wait.id})
    ticket = await repromised(case, replace(case.moved("work"), human_at=case.now), waits)
    for person in involved(case) - {ticket.assignee}:
        work.notify(person, ticket.subject, "held", ticket.version, "soon")
    return await done(case, work, ticket, "ticket.held", data={"until": until.isoformat()})


def morning(day: str, office: Office) -> datetime | None:
    """09:00 of a day (YYYY-MM-DD) on the office's clock; None for no such day."""
    try:
        return datetime.combine(date.fromisoformat(day), time(9), ZoneInfo(office.head.time_zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _wait(case: Case, kind: WaitKind, note: str, due: datetime | None = None, on: str | None = None) -> Wait:
    return Wait(case.desk.new_id(), case.ticket.organisation, case.ticket.id, kind, case.now, on=on, due=due, note=note)


async def ask(desk: Desk, submit: Submit) -> Reply:
    """A question to the requester: the ticket waits for the answer."""
    case = await opened(desk, submit, submit.subject, "ticket.ask")
    if not submit.text("text"):
        return Invalid({"text": say("Please write your question.")})
    wait = _wait(case, "requester", submit.text("text")[:1000], on=case.ticket.requester)
    work = case.work()
    waits = (*ended_waits(work, case, is_question), wait)
    work.add(wait)
    ticket = await repromised(case, case.responded(case.moved("work")), waits)
    work.notify(ticket.requester, ticket.subject, "asked", ticket.version)
    return await done(case, work, ticket, "ticket.asked", data={"wait": wait.id})


async def resume(desk: Desk, press: Press) -> Reply:
    """Ends whatever it waits for, but an approval."""
    case = await opened(desk, press, press.subject, "ticket.resume")
    no_approval_open(case)
    if not case.file.open_waits:
        raise Refused(say("It is not on hold."))
    work = case.work()
    waits = ended_waits(work, case, lambda _: True)
    return await done(case, work, await repromised(case, replace(case.moved("work"), human_at=case.now), waits), "ticket.resumed")


async def hold_over(desk: Desk, event: Event) -> None:
    """The day a ticket was put aside for has come."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    wait = next((w for w in file.open_waits if w.id == event.data.get("wait")), None) if file else None
    if file is None or wait is None:
        return
    office = await desk.office(event.organisation)
    now = desk.now()
    ended = replace(wait, ended_at=now)
    waits = tuple(ended if w.id == wait.id else w for w in file.waits)
    requester = await desk.people.get(event.organisation, file.ticket.requester)
    ticket = replace(file.ticket, updated_at=now)
    work = desk.work(event.organisation)
    work.save(ended, promised(office, ticket, waits, requester) if requester else ticket)
    work.tell(Event("ticket.resumed", ticket.subject, ticket.organisation, {"why": "date"}))
    if ticket.assignee:
        work.notify(ticket.assignee, ticket.subject, "resumed", ticket.version)
    else:
        await tell_responsible(desk, work, ticket, "resumed", ticket.version)
    await work.commit()


# ---------------------------------------------------------------- saying more about it


async def categorise(desk: Desk, message: Press | Submit) -> Reply:
    """Another category: another queue, other promises, perhaps other questions."""
    case = await opened(desk, message, message.subject, "ticket.categorise")
    key = message.value if isinstance(message, Press) else message.text("category")
    if key not in case.office.categories:
        return _no_category(message)
    ticket = _in_category(case, key)
    work = case.work()
    if ticket.queue != case.ticket.queue:
        case = _left_vendors(work, case, ticket)
    asking = waiting_for_fields(desk, case.office, ticket)
    work.add(*asking)
    waits = (*ended_waits(work, case, is_for_fields), *asking)
    ticket = await _to_its_agent(case, await repromised(case, ticket, waits), waits)
    _tell_new_assignee(work, case, ticket)
    if ticket.queue != case.ticket.queue and case.ticket.assignee not in (None, case.actor.id, ticket.assignee):
        work.notify(case.ticket.assignee or "", ticket.subject, "moved", ticket.version, "soon")
    reply = "ticket.answer" if case.actor.id == ticket.requester and not case.is_agent else DETAIL
    return await done(case, work, ticket, "ticket.categorised", reply, {"category": key, "before": case.ticket.category})


def _left_vendors(work: Work, case: Case, ticket: Ticket) -> Case:
    """Another queue decides for itself whom it lets read along."""
    for holder in case.holders:
        work.notify(holder, ticket.subject, "withdrawn", ticket.version)
    return taken_back(work, case)


def _no_category(message: Message) -> Invalid:
    if isinstance(message, Submit):
        return Invalid({"category": say("Please choose one of the categories.")})
    raise Refused(say("That category is gone. Please choose another one."))


def _in_category(case: Case, key: str) -> Ticket:
    """In another queue nobody has it yet, so that it can be taken there."""
    category = case.office.category(key)
    moved_on = category.queue != case.ticket.queue
    return replace(
        case.moved("release" if moved_on else "work"),
        human_at=case.now,
        category=key,
        kind=case.desk.categorizer.kind(case.ticket.body, key),
        sure=True,
        queue=category.queue,
        assignee=None if moved_on else case.ticket.assignee,
        visibility="queue" if "queue" in (case.ticket.visibility, category.visibility) else "office",
        priority=priority(case.ticket.impact, case.ticket.slowed, key),
    )


async def _to_its_agent(case: Case, ticket: Ticket, waits: tuple[Wait, ...]) -> Ticket:
    step = next_step(ticket, waits, case.file.offers, case.office)
    if not isinstance(step, Assign):
        return ticket
    agent = await case.desk.people.by_email(ticket.organisation, step.email)
    return replace(ticket, assignee=agent.id) if agent else ticket


def _tell_new_assignee(work: Work, case: Case, ticket: Ticket) -> None:
    if ticket.assignee and ticket.assignee not in (case.ticket.assignee, case.actor.id):
        work.notify(ticket.assignee, ticket.subject, "assigned", ticket.version)


async def slow(desk: Desk, press: Press) -> Reply:
    """How much it slows the requester down, in one press."""
    case = await opened(desk, press, press.subject, "ticket.slow")
    share = fill.percent(press.value)
    ticket = _with_priority(case, replace(case.moved("work"), slowed=share))
    work = case.work()
    _own_share(work, case, share)
    reply = "ticket.answer" if case.actor.id == ticket.requester and not case.is_agent else DETAIL
    return await done(case, work, await repromised(case, ticket, case.file.waits), "ticket.slowed", reply, {"percent": share})


def _own_share(work: Work, case: Case, share: int) -> None:
    mine = next((a for a in case.file.affected if a.person == case.ticket.requester), None)
    if mine is not None:
        work.save(replace(mine, percent=share))


def _with_priority(case: Case, ticket: Ticket) -> Ticket:
    ticket = replace(ticket, human_at=case.now)
    return replace(ticket, priority=priority(ticket.impact, ticket.slowed, ticket.category))


async def detail(desk: Desk, submit: Submit) -> Reply:
    case = await opened(desk, submit, submit.subject, "ticket.detail")
    errors = fill.wrong_slow(submit.text("slowed"))
    if submit.text("impact") not in tuple(Impact):
        errors["impact"] = say("Please choose one.")
    if errors:
        return Invalid(errors)
    share = fill.percent(submit.text("slowed"))
    ticket = replace(case.moved("work"), spot=submit.text("spot")[:200], impact=Impact(submit.text("impact")), slowed=share)
    work = case.work()
    _own_share(work, case, share)
    ticket = await repromised(case, _with_priority(case, ticket), case.file.waits)
    data: dict[str, object] = {"spot": ticket.spot, "impact": ticket.impact, "percent": share}
    return await done(case, work, ticket, "ticket.detailed", data=data)


async def fields(desk: Desk, submit: Submit) -> Reply:
    """The answers to what its category asks."""
    case = await opened(desk, submit, submit.subject, "ticket.detail")
    typed = {ask.field: submit.text(ask.field) for ask in case.office.category(case.ticket.category).ask if submit.text(ask.field)}
    read = {key: fill.value_of(case, case.office.fields[key], text) for key, text in typed.items()}
    given = {key: value for key, value in read.items() if value is not None}
    errors = {key: fill.hint_of(case.office.fields[key]) for key in read.keys() - given.keys()}
    missing = missing_fields(replace(case.ticket, fields={**case.ticket.fields, **given}), case.office)
    errors = {**dict.fromkeys(missing, say("Please fill this in.")), **errors}
    if errors:
        return Invalid(errors)
    work = case.work()
    return await done(case, work, await answered(case, work, given), "ticket.filled", data={"fields": sorted(given)})


async def answered(case: Case, work: Work, given: dict[str, str]) -> Ticket:
    """The ticket with these answers; when nothing is missing any more, it goes on: its wait ends and its next step is taken."""
    ticket = replace(case.moved("work"), fields={**case.ticket.fields, **given}, human_at=case.now)
    if missing_fields(ticket, case.office):
        return ticket
    waits = ended_waits(work, case, is_for_fields)
    ticket = await _to_its_agent(case, await repromised(case, ticket, waits), waits)
    _tell_new_assignee(work, case, ticket)
    return ticket


async def hide(desk: Desk, press: Press) -> Reply:
    """Private: from now on only those who work on it see it."""
    case = await opened(desk, press, press.subject, "ticket.hide")
    if case.ticket.visibility == "queue":
        raise Refused(say("It is private already."))
    reply = "ticket.answer" if case.actor.id == case.ticket.requester and not case.is_agent else DETAIL
    return await done(case, case.work(), replace(case.moved("work"), visibility="queue"), "ticket.hidden", reply)
