"""Words are cleaned, cut between what people see as characters, and read back from what Slack made of them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import plain_text, typed
from bot.words import ELLIPSIS, clean, cut, received, size

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("light flickering", 6, "light…"),
        ("light flickering", 7, "light…"),
        ("e\u0301" * 4, 4, "e\u0301…"),
        ("ab" + FAMILY, 8, "ab…"),
        ("a🇩🇪🇫🇷", 8, "a🇩🇪…"),
        ("👍🏽👍🏽", 6, "👍🏽…"),
        ("\u0301" * 9, 4, "\u0301\u0301\u0301…"),
    ],
)
def test_cutting(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


@given(st.text(), st.integers(1, 60))
def test_a_cut_text_fits_and_is_the_beginning(text: str, limit: int) -> None:
    text = clean(text)
    shown = cut(text, limit)
    assert size(shown) <= limit
    assert shown == text or (shown.endswith(ELLIPSIS) and text.startswith(shown[:-1]))


@given(st.text(alphabet=st.characters(), max_size=50))
def test_what_was_received_can_be_stored_and_sent(text: str) -> None:
    received(text).encode()
    assert "\x00" not in received(text)
    assert not {unicodedata.category(c) for c in clean(text)} & {"Cs"}


def test_half_pairs_and_switches_go() -> None:
    assert received("a\ud83d\udca5b\ud800c\x00") == "a💥b\ufffdc"
    assert clean("a\u202eb\u2066c\x07\r\nd\re") == "abc\nd\ne"
    assert clean("שלום") == "שלום"


@given(st.text(), st.sampled_from([24, 75, 150]))
def test_plain_text_always_has_a_character_and_fits(text: str, limit: int) -> None:
    made = plain_text(text, limit)
    assert 1 <= size(made["text"]) <= limit
    assert made["emoji"] is False


def test_words_that_look_like_an_entity_stay_as_they_are() -> None:
    assert plain_text("a &lt; b & c", 75)["text"] == "a &amp;lt; b & c"
    assert size(plain_text("&lt;" * 40, 75)["text"]) <= 75


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("light &lt;b&gt; &amp; more", "light <b> & more"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("ask <@U1|bob> or <@U2>", "ask @bob or somebody"),
        ("see <#C1> or <#C2|>", "see a channel or a channel"),
        ("in <#C1|help>, <!here>, <!subteam^S1|@team>", "in #help, @here, @team"),
        ("<https://a.example/?b=1&amp;c=2>", "https://a.example/?b=1&c=2"),
        ("<http://a.example|a.example> <mailto:a@b.example|a@b.example>", "a.example a@b.example"),
        ("see <https://a.example/x|the page>", "see the page (https://a.example/x)"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_what_a_person_typed(sent: str, meant: str) -> None:
    assert typed(sent) == meant


def test_names_take_the_place_of_ids_and_of_labels() -> None:
    names = {"U1": "Ada Byron", "C1": "office"}
    assert typed("ask <@U1>, <@U1|ada> or <@U2|bob> in <#C1|>", names) == "ask @Ada Byron, @Ada Byron or @bob in #office"
    assert typed("&lt;@U1&gt;", names) == "<@U1>"
