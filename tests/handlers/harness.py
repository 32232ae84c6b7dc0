"""A desk with a real store and the example office, no chat, no network: people act, the outbox runs when told to, time stands still."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import offices
from bot.carrying import Carrying
from bot.console.setup import connect
from bot.desk import StoreDesk
from handlers.cards import Button, Buttons, Card, Choices, Facts, Item, List, Note, Quote, Text
from handlers.core import (
    Account,
    Command,
    Conflict,
    Event,
    FormValue,
    History,
    Message,
    Notice,
    Person,
    Place,
    Post,
    Press,
    Said,
    Submit,
    Ticket,
    Where,
)
from handlers.forms import Form, Invalid, Reply, Show
from handlers.listening.use import listen
from handlers.listening.words import command
from handlers.office.build import from_rows
from handlers.office.model import Office
from handlers.office.rows import to_rows
from handlers.outside import narrowed
from handlers.people.viewers import of_desk
from handlers.ports import File
from handlers.registry import Looking
from handlers.routes import ROUTES
from handlers.tickets.posting import audit
from handlers.understanding.categorizer import KeywordCategorizer
from handlers.understanding.reader import RuleReader
from handlers.words import Sentence
from storage.files import FileStore
from storage.ids import new_id
from storage.leasing import Leased
from storage.outbox import Outbox
from storage.rows import NOTICES, select_all
from storage.store import Store
from storage.tables import notices
from tests.example import example_document

ZONE = ZoneInfo("America/Los_Angeles")
MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=ZONE).astimezone(UTC)
SUBSCRIBERS = {event: tuple(names) for event, names in ROUTES.events.items()}


def example() -> Office:
    """The example office by itself, without a store."""
    document = example_document()
    return from_rows("acme", 1, to_rows(document))


class Clock:
    """Business time. It stands still until it is moved."""

    def __init__(self) -> None:
        self.now = MONDAY_TEN

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


async def template(path: Path) -> None:
    """A database with two organisations that have the same people: acme, and beta, which is somebody else."""
    store = await Store.open(f"sqlite:///{path}", SUBSCRIBERS, lambda: MONDAY_TEN)
    example = example_document()
    for key in ("acme", "beta"):
        document = {**example, "office": {**example["office"], "key": key, "name": f"{key.title()} Ltd"}}
        office = await offices.apply(store, await offices.plan(store, document, MONDAY_TEN), MONDAY_TEN)
        await connect(store, office, MONDAY_TEN)
    await store.close()


_offices: dict[Path, list[Office]] = {}


@asynccontextmanager
async def opened(template_path: Path, path: Path) -> AsyncIterator[Desk]:
    shutil.copyfile(template_path, path)
    clock = Clock()
    store = await Store.open(f"sqlite:///{path}", SUBSCRIBERS, clock, readers=1, migrated=True)
    categorizer = KeywordCategorizer()
    desk = StoreDesk(store, categorizer, RuleReader(categorizer), clock, Carrying(FileStore(path.with_suffix(".files"))))
    if template_path not in _offices:  # they are the same in all copies
        _offices[template_path] = [await store.offices.get(one.id) for one in await store.offices.list()]
    offices = {one.head.key: one for one in _offices[template_path]}
    try:
        yield Desk(desk, clock, offices["acme"], offices["beta"], Outbox(store.database))
    finally:
        await store.close()


@dataclass
class Shown:
    """What stands at a post now, and how often it was sent."""

    post: Post
    place: Place
    card: Card
    sent: int = 1


@dataclass(repr=False)
class Desk:
    """The whole desk of the office acme, and what it has said.

    Its contents are no part of its repr: asyncio asks for that of whatever a fixture gives, and it would be the whole office.
    """

    port: StoreDesk
    clock: Clock
    office: Office
    other: Office
    outbox: Outbox
    shown: dict[str, Shown] = field(default_factory=dict)
    keys: Iterator[int] = field(default_factory=count)
    _technicians: dict[tuple[str, str], Person] = field(default_factory=dict)

    async def who(self, name: str, office: Office | None = None) -> Colleague:
        of = office or self.office
        person = await self.port.people.by_email(of.organisation, f"{name}@acme.example")
        assert person is not None, name
        return Colleague(self, person, of.head.key)

    async def technician(self, name: str, vendor: str = "northwind") -> Colleague:
        """Somebody of a vendor; made when first asked for."""
        known = self._technicians.get((name, vendor))
        if known is None:
            known = Person(new_id(), self.office.organisation, name.title(), vendor=vendor)
            self._technicians[name, vendor] = known
            work = self.port.work(self.office.organisation)
            work.add(known)
            work.join(Account("console", vendor, name), known.id)
            await work.commit()
        return Colleague(self, known, vendor)

    async def channel_of(self, vendor: str) -> Place:
        """Where the vendor hears of tickets; made when first asked for."""
        there = await self.port.places.of_vendor(self.office.organisation, vendor)
        if not there:
            work = self.port.work(self.office.organisation)
            work.put(Place(new_id(), self.office.organisation, "console", vendor, "channel", f"{vendor}-desk", vendor=vendor))
            await work.commit()
            there = await self.port.places.of_vendor(self.office.organisation, vendor)
        return there[0]

    async def file(self, subject: str) -> File:
        found = await self.port.tickets.file(of_desk(self.office.organisation), subject.removeprefix("ticket:"))
        assert found is not None
        return found

    async def ticket(self, subject: str) -> Ticket:
        return (await self.file(subject)).ticket

    async def history(self, subject: str) -> list[History]:
        return list(await self.port.tickets.history(of_desk(self.office.organisation), subject, 1000))

    async def notices(self, name: str | None = None) -> list[Notice]:
        """All that people were told, the oldest first."""
        rows: list[Notice] = await self.port.store.database.read(
            lambda c: select_all(c, NOTICES, notices.select().order_by(notices.c.id), {})
        )
        person = (await self.who(name)).person.id if name else None
        return [row for row in rows if person in (None, row.person)]

    async def told(self, name: str) -> list[str]:
        """The reasons for which a person was addressed."""
        return [notice.reason for notice in await self.notices(name)]

    def posts(self, view: str = "", subject: str = "") -> list[Shown]:
        return [one for one in self.shown.values() if one.post.view.startswith(view) and one.post.subject.startswith(subject)]

    def card(self, view: str, subject: str = "") -> Card:
        """The newest post of a view."""
        return self.posts(view, subject)[-1].card

    # ------------------------------------------------------------ the outbox

    async def settle(self, rounds: int = 200) -> None:
        """Runs all that is due, as the pump would, until nothing is left."""
        for _ in range(rounds):
            look = await self.outbox.lease(self.clock(), self.clock(), 64, 3600)
            if not look.rows and not look.more:
                return
            for row in look.rows:
                await self._run(row)
                await self.outbox.finish([(row.seq, row.stamp)], self.clock())
        raise AssertionError("the outbox never settles")

    async def _run(self, row: Leased) -> None:
        if row.kind == "deliver":
            await self._deliver(row.organisation, str(row.payload["post"]))
            return
        handler = ROUTES.timers.get(row.name) if row.kind == "timer" else ROUTES.subscriber(row.name, row.subscriber)
        assert handler is not None, row
        port = self.port
        desk = port.for_row(row.seq, row.stamp)
        await handler(desk, Event(row.name, row.subject, row.organisation, row.payload))

    async def _deliver(self, organisation: str, post_id: str) -> None:
        post = await self.port.posts.get(organisation, post_id)
        assert post is not None
        place = await self.port.places.get(organisation, post.place)
        assert place is not None
        addressed = place.person if place.kind == "dm" else post.tag.partition(":")[2]
        person = await self.port.people.get(organisation, addressed) if addressed else None
        card = await ROUTES.views[post.view](self.port, post.subject, Looking(organisation, person, place, post.tag))
        known = self.shown.get(post.id)
        if card is None or (known is not None and known.card == card):
            return
        if known is None:
            post = replace(post, message_id=f"m{len(self.shown) + 1}")
        self.shown[post.id] = Shown(post, place, card, known.sent + 1 if known else 1)
        work = self.port.work(organisation)
        work.put(post)
        if place.kind == "dm" and not place.channel:  # the chat tells its id when it is first used
            work.put(replace(place, channel=f"dm:{place.user}"))
        await work.commit()

    async def audit(self, limit: int = 200) -> int:
        return await audit(self.port, self.office.organisation, limit)


@dataclass(frozen=True, repr=False)
class Colleague:
    """Somebody who acts. What they get back is drawn for them; a refusal is raised."""

    desk: Desk
    person: Person
    workspace: str

    def where(self, channel: str = "", thread: str | None = None) -> Where:
        """1:1 unless a channel is named."""
        return Where("console", self.workspace, channel or f"dm:{self.person.email}", thread, direct=not channel)

    def key(self) -> str:
        return f"k{next(self.desk.keys)}"

    async def types(self, text: str, key: str = "", channel: str = "") -> Card:
        """`/issue TEXT`, in a channel nobody listens to unless 1:1 is meant."""
        name, rest = command(text, ROUTES.commands)
        return as_card(await self.does(self.command(name, rest, key, channel or "lobby")))

    async def chats(self, text: str, key: str = "", channel: str = "", thread: str | None = None, mentioned: bool = False) -> Reply:
        """Plain words: 1:1 unless a channel is named."""
        where = self.where(channel, thread)
        said = Said(key=key or self.key(), actor=self.person, where=where, text=text, message_id=self.key(), mentioned=mentioned)
        return await self.does(said)

    def command(self, name: str, text: str = "", key: str = "", channel: str = "") -> Command:
        return Command(key=key or self.key(), actor=self.person, where=self.where(channel), name=name, text=text)

    async def press(self, action: str, subject: str, value: str = "", version: int = 0, key: str = "") -> Reply:
        pressed = Press(
            key=key or self.key(), actor=self.person, where=self.where(), action=action, subject=subject, version=version, value=value
        )
        return await self.does(pressed)

    async def presses(self, label: str, on: Card) -> Reply:
        """The button with this label on a card."""
        found = [button for button in buttons(on) if str(button.label) == label]
        assert found, f"no {label!r} among {[str(b.label) for b in buttons(on)]}"
        one = found[0]
        return await self.press(one.action, one.subject, one.value, one.version)

    async def submit(self, form: str, subject: str, key: str = "", channel: str = "", **values: FormValue) -> Reply:
        where = self.where(channel)
        return await self.does(Submit(key=key or self.key(), actor=self.person, where=where, form=form, subject=subject, values=values))

    async def reports(self, text: str) -> str:
        """Reports something from a channel; gives the ticket's subject."""
        return subject_of(await self.types(text))

    async def does(self, message: Message) -> Reply:
        """What the dispatcher does: tries again on a conflict, and draws the named view for the person."""
        for _ in range(3):
            try:
                return await self._drawn(await _handled(self.desk.port, message))
            except Conflict:
                continue
        raise Conflict("three times")

    async def _drawn(self, reply: Reply) -> Reply:
        if not isinstance(reply, Show):
            return reply
        looking = Looking(self.person.organisation, person=self.person, tag=str(reply.version or ""))
        return await ROUTES.views[reply.view](self.desk.port, reply.subject, looking)


