"""Reporting: words become a ticket with a category, a queue, a priority and a promise, in one unit of work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from handlers.core import (
    Affected,
    Command,
    Dialog,
    Event,
    Impact,
    Link,
    Message,
    Person,
    Pointed,
    Press,
    Refused,
    Remote,
    Submit,
    Ticket,
    Wait,
    says_nothing,
)
from handlers.files.keep import attach
from handlers.files.model import in_words
from handlers.forms import Form, Invalid, Reply, Show
from handlers.frozen import dataclass, replace
from handlers.office.model import Office
from handlers.people.viewers import of_desk
from handlers.ports import SURE, Desk, File, Guess, Watch, Work
from handlers.routing.model import Assign, Step, missing_fields, next_step
from handlers.tickets import cards, fill, posting
from handlers.tickets.case import opened, where
from handlers.tickets.mentions import REASON, addressed, follow
from handlers.tickets.model import FIELDS, priority, promise, title_of
from handlers.tickets.sheet import sheet
from handlers.words import say

UNSORTED = "unsorted"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a report before it is a ticket. `category` None: find it from the words."""

    text: str
    private: bool = False
    category: str | None = None
    spot: str = ""
    slowed: int = 0
    impact: Impact = Impact.one
    fields: Mapping[str, str] = field(default_factory=dict)
    recurs: str | None = None
    requester: Person | None = None
    """Who has the problem, where somebody else reports it."""
    link: str = ""
    """Leads to the message that it was made of."""
    told: str = "for_you"
    """The reason for which its requester is told, where somebody else reports it."""


async def report(desk: Desk, command: Command) -> Reply:
    """`/issue light flickering`; without words the form. `/issue for @bob: laptop broken` is Bob's problem. A ticket's link shows it."""
    if says_nothing(command.text) and not command.files:
        return await fill.report(desk, command.actor)
    if subject := desk.linked(command.text.strip().removeprefix("show ")):
        return Show("ticket.detail", (await opened(desk, command, subject, "ticket.show")).ticket.subject)
    return await created(desk, command, on_behalf(command) or Draft(in_words(command.text, command.files)))


_FOR = re.compile(r"\s*for\s+@", re.IGNORECASE)


def on_behalf(command: Command) -> Draft | None:
    """A report for a colleague who is named first, with a colon, a comma or a dash behind the name."""
    said = _FOR.match(command.text)
    rest = command.text[said.end() :] if said else ""
    for one in command.named:
        after = rest[len(one.name) :].lstrip()
        if rest.casefold().startswith(one.name.casefold()) and after[:1] in {":", ",", "-", "–", "—"} and not says_nothing(after[1:]):
            return Draft(after[1:].strip(), requester=one, told="on_behalf")
    return None


async def pointed(desk: Desk, message: Pointed) -> Reply:
    """A ticket made of somebody's message: its author has the problem, and who pointed at it follows."""
    if known := await _known(desk, message):
        return Show("ticket.detail", known)
    if says_nothing(message.text) and not message.files:
        raise Refused(say("That message has no words that I could make a ticket of. Please say in your own words what is wrong."))
    draft = Draft(in_words(message.text, message.files), requester=message.author, link=message.link)
    return await created(desk, message, draft)


async def _known(desk: Desk, message: Pointed) -> str:
    """The ticket that the message is about already: made of it, talked about in it, or shown by it; "" if there is none."""
    look, where = of_desk(message.actor.organisation), message.where
    subject = await desk.tickets.standing_at(look, where.chat, message.stands)
    if subject is None:
        place = await desk.places.at(message.actor.organisation, where)
        post = await desk.posts.at(message.actor.organisation, place.id, message.message_id) if place else None
        subject = post.subject if post else ""
    kind, _, key = subject.partition(":")
    comment = await desk.tickets.comment(look, key) if kind == "comment" else None
    return f"ticket:{comment.ticket}" if comment else subject if kind == "ticket" else ""


async def private(desk: Desk, command: Command) -> Reply:
    """`/issue private ...`: only those who work on it see it."""
    if says_nothing(command.text) and not command.files:
        return await fill.report(desk, command.actor, private=True)
    return await created(desk, command, Draft(in_words(command.text, command.files), private=True))


async def open_report(desk: Desk, press: Press) -> Form:
    return await fill.report(desk, press.actor)


async def submitted(desk: Desk, submit: Submit) -> Reply:
    """The report form."""
    errors = fill.wrong_slow(submit.text("slowed"))
    if says_nothing(submit.text("text")):
        errors["text"] = say("Please say in a few words what is wrong or what you need.")
    if submit.text("impact") not in ("", *Impact):
        errors["impact"] = say("Please choose one.")
    if errors:
        return Invalid(errors)
    draft = Draft(
        submit.text("text"),
        private="private" in submit.values.get("private", ()),
        category=submit.text("category") or None,
        spot=submit.text("spot")[:200],
        slowed=fill.percent(submit.text("slowed")),
        impact=Impact(submit.text("impact") or "one"),
    )
    return await created(desk, submit, draft)


