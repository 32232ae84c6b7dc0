"""A form becomes a dialog that Teams takes, and what was filled in comes back as it was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.sandbox.teams.cards import card_faults
from bot.teams import forms
from bot.teams.buttons import unpacked
from bot.teams.forms import Opened
from bot.teams.render import BUDGET
from bot.words import clean
from handlers.cards import Card
from handlers.core import Where
from handlers.forms import Field, FieldKind, Form, Option
from handlers.words import say, words
from tests.bot.slack.samples import BERLIN, CARDS, FORM, MANY, OPTIONS
from tests.bot.teams import oracle
from tests.bot.teams.samples import BOB, HERE, NASTY, USERS

Json = dict[str, Any]
DIRECT = Where("teams", "tenant", "a:direct", direct=True)


def body(form: Form, **more: Any) -> list[Json]:
    made: list[Json] = forms.dialog(form, BERLIN, more.pop("where", HERE), USERS, **more)["card"]["content"]["body"]
    return made


def alone(*fields: Field) -> Form:
    return Form("f", words("T"), fields, words("Send"))


def one(field: Field, **more: Any) -> Json:
    """The input of a form's only field."""
    return next(element for element in body(alone(field), **more) if element["type"].startswith("Input."))


def sent(form: Form, **typed: Any) -> Json:
    """What Teams sends when the dialog is submitted with these values."""
    (action,) = forms.dialog(form, BERLIN, HERE, USERS)["card"]["content"]["actions"]
    return {**action["data"], **typed}


# ---------------------------------------------------------------- out


def test_a_dialog_carries_what_it_is_about() -> None:
    made = forms.dialog(FORM, BERLIN, HERE, USERS, opens="ticket.report", value="v", posted=True)
    (submit,) = made["card"]["content"]["actions"]
    opened = forms.opened_by(submit["data"])
    assert opened == Opened(
        *("tickets.report", FORM.subject, 3, "once-1", HERE.channel, "1700000000000", "ticket.report", "v", True),
        many=("tags",),
        people=("people",),
        typed=("title", "body"),
    )
    assert (made["title"], made["height"], submit["title"]) == ("Report something that is really broken", "large", "Send")
    assert [element["id"] for element in made["card"]["content"]["body"] if "id" in element] == [field.key for field in FORM.fields[:-1]]
    assert "opens" not in forms.dialog(FORM, BERLIN, HERE)["card"]["content"]["actions"][0]["data"]["deskbell"]


@pytest.mark.parametrize(
    "facts",
    [
        *(None, 7, "x", [], {}, {"form": ""}, {"form": 1}, {"form": "f", "version": "1"}, {"form": "f", "version": True}, {"a": "press"}),
        *({"form": "f", "q": "x"}, {"form": "f", "many": "x"}, {"form": "f", "many": [1]}, {"form": "f", "people": {}}),
    ],
)
def test_what_is_not_ours_is_not_read(facts: object) -> None:
    for data in ({"deskbell": facts}, facts):
        assert forms.opened_by(data) is None
        assert forms.values(data, "tenant") == {}
        assert forms.written(data) == ""


def test_a_form_that_carries_too_much_is_a_mistake_of_the_form() -> None:
    with pytest.raises(ValueError, match="at most 3000"):
        body(replace(FORM, subject="x" * 3000))


@pytest.mark.parametrize(
    ("kind", "initial", "chosen"),
    [
        ("text", "typed", "typed"),
        ("money", "$90", "$90"),
        ("number", "4.5", 4.5),
        ("number", "45", 45),
        ("number", "four", None),
        ("date", "2026-11-23", "2026-11-23"),
        ("date", "tomorrow", None),
        ("time", "23:59", "23:59"),
        ("time", "24:00", None),
        ("rating", "4", "4"),
        ("rating", "9", None),
        ("people", ("person-bob", "stranger"), BOB),
        ("people", (f"teams:tenant:{BOB}", f"teams:other:{BOB}"), BOB),
    ],
)
def test_a_field_begins_with_what_is_known(kind: FieldKind, initial: str | tuple[str, ...], chosen: object) -> None:
    assert one(Field("k", kind, words("L"), initial=initial)).get("value") == chosen


def test_a_required_field_says_what_is_missing() -> None:
    needed, free = one(Field("k", "text", words("L"))), one(Field("k", "text", words("L"), required=False))
    assert (needed["isRequired"], needed["errorMessage"]) == (True, "Please fill this in.")
    assert "isRequired" not in free


def test_a_long_choice_is_searched_and_none_is_typed() -> None:
    assert one(Field("k", "choice", words("L"), options=OPTIONS))["style"] == "compact"
    found = one(Field("k", "choice", words("L"), options=MANY, initial="v249"))
    assert (found["style"], len(found["choices"]), found["value"]) == ("filtered", 250, "v249")
    assert one(Field("k", "choices", words("L")))["type"] == "Input.Text"


def test_more_options_than_a_dialog_can_hold_are_typed() -> None:
    options = tuple(Option(f"v{n}", words(f"Choice {n}")) for n in range(5000))
    assert one(Field("k", "choice", words("L"), options=options))["type"] == "Input.Text"


def test_people_are_looked_up_among_those_of_the_conversation() -> None:
    query = one(Field("k", "people", words("L")))["choices.data"]
    assert query == {"type": "Data.Query", "dataset": "graph.microsoft.com/users?scope=currentContext"}
    assert one(Field("k", "people", words("L")), where=DIRECT)["choices.data"]["dataset"] == "graph.microsoft.com/users"


