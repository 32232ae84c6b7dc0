"""From an outbox row to a message in a chat: draws a post's view for its place, and sends it if what it shows has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Hashable, Mapping
from functools import partial

import orjson
import structlog

from bot.chats import Carrier, ChatClient, Gone, Payload
from bot.copies import Copies
from bot.pump import Later, Permanent
from bot.reading import Reading
from bot.together import Together
from handlers.cards import Card
from handlers.core import Person, Place, Post
from handlers.files.copy import COPY, withdrawn
from handlers.frozen import dataclass, replace
from handlers.ports import Desk
from handlers.registry import Looking, Routes
from handlers.words import Mention, say

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A card as it is sent, and the mark by which it is known that it stands there already."""

    payload: Payload
    mark: str


class Delivery:
    """Delivers posts, one at a time for each place (the outbox's lanes see to that).

    `paced` tells how many seconds an organisation's next broadcast copy has to wait; 0 takes its turn.
    """

    def __init__(
        self, desk: Desk, routes: Routes, clients: Mapping[str, ChatClient], copies: Copies, paced: Callable[[str], Awaitable[float]]
    ) -> None:
        self._desk, self._routes, self._clients, self._copies, self._paced = desk, routes, clients, copies, paced

    async def deliver(self, organisation: str, post_id: str, together: Together) -> None:
        """Raises what the chat's client raises (`Later`, `Permanent`); a place that nobody can post to any more is marked."""
        post = await self._desk.posts.get(organisation, post_id)
        place = await self._desk.places.get(organisation, post.place) if post else None
        if post is None or place is None:
            return
        if place.unreachable:
            await self._missed(post)
            return
        card, reading = await together.once(("card", *_same(post, place)), partial(self.drawn, post, place))
        if post.view == COPY and (carrier := self._copies.carrier(place.chat)):
            await self._carried(carrier, post, place, card)
            return
        card = card or withdrawn(post)
        if card is None:
            return
        client = self._clients.get(place.chat)
        if client is None:
            raise Permanent(f"{place.chat} is not connected")
        await self._shown(client, post, place, card, reading, together)

    async def _carried(self, carrier: Carrier, post: Post, place: Place, card: Card | None) -> None:
        if card is None:
            await self._copies.withdraw(carrier, post, place)
        else:
            await self._copies.bring(carrier, post, place, await self._thread(post))

    async def _shown(self, client: ChatClient, post: Post, place: Place, card: Card, reading: Reading, together: Together) -> None:
        """With the pictures that the workspace has. Does the chat refuse it with them, then without: words never wait for a picture."""
        users, files = await self._users(post, place), await self.pictures(card, post, place)

        async def made(files: Mapping[str, str]) -> Made:
            payload = client.render(card, reading, users, files, link=self._desk.link(post.subject))
            return _made(await client.personal(post, place, payload))

        async def sent(files: Mapping[str, str]) -> None:
            key = ("payload", *_same(post, place), *users.items(), *files.items())
            await self._sent(client, post, place, await together.once(key, partial(made, files)))

        try:
            await sent(files)
        except Permanent:
            if not files:
                raise
            await self._copies.refused(post, place, files)
            await sent({})

    async def pictures(self, card: Card, post: Post, place: Place) -> Mapping[str, str]:
        """What the chat needs to show the card's pictures, as `ChatClient.render` takes it."""
        return await self._copies.pictures(card, post, place)

    async def _missed(self, post: Post) -> None:
        """What stands there is not true any more: it is redrawn when the place takes messages again."""
        if post.shown_hash:
            await self._keep(replace(post, shown_hash=""))

    async def answer(self, chat: str, payload: Payload) -> None:
        """An answer that has been drawn already."""
        client = self._clients.get(chat)
        if client is None:
            raise Permanent(f"{chat} is not connected")
        await client.reply(payload)

    async def drawn(self, post: Post, place: Place) -> tuple[Card | None, Reading]:
        """The card for whoever reads the place: a person 1:1, else everybody in the office's language and zone."""
        person = await self._addressed(post, place)
        looking = Looking(post.organisation, person, _as_read(place), post.tag)
        card = await self._routes.views[post.view](self._desk, post.subject, looking)
        if person is not None and place.kind == "dm":
            return card, Reading.of(person.language, person.zone)
        office = await self._desk.office(post.organisation)
        reading = Reading.of(office.head.language, office.head.time_zone)
        return mentioning(card, person) if card and person else card, reading

    async def _addressed(self, post: Post, place: Place) -> Person | None:
        """Whom the post speaks to: the person of a direct conversation, or the one a notice in a thread mentions (named in its tag)."""
        _, _, mentioned = post.tag.partition(":")
        person = place.person if place.kind == "dm" else mentioned
        return await self._desk.people.get(post.organisation, person) if person else None

    async def _users(self, post: Post, place: Place) -> Mapping[str, str]:
        """The chat's id of the person whom a notice in a thread mentions."""
        _, _, person = post.tag.partition(":")
        accounts = await self._desk.people.accounts(post.organisation, person) if person and place.kind != "dm" else ()
        here = [one.user for one in accounts if (one.chat, one.workspace) == (place.chat, place.workspace)]
        return {person: here[0]} if here else {}

    async def _sent(self, client: ChatClient, post: Post, place: Place, made: Made) -> None:
        if made.mark == post.shown_hash:
            return
        if post.broadcast and (wait := await self._paced(post.organisation)):
            raise Later(wait, "broadcast")
        if post.message_id:
            try:
                await client.update(place, post.message_id, made.payload)
            except Gone:
                post = replace(post, message_id="")
            else:
                await self._keep(replace(post, shown_hash=made.mark))
                return
        await self._posted(client, post, place, made)

    async def _posted(self, client: ChatClient, post: Post, place: Place, made: Made) -> None:
        sent = await client.post(place, made.payload, await self._thread(post))
        # From here until the commit is the one window in which a crash makes the message appear twice.
        kept = replace(place, channel=sent.channel) if sent.channel != place.channel else None
        await self._keep(replace(post, message_id=sent.message_id, shown_hash=made.mark), *((kept,) if kept else ()))

    async def _thread(self, post: Post) -> str:
        """The message under which it goes. The post above is in the same lane, so by now it stands there, or never will."""
        if not post.thread:
            return ""
        parent = await self._desk.posts.get(post.organisation, post.thread)
        if parent is None or not parent.message_id:
            raise Permanent("the message above it could not be posted")
        return parent.message_id

    async def _keep(self, *rows: Post | Place) -> None:
        work = self._desk.work(rows[0].organisation)
        work.put(*rows)
        await work.commit()


def _as_read(place: Place) -> Place:
    """What is known of a place to those who draw for it: of one that many read not which it is, so that what is the same is drawn once.
    A vendor's has a policy of its own.
    """
    return place if place.kind == "dm" or place.vendor else replace(place, id="", channel="")


def _same(post: Post, place: Place) -> tuple[Hashable, ...]:
    """What decides how a post looks."""
    return post.organisation, post.subject, post.view, post.tag, _as_read(place)


def _made(payload: Payload) -> Made:
    mark = hashlib.blake2b(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
    return Made(payload, mark)


def mentioning(card: Card, person: Person) -> Card:
    """The same card, addressed to a person: this is the one place where a card pings."""
    return replace(card, title=say("{who}: {title}", who=Mention(person.id, person.name), title=card.title))
