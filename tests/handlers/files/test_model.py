"""The rules of files."""

from __future__ import annotations

import pytest

from handlers.core import Attachment
from handlers.files.model import LONGEST_NAME, MOST, clean_name, in_words, only_files, packed, size_of, taken, unpacked

LAMP = Attachment("F1", "lamp.jpg", "image/jpeg", 12, "https://acme.slack.com/files/U1/F1/lamp.jpg")
PLAN = Attachment("F2", "plan.pdf", elsewhere=True)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("lamp.jpg", "lamp.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\temp\\lamp.jpg", "C:_temp_lamp.jpg"),
        ("la\r\nmp\x00.jpg", "lamp.jpg"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("a\u2028b\u061c\ud800.jpg", "ab.jpg"),
        ("..", "file"),
        ("", "file"),
        ("  ", "file"),
        ("Zeichnung für Öl 😀.pdf", "Zeichnung für Öl 😀.pdf"),
        ("x" * 300 + ".jpg", "x" * (LONGEST_NAME - 5) + "….jpg"),
        ("x" * 300, "x" * (LONGEST_NAME - 1) + "…"),
    ],
)
def test_a_name_is_fit_to_be_shown_and_saved(given: str, shown: str) -> None:
    assert clean_name(given) == shown
    assert len(shown) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (42_706, "43 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (20_971_520, "21.0 MB")],
)
def test_sizes_as_people_read_them(size: int, shown: str) -> None:
    assert size_of(size) == shown


def test_each_file_counts_once_and_not_too_many() -> None:
    assert taken([LAMP, PLAN, LAMP]) == (LAMP, PLAN)
    assert len(taken(Attachment(f"F{n}", "x") for n in range(100))) == MOST


def test_without_words_the_names_stand_for_them() -> None:
    assert in_words(" \u200b ", (LAMP, PLAN)) == "lamp.jpg, plan.pdf"
    assert in_words("the lamp", (LAMP,)) == "the lamp"
    assert in_words("", ()) == ""
    assert only_files("\n", (LAMP,))
    assert not only_files("", ())


def test_what_is_kept_for_later_is_the_same_then() -> None:
    assert unpacked(packed((LAMP, PLAN))) == (LAMP, PLAN)
    assert unpacked(packed(())) == ()
