"""What whoever looks after the desk is told about the desk itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.cards import Card, Note, Sample, Text
from handlers.notices.places import Closed, Readers
from handlers.words import Sentence, say

WHY: Mapping[str, tuple[Sentence, Sentence]] = {
    "archived": (say("The channel is archived."), say("Open it again, or name another channel in the office's policy.")),
    "deleted": (say("The channel was deleted."), say("Please name another channel in the office's policy.")),
    "removed": (say("I am not installed in that workspace any more, or may not speak there."), say("Please add me to it again.")),
}
"""Why a place takes no messages, and what to do."""
REFUSED = (
    say("The chat refuses it, or has refused it for a day. Usually I am not a member of the channel."),
    say("Invite me, or name another channel in the office's policy."),
)
READERS: Mapping[Readers, tuple[Callable[[Sentence], Sentence], Sentence]] = {
    "shared": (
        lambda channel: say("The channel of {channel} is shared with another organisation now.", channel=channel),
        say("Its people can read the cards there. They cannot do anything with them."),
    ),
    "private": (
        lambda channel: say("The channel of {channel} is private now.", channel=channel),
        say("Only those who are invited can read the cards there, and I go on posting. Please see that all who work on them are in it."),
    ),
    "public": (
        lambda channel: say("The channel of {channel} is public now.", channel=channel),
        say("Every colleague can read the cards there, those of private tickets too."),
    ),
}
"""Who reads a queue's channel now, and what that means."""


def undelivered(place: str, chat: str, why: Closed | str | None) -> Card:
    """A place that takes no messages: which one, and what to do. `place`: the name of its queue, or of the channel."""
    reason, remedy = WHY.get(why or "", REFUSED)
    check = say("Nothing is lost: what could not be posted follows then. “deskbell doctor” checks all channels.")
    return Card(say("I cannot post to {place} ({chat}).", place=place, chat=chat), (Text(reason), Text(remedy), Note(check)))


def read_by(place: str, chat: str, readers: Readers) -> Card:
    """Others than before read a queue's channel."""
    title, means = READERS[readers]
    otherwise = say("If that is not what you want, name another channel in the office's policy, or change this one back.")
    return Card(title(say("{place} ({chat})", place=place, chat=chat)), (Text(means), Note(otherwise)))


def welcome(office: str, key: str) -> Card:
    """The first words to whoever opened an office by adding the desk to their chat. Its name and its key."""
    return Card(
        say("The desk of {office} is open.", office=office),
        (
            Text(say("Try it: tell me here in a few words what is wrong or what you need, and I open a ticket.")),
            Text(say("For now every ticket comes to you, at the front desk. Your colleagues can report from today.")),
            Text(say("Next: write down who works on what, in which channel, and how soon they answer. That is the office's file.")),
            Note(
                say(
                    "Your office's key is {key}. Whoever runs Deskbell for you applies the file; its documentation has an example.", key=key
                )
            ),
        ),
    )


def samples() -> tuple[Sample, ...]:
    """Each of these cards with example data."""
    closed = {f"undelivered, {why or 'refused'}": undelivered("Building desk", "Slack", why) for why in (*WHY, "")}
    read = {f"channel now {readers}": read_by("Building desk", "Slack", readers) for readers in READERS}
    named = {**closed, **read, "welcome": welcome("Acme Ltd", "slack-t012ab3cd")}
    return tuple(Sample(name, card) for name, card in named.items())
