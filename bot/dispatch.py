"""Everything a person does goes through here: known before? who is it? then the handler; and every outcome becomes an answer.

A refusal is a private kind sentence, a conflict is tried again, anything else is an apology with a reference that finds the log line.
"""

from __future__ import annotations

import secrets
import time
import traceback
from typing import Protocol

import structlog

from bot import metrics
from bot.chats import Answer, Arrival
from bot.reading import Reading
from handlers.cards import Card, Note, Quote
from handlers.core import Account, Command, Conflict, Message, Person, Pointed, Press, Refused, Said, Submit, Where
from handlers.forms import Reply, Show
from handlers.frozen import replace
from handlers.listening.use import listen
from handlers.outside import narrowed
from handlers.ports import Desk
from handlers.registry import Looking, Routes
from handlers.words import Sentence, say

log = structlog.get_logger(__name__)
TRIES = 3
OPEN = "open:"


class Doorkeeper(Protocol):
    """Says who an account is; raises `Refused` for those who may not act here."""

    async def person(self, arrival: Arrival) -> Person: ...
    async def author(self, account: Account, where: Where, beside: Person) -> Person | None: ...


class Dispatch:
    """One per process: `hear` may be called from every chat at once, and never raises."""

    def __init__(self, desk: Desk, routes: Routes, doorkeeper: Doorkeeper) -> None:
        self._desk, self._routes, self._doorkeeper = desk, routes, doorkeeper
        self._outside = narrowed(routes)

    async def hear(self, arrival: Arrival) -> Answer:
        """What the person who acted sees. Whatever they did is durable when this returns."""
        started = time.perf_counter()
        reading, what = Reading(), "unknown"
        try:
            person = await self._doorkeeper.person(arrival)
            reading = Reading.of(person.language, person.zone)
            message = await self._built(arrival, person)
            what = type(message).__name__.lower()
            return await self._answer(message, reading)
        except Refused as refused:
            return Answer(_with_words(refused.sentence, arrival), reading, refused=True)
        except Exception as error:  # noqa: BLE001 - the one place where a fault becomes an apology
            return Answer(_with_words(_apology(error, what), arrival), reading, refused=True)
        finally:
            metrics.heard(arrival.where.chat, what, time.perf_counter() - started)

    async def _built(self, arrival: Arrival, actor: Person) -> Message:
        message = arrival.build(key=arrival.key, actor=actor, where=arrival.where)
        if arrival.author is None or not isinstance(message, Pointed):
            return message
        return replace(message, author=await self._doorkeeper.author(arrival.author, arrival.where, actor))

    async def _answer(self, message: Message, reading: Reading) -> Answer:
        reply = await self._tried(message)
        if not isinstance(reply, Show):
            return Answer(reply, reading)
        looking = Looking(message.actor.organisation, person=message.actor, tag=str(reply.version or ""))
        card = await self._routes.views[reply.view](self._desk, reply.subject, looking)
        return Answer(card, reading, quiet=reply.quiet)

    async def _tried(self, message: Message) -> Reply:
        for _ in range(TRIES):
            try:
                return await self._handled(message)
            except Conflict:
                metrics.conflict()
        raise Refused(say("Several people changed this in the same moment. Please look again, and repeat it if it is still needed."))

    async def _handled(self, message: Message) -> Reply:
        """Hands the message to its feature. A name that no feature has (any more) is a button or form of an older version."""
        routes = self._outside if message.actor.vendor else self._routes
        match message:
            case Command() if handler := routes.commands.get(message.name):
                return await handler(self._desk, message)
            case Press() if message.action.startswith(OPEN) and (opener := routes.forms.get(message.action.removeprefix(OPEN))):
                return await opener(self._desk, message)
            case Press() if presser := routes.presses.get(message.action):
                return await presser(self._desk, message)
            case Submit() if taker := routes.submits.get(message.form):
                return await taker(self._desk, message)
            case Said():
                return await listen(self._desk, message, routes)
        if found := routes.messages.get(type(message)):
            return await found(self._desk, message)
        raise Refused(say("That is from an older version of me and does nothing any more. Please open the ticket again with show."))


def _with_words(sentence: Sentence, arrival: Arrival) -> Card:
    """With what the person wrote: the chat has taken it off their screen, and only they may have it."""
    return Card(sentence, (Note(say("What you wrote:")), Quote(arrival.words)) if arrival.words else ())


def _apology(error: Exception, what: str) -> Sentence:
    """Logged without words of people: kind, place and reference only."""
    reference = secrets.token_hex(3).upper()
    frames = traceback.extract_tb(error.__traceback__)
    at = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-3:]]
    log.error("handler failed", reference=reference, what=what, error=type(error).__name__, at=at)
    metrics.apology()
    return say(
        "Something went wrong on my side (ref {reference}). Please try again; if it stays, tell an administrator.", reference=reference
    )
