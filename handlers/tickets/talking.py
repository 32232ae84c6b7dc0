"""Words on a ticket: comments that its requester reads, work notes among those who work on it, answers to questions, followers."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.core import AUDIENCE_INSIDE, AUDIENCE_REQUESTER, Comment, Event, Origin, Press, Refused, Remote, Submit, Ticket
from handlers.files.keep import attach
from handlers.forms import Invalid, Reply
from handlers.frozen import replace
from handlers.people.see import vendor_audience
from handlers.ports import Desk, Watch, Work
from handlers.tickets import fill
from handlers.tickets.case import Case, opened, where
from handlers.tickets.mentions import REASON, addressed, follow
from handlers.tickets.model import is_question
from handlers.tickets.report import promised
from handlers.tickets.working import done, ended_waits
from handlers.words import say

LONGEST = 40_000


def comment_row(case: Case, text: str, note: bool) -> Comment:
    audience = frozenset({AUDIENCE_INSIDE}) if note else frozenset({AUDIENCE_INSIDE, AUDIENCE_REQUESTER, *_vendors(case)})
    ticket = case.ticket
    return Comment(case.desk.new_id(), ticket.organisation, ticket.id, case.actor.id, case.now, text[:LONGEST], audience, origin_of(case))


def _vendors(case: Case) -> Iterable[str]:
    """Whoever it is offered to reads what is said to the requester: its card says so, and so does what the requester was told."""
    return (vendor_audience(offer.vendor) for offer in case.file.live_offers)


def origin_of(case: Case) -> Origin:
    """Where words were written. Words that stand in a thread themselves have its first message's id, a slash and their own as `message_id`.

    A form that was opened from a card in a thread leaves nothing there, so what it brings has none.
    """
    place, own = case.message.where, case.message.message_id
    return Origin(place.chat, place.workspace, place.channel, f"{place.thread}/{own}" if place.thread and own else "")


async def comment(desk: Desk, submit: Submit) -> Reply:
    """The reply form: own words, or a saved answer that is shown once more before it goes out."""
    case = await opened(desk, submit, submit.subject, "ticket.comment")
    text = submit.text("text")
    if not text and submit.text("answer") and case.is_agent:
        return fill.second_page(desk, submit, await fill.saved_text(case, submit.text("answer")))
    if not text and not submit.files:
        return Invalid({"text": say("Please write something first.")})
    return await commented(case, text, note=False)


async def note(desk: Desk, submit: Submit) -> Reply:
    case = await opened(desk, submit, submit.subject, "ticket.note")
    if not submit.text("text") and not submit.files:
        return Invalid({"text": say("Please write something first.")})
    return await commented(case, submit.text("text"), note=True)


async def commented(case: Case, text: str, note: bool) -> Reply:
    """Adds a comment or a work note, tells those it is for, and answers a question if it was put to its author."""
    row = comment_row(case, text, note)
    ticket = case.moved("talk")
    ticket = case.responded(ticket) if not note else replace(ticket, human_at=case.now)
    work = case.work()
    state_comment(case, work, row)
    if not note:
        ticket = await _answers(case, work, ticket)
    named = addressed(case.office, case.file, case.message.named, case.actor.id, row)
    for one in named:
        work.notify(one.id, row.subject, REASON, 1)
    if not note:
        follow(case.desk, work, case.file, named, case.actor.id, where(case.message))
    for person in await listeners(case, note):
        if person not in {one.id for one in named}:
            work.notify(person, row.subject, "commented", 1, "soon")
    return await done(case, work, ticket, "ticket.noted" if note else "ticket.commented", data={"comment": row.id})


def state_comment(case: Case, work: Work, row: Comment) -> None:
    """Adds a comment with its files, and has it shown where the ticket is talked about."""
    work.add(row)
    attach(case.desk, work, case.message, row.ticket, row.id)
    if case.message.stands:
        work.add(Remote(case.desk.new_id(), row.organisation, row.subject, row.origin.chat, case.message.stands))
    data = {"ticket": row.ticket, "note": row.is_note}
    work.tell(Event("comment.made", row.subject, row.organisation, data), case.actor.id, where(case.message))


async def _answers(case: Case, work: Work, ticket: Ticket) -> Ticket:
    """The requester's words end the wait for them (but not the wait for the category's fields)."""
    waits = ended_waits(work, case, lambda w: is_question(w) and w.on == case.actor.id)
    return promised(case.office, ticket, waits, case.actor) if waits != case.file.waits else ticket


async def listeners(case: Case, note: bool) -> Iterable[str]:
    """Who is told of words: the assignee, and of a comment the requester, followers and both sides of an offer; never its author."""
    ticket = case.ticket
    offering = {person for offer in case.file.live_offers for person in (offer.offered_by, offer.claimed_by)}
    people = {ticket.assignee} if note else {ticket.assignee, ticket.requester, *case.file.watchers, *offering}
    return sorted(person for person in people - {None, case.actor.id} if person)


async def answer(desk: Desk, submit: Submit) -> Reply:
    """The requester's answer to a question."""
    case = await opened(desk, submit, submit.subject, "ticket.answer")
    if not submit.text("text") and not submit.files:
        return Invalid({"text": say("Please write your answer.")})
    return await commented(case, submit.text("text"), note=False)


async def watch(desk: Desk, press: Press) -> Reply:
    """Follow a ticket: its follower is told what its requester is told."""
    case = await opened(desk, press, press.subject, "ticket.watch")
    if case.actor.id in case.file.watchers:
        raise Refused(say("You already follow it."))
    if case.actor.id == case.ticket.requester:
        raise Refused(say("It is your own ticket: you are told of everything anyway."))
    work = case.work()
    work.add(Watch(desk.new_id(), case.ticket.organisation, case.ticket.id, case.actor.id))
    return await done(case, work, case.moved("talk"), "ticket.watched", data={"person": case.actor.id})


async def unwatch(desk: Desk, press: Press) -> Reply:
    case = await opened(desk, press, press.subject, "ticket.unwatch")
    work = case.work()
    work.unfollow(case.ticket.id, case.actor.id)
    return await done(case, work, case.moved("talk"), "ticket.unwatched", data={"person": case.actor.id})
