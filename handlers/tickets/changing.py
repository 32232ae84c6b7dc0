"""Words that were changed or taken back where they stand: the ticket or the comment that they are follows."""

from __future__ import annotations

from handlers.core import Comment, Deleted, Edited, Event, Status, says_nothing
from handlers.files.drop import of_words
from handlers.forms import Reply
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk
from handlers.tickets.case import Case, involved, opened, where
from handlers.tickets.closing import cancelled
from handlers.tickets.model import title_of
from handlers.tickets.talking import LONGEST


async def edited(desk: Desk, message: Edited) -> Reply:
    """What a report or a comment says now. Of words that have become nothing, nothing is taken over."""
    subject = await _subject(desk, message)
    if says_nothing(message.text):
        return None
    comment = await _own_comment(desk, message, subject)
    if comment is not None:
        await _said_anew(desk, message, replace(comment, text=message.text[:LONGEST]))
        return None
    case = await _own_ticket(desk, message, subject)
    if case is None or case.ticket.body == message.text:
        return None
    work = case.work()
    work.save(replace(case.moved("talk"), body=message.text, title=title_of(message.text)))
    work.tell(Event("ticket.reworded", case.ticket.subject, case.ticket.organisation), case.actor.id, where(message))
    await work.commit()
    return None


async def deleted(desk: Desk, message: Deleted) -> Reply:
    """A comment taken back is gone. A report that nobody has taken yet is cancelled with it; whoever is at work on one is told."""
    subject = await _subject(desk, message)
    comment = await _own_comment(desk, message, subject)
    if comment is not None:
        await _said_anew(desk, message, replace(comment, text="", deleted_at=desk.now()), gone=True)
        return None
    case = await _own_ticket(desk, message, subject)
    if case is None:
        return None
    if case.ticket.status is Status.open and not case.ticket.assignee:
        return await cancelled(case, with_files=True)
    work, ticket = case.work(), case.ticket
    await of_words(desk, work, ticket.organisation, ticket.id)
    work.tell(Event("ticket.unsaid", ticket.subject, ticket.organisation), case.actor.id, where(message))
    for person in sorted(involved(case)):
        work.notify(person, ticket.subject, "unsaid", ticket.version)
    await work.commit()
    return None


async def _subject(desk: Desk, message: Edited | Deleted) -> str:
    return await desk.tickets.standing_at(of_desk(message.actor.organisation), message.where.chat, message.stands) or ""


async def _own_comment(desk: Desk, message: Edited | Deleted, subject: str) -> Comment | None:
    kind, _, key = subject.partition(":")
    found = await desk.tickets.comment(of_desk(message.actor.organisation), key) if kind == "comment" else None
    return found if found and found.author == message.actor.id and found.deleted_at is None else None


async def _own_ticket(desk: Desk, message: Edited | Deleted, subject: str) -> Case | None:
    """The open ticket that the actor reported with these words."""
    if not subject.startswith("ticket:"):
        return None
    case = await opened(desk, message, subject, "ticket.comment")
    return case if case.actor.id == case.ticket.requester and case.ticket.status is not Status.closed else None


async def _said_anew(desk: Desk, message: Edited | Deleted, comment: Comment, gone: bool = False) -> None:
    work = desk.work(comment.organisation, message.key)
    work.save(comment)
    if gone:
        await of_words(desk, work, comment.organisation, comment.ticket, comment.id)
    work.tell(Event("comment.changed", comment.subject, comment.organisation), message.actor.id, where(message))
    await work.commit()