OUTSIDE = narrowed(ROUTES)


async def _handled(desk: StoreDesk, message: Message) -> Reply:
    routes = OUTSIDE if message.actor.vendor else ROUTES
    match message:
        case Command():
            return await routes.commands[message.name](desk, message)
        case Press() if message.action.startswith("open:"):
            return await routes.forms[message.action.removeprefix("open:")](desk, message)
        case Press():
            return await routes.presses[message.action](desk, message)
        case Submit():
            return await routes.submits[message.form](desk, message)
        case Said():
            return await listen(desk, message, routes)
    raise AssertionError(message)


# ---------------------------------------------------------------- looking at what came back


def as_card(reply: Reply) -> Card:
    assert isinstance(reply, Card), reply
    return reply


def as_form(reply: Reply) -> Form:
    assert isinstance(reply, Form), reply
    return reply


def errors(reply: Reply) -> Mapping[str, str]:
    """The sentences of a form that was not taken."""
    assert isinstance(reply, Invalid), reply
    return {key: str(sentence) for key, sentence in reply.errors.items()}


def buttons(card: Card) -> list[Button]:
    found: list[Button] = []
    for block in card.blocks:
        match block:
            case Buttons(row, more):
                found += [*row, *more]
            case List(items):
                found += [button for item in items for button in item.buttons]
            case Choices(items):
                found += items
    return found


def labels(card: Card) -> list[str]:
    return [str(button.label) for button in buttons(card)]


def subject_of(card: Card) -> str:
    """The ticket that a card is about."""
    return next(button.subject for button in buttons(card) if button.subject.startswith("ticket:"))


def sentences(card: Card) -> Iterator[Sentence]:
    """Every sentence on a card."""
    yield card.title
    if card.state:
        yield card.state
    for block in card.blocks:
        match block:
            case Text(line) | Note(line):
                yield line
            case Quote(_, by) if by:
                yield by
            case Facts(pairs):
                yield from (sentence for pair in pairs for sentence in pair)
            case List(items):
                yield from (sentence for item in items for sentence in _of_item(item))
    yield from (button.label for button in buttons(card))


def _of_item(item: Item) -> Iterator[Sentence]:
    yield item.line
    if item.facts:
        yield item.facts


def text(card: Card) -> str:
    """All that can be read on a card, in English."""
    quotes = [block.text for block in card.blocks if isinstance(block, Quote)]
    return "\n".join([*map(str, sentences(card)), *quotes])
