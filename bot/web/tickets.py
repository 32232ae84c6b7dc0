"""`GET /t/<ticket id>`: a link to a ticket that may stand anywhere. It changes nothing and tells strangers nothing.

The page leads to the ticket's card in the chat, and the chat lets in whom it lets in. It shows neither title nor person.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.addresses import PATH, is_ticket
from bot.desk import StoreDesk
from bot.reading import Reading
from bot.web.page import Page
from handlers.core import Place
from handlers.words import Argument, Sentence, say
from storage.cache import Cache
from storage.whereabouts import Whereabouts, whereabouts

ASKED_PER_SECOND, AT_ONCE = 10.0, 60
"""Of one address; behind a proxy that is everybody."""
BELIEVED = 3600.0
CARD = "ticket.channel"

Link = Callable[[Place, str], Awaitable[str]]
"""(place, message id) -> the address of that message in its chat; "" if the chat does not tell it just now."""
Pace = Callable[[str, float, int], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class ChatDoor:
    """A chat as the page speaks of it: its name, how it links to a message, and the command that people type there."""

    name: str
    link: Link
    command: str


TITLE = say("This is a ticket of your office's desk")
NOTHING_HERE = say("This link leads to nothing (any more)")
ASK = say("The ticket may be gone, or a part of the link was lost. Ask whoever gave it to you.")
BUSY = say("Too many people ask at once")
LATER = say("Please try again in a moment.")


class TicketPages:
    """`doors` by the chat they are of; `seconds`: the machine's monotonic clock, which ages what chats have told."""

    def __init__(self, desk: StoreDesk, doors: Mapping[str, ChatDoor], pace: Pace, seconds: Callable[[], float]) -> None:
        self._desk, self._doors, self._pace = desk, doors, pace
        self._links: Cache[str, str] = Cache(10_000, BELIEVED, seconds)

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (web.get(f"{PATH}{{ticket}}", self.show),)

    async def show(self, request: web.Request) -> web.Response:
        wait = await self._pace(f"web:ticket:{request.remote}", ASKED_PER_SECOND, AT_ONCE)
        if wait > 0:
            return _nothing(429, BUSY, LATER, retry=math.ceil(wait))
        ticket = request.match_info["ticket"]
        found = await self._desk.store.database.read(whereabouts, ticket) if is_ticket(ticket) else None
        return await self._found(ticket, found) if found else _nothing(404, NOTHING_HERE, ASK)

    async def _found(self, ticket: str, found: Whereabouts) -> web.Response:
        office = await self._desk.office(found.organisation)
        reading = Reading.of(office.head.language, office.head.time_zone)
        ways = await self._ways_in(ticket, found)
        told = reading.text(say("It lives in {chat}. Whoever may see it there can open it.", chat=_named([door for door, _ in ways])))
        links = tuple((address, reading.text(say("Open in {chat}", chat=door.name))) for door, address in ways if address)
        after = tuple(reading.text(_typed(door, found.number, alone=len(ways) == 1)) for door, _ in ways) or (
            reading.text(_typed(None, found.number, alone=True)),
        )
        return Page(200, reading.text(TITLE), (told,), links, after, reading.language).response()

    async def _ways_in(self, ticket: str, found: Whereabouts) -> list[tuple[ChatDoor, str]]:
        """The ticket's cards in its queue's channels: of which chats, and where. Without a card there is a chat to type in, if only one.

        Who asks is not known here, so each door is shown: the chat behind it lets in whom it lets in.
        """
        ways: dict[str, tuple[ChatDoor, str]] = {}
        for post in await self._desk.posts.of(found.organisation, f"ticket:{ticket}"):
            place = await self._desk.places.get(found.organisation, post.place)
            door = self._doors.get(place.chat) if place else None
            if place and door and post.view == CARD and post.message_id and place.queue == found.queue:
                ways.setdefault(place.chat, (door, await self._address(door, place, post.message_id)))
        if not ways and len(self._doors) == 1:
            return [(door, "") for door in self._doors.values()]
        return [ways[chat] for chat in self._doors if chat in ways]

    async def _address(self, door: ChatDoor, place: Place, message_id: str) -> str:
        key = f"{place.id}:{message_id}"
        if known := self._links.get(key):
            return known
        told = await door.link(place, message_id)
        if told:
            self._links.put(key, told, self._links.epoch)
        return told


def _named(doors: list[ChatDoor]) -> Argument:
    """The chats in one breath."""
    if not doors:
        return say("your chat")
    first, *more = (door.name for door in doors)
    return say("{first} and in {more}", first=first, more=", ".join(more)) if more else first


def _typed(door: ChatDoor | None, number: int, *, alone: bool) -> Sentence:
    """What to type instead, where."""
    command = f"{door.command if door else ''} show {number}".strip()
    if door is None or alone:
        return say("Or write there: {command}", command=command)
    return say("Or write in {chat}: {command}", chat=door.name, command=command)


def _nothing(status: int, *said: Sentence, retry: int = 60) -> web.Response:
    """A page that says why there is nothing to see. Whose ticket it would be is not known, so it is in English."""
    title, *told = (Reading().text(one) for one in said)
    return Page(status, title, tuple(told), retry=retry).response()
