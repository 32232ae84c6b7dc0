"""How a feature says what it answers to: commands, buttons, forms, events, timers and views. `handlers/routes.py` puts them together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.cards import Card
from handlers.core import Command, Event, Message, Person, Place, Press, Submit
from handlers.forms import Form, Reply


@dataclass(frozen=True, slots=True)
class Looking:
    """For whom a view is drawn: one person, or all who read a place. `tag` is the post's (or, for a reply, the version it answers)."""

    organisation: str
    person: Person | None = None
    place: Place | None = None
    tag: str = ""


CommandHandler = Callable[[Any, Command], Awaitable[Reply]]
PressHandler = Callable[[Any, Press], Awaitable[Reply]]
FormOpener = Callable[[Any, Press], Awaitable[Form]]
SubmitHandler = Callable[[Any, Submit], Awaitable[Reply]]
MessageHandler = Callable[[Any, Any], Awaitable[Reply]]
Subscriber = Callable[[Any, Event], Awaitable[None]]
View = Callable[[Any, str, Looking], Awaitable[Card | None]]
"""(desk, subject, looking) -> the card, or None where there is nothing to show (any more)."""


@dataclass(frozen=True, slots=True)
class Routes:
    """What a feature answers to. `events`: an event's name to its subscribers by name, which stands in the outbox, so keep it stable.

    `forms` open a form for the press of a button that `opens` it; `submits` take it in. `letters` are the views that are never redrawn.
    `messages`: kinds of messages that one feature alone takes.
    """

    commands: Mapping[str, CommandHandler] = field(default_factory=dict)
    presses: Mapping[str, PressHandler] = field(default_factory=dict)
    forms: Mapping[str, FormOpener] = field(default_factory=dict)
    submits: Mapping[str, SubmitHandler] = field(default_factory=dict)
    events: Mapping[str, Mapping[str, Subscriber]] = field(default_factory=dict)
    timers: Mapping[str, Subscriber] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    letters: frozenset[str] = frozenset()
    messages: Mapping[type[Message], MessageHandler] = field(default_factory=dict)

    def subscriber(self, event: str, name: str) -> Subscriber | None:
        return self.events.get(event, {}).get(name)


def merged(features: Iterable[Routes]) -> Routes:
    """All features as one; a name claimed twice is a programming error and raises ValueError."""
    whole: dict[str, dict[Any, Any]] = {name: {} for name in ("commands", "presses", "forms", "submits", "timers", "views", "messages")}
    events: dict[str, dict[str, Subscriber]] = {}
    letters: frozenset[str] = frozenset()
    for routes in features:
        for name, into in whole.items():
            _take(into, getattr(routes, name), name)
        letters |= routes.letters
        for event, subscribers in routes.events.items():
            _take(events.setdefault(event, {}), subscribers, event)
    return Routes(events=events, letters=letters, **whole)


def _take(into: dict[Any, Any], new: Mapping[Any, Any], what: str) -> None:
    twice = into.keys() & new.keys()
    if twice:
        raise ValueError(f"{what}: {', '.join(sorted(map(str, twice)))} claimed twice")
    into.update(new)