async def created(desk: Desk, message: Message, draft: Draft) -> Reply:
    """Makes the ticket and answers with its card. Heard before: the first one's answer."""
    office = await desk.office(message.actor.organisation)
    requester = draft.requester or message.actor
    guesses = [] if draft.category else list(desk.categorizer.guess(office, draft.text))
    ticket = _ticket(desk, office, requester, draft, guesses)
    waits = waiting_for_fields(desk, office, ticket)
    step = next_step(ticket, waits, (), office)
    ticket = promised(office, await _assigned(desk, ticket, step), waits, requester)
    file = File(ticket, waits=waits, affected=(_affected(desk, ticket),))
    work = desk.work(message.actor.organisation, message.key)
    await _state(work, desk, message, draft, file, step)
    files = attach(desk, work, message, ticket.id)
    own = requester.id == message.actor.id
    show = Show("ticket.answer" if own else "ticket.detail", ticket.subject)
    if not await work.commit(show):
        return work.earlier
    if not own:
        return show
    file = replace(file, ticket=replace(ticket, number=work.number(ticket.id)))
    return cards.answer(await sheet(desk, office, file, files=files), [guess.category for guess in guesses])


def _ticket(desk: Desk, office: Office, requester: Person, draft: Draft, guesses: list[Guess]) -> Ticket:
    now = desk.now()
    sure = draft.category is not None or bool(guesses and guesses[0].sure >= SURE)
    category = office.category(draft.category or (guesses[0].category if sure else UNSORTED))
    colleague = office.person(requester.email) if requester.email else None
    return Ticket(
        id=desk.new_id(),
        organisation=requester.organisation,
        title=title_of(draft.text),
        body=draft.text,
        category=category.key,
        sure=sure,
        queue=category.queue,
        requester=requester.id,
        created_at=now,
        updated_at=now,
        kind=desk.categorizer.kind(draft.text, category.key),
        impact=draft.impact,
        slowed=draft.slowed,
        priority=priority(draft.impact, draft.slowed, category.key),
        visibility="queue" if draft.private or (not sure and _delicate(office, guesses)) else category.visibility,
        site=colleague.site if colleague else None,
        spot=draft.spot,
        fields=draft.fields,
    )


def _delicate(office: Office, guesses: list[Guess]) -> bool:
    """Whether words that nobody has sorted yet may be about something that only few should see: in doubt they are private."""
    return bool(guesses) and office.visibility(guesses[0].category) == "queue"


def _affected(desk: Desk, ticket: Ticket) -> Affected:
    return Affected(desk.new_id(), ticket.organisation, ticket.id, ticket.requester, ticket.slowed, ticket.created_at)


def waiting_for_fields(desk: Desk, office: Office, ticket: Ticket) -> tuple[Wait, ...]:
    """A ticket that lacks required answers waits for its requester, and its clocks stand still."""
    if not missing_fields(ticket, office):
        return ()
    now = desk.now()
    return (Wait(desk.new_id(), ticket.organisation, ticket.id, "requester", now, on=ticket.requester, note=FIELDS),)


async def _assigned(desk: Desk, ticket: Ticket, step: Step) -> Ticket:
    if not isinstance(step, Assign):
        return ticket
    agent = await desk.people.by_email(ticket.organisation, step.email)
    return replace(ticket, assignee=agent.id) if agent else ticket


def promised(office: Office, ticket: Ticket, waits: tuple[Wait, ...], requester: Person) -> Ticket:
    """The ticket with its promises counted anew: after a change of category, priority or waits."""
    colleague = office.person(requester.email) if requester.email else None
    due = promise(ticket, waits, office, colleague.department if colleague else None)
    return replace(ticket, respond_due=due.respond, resolve_due=due.resolve)


async def _state(work: Work, desk: Desk, message: Message, draft: Draft, file: File, step: Step) -> None:
    ticket = file.ticket
    work.add(ticket, *file.affected, *file.waits)
    data = {"category": ticket.category, "priority": ticket.priority, "queue": ticket.queue, "step": type(step).__name__}
    work.tell(Event("ticket.reported", ticket.subject, ticket.organisation, data), message.actor.id, where(message))
    if message.stands:
        work.add(Remote(desk.new_id(), ticket.organisation, ticket.subject, message.where.chat, message.stands, draft.link))
    if ticket.requester != message.actor.id:
        work.add(Watch(desk.new_id(), ticket.organisation, ticket.id, message.actor.id))
        work.notify(ticket.requester, ticket.subject, draft.told, ticket.version)
    if message.named:
        await _tell_named(work, desk, message, file)
    if draft.recurs:
        work.add(Link(desk.new_id(), ticket.organisation, ticket.id, draft.recurs, "recurrence"))
    await posting.place(desk, work, ticket)
    if ticket.assignee and ticket.assignee != message.actor.id:
        work.notify(ticket.assignee, ticket.subject, "assigned", ticket.version)
    if file.waits and message.where.direct and ticket.requester == message.actor.id:
        await _ask_in_words(work, desk, message, file)


async def _tell_named(work: Work, desk: Desk, message: Message, file: File) -> None:
    """Colleagues whom the report names, but for the one who has the problem."""
    ticket = file.ticket
    office = await desk.office(ticket.organisation)
    named = [one for one in addressed(office, file, message.named, message.actor.id) if one.id != ticket.requester]
    for one in named:
        work.notify(one.id, ticket.subject, REASON, ticket.version)
    follow(desk, work, file, named, message.actor.id, where(message))


async def _ask_in_words(work: Work, desk: Desk, message: Message, file: File) -> None:
    """In a direct conversation the missing answers are asked one by one."""
    office = await desk.office(file.ticket.organisation)
    place = await desk.places.at(file.ticket.organisation, message.where)
    asking = await desk.dialogs.asking(file.ticket.organisation, message.actor.id)
    step = missing_fields(file.ticket, office)[0]
    asked: datetime | None = None if asking else desk.now()
    dialog = Dialog(
        desk.new_id(),
        file.ticket.organisation,
        message.actor.id,
        "fields",
        file.ticket.subject,
        step,
        place.id if place else "",
        desk.now(),
        asked_at=asked,
    )
    work.add(dialog)
