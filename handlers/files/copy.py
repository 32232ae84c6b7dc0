"""Bringing files along: where words are copied to another place, their files follow into its thread, once for each file and place."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cards import Card
from handlers.core import Attached, Event, Place, Post
from handlers.files import cards
from handlers.files.model import pictured
from handlers.people.viewers import of_desk, of_place, viewer
from handlers.ports import Desk, Work
from handlers.registry import Looking

COPY = "file.copy"
"""The view of a post that is a file. Its `shown_hash` is the id under which it was uploaded, its `message_id` that too once it is shown."""
CARDS = frozenset({"ticket.channel", "ticket.offered"})
COPIED = CARDS | {"comment.thread", "notice.commented"}
"""Views of posts under which the files of their subject belong."""


async def follow(desk: Desk, work: Work, organisation: str, subject: str) -> None:
    """Words have a new copy: their files follow, if they have any. Whichever is there first, the copy or the file, the later sees both."""
    if subject.startswith(("ticket:", "comment:")) and await _files(desk, organisation, subject):
        work.tell(Event("ticket.filed" if subject.startswith("ticket:") else "comment.copied", subject, organisation))


async def copied(desk: Desk, event: Event) -> None:
    """A post for each file under each copy of its words, unless it stands there already."""
    files = await _files(desk, event.organisation, event.subject)
    kept = [file for file in files if file.state == "kept"]
    if not kept:
        return
    work = desk.work(event.organisation)
    above = [post for post in await desk.posts.of(event.organisation, event.subject) if post.view in COPIED]
    for file in kept:
        have = {post.place for post in await desk.posts.of(event.organisation, file.subject)}
        for post in above:
            place = await desk.places.get(event.organisation, post.place)
            if place is not None and place.id not in have and await _wanted(desk, file, files, post, place):
                have.add(place.id)
                copy = Post(desk.new_id(), file.organisation, file.subject, COPY, place.id, thread=post.thread or post.id)
                work.add(copy)
                work.deliver(copy)
    await work.commit()


async def _files(desk: Desk, organisation: str, subject: str) -> Sequence[Attached]:
    """Those of a comment, or those of a ticket's report."""
    kind, _, key = subject.partition(":")
    look = of_desk(organisation)
    comment = await desk.tickets.comment(look, key) if kind == "comment" else None
    ticket = comment.ticket if comment else key if kind == "ticket" else ""
    found = await desk.attachments.of(look, ticket) if ticket else ()
    return [file for file in found if file.comment == (comment.id if comment else None)]


async def _wanted(desk: Desk, file: Attached, files: Sequence[Attached], post: Post, place: Place) -> bool:
    """A report's files go under its card, but not the picture that is seen on it, nor what was reported in that very channel."""
    if place.vendor is not None and await desk.attachments.get(of_place(place), file.id) is None:
        return False  # what it came with was given to the vendor, but the offer is over
    if post.view not in CARDS:
        return True
    ticket = await desk.tickets.file(of_desk(file.organisation), file.ticket)
    here = (place.chat, place.workspace, place.channel) == (file.chat, file.workspace, file.channel)
    if ticket is None or here or (place.vendor is None and place.queue != ticket.ticket.queue):
        return False
    return file != pictured(files) or not await desk.shows(place, file)


async def copy(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """What a place shows that takes no files; None for those who may not have it, and when it is gone."""
    office = await desk.office(looking.organisation)
    look = viewer(office, looking.person) if looking.person else of_place(looking.place) if looking.place else None
    file = await desk.attachments.get(look, subject.removeprefix("file:")) if look else None
    return cards.copied(file, await _sender(desk, file)) if file is not None and file.state == "kept" else None


async def _sender(desk: Desk, file: Attached) -> str:
    """The name of whose words it came with."""
    look = of_desk(file.organisation)
    comment = await desk.tickets.comment(look, file.comment) if file.comment else None
    ticket = await desk.tickets.file(look, file.ticket) if comment is None else None
    author = comment.author if comment else ticket.ticket.requester if ticket else ""
    person = await desk.people.get(file.organisation, author)
    return person.name if person else "?"


def withdrawn(post: Post) -> Card | None:
    """What takes the place of a file that stands where no file can be taken back; None if nothing stands there."""
    return cards.GONE if post.view == COPY and post.message_id else None
