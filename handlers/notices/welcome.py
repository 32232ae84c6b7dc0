"""The first words to whoever opened an office by adding the desk to their chat: what it is now, and what to do next."""

from __future__ import annotations

from handlers.cards import Card, Note, Text
from handlers.ports import Desk
from handlers.registry import Looking
from handlers.words import say


async def welcome(desk: Desk, organisation: str, person: str) -> None:
    """Tells them 1:1, once."""
    work = desk.work(organisation)
    work.notify(person, f"office:{organisation}", "welcome", 0)
    await work.commit()


async def card(desk: Desk, subject: str, looking: Looking) -> Card:
    office = await desk.office(looking.organisation)
    return Card(
        say("The desk of {office} is open.", office=office.head.name),
        (
            Text(say("Try it: tell me here in a few words what is wrong or what you need, and I open a ticket.")),
            Text(say("For now every ticket comes to you, at the front desk. Your colleagues can report from today.")),
            Text(say("Next: who works on what, in which channel, and until when is answered. That stands in the office's file.")),
            Note(
                say(
                    "Your office's key is {key}. Whoever runs Deskbell for you applies the file; the documentation has an example.",
                    key=office.head.key,
                )
            ),
        ),
    )
