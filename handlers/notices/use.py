"""Sends a notice: chooses the place, and puts there a post of the view `notice.<reason>`."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core import Account, Event, Notice, Place, Post
from handlers.files.copy import follow
from handlers.notices import views
from handlers.notices.cards import READERS
from handlers.notices.places import catch_up
from handlers.people.viewers import of_desk, of_place
from handlers.ports import Desk, Work
from handlers.registry import Routes

PREFERRED = ("slack", "teams", "console")
"""Chats that reach a person 1:1, the likelier one first; a conversation that was used already goes before all."""
LATELY = 50
"""Lines of a ticket's history in which it is looked for where somebody deals with it."""


async def send(desk: Desk, event: Event) -> None:
    """One notice to one person. Somebody whom no chat reaches is mentioned in the thread, where their colleagues see it too."""
    notice = await desk.notices.get(event.organisation, event.subject.removeprefix("notice:"))
    if notice is None:
        return
    work = desk.work(event.organisation)
    post = await _direct(desk, work, notice) or await _mention(desk, notice)
    if post is None:
        work.tell(Event("notice.unreachable", notice.subject, notice.organisation, {"person": notice.person, "reason": notice.reason}))
    else:
        work.add(post)
        work.deliver(post)
        if notice.subject.startswith("comment:"):
            await follow(desk, work, notice.organisation, notice.subject)
    await work.commit()


async def welcome(desk: Desk, organisation: str, person: str) -> None:
    """Tells whoever opened an office 1:1 what to do next, once."""
    work = desk.work(organisation)
    work.notify(person, f"office:{organisation}", "welcome", 0)
    await work.commit()


async def undelivered_directly(desk: Desk, event: Event) -> None:
    """A direct message that the chat refused for good: said in the thread instead. The next one is tried 1:1 again."""
    post = await desk.posts.get(event.organisation, str(event.data.get("post", "")))
    place = await desk.places.get(event.organisation, post.place) if post else None
    if post is None or place is None or place.kind != "dm" or place.person is None or not post.tag.isdecimal():
        return
    reason = post.view.removeprefix("notice.")
    notice = Notice("", post.organisation, place.person, post.subject, reason, int(post.tag), desk.now())
    mention = await _mention(desk, notice)
    said = {(post.view, post.place, post.tag) for post in await desk.posts.of(event.organisation, post.subject)}
    if mention is not None and (mention.view, mention.place, mention.tag) not in said:
        work = desk.work(event.organisation)
        work.add(mention)
        work.deliver(mention)
        await work.commit()


async def _direct(desk: Desk, work: Work, notice: Notice) -> Post | None:
    place = await _conversation(desk, work, notice)
    return _post(desk, notice, place, str(notice.version)) if place else None


def _post(desk: Desk, notice: Notice, place: Place, tag: str, thread: str | None = None) -> Post:
    return Post(desk.new_id(), notice.organisation, notice.subject, f"notice.{notice.reason}", place.id, tag, thread)


async def _conversation(desk: Desk, work: Work, notice: Notice) -> Place | None:
    """Where they deal with this; else the direct conversation last used; else one with the person's likeliest account, made now."""
    known = await desk.places.direct(notice.organisation, notice.person)
    accounts = [a for a in await desk.people.accounts(notice.organisation, notice.person) if a.chat in PREFERRED]
    tried = {(place.chat, place.workspace) for place in known}
    reached: list[Place | Account] = [place for place in known if not place.unreachable]
    reached += sorted((a for a in accounts if (a.chat, a.workspace) not in tried), key=lambda a: PREFERRED.index(a.chat))
    if len(reached) > 1 and (here := await _dealt_with(desk, notice, accounts)):
        reached.sort(key=lambda one: (one.chat, one.workspace) != here)
    likeliest = next(iter(reached), None)
    if not isinstance(likeliest, Account):
        return likeliest
    place = conversation_with(desk.new_id(), notice.organisation, likeliest, notice.person)
    work.add(place)
    return place


async def _dealt_with(desk: Desk, notice: Notice, accounts: Sequence[Account]) -> tuple[str, str] | None:
    """The chat and workspace in which they last did something about the ticket; None if they did nothing lately."""
    kind, _, key = notice.subject.partition(":")
    comment = await desk.tickets.comment(of_desk(notice.organisation), key) if kind == "comment" else None
    subject = f"ticket:{comment.ticket}" if comment else notice.subject
    for line in reversed(await desk.tickets.history(of_desk(notice.organisation), subject, LATELY)):
        for account in accounts if line.actor == notice.person else ():
            if line.where.startswith(f"{account.chat}:{account.workspace}:"):
                return account.chat, account.workspace
    return None


def conversation_with(id_: str, organisation: str, account: Account, person: str) -> Place:
    """A direct conversation that is opened when the first message goes there."""
    return Place(id_, organisation, account.chat, account.workspace, "dm", "", account.user, person)


async def _mention(desk: Desk, notice: Notice) -> Post | None:
    """In the thread of a post about the same subject, in a channel of their own party whose readers may see it. The tag names whom to
    mention.
    """
    person = await desk.people.get(notice.organisation, notice.person)
    for post in await desk.posts.of(notice.organisation, notice.subject):
        place = await desk.places.get(notice.organisation, post.place)
        if place is None or person is None or place.kind != "channel" or place.vendor != person.vendor or place.unreachable:
            continue
        if await _open_to(desk, place, notice.subject):
            return _post(desk, notice, place, f"{notice.version}:{notice.person}", post.thread or post.id)
    return None


async def _open_to(desk: Desk, place: Place, subject: str) -> bool:
    """Whether everybody who reads a place may see the subject: a private ticket has perhaps left this channel."""
    kind, _, key = subject.partition(":")
    if kind == "comment":
        return await desk.tickets.comment(of_place(place), key) is not None
    return kind == "ticket" and await desk.tickets.file(of_place(place), key) is not None


VIEWS = {
    "notice.undelivered": views.undelivered,
    "notice.welcome": views.welcome,
    **{f"notice.{readers}": views.read_by(readers) for readers in READERS},
}

ROUTES = Routes(
    events={"notice": {"notices": send}, "delivery.failed": {"notices.instead": undelivered_directly}},
    timers={"place.opened": catch_up},
    views=VIEWS,
    letters=frozenset(VIEWS),
)
