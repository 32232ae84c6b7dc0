"""Words that mean something to Teams are kept from meaning it, and stay readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.text import JOINER, at_start, inert, short, unmarked
from bot.words import clean, size
from tests.bot.teams import oracle


@pytest.mark.parametrize("text", ["light flickering", "3 people · about 2 h", "a-b (c) 10:30 / $90", "#142", "https://a.example/x", ""])
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert inert(text) == unmarked(text) == at_start(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{DATE(x)}}", "{~{DATE(x)}}"),
        ("{{{TIME(x)}}}", "{~{~{TIME(x)}}}"),
        ("<at>All</at>", "<~at>All<~/at>"),
        ("1 < 2", "1 < 2"),
        ("*a* _b_", "*a* _b_"),
    ],
)
def test_a_run_holds_no_date_and_no_mention(text: str, shown: str) -> None:
    assert inert(text) == shown.replace("~", JOINER)


@pytest.mark.parametrize("line", ["# a", "- a", "+ a", "1. a", "1) a", "> a", "---", "===", "| a |", "    a", "\ta", " - a"])
def test_no_line_begins_a_block_of_its_own(line: str) -> None:
    for text in (at_start(unmarked(line)), "x" + unmarked(f"\n{line}")):
        assert oracle.marks({"type": "TextBlock", "text": text}) == []


@given(st.text(max_size=40), st.sampled_from([1, 24, 75]))
def test_a_label_always_has_a_character_and_fits(text: str, limit: int) -> None:
    made = short(text, limit)
    assert 1 <= size(made.replace(JOINER, "")) <= limit
    assert "\n" not in made


@given(st.text(max_size=60))
def test_nothing_is_lost_but_spaces(text: str) -> None:
    assert oracle.alike(inert(clean(text))) == oracle.alike(clean(text))
    assert oracle.alike(unmarked(clean(text))) == oracle.alike(clean(text))
