"""Looking tickets up: list, show, find; and the views that other answers and posts are drawn from."""

from __future__ import annotations

from handlers.cards import Block, Card, Quote, Text
from handlers.core import Command, Comment, Person, Press, Refused
from handlers.files.model import seen_from
from handlers.forms import Reply, Show
from handlers.office.model import Office
from handlers.people.may import is_agent
from handlers.people.see import is_offered
from handlers.people.viewers import of_desk, of_place, viewer
from handlers.ports import Desk, Page, Viewer, Which
from handlers.registry import Looking, View
from handlers.tickets import cards, lists, telling, vendor_looking
from handlers.tickets.case import numbered, opened
from handlers.tickets.sheet import Sheet, sheet
from handlers.tickets.wording import waiting
from handlers.words import Name, Sentence, say, say_many

ROWS = 10
COMMENTS = 5

TITLES: dict[Which, tuple[Sentence, Sentence]] = {
    "mine": (lists.OWN, lists.NONE_OF_ONES_OWN),
    "queue": (lists.IN_QUEUES, lists.NONE_IN_QUEUES),
    "late": (say("Late, soonest due first"), say("Nothing is late.")),
}
"""Over a list, and instead of an empty one."""


async def list_(desk: Desk, command: Command) -> Reply:
    """`list`, `list queue`, `list late`. For people of a vendor: what is offered to it."""
    if command.actor.vendor:
        return await vendor_looking.offered(desk, command.actor)
    which: Which = "queue" if command.text == "queue" else "late" if command.text == "late" else "mine"
    office = await desk.office(command.actor.organisation)
    look = viewer(office, command.actor)
    if which != "mine" and not look.queues:
        raise Refused(say("You work in no queue, so there is nothing to list. `list` shows your own tickets."))
    page = await desk.tickets.list(look, which, desk.now(), ROWS)
    return lists.listed(await _some(desk, office, page), *TITLES[which])


async def mine(desk: Desk, press: Press) -> Reply:
    return await list_(desk, Command(key=press.key, actor=press.actor, where=press.where, name="list"))


async def find(desk: Desk, command: Command) -> Reply:
    if not command.text:
        raise Refused(say("Which words? For example: find projector"))
    office = await desk.office(command.actor.organisation)
    look = viewer(office, command.actor)
    page = await desk.tickets.find(look, command.text, ROWS)
    title = say_many("{n} ticket with “{words}”", "{n} tickets with “{words}”", n=page.total, words=command.text[:80])
    empty = say("No ticket that you can see has “{words}” in it.", words=command.text[:80])
    return lists.listed(await _some(desk, office, page), title, empty)


async def _some(desk: Desk, office: Office, page: Page) -> lists.Some:
    return lists.Some([await sheet(desk, office, file) for file in page.files], page.total)


async def show(desk: Desk, message: Command | Press) -> Reply:
    """One ticket, by number or by a press."""
    if isinstance(message, Press):
        case = await opened(desk, message, message.subject, "ticket.show")
    else:
        if not message.text:
            raise Refused(say("Which one? For example: show 142"))
        case = await numbered(desk, message, int(message.text), "ticket.show")
    return Show("ticket.detail", case.ticket.subject)


# ---------------------------------------------------------------- views


async def detail(desk: Desk, subject: str, looking: Looking) -> Card | None:
    person = looking.person
    found = await _sheet(desk, subject, looking, COMMENTS, files=True)
    if found is None or person is None:
        return None
    if person.vendor:
        return vendor_looking.detail(found, person)
    agent = is_agent(found.office, person, found.file.ticket.queue) or person.id == found.file.ticket.assignee
    return cards.detail(found, person.id, agent)


