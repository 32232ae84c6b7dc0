"""Looking words up: stems, compounds, one typing mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understanding.index import NOTHING, build, merged, one_mistake, shortened
from handlers.understanding.tokens import plain, stem, tokens

TERMS = (
    ("printer", "printing", 4.0), ("door", "doors", 4.0), ("handle", "doors", 4.0), ("dead", "power", 2.0), ("line", "phones", 2.0),
    ("fire", "safety", 12.0), ("fired", "hr", 4.0), ("lease", "buying", 4.0), ("out of order", "doors", 4.0), ("out of", "supplies", 2.0),
)  # fmt: skip
INDEX = build(TERMS, ("fire up",))


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("printer", "printing"), ("printers", "printing"), ("pritner", "printing"), ("printter", "printing"),
        ("printre", "printing"), ("doorhandle", "doors"), ("doorhandles", "doors"), ("fires", "safety"), ("fired", "hr"),
    ],
)  # fmt: skip
def test_found(word: str, category: str) -> None:
    assert [found for found, _ in INDEX.entry(word).weights] == [category]


@pytest.mark.parametrize("word", ["painter", "rpinter", "dorr", "deadline", "please", "pprinterr", "x" * 40, "", "42"])
def test_not_found(word: str) -> None:
    assert INDEX.entry(word).weights == NOTHING


def test_a_mistyped_word_says_less() -> None:
    assert INDEX.entry("pritner").weights[0][1] < INDEX.entry("printer").weights[0][1]


def test_the_longest_phrase_stands_first_and_figures_of_speech_say_nothing() -> None:
    assert [phrase.stems for phrase in INDEX.entry("out").phrases] == [("out", "of", "order"), ("out", "of")]
    assert [phrase.weights for phrase in INDEX.entry("fire").phrases] == [NOTHING]


def test_an_index_remembers_a_bounded_number_of_words() -> None:
    index = build(TERMS)
    for number in range(20_500):
        index.entry(f"w{number}")
    assert len(index._known) <= 20_000
    assert index.entry("printer").weights


def test_merged_keeps_the_greatest_weight() -> None:
    assert merged([("a", 1.0), ("b", 2.0), ("a", 3.0)]) == (("a", 3.0), ("b", 2.0))


@given(st.text("abcde", min_size=3, max_size=9), st.text("abcde", min_size=3, max_size=9))
def test_one_mistake_is_what_the_definition_says(typed: str, meant: str) -> None:
    swapped = {typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :] for i in range(len(typed) - 1)}
    changed = {typed[:i] + letter + typed[i + 1 :] for i in range(len(typed)) for letter in "abcde"}
    added = {typed[:i] + letter + typed[i:] for i in range(len(typed) + 1) for letter in "abcde"}
    assert one_mistake(typed, meant) == (meant != typed and meant in swapped | changed | added | shortened(typed))


@pytest.mark.parametrize(
    ("words", "root"),
    [
        ("leak leaks leaked leaking", "leak"), ("jam jams jammed jamming", "jam"), ("freeze freezes freezing", "freez"),
        ("battery batteries", "battery"), ("box boxes", "box"), ("switch switches switched", "switch"), ("glass glasses", "glass"),
        ("ring", "ring"), ("bus", "bus"), ("ups", "ups"), ("шкаф", "шкаф"),
    ],
)  # fmt: skip
def test_stems(words: str, root: str) -> None:
    assert {stem(word) for word in words.split()} == {root}


def test_tokens_are_plain_words() -> None:
    assert tokens("The Wi-Fi’s DOWN, it can't\u00a0ｇｏ on! It's Ana's chair") == (
        "the",
        "wi",
        "fi",
        "down",
        "it",
        "cant",
        "go",
        "on",
        "its",
        "ana",
        "chair",
    )


@given(st.text(max_size=200))
def test_any_text_is_cut_into_words(text: str) -> None:
    assert all(word and word == plain(word) for word in tokens(text))
    assert all(stem(word) for word in tokens(text))
