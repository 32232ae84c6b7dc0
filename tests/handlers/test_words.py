"""Every sentence goes through the catalogue, and every template has the arguments that it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import Refused
from handlers.forms import Form, Invalid, Reply
from handlers.words import (
    Bold,
    Code,
    Mention,
    Name,
    Plain,
    Ref,
    Sentence,
    Span,
    Web,
    When,
    english,
    joined,
    plain,
    say,
    say_many,
    spans,
    words,
)
from tests.handlers.harness import Colleague, Desk, as_card, sentences, subject_of

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 16, 18, 5, tzinfo=UTC)


# ---------------------------------------------------------------- sentences


def test_a_sentence_in_english() -> None:
    sentence = say("{ref} is open: {title}, {when}", ref=Ref("ticket:1", "#1"), title="<!channel> {x}", when=When(NOW))
    assert str(sentence) == "#1 is open: <!channel> {x}, Mon 16 Nov 18:05"


@pytest.mark.parametrize(("style", "shown"), [("moment", "Mon 16 Nov 18:05"), ("day", "Mon 16 Nov"), ("time", "18:05")])
def test_moments(style: str, shown: str) -> None:
    assert plain(When(NOW, style)) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "span", [Plain("x"), Bold("x"), Code("x"), Web("https://x.example", "x"), Name("x"), Mention("p", "x"), Ref("t", "x")]
)
def test_every_span_has_bare_words(span: Span) -> None:
    assert plain(span) == "x"


@pytest.mark.parametrize(("n", "shown"), [(0, "0 people"), (1, "1 person"), (2, "2 people"), (1000, "1000 people")])
def test_counting(n: int, shown: str) -> None:
    assert str(say_many("{n} person", "{n} people", n=n)) == shown


def test_sentences_within_sentences_and_side_by_side() -> None:
    inner = say("{n} min", n=5)
    assert str(joined([inner, "120", Name("Bob")])) == "5 min · 120 · Bob"
    assert str(say("{all}", all=(inner, "!"))) == "5 min!"


@given(st.text(max_size=60))
def test_words_of_people_are_never_looked_up_and_never_markup(typed: str) -> None:
    def never(template: str, many: str | None, n: int) -> str:
        raise AssertionError(template)

    assert spans(words(typed), never) == ((Plain(typed),) if typed else ())
    assert spans(joined([typed, typed]), never) == (Plain(f"{typed} · {typed}"),)
    assert spans(joined([typed, Name(typed)]), never) == (Plain(f"{typed} · "), Name(typed))


@given(st.text(max_size=60))
def test_braces_in_words_of_people_stay_what_they_are(typed: str) -> None:
    assert str(say("It says {what}.", what=typed)) == f"It says {typed}."


def test_a_translation_may_turn_the_order() -> None:
    def turned(template: str, many: str | None, n: int) -> str:
        return {"{a} of {b}": "{b}s {a}"}[template]

    found = spans(say("{a} of {b}", a=Bold("x"), b="y"), turned)
    assert found == (Plain("ys "), Bold("x"))


# ---------------------------------------------------------------- every call of say

CALLS = {"say": 1, "say_many": 2}


@cache
def calls() -> tuple[tuple[str, ast.Call], ...]:
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in ("handlers", "bot", "storage", "integrations"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            if not any(f"{name}(" in text for name in CALLS):
                continue  # taking a module apart is what takes the time
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def templates(node: ast.Call) -> list[str]:
    """The literal templates of a call; none where it comes from a variable."""
    assert isinstance(node.func, ast.Name)
    given_ = list(node.args[: CALLS[node.func.id]])
    return [arg.value for arg in given_ if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


def named(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_template_has_the_arguments_that_it_names() -> None:
    wrong = []
    seen = 0
    for where, node in calls():
        keywords = {keyword.arg for keyword in node.keywords}
        for template in templates(node):
            seen += 1
            names = named(template)
            optional = {"n"} if isinstance(node.func, ast.Name) and node.func.id == "say_many" else set()
            if names - optional != keywords - optional or not all(re.fullmatch(r"[a-z_]+", name) for name in names):
                wrong.append(f"{where} {template!r}: {sorted(names)} != {sorted(k or '**' for k in keywords)}")
    assert not wrong
    assert seen > 150


def test_every_template_is_a_literal() -> None:
    """A catalogue can only be made of what stands in the code."""
    assert [where for where, node in calls() if not templates(node)] == []


# ---------------------------------------------------------------- a language that nobody speaks


def strange(template: str, many: str | None, n: int) -> str:
    """A translation that marks what was looked up: ⟦light⟧ {title} ⟦is open⟧."""
    text = english(template, many, n)
    pieces = []
    for literal, name, _, _ in Formatter().parse(text):
        pieces.append(f"⟦{literal}⟧" if literal else "")
        pieces.append("" if name is None else f"{{{name}}}")
    return "".join(pieces)


def unmarked(sentence: Sentence, known: set[str]) -> str:
    """What of a sentence came neither from the catalogue nor from people: letters outside the marks."""
    rest = "".join(span.text if isinstance(span, Plain) else "" for span in spans(sentence, strange))
    rest = re.sub("⟦[^⟧]*⟧", " ", rest)
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return "".join(char for char in rest if char.isalpha())


def known_words(desk: Desk) -> set[str]:
    """Words of people and of the office's policy, which are never translated."""
    office = desk.office
    found = {category.label for category in office.categories.values()} | {category.path for category in office.categories.values()}
    found |= {queue.name for queue in office.queues.values()} | {person.name for person in office.people.values()}
    found |= {
        text for field in office.fields.values() for text in (field.label, field.help, *field.options, " / ".join(field.options)) if text
    }
    found |= {vendor.name for vendor in office.vendors.values()}
    found |= {answer.title for answer in office.answers.values()} | set(office.approvals) | {office.head.currency}
    return found | SAID


