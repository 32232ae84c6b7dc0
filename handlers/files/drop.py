"""Letting files go: what was deleted where it stood is deleted here, and wherever we have brought it."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.core import Attached, Chat, Event
from handlers.files.model import GONE
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk, Work


async def deleted(desk: Desk, organisation: str, chat: Chat, workspace: str, remote_id: str) -> None:
    """A file was deleted in its chat."""
    found = await desk.attachments.from_chat(of_desk(organisation), chat, workspace, remote_id)
    if any(file.state != "gone" for file in found):
        work = desk.work(organisation)
        await let_go(desk, work, found)
        await work.commit()


async def of_words(desk: Desk, work: Work, organisation: str, ticket: str, comment: str | None = None) -> None:
    """The message with these files was deleted: that of a ticket's report, or that of a comment."""
    files = await desk.attachments.of(of_desk(organisation), ticket)
    await let_go(desk, work, [file for file in files if file.comment == comment])


async def emptied(desk: Desk, event: Event) -> None:
    """The office keeps a ticket's words no longer."""
    work = desk.work(event.organisation)
    await let_go(desk, work, await desk.attachments.of(of_desk(event.organisation), event.subject.removeprefix("ticket:")))
    await work.commit()


async def removed(desk: Desk, event: Event) -> None:
    """Somebody's words were removed: those of a report, or of a comment."""
    kind, _, key = event.subject.partition(":")
    comment = await desk.tickets.comment(of_desk(event.organisation), key) if kind == "comment" else None
    work = desk.work(event.organisation)
    if comment is not None:
        await of_words(desk, work, event.organisation, comment.ticket, comment.id)
    elif kind == "ticket":
        await of_words(desk, work, event.organisation, key)
    await work.commit()


async def let_go(desk: Desk, work: Work, files: Iterable[Attached]) -> None:
    for file in files:
        if file.state == "gone":
            continue
        work.save(replace(file, state="gone", content=""))
        work.tell(Event("file.gone", file.subject, file.organisation, {"content": file.content}))
        shown_anew(work, file)
        work.deliver(*await desk.posts.of(file.organisation, file.subject))


def shown_anew(work: Work, file: Attached) -> None:
    """The cards that name the file are drawn again, and copies of its words get it."""
    what = "comment.filed" if file.comment else "ticket.filed"
    work.tell(Event(what, file.shown_by, file.organisation, {"file": file.id}))


async def dropped(desk: Desk, event: Event) -> None:
    """After the rows have let go of it: the bytes, and what was uploaded to be shown on cards."""
    await forget(desk, event.organisation, str(event.data.get("content", "")))


async def forget(desk: Desk, organisation: str, content: str) -> None:
    """Removes bytes that no file holds any more. Safe to repeat."""
    look = of_desk(organisation)
    if not content or await desk.attachments.holding(look, content):
        return
    await desk.files(organisation).remove(content)
    remotes = await desk.attachments.uploaded(look, content)
    for remote in remotes:
        await desk.take_back(remote.system, remote.remote_id)
    if remotes:
        work = desk.work(organisation)
        work.put(*(replace(remote, remote_id=f"{GONE}:{remote.remote_id}", version=GONE) for remote in remotes))
        await work.commit()
