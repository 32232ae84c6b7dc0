"""How an answer reaches the person who acted: in the answer to the invoke, as a message of its own, or on their screen alone."""

from __future__ import annotations

import structlog

from bot.answering import Count, shown
from bot.chats import Answer, Arrival, Payload, shortened
from bot.chores import fault
from bot.delivery import Delivery
from bot.desk import StoreDesk
from bot.pressed import Pressed
from bot.pump import Later, Permanent
from bot.reading import Reading
from bot.teams import render as drawing
from bot.teams.send import TeamsClient
from handlers.cards import Card, Note
from handlers.core import Account, Place, Post, Where
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.words import Sentence, say
from storage.ids import new_id

log = structlog.get_logger(__name__)

STAYS = Card(
    say("I cannot take files out of a channel."),
    (Note(say("The others get a link to where it is, which opens for those who may see it there. Sent to me 1:1, I bring a file along.")),),
)


class Answers:
    """`delivery` draws posts; `count` takes (what, why)."""

    def __init__(self, desk: StoreDesk, client: TeamsClient, delivery: Delivery, count: Count) -> None:
        self._desk, self._client, self._delivery, self._count = desk, client, delivery, count

    async def keep(self, arrival: Arrival, answer: Answer) -> None:
        """The answer to words, into the outbox, once: 1:1 as a message, among others for who spoke alone. A quiet one under a card of
        ours is not said: the card is redrawn. What the database does not take is said at once: Teams shows people nothing of a fault.
        """
        card = shown(answer)
        if card is None or (answer.quiet and not arrival.where.direct):
            return
        payload = addressed(arrival.where, arrival.account, drawing.render(card, answer.reading))
        try:
            await self._kept(f"{arrival.key}:answer", payload)
        except Exception as error:  # noqa: BLE001 - where it cannot be said either, Teams gets the fault and comes again
            log.error("teams answer not kept", **fault(error))
            await self._client.reply(payload)

    async def welcome(self, where: Where, answer: Answer) -> None:
        """What we do and how to start, into a conversation that we have come into: once, whoever says it how often."""
        card = shown(answer)
        if card is not None:
            key = f"teams:welcome:{where.workspace}:{where.channel}"
            await self._kept(key, addressed(where, None, drawing.render(card, answer.reading)))

    async def stays(self, where: Where, reading: Reading) -> None:
        """Once in each thread: files that are sent there cannot be taken along, and what to do instead."""
        key = f"teams:stays:{where.workspace}:{where.channel}:{where.thread}"
        await self._kept(key, addressed(where, None, drawing.render(STAYS, reading)))

    async def whisper(self, account: Account, where: Where, answer: Answer) -> None:
        """To who acted alone, beside what they pressed: at once, or out of the outbox where Teams takes nothing just now."""
        card = shown(answer)
        if card is None:
            return
        payload = addressed(where, account, drawing.render(card, answer.reading))
        try:
            await self._client.reply(payload)
        except Later:
            await self._kept(f"teams:whisper:{new_id()}", payload)
        except Permanent as why:
            self._count("answer lost", "whisper")
            log.warning("teams answer lost", reason=str(why))

    async def _kept(self, key: str, payload: Payload) -> None:
        organisation = await self._desk.people.organisation_of("teams", payload["workspace"])
        if organisation is not None:
            work = self._desk.store.work(organisation, shortened(key))
            work.answer("teams", f"answer:{payload['workspace']}:{payload['channel']}", {**payload})
            await work.commit()

    # ------------------------------------------------------------ posts

    async def post_at(self, where: Where, message_id: str) -> tuple[Post, Place] | None:
        """The post of ours that a message is."""
        organisation = await self._desk.people.organisation_of(where.chat, where.workspace)
        place = await self._desk.places.at(organisation, where) if organisation and message_id else None
        post = await self._desk.posts.at(place.organisation, place.id, message_id) if place else None
        return (post, place) if post and place else None

    async def is_outdated(self, pressed: Pressed, organisation: str) -> bool:
        """Whether the ticket has changed since the pressed card was drawn: all see another card in a moment."""
        file = await self._desk.tickets.file(of_desk(organisation), pressed.subject.removeprefix("ticket:"))
        return file is not None and file.ticket.version != pressed.version

    async def as_it_stands(self, post: Post, place: Place, why: Sentence | None = None) -> dict[str, object] | None:
        """A post as it is drawn now, with `why` something was not done on top; None if it shows nothing any more."""
        card, reading = await self._delivery.drawn(post, place)
        if card is None:
            return None
        told = replace(card, blocks=(Note(why), *card.blocks)) if why is not None else card
        pictures = await self._delivery.pictures(card, post, place)
        link = self._desk.link(post.subject)
        drawn: dict[str, object] = drawing.render(told, reading, files=pictures, link=link, posted=True)["card"]
        return drawn


def addressed(where: Where, account: Account | None, drawn: Payload) -> Payload:
    """What `TeamsClient.reply` takes. 1:1 there is nobody else, so that nobody has to be named; without an account it is for all."""
    user = account.user if account is not None and not where.direct else ""
    thread = where.thread if where.thread and not where.direct else ""
    return {"workspace": where.workspace, "channel": where.channel, "thread": thread, "user": user, **drawn}