def test_files_are_sent_in_the_conversation() -> None:
    assert "A photo: please send it in the conversation" in oracle.words(body(alone(Field("k", "file", say("A photo")))))


def test_a_mistake_stands_under_its_field_and_others_above_the_first() -> None:
    errors = {"body": "Too short. <at>x</at>", "photo": "Missing.", "other": "Wrong."}
    made = body(replace(FORM, intro=None), errors=errors)
    shown = [element.get("id") or oracle.words(element) for element in made]
    assert shown[:3] == ["Missing.", "Wrong.", "title"]
    assert shown[shown.index("body") + 1] == "Too short. <at>x</at>"
    assert made[0]["inlines"][0]["color"] == "Attention"


def test_what_was_typed_stays_with_its_mistake() -> None:
    filled = FORM.filled({"title": "as *typed*", "tags": ("v1",)})
    found = {element["id"]: element.get("value") for element in body(filled, errors={"title": "No."}) if "id" in element}
    assert (found["title"], found["tags"]) == ("as *typed*", "v1")


@given(text=st.text(max_size=200), longest=st.integers(1, 9000))
@example(text=NASTY, longest=3000)
@settings(max_examples=60, deadline=None)
def test_words_of_people_stay_words(text: str, longest: int) -> None:
    option = Option("v", words(text))
    fields = (
        Field("k", "long", words(text), hint=words(text), initial=text * 50, longest=longest),
        *(Field(kind, kind, words(text), options=(option,), initial="v") for kind in ("choice", "choices", "rating")),
    )
    form = Form("f", words(text), fields, words(text), intro=words(text))
    made = forms.dialog(form, BERLIN, HERE, errors={"k": text, "none": text})
    assert oracle.marks(made) == []
    assert oracle.dates(made) == []
    assert oracle.mentions(made["card"]["content"]) == []
    assert card_faults(made["card"]["content"]) == []
    typed = next(element for element in made["card"]["content"]["body"] if element.get("id") == "k").get("value", "")
    assert clean(text * 50).startswith(typed.removesuffix("…"))


HUGE = {"letters": "x" * 40_000, "emoji": "👩‍👩‍👧‍👦" * 9000, "quotes": '"\\' * 20_000, "dates": "{{DATE(x)}}" * 4000}


@pytest.mark.parametrize("text", HUGE)
def test_every_dialog_is_small_enough(text: str) -> None:
    line = words(HUGE[text])
    options = tuple(Option(f"v{n}", line) for n in range(400))
    kinds: tuple[FieldKind, ...] = ("text", "long", "choice", "choices", "rating", "people", "number", "file")
    fields = tuple(Field(f"{kind}{n}", kind, line, hint=line, options=options, initial=HUGE[text]) for n in range(3) for kind in kinds)
    form = Form("f", line, fields, line, intro=line)
    errors = {field.key: HUGE[text] for field in fields}
    assert len(orjson.dumps(forms.dialog(form, BERLIN, HERE, errors=errors))) <= BUDGET
    assert len(orjson.dumps(forms.shown(Card(line, CARDS["nasty"].blocks * 90), BERLIN))) <= BUDGET


def test_a_text_of_which_only_the_beginning_fits_says_so() -> None:
    assert "Only the beginning" in oracle.words(body(alone(Field("k", "long", words("L"), initial="x" * 9000))))
    assert "Only the beginning" not in oracle.words(body(FORM))


def test_a_card_can_stand_in_a_dialog() -> None:
    made = forms.shown(CARDS["ticket"], BERLIN)
    actions = [one for one in oracle.objects(made) if str(one.get("type")).startswith("Action.")]
    assert {action["type"] for action in actions} == {"Action.Submit"}
    pressed = unpacked(actions[0]["data"])
    assert pressed is not None
    assert pressed.action == "tickets.take"
    assert forms.opened_by(actions[0]["data"]) is None
    opening = forms.shown(CARDS["answer"], BERLIN)
    assert all("msteams" not in one.get("data", {}) for one in oracle.objects(opening))


# ---------------------------------------------------------------- in


def test_values_are_read_by_field() -> None:
    data = sent(
        FORM,
        title="a\x00b\ud800",
        body="",
        category="v1",
        tags="v0,v2",
        people=f"{BOB.upper()},nobody, 29:xyz",
        day="2026-11-23",
        time="09:30",
        minutes=45,
        cost=True,
        score=["4"],
        msteams={"type": "task/fetch"},
    )
    assert forms.values(data, "tenant:second") == {
        "title": "ab\ufffd",
        "category": "v1",
        "tags": ("v0", "v2"),
        "people": (f"teams:tenant:second:{BOB}",),
        "day": "2026-11-23",
        "time": "09:30",
        "minutes": "45",
    }
    assert forms.written(sent(FORM, title="one", body=" two ", category="v1", cost="$90")) == "one\n two "


def test_choices_come_back_whatever_stands_in_their_values() -> None:
    values = ("a,b", "50%2C", " c ", "d;e", "ü")
    field = Field("k", "choices", words("L"), options=tuple(Option(value, words(value)) for value in values), initial=values[:2])
    made = one(field)
    assert made["value"] == ",".join(choice["value"] for choice in made["choices"][:2])
    every = ",".join(choice["value"] for choice in made["choices"])
    assert forms.values(sent(alone(field), k=every), "t") == {"k": values}
    assert forms.values(sent(alone(field), k="a%00b,%ED%A0%80"), "t") == {"k": ("ab", "\ufffd\ufffd\ufffd")}  # NUL cannot be stored