async def answer(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """The answer to a report, drawn again: with fresh guesses while the category is open."""
    found = await _sheet(desk, subject, looking, files=True)
    if found is None:
        return None
    ticket = found.file.ticket
    if ticket.status != "open" or looking.person is None:
        return await detail(desk, subject, looking)
    guesses = [] if ticket.sure else [g.category for g in desk.categorizer.guess(found.office, ticket.body)]
    return cards.answer(found, guesses)


async def channel(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """The card in a queue's channel. A channel that the ticket has left only says where it went."""
    office = await desk.office(looking.organisation)
    file = await desk.tickets.file(of_desk(looking.organisation), subject.removeprefix("ticket:"))
    if file is None or looking.place is None:
        return None
    if looking.place.queue != file.ticket.queue:
        return cards.elsewhere(await sheet(desk, office, file))
    files = seen_from(looking.place, await desk.attachments.of(of_place(looking.place), file.ticket.id))
    return cards.channel(await sheet(desk, office, file, files=files))


async def _sheet(desk: Desk, subject: str, looking: Looking, comments: int = 0, files: bool = False) -> Sheet | None:
    """The ticket as whoever looks may see it, with so many comments, and with its files."""
    office = await desk.office(looking.organisation)
    look = viewer_of(office, looking)
    ticket = subject.removeprefix("ticket:")
    file = await desk.tickets.file(look, ticket) if look else None
    if file is None or look is None or (look.vendor and not is_offered(look.vendor, file.offers)):
        return None
    spoken = tuple(await desk.tickets.comments(look, ticket, comments)) if comments else ()
    attached = seen_from(looking.place, await desk.attachments.of(look, ticket)) if files else ()
    return await sheet(desk, office, file, spoken, attached, _alone(looking))


def viewer_of(office: Office, looking: Looking) -> Viewer | None:
    if looking.person is not None:
        return viewer(office, looking.person)
    return of_place(looking.place) if looking.place is not None else None


async def fixed(desk: Desk, subject: str, looking: Looking) -> Card | None:
    found = await _sheet(desk, subject, looking)
    return telling.fixed(found) if found else None


async def asked(desk: Desk, subject: str, looking: Looking) -> Card | None:
    found = await _sheet(desk, subject, looking)
    return telling.question(found) if found else None


async def commented(desk: Desk, subject: str, looking: Looking) -> Card | None:
    found = await _comment(desk, subject, looking)
    return telling.commented(*found) if found else None


async def mentioned(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """Words that name a person: a comment, or the report itself."""
    found = await _comment(desk, subject, looking) if subject.startswith("comment:") else None
    one = found[0] if found else await _sheet(desk, subject, looking)
    if one is None:
        return None
    follows = looking.person is not None and looking.person.id in one.file.watchers
    return telling.mentioned(one, found[1] if found else None, follows)


async def in_thread(desk: Desk, subject: str, looking: Looking) -> Card | None:
    found = await _comment(desk, subject, looking)
    return telling.in_thread(*found) if found else None


async def _comment(desk: Desk, subject: str, looking: Looking) -> tuple[Sheet, Comment] | None:
    office = await desk.office(looking.organisation)
    look = viewer_of(office, looking)
    comment = await desk.tickets.comment(look, subject.removeprefix("comment:")) if look else None
    file = await desk.tickets.file(look, comment.ticket) if look and comment else None
    if comment is None or file is None:
        return None
    files = seen_from(looking.place, await desk.attachments.of(look, comment.ticket)) if look else ()
    return await sheet(desk, office, file, (comment,), files, _alone(looking)), comment


def _alone(looking: Looking) -> Person | None:
    """Who reads it, where nobody else does: in a channel a notice is addressed to one person, and read by all."""
    return looking.person if looking.place is None or looking.place.kind == "dm" else None


NEWS: dict[str, Sentence] = {
    "assigned": say("it is yours now."),
    "done": say("it is marked as fixed; its requester is asked."),
    "reopened": say("it is not fixed yet. It is open again."),
    "held": say("it is put aside for now."),
    "moved": say("it has moved to another desk."),
    "resumed": say("the day it was put aside for has come."),
    "cancelled": say("it was cancelled."),
    "rejected": say("it was declined."),
    "late": say("nobody has answered yet, and the answer is overdue."),
    "reported": say("new in your queue."),
    "left_behind": say("whoever had it has left the office, so it needs somebody now."),
    "unsaid": say("its requester has deleted the message that it was reported with. Is it still needed?"),
    "for_you": say("a colleague has made a ticket of your message. You are told what becomes of it."),
    "offered": say("a vendor was asked to help."),
    "unclaimed": say("the vendor should have answered by now, and has not. You can take it back, or call them."),
    "unreached": say("the vendor's channel takes no messages just now. You can take it back, or call them."),
    "dropped": say("the office's policy names its vendor no more, so it is back with you."),
    "given_back": say("whoever had it at the vendor has given it back. Any of its people can claim it."),
    "refused": say("the vendor does not do it."),
    "withdrawn": say("the office has taken it back. Nothing to do for you."),
    "on_behalf": say("a colleague has reported this for you. You are told what becomes of it."),
}


REASONS = ("taken", "claimed", *NEWS)


SAID = frozenset({"reopened", "refused"})
"""News that come with the latest words."""


def news(reason: str) -> View:
    """The view of one piece of news."""

    async def view(desk: Desk, subject: str, looking: Looking) -> Card | None:
        found = await _sheet(desk, subject, looking, 1 if reason in SAID else 0)
        return telling.told(found, _what(found, reason), *_why(found, reason)) if found else None

    return view


def _what(found: Sheet, reason: str) -> Sentence:
    if reason == "offered" and found.file.live_offers:
        vendor = Name(found.vendor(found.file.live_offers[-1].vendor))
        return say("{vendor} is asked to help, and reads what is said here from now on.", vendor=vendor)
    if reason not in ("taken", "claimed"):
        return NEWS[reason]
    claimed = [offer.claimed_by for offer in found.file.live_offers if offer.claimed_by] if reason == "claimed" else []
    return say("{who} is on it.", who=Name(found.name(next(iter(claimed), found.file.ticket.assignee))))


def _why(found: Sheet, reason: str) -> tuple[Block, ...]:
    """The words behind a piece of news."""
    ticket = found.file.ticket
    if reason == "held" and found.file.open_waits:
        return (Text(waiting(found)),)
    if reason in SAID:
        return tuple(Quote(comment.text) for comment in found.comments)
    return (Quote(ticket.resolution),) if reason in ("rejected", "done") and ticket.resolution else ()


async def home(desk: Desk, command: Command) -> Reply:
    """What concerns a person: what waits for them, their own tickets, and the soonest due of their queues."""
    if command.actor.vendor:
        return await vendor_looking.offered(desk, command.actor)
    office = await desk.office(command.actor.organisation)
    look = viewer(office, command.actor)

    async def some(which: Which) -> lists.Some:
        return await _some(desk, office, await desk.tickets.list(look, which, desk.now(), ROWS))

    return lists.home(await some("waiting"), await some("mine"), await some("queue") if look.queues else None)
