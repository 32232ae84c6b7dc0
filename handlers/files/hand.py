"""Handing a file to who asks for it by a press: a link of their own, in an answer that nobody else sees.

A link that stands where many read would open for whoever it is passed on to; so there is none there, but a button.
"""

from __future__ import annotations

from handlers.cards import Card
from handlers.core import Press, Refused
from handlers.files.cards import handed
from handlers.forms import Reply, Show
from handlers.people.viewers import viewer
from handlers.ports import Desk
from handlers.registry import Looking
from handlers.words import say

HANDED = "file.handed"


async def get(desk: Desk, press: Press) -> Reply:
    """Refuses, as if it did not exist, what the actor may not see."""
    if await handed_to(desk, press.subject, Looking(press.actor.organisation, person=press.actor)) is None:
        raise Refused(say("I cannot find that file. It may have been deleted, or it may not be for you."))
    return Show(HANDED, press.subject)


async def handed_to(desk: Desk, subject: str, looking: Looking) -> Card | None:
    """The view of one person: with a link of theirs, made anew each time it is drawn."""
    kind, _, key = subject.partition(":")
    if looking.person is None or kind != "file":
        return None
    look = viewer(await desk.office(looking.organisation), looking.person)
    file = await desk.attachments.get(look, key)
    if file is None or file.state != "kept":
        return None
    return handed(file, desk.link_to(file, looking.person))
