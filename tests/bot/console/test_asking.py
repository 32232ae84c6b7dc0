"""Forms asked in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.console.asking import Asking, Understanding
from bot.console.roster import Unclear
from bot.reading import Reading
from handlers.core import Where
from handlers.forms import Field, FieldKind, Form, Option
from handlers.words import say, words

CHOICES = (Option("one", say("Only me")), Option("several", say("Several of us")), Option("everyone", say("Everyone")))


def day(typed: str) -> datetime | None:
    return datetime(2026, 12, 1, 9, tzinfo=UTC) if typed == "next Tuesday" else None


UNDERSTANDING = Understanding(day, lambda name: f"console:acme:{name}@acme.example")


def asking(*fields: Field) -> Asking:
    return Asking.begin(Form("f", say("A form"), fields, say("Send"), once="o1"), Reading(), Where("console", "acme", "@ana"))


def answered(kind: FieldKind, typed: str, required: bool = True) -> object:
    made = asking(Field("key", kind, say("A field"), required, options=CHOICES if kind in ("choice", "choices") else ()))
    made.take(typed, UNDERSTANDING)
    assert made.fields == []
    return made.values["key"]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "ladder", "ladder"),
        ("choice", "2", "several"),
        ("choice", "only me", "one"),
        ("choice", "every", "everyone"),
        ("choice", "of us", "several"),
        ("choice", "everyone", "everyone"),
        ("choices", "1, everyone, 1", ("one", "everyone")),
        ("people", "bob, cy", ("console:acme:bob@acme.example", "console:acme:cy@acme.example")),
        ("date", "next Tuesday", "2026-12-01"),
        ("time", "9:05", "09:05"),
        ("rating", "4", "4"),
        ("money", "120.50", "120.50"),
    ],
)
def test_answers_become_values_as_every_form_gives_them(kind: FieldKind, typed: str, value: object) -> None:
    assert answered(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("choice", "4"), ("choice", "ve"), ("choice", "nobody"), ("date", "soon"), ("time", "24:00"), ("rating", "6"), ("text", "")],
)
def test_answers_that_do_not_fit_are_asked_again(kind: FieldKind, typed: str) -> None:
    with pytest.raises(Unclear):
        answered(kind, typed)


def test_an_optional_field_is_skipped_and_a_known_one_kept() -> None:
    made = asking(Field("spot", "text", say("Where?"), False, initial="Oslo"), Field("cost", "money", say("Cost"), False))
    assert "keeps: Oslo" in made.question()[0]
    made.take("", UNDERSTANDING)
    made.take("", UNDERSTANDING)
    assert made.values == {"spot": "Oslo", "cost": ""}


def test_a_known_optional_field_can_be_emptied() -> None:
    made = asking(Field("spot", "text", say("Where?"), False, initial="Oslo"))
    made.take("-", UNDERSTANDING)
    assert made.values == {"spot": ""}


def test_choices_stand_below_the_question_and_help_says_how() -> None:
    made = asking(Field("impact", "choice", say("Whom does it touch?"), hint=say("A guess is fine."), options=CHOICES))
    assert made.question() == ["  Whom does it touch?", "    1 Only me", "    2 Several of us", "    3 Everyone"]
    assert made.explained()[:2] == ["  A guess is fine.", "  A number of the list, or its words."]


def test_a_file_cannot_be_asked_for() -> None:
    made = asking(Field("photo", "file", say("A photo"), False), Field("text", "long", say("Words")))
    assert [one.key for one in made.fields] == ["text"]
    assert "A photo: a file cannot be sent here." in made.opening()


def test_only_what_was_refused_is_asked_again() -> None:
    made = asking(Field("what", "long", say("What?")), Field("cost", "money", say("Cost"), False))
    made.take("new lamp", UNDERSTANDING)
    made.take("much", UNDERSTANDING)
    made.again(["cost"])
    assert [one.key for one in made.fields] == ["cost"]
    made.take("12", UNDERSTANDING)
    assert made.values == {"what": "new lamp", "cost": "12"}
    made.again(["unknown"])
    assert [(one.key, one.initial) for one in made.fields] == [("what", "new lamp"), ("cost", "12")]


def test_too_long_an_answer_is_refused() -> None:
    made = asking(Field("spot", "text", words("Where?"), longest=5))
    with pytest.raises(Unclear, match="5"):
        made.take("far away", UNDERSTANDING)
