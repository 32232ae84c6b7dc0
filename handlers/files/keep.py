"""Taking files in: a row for each with the words it came with, then its bytes, fetched when the outbox comes to it."""

from __future__ import annotations

from handlers.core import Attached, Attachment, Conflict, Event, Message
from handlers.files.drop import forget, shown_anew
from handlers.files.model import clean_name, is_large, taken
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk, Fetched, Work


def attach(desk: Desk, work: Work, message: Message, ticket: str, comment: str | None = None) -> tuple[Attached, ...]:
    """States the message's files as those of a ticket's report, or of a comment on it, and has them fetched."""
    rows = tuple(_row(desk, message, one, ticket, comment) for one in taken(message.files))
    work.add(*rows)
    for row in rows:
        if row.state == "coming":
            work.tell(Event("file.attached", row.subject, row.organisation), message.actor.id)
    return rows


def _row(desk: Desk, message: Message, file: Attachment, ticket: str, comment: str | None) -> Attached:
    where = message.where
    return Attached(
        id=desk.new_id(),
        organisation=message.actor.organisation,
        ticket=ticket,
        comment=comment,
        name=clean_name(file.name),
        mime=file.mime[:127],
        size=file.size,
        at=desk.now(),
        chat=where.chat,
        workspace=where.workspace,
        channel=where.channel,
        remote_id=file.remote_id,
        link=file.link,
        state="elsewhere" if file.elsewhere else "large" if is_large(file.size) else "coming",
    )


async def fetched(desk: Desk, event: Event) -> None:
    """Its bytes, or why we do not have them."""
    file = await desk.attachments.get(of_desk(event.organisation), event.subject.removeprefix("file:"))
    if file is None or file.state != "coming":
        return
    found = await desk.fetch(file)
    try:
        await _settled(desk, file, found)
    except Conflict:
        await forget(desk, file.organisation, found.content)  # deleted meanwhile
        raise


async def given_up(desk: Desk, organisation: str, subject: str) -> None:
    """It was tried again and again: the ticket says that it could not be fetched."""
    file = await desk.attachments.get(of_desk(organisation), subject.removeprefix("file:"))
    if file is not None and file.state == "coming":
        await _settled(desk, file, Fetched("closed"))


async def _settled(desk: Desk, file: Attached, found: Fetched) -> None:
    name = clean_name(found.name) if found.name else file.name
    known = replace(file, name=name, mime=found.mime[:127] or file.mime, size=found.size or file.size, link=found.link or file.link)
    work = desk.work(file.organisation)
    work.save(replace(known, state=found.state, content=found.content))
    shown_anew(work, known)
    await work.commit()
