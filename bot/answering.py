"""Answers, before a chat draws them: what there is to show, and the sentences that every chat needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.chats import Answer, Arrival
from bot.reading import Reading
from handlers.cards import Button, Buttons, Card, Text
from handlers.forms import Form, Invalid
from handlers.words import Sentence, say, words

Count = Callable[[str, str], None]
"""Counts one of (what, why); both are words of the program."""
Hear = Callable[[Arrival], Awaitable[Answer]]
NOTHING = "–"
DONE = say("Done.")


def card_of(answer: Answer) -> Card | None:
    """The card that an answer is, the mistakes of a form as one; None for a form, and where there is nothing to say."""
    match answer.reply:
        case Card() as card:
            return card
        case Invalid(errors):
            return sentences(list(errors.values()))
        case _:
            return None


def shown(answer: Answer) -> Card | None:
    """The same; a form as a button that opens it, because nothing but a press can."""
    return to_form(answer.reply) if isinstance(answer.reply, Form) else card_of(answer)


def to_form(form: Form) -> Card:
    button = Button(say("Fill in…"), f"open:{form.name}", form.subject, form.version, opens=form.name, style="primary")
    return Card(form.title, (Buttons((button,)),))


def sentences(lines: list[Sentence]) -> Card:
    """A card of these sentences alone: the first is its title."""
    first, *rest = lines or [words(NOTHING)]
    return Card(first, tuple(Text(line) for line in rest))


def told(sentence: Sentence) -> Answer:
    return Answer(Card(sentence), Reading())
