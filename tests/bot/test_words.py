"""Words are cleaned, and cut between what people see as characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import ELLIPSIS, clean, cut, received, safe_address, size

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


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://a.example/x y", "https://a.example/x%20y"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("javascript:alert(1)", None),
        ("//a.example", None),
        ("https://[", None),
        ("https://a.example/" + "x" * 3000, None),
        ("", None),
    ],
)
def test_addresses_lead_to_the_web_or_to_mail(address: str, taken: str | None) -> None:
    assert safe_address(address) == taken
