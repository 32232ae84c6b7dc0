"""`who printers`: asked and answered. Whoever asks works in the office; nothing here is about a ticket."""

from __future__ import annotations

from handlers.core import Command, Press, Refused
from handlers.forms import Reply
from handlers.ports import Desk
from handlers.registry import Routes
from handlers.responsibility import cards
from handlers.responsibility.model import Duties, Supplier, Topic, Unclear, topic
from handlers.words import say


async def who(desk: Desk, command: Command) -> Reply:
    """`who WORDS`; without words the whole matrix."""
    office = await desk.office(command.actor.organisation)
    if not command.text.strip():
        return cards.matrix(office)
    match topic(office, command.text, command.named, desk.categorizer.guess(office, command.text)):
        case Topic(subject):
            return cards.subject(office, subject)
        case Duties(email):
            return cards.person(office, email)
        case Supplier(vendor):
            return cards.vendor(office, vendor)
        case Unclear(likely):
            return cards.unclear(office, command.text, likely)


async def more(desk: Desk, press: Press) -> Reply:
    """One row of a list, in full."""
    office = await desk.office(press.actor.organisation)
    if press.value not in office.categories and press.value not in office.responsibility:
        raise Refused(say("That category is gone. Please ask again with who."))
    return cards.subject(office, press.value)


ROUTES = Routes(commands={"who": who}, presses={"who.subject": more})
