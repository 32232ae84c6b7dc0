"""Every sentence that a person reads: a template in plain English, its arguments, and how it becomes spans in a language.

A sentence is built where the fact is known and translated where it is shown, so a card is the same for every reader and a refusal needs
no language. Templates are the message ids of an ordinary gettext catalogue. Arguments of type `str` are words of people: they stay plain
text in every renderer, whatever they contain.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from string import Formatter
from typing import Literal, Union

from handlers.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Plain:
    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Web:
    """A link out of the chat."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name that pings nobody: the default for people."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person who is to be pinged; only notices use it. `person` is the id, `text` what is shown where the chat does not know them."""

    person: str
    text: str


WhenStyle = Literal["moment", "day", "time"]


@dataclass(frozen=True, slots=True)
class When:
    """A moment, shown in the reader's zone: "Mon 23 Nov, 09:00" (moment), the day alone, or the time alone."""

    at: datetime
    style: WhenStyle = "moment"


@dataclass(frozen=True, slots=True)
class Ref:
    """A subject by the name people use for it ("#142")."""

    subject: str
    text: str


Span = Plain | Bold | Code | Web | Name | Mention | When | Ref
Argument = Union[str, int, Span, "Sentence", "tuple[Argument, ...]"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with its arguments; `many` is the plural template, chosen by the argument `n`."""

    template: str
    arguments: tuple[tuple[str, Argument], ...] = ()
    many: str | None = None

    def __str__(self) -> str:
        """In English and without styles: for logs of the program's own words and for tests."""
        return "".join(plain(span) for span in spans(self, english))


Translate = Callable[[str, "str | None", int], str]
"""(template, plural template or None, n) -> the template in the reader's language: what gettext's catalogues do."""


def say(template: str, /, **arguments: Argument) -> Sentence:
    """A sentence: `say("{ref} is open: {title}", ref=Ref(...), title=ticket.title)`."""
    return Sentence(template, tuple(arguments.items())) if arguments else _alone(template)


@lru_cache(maxsize=4096)
def _alone(template: str) -> Sentence:
    """A sentence without arguments, made once: most labels are such, and stand on every card."""
    return Sentence(template)


def say_many(one: str, many: str, /, n: int, **arguments: Argument) -> Sentence:
    """A sentence that counts: `say_many("{n} person", "{n} people", n=3)`."""
    return Sentence(one, (("n", n), *arguments.items()), many)


def words(text: str) -> Sentence:
    """Words of people, or a proper name, as a sentence of their own: never translated, never markup."""
    return Sentence("{words}", (("words", text),))


def joined(parts: list[Argument] | tuple[Argument, ...], separator: str = " · ") -> Sentence:
    """Short facts side by side on one line."""
    template, names = _side_by_side(len(parts), separator)
    return Sentence(template, tuple(zip(names, parts, strict=True)))


@cache
def _side_by_side(count: int, separator: str) -> tuple[str, tuple[str, ...]]:
    names = tuple(f"part{i}" for i in range(count))
    return separator.join(f"{{{name}}}" for name in names), names


def english(template: str, many: str | None, n: int) -> str:
    return many if many is not None and n != 1 else template


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((text, name) for text, name, _, _ in Formatter().parse(template))


@lru_cache(maxsize=4096)
def _has_words(template: str) -> bool:
    """A template of placeholders alone is not looked up: there is nothing to translate."""
    return any(text.strip(" ·,:()→›") for text, _ in _pieces(template))


@lru_cache(maxsize=4096)
def constant(template: str, translate: Translate) -> tuple[Span, ...]:
    """The spans of a sentence without arguments: most labels are such, and are drawn again and again."""
    return tuple(Plain(text) for text, _ in _translated(template, None, 1, translate) if text)


@lru_cache(maxsize=4096)
def _translated(template: str, many: str | None, n: int, translate: Translate) -> tuple[tuple[str, str | None], ...]:
    return _pieces(translate(template, many, n) if _has_words(template) else template)


def spans(sentence: Sentence, translate: Translate) -> tuple[Span, ...]:
    """The sentence in the reader's language as spans. Plain words that stand side by side are one span."""
    if not sentence.arguments:
        return constant(sentence.template, translate)
    found: list[Span] = []
    if said := _collect(found, "", sentence, translate):
        found.append(Plain(said))
    return tuple(found)


def _collect(found: list[Span], said: str, argument: Argument, translate: Translate) -> str:
    """Puts the argument's spans behind those that are found already. `said` are words that stand in no span yet; so is what it gives."""
    if isinstance(argument, str):
        return said + argument
    if isinstance(argument, Sentence):
        arguments = dict(argument.arguments)
        count = arguments.get("n", 1) if argument.many else 1
        for text, name in _translated(argument.template, argument.many, count if isinstance(count, int) else 1, translate):
            said += text
            if name is not None:
                said = _collect(found, said, arguments[name], translate)
        return said
    if isinstance(argument, int):
        return said + str(argument)
    if isinstance(argument, tuple):
        for part in argument:
            said = _collect(found, said, part, translate)
        return said
    if said:
        found.append(Plain(said))
    found.append(argument)
    return ""


def plain(span: Span) -> str:
    """A span as bare text; moments in UTC. Renderers do better: this is for logs, tests and notification fallbacks."""
    if isinstance(span, When):
        form = {"moment": "%a %d %b %H:%M", "day": "%a %d %b", "time": "%H:%M"}[span.style]
        return span.at.strftime(form)
    return span.text
