"""Nothing that people write can do something to a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.console.text import cut, harmless, lines, one_line


def test_escapes_lose_their_power_and_stay_visible() -> None:
    assert harmless("\x1b[31mred\x07 \x9b2J") == "�[31mred� �2J"


def test_writing_cannot_be_turned_round() -> None:
    assert harmless("invoice\u202etxt.exe") == "invoicetxt.exe"


def test_emoji_and_other_scripts_stay_whole() -> None:
    text = "👩‍🔧 ضوء לאור नमस्ते 3️⃣"
    assert harmless(text) == text


def test_a_name_with_a_line_break_stays_on_one_line() -> None:
    assert one_line("Ana\n── #it ──\r\nbob>") == "Ana ── #it ── bob>"


def test_what_is_left_out_is_counted() -> None:
    assert lines("a" * 1300, 1200)[-1] == "(100 characters more)"
    assert lines("one\u2028two\vthree") == ["one", "two", "three"]
    assert cut("flickering", 7) == "flicke…"


@given(st.text(st.characters(codec=None)))
def test_no_control_character_passes(text: str) -> None:
    shown = harmless(text)
    assert all(letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp") for letter in shown)
    assert all(letter in "\u200c\u200d" or unicodedata.category(letter) != "Cf" for letter in shown)
    assert all("\n" not in line for line in lines(text))
    shown.encode()
