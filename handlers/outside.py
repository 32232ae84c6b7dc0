"""People of a vendor at the desk: they deal with what was offered to them, and whatever else they send is answered with how that goes."""

from __future__ import annotations

from typing import Any, NoReturn

from handlers.core import Deleted, Edited, Linked, Message, Refused
from handlers.forms import Reply
from handlers.frozen import replace
from handlers.listening.use import ASIDE
from handlers.ports import Desk
from handlers.registry import Routes
from handlers.words import say

COMMANDS = frozenset({"help", "home", "list", "show"})
PRESSES = frozenset({"ticket.show", "ticket.claim", "ticket.unclaim"})
FORMS = frozenset({"ticket.comment", "ticket.ask", "ticket.resolve", "ticket.refuse"})
MESSAGES: frozenset[type[Message]] = frozenset({Edited, Deleted})


def narrowed(routes: Routes) -> Routes:
    """The same names, of which these alone do something for people of a vendor."""
    return replace(
        routes,
        commands={name: one if name in COMMANDS else _no_report for name, one in routes.commands.items()},
        presses={name: one if name in PRESSES else _refused for name, one in routes.presses.items()},
        forms={name: one if name in FORMS else _refused for name, one in routes.forms.items()},
        submits={name: one if name in FORMS else _refused for name, one in routes.submits.items()},
        messages={kind: _unless_aside(one) if kind in MESSAGES else _unless_linked(kind) for kind, one in routes.messages.items()},
    )


def _unless_aside(one: Any) -> Any:
    """Words of theirs that become an aside stay with them: what they said before stands."""

    async def heard(desk: Desk, message: Message) -> Reply:
        aside = isinstance(message, Edited) and message.text.lstrip().startswith(ASIDE)
        return None if aside else await one(desk, message)

    return heard


def _unless_linked(kind: type[Message]) -> Any:
    return _nothing if kind is Linked else _refused


async def _nothing(desk: Desk, message: Message) -> Reply:
    """A link that somebody pasted is no question to us."""
    return None


async def _no_report(desk: Desk, message: Message) -> NoReturn:
    office = await desk.office(message.actor.organisation)
    raise Refused(
        say(
            "I take no reports from here: please send them to {office} as you did before. What {office} has offered you is on “list”, and "
            "you can answer in its thread.",
            office=office.head.name,
        )
    )


async def _refused(desk: Desk, message: Message) -> NoReturn:
    raise Refused(say("Only people of the office can do that. “list” shows what is offered to you, with what you can do."))
