"""What administrators are told about the desk itself."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.cards import Card, Note, Text
from handlers.core import Place
from handlers.ports import Desk
from handlers.registry import Looking
from handlers.words import Sentence, say

WHY: Mapping[str, Sentence] = {
    "archived": say("The channel is archived."),
    "deleted": say("The channel was deleted."),
    "removed": say("I am not installed in that workspace any more, or may not speak there. Please add me to it again."),
}


async def undelivered(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """A place that takes no messages: which one, and what to do."""
    place = await desk.places.get(looking.organisation, subject.removeprefix("place:"))
    if place is None:
        return None
    return Card(
        say("I cannot post to {place} ({chat}).", place=await _name(desk, place), chat=place.chat),
        (
            Text(WHY.get(place.unreachable or "", say("The chat refuses it, or has refused it for a day."))),
            Text(say("Usually I am not a member of the channel, or it was archived.")),
            Text(say("Invite me, or name another channel in the office's policy.")),
            Note(say("“deskbell doctor” checks all channels and says what to do.")),
        ),
    )


async def shared(desk: Desk, subject: str, looking: Looking) -> Card | None:
    title = say("The channel of {place} is shared with another organisation now.", place=await _named(desk, subject, looking))
    return _read_by(title, say("Its people can read the cards there. They cannot do anything with them."))


async def private(desk: Desk, subject: str, looking: Looking) -> Card | None:
    title = say("The channel of {place} is private now.", place=await _named(desk, subject, looking))
    return _read_by(title, say("Only those who are invited can read the cards there. Please see that all who work on them are in it."))


async def public(desk: Desk, subject: str, looking: Looking) -> Card | None:
    title = say("The channel of {place} is public now.", place=await _named(desk, subject, looking))
    return _read_by(title, say("Every colleague can read the cards there, those of private tickets too."))


def _read_by(title: Sentence, means: Sentence) -> Card:
    """Others than before read a queue's channel."""
    otherwise = say("If that is not what you want, name another channel in the office's policy, or change this one back.")
    return Card(title, (Text(means), Note(otherwise)))


async def _named(desk: Desk, subject: str, looking: Looking) -> Sentence:
    """A place by the name of its queue, and the chat that it is in."""
    place = await desk.places.get(looking.organisation, subject.removeprefix("place:"))
    if place is None:
        return say("a queue")
    return say("{place} ({chat})", place=await _name(desk, place), chat=place.chat)


async def _name(desk: Desk, place: Place) -> str:
    office = await desk.office(place.organisation)
    return office.queue(place.queue).name if place.queue else place.channel
