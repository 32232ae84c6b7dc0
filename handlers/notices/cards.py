"""What administrators are told about the desk itself."""

from __future__ import annotations

from handlers.cards import Card, Note, Text
from handlers.ports import Desk
from handlers.registry import Looking
from handlers.words import say, words


async def undelivered(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """A place that takes no messages: which one, and what to do."""
    place = await desk.places.get(looking.organisation, subject.removeprefix("place:"))
    if place is None:
        return None
    office = await desk.office(looking.organisation)
    name = office.queue(place.queue).name if place.queue else place.channel
    return Card(
        say("I cannot post to {place} ({chat}).", place=name, chat=place.chat),
        (
            Text(words(place.unreachable)) if place.unreachable else Text(say("The chat refuses it, or has refused it for a day.")),
            Text(say("Usually I am not a member of the channel, or it was archived.")),
            Text(say("Invite me, or name another channel in the office's policy.")),
            Note(say("“deskbell doctor” checks all channels and says what to do.")),
        ),
    )


async def shared(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """People of another organisation read a queue's channel."""
    place = await desk.places.get(looking.organisation, subject.removeprefix("place:"))
    if place is None:
        return None
    office = await desk.office(looking.organisation)
    name = office.queue(place.queue).name if place.queue else place.channel
    return Card(
        say("The channel of {place} ({chat}) is shared with another organisation now.", place=name, chat=place.chat),
        (
            Text(say("Its people can read the cards there. They cannot do anything with them.")),
            Note(say("If that is not what you want, name another channel in the office's policy, or make this one yours alone again.")),
        ),
    )