SAID = {"zig", "zag", "zug", "zog", "zebra", "console"}
"""All that anybody says in this story; words that are no words, so that a sentence of ours cannot hide behind them."""


def all_sentences(reply: Reply) -> Iterator[Sentence]:
    match reply:
        case Form(title=title, fields=fields, submit=submit, intro=intro):
            yield from (title, submit, *((intro,) if intro else ()))
            for one in fields:
                yield from (one.label, *((one.hint,) if one.hint else ()), *(option.label for option in one.options))
        case Invalid(errors):
            yield from errors.values()
        case None:
            return
        case _:
            yield from sentences(as_card(reply))


async def life(desk: Desk, ana: Colleague, bob: Colleague, hal: Colleague) -> list[Reply]:
    """A long life of a few tickets; all that is shown on the way."""
    seen: list[Reply] = [await ana.types("zig")]
    subject = subject_of(as_card(seen[0]))

    async def did(reply: Reply) -> None:
        seen.append(reply)
        await desk.settle()
        seen.extend(one.card for one in desk.shown.values())
        seen.extend([await who.press("ticket.show", subject) for who in (ana, bob, hal)])

    await did(await ana.press("ticket.categorise", subject, value="procurement"))
    await did(await ana.press("ticket.categorise", subject, value="facilities.electrical"))
    await did(await ana.press("ticket.slow", subject, value="40"))
    await did(await hal.press("ticket.watch", subject))
    await did(await bob.press("ticket.take", subject))
    await did(await bob.submit("ticket.comment", subject, text="zag"))
    await did(await bob.submit("ticket.note", subject, text="zag"))
    await did(await bob.submit("ticket.ask", subject, text="zug"))
    await did(await ana.submit("ticket.answer", subject, text="zog"))
    desk.clock.move(hours=24)
    await did(await bob.submit("ticket.hold", subject, until="2026-11-19", why="zug"))
    await did(await bob.press("ticket.resume", subject))
    await did(await bob.submit("ticket.hold", subject, until="2026-11-19"))
    desk.clock.move(days=2)
    await did(await ana.submit("ticket.detail", subject, impact="everyone", spot="zog"))
    await did(await bob.submit("ticket.resolve", subject, what="zag", minutes="45", cost="12"))
    await did(await ana.submit("ticket.reopen", subject, text="zug"))
    await did(await bob.submit("ticket.resolve", subject, what="zag"))
    await did(await ana.press("ticket.confirm", subject))
    await did(await ana.press("ticket.score", subject, value="4"))
    await did(await ana.submit("ticket.again", subject, text="zog"))
    for name, words_ in (("list", ""), ("list", "queue"), ("list", "late"), ("find", "zig"), ("find", "zebra"), ("home", ""), ("help", "")):
        seen.append(await bob.does(bob.command(name, words_)))
    other = await ana.reports("private zig")
    await did(await bob.press("ticket.mine", ""))
    seen.append(await ana.press("ticket.cancel", other))
    seen += [await ana.types("find zig is broken"), await ana.chats("zig"), await ana.chats("go on")]
    return seen


async def test_every_sentence_is_in_the_catalogue(desk: Desk, ana: Colleague, bob: Colleague, hal: Colleague) -> None:
    known = known_words(desk)
    seen = [sentence for reply in await life(desk, ana, bob, hal) for sentence in all_sentences(reply)]
    assert len(seen) > 500
    assert {str(sentence) for sentence in seen if unmarked(sentence, known)} == set()


async def test_every_form_is_in_the_catalogue(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    from handlers.routes import ROUTES

    known = known_words(desk)
    subject = await ana.reports("zig")
    seen: list[Reply] = []
    for name in ROUTES.forms:
        for who in (ana, bob):
            try:
                form = await who.press(f"open:{name}", subject)
                seen += [form, await who.submit(name, subject, text="", slowed="x", minutes="x", cost="x")]
            except Refused as refused:
                seen_ = unmarked(refused.sentence, known)
                assert not seen_
    found = [sentence for reply in seen for sentence in all_sentences(reply)]
    assert len(found) > 100
    assert {str(sentence) for sentence in found if unmarked(sentence, known)} == set()
