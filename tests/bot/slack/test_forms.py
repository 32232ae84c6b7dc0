"""A form becomes a modal that Slack takes, and what was filled in comes back as it was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.blockkit import view_faults
from bot.slack import forms
from bot.slack.forms import Opened
from handlers.cards import Card
from handlers.core import Where
from handlers.forms import Field, FieldKind, Form, Invalid, Option
from handlers.words import say, words
from tests.bot.slack import oracle
from tests.bot.slack.goldens import HERE
from tests.bot.slack.samples import BERLIN, FORM, MANY, NASTY, OPTIONS, USERS

Json = dict[str, Any]


def one(field: Field) -> Json:
    """The element of a form's only field."""
    view = forms.view(Form("f", words("T"), (field,), words("Send")), BERLIN, HERE, USERS)
    assert view_faults(view) == []
    element: Json = view["blocks"][0]["element"]
    return element


def test_a_form_carries_what_it_is_about() -> None:
    view = forms.view(FORM, BERLIN, HERE, USERS)
    assert forms.opened_by(view["private_metadata"]) == Opened("tickets.report", FORM.subject, 3, "once-1", "C0HELP", "1700000000.000100")
    assert view["title"]["text"] == "Report something that i…"
    assert oracle.marks(view) == []


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{", '{"form":1}', '{"version":"1"}', '{"version":true}', '{"other":"x"}', "[" * 3000, None]
)
def test_metadata_that_is_not_ours_is_not_read(text: object) -> None:
    assert forms.opened_by(text) is None


def test_metadata_that_slack_would_refuse_is_a_mistake_of_the_form() -> None:
    with pytest.raises(ValueError, match="at most 3000"):
        forms.view(replace(FORM, subject="x" * 3000), BERLIN, HERE)


@pytest.mark.parametrize(
    ("kind", "initial", "chosen"),
    [
        ("text", "typed", {"initial_value": "typed"}),
        ("money", "$90", {"initial_value": "$90"}),
        ("number", "4.5", {"initial_value": "4.5"}),
        ("number", "four", {}),
        ("date", "2026-11-23", {"initial_date": "2026-11-23"}),
        ("date", "tomorrow", {}),
        ("time", "23:59", {"initial_time": "23:59"}),
        ("time", "24:00", {}),
        ("people", ("person-bob", "stranger"), {"initial_users": ["U0BOB"]}),
    ],
)
def test_a_field_begins_with_what_is_known(kind: FieldKind, initial: str | tuple[str, ...], chosen: Json) -> None:
    element = one(Field("k", kind, words("L"), initial=initial))
    assert {name: value for name, value in element.items() if name.startswith("initial")} == chosen


def test_a_long_choice_comes_in_groups_and_none_is_typed() -> None:
    grouped = one(Field("k", "choice", words("L"), options=MANY, initial="v249"))
    assert [len(group["options"]) for group in grouped["option_groups"]] == [100, 100, 50]
    assert grouped["option_groups"][0]["label"]["text"] == "Choice 0 – Choice 99"
    assert grouped["initial_option"]["value"] == "v249"
    assert one(Field("k", "choices", words("L")))["type"] == "plain_text_input"


def test_a_rating_has_a_scale_of_its_own_or_one_to_five() -> None:
    assert [option["value"] for option in one(Field("k", "rating", words("L"), initial="5"))["options"]] == list("12345")
    assert len(one(Field("k", "rating", words("L"), options=OPTIONS))["options"]) == 3


def test_an_option_that_slack_would_refuse_is_a_mistake_of_the_form() -> None:
    with pytest.raises(ValueError, match="1 to 150"):
        one(Field("k", "choice", words("L"), options=(Option("x" * 151, words("x")),)))


def test_files_are_sent_in_the_conversation() -> None:
    view = forms.view(Form("f", words("T"), (Field("k", "file", say("A photo")),), words("Send")), BERLIN, HERE)
    assert "A photo: please send it in the conversation" in oracle.words(view)


@given(text=st.text(max_size=200), longest=st.integers(1, 9000))
@settings(max_examples=60, deadline=None)
def test_words_of_people_stay_words(text: str, longest: int) -> None:
    option = Option("v", words(text))
    field = Field("k", "long", words(text), hint=words(text), initial=text * 50, longest=longest)
    choice = Field("c", "choice", words(text), options=(option,), initial="v")
    view = forms.view(Form("f", words(text), (field, choice), words(text), intro=words(text)), BERLIN, HERE)
    assert view_faults(view) == []
    assert oracle.pings(view) == []
    assert oracle.marks(view) == []


def test_a_card_can_stand_in_a_modal() -> None:
    view = forms.shown(Card(words(NASTY)), BERLIN, Where("slack", "T0", "C1"))
    assert view_faults(view) == []
    assert forms.opened_by(view["private_metadata"]) == Opened(channel="C1")
    assert view_faults(forms.loading(BERLIN)) == []


# ---------------------------------------------------------------- in


def test_values_are_read_by_field() -> None:
    state = {
        "values": {
            "text": {"f": {"type": "plain_text_input", "value": "a\x00b\ud800"}},
            "empty": {"f": {"type": "plain_text_input", "value": None}},
            "choice": {"f": {"type": "static_select", "selected_option": {"text": {}, "value": "v1"}}},
            "none": {"f": {"type": "static_select", "selected_option": None}},
            "choices": {"f": {"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]}},
            "people": {"f": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
            "day": {"f": {"type": "datepicker", "selected_date": "2026-11-23"}},
            "time": {"f": {"type": "timepicker", "selected_time": "09:30"}},
        }
    }
    assert forms.values(state, lambda user: f"slack:T0:{user}") == {
        "text": "ab\ufffd",
        "choice": "v1",
        "choices": ("a", "b"),
        "people": ("slack:T0:U1", "slack:T0:U2"),
        "day": "2026-11-23",
        "time": "09:30",
    }


@pytest.mark.parametrize(
    "state", [None, [], {}, {"values": []}, {"values": {"k": []}}, {"values": {"k": {"f": None}}}, {"values": {"k": {"f": {"value": 5}}}}]
)
def test_a_broken_state_is_an_empty_form(state: object) -> None:
    assert forms.values(state) == {}


def test_a_mistake_stands_under_its_field_and_others_under_the_first() -> None:
    invalid = Invalid({"body": say("Too short"), "photo": say("Missing"), "other": say("Wrong")})
    assert forms.errors(invalid, ["title", "body"], BERLIN) == {"body": "Too short", "title": "Missing Wrong"}
    assert forms.errors(invalid, [], BERLIN) == {}
