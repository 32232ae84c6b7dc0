"""Office files: lines for every mistake, refusal of what is hostile, and text that reads back as the same document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.office_file import LARGEST_BYTES, Unreadable, dump, load
from handlers.office.changes import diff
from handlers.office.check import Mistake, check
from handlers.office.rows import document, from_rows, to_rows

EXAMPLE = Path(__file__).parents[2] / "manifests" / "office.example.yaml"


def test_the_example_office_is_right() -> None:
    example, line_of = load(EXAMPLE)
    assert check(example, line_of) == []
    office = from_rows("acme", 1, to_rows(example))
    assert len(office.people) == 25
    assert {office.queue_of(key).key for key in office.categories} == {"front-desk", "building", "it", "people", "finance"}
    assert all(office.sla_for(priority, key) for priority in ("low", "normal", "high", "urgent") for key in office.categories)
    assert office.responsible_for("facilities.electrical").person == "bob@acme.example"


def test_the_example_office_comes_back_from_its_export() -> None:
    rows = to_rows(load(EXAMPLE)[0])
    text = dump(document(rows))
    again, line_of = load(text)
    assert check(again, line_of) == []
    assert diff(rows, to_rows(again), prune=True) == ()
    assert dump(document(to_rows(again))) == text


def test_an_export_reads_well() -> None:
    text = dump(document(to_rows(load(EXAMPLE)[0])))
    assert "  - {key: finance, people: [cy@acme.example, mia@acme.example, ned@acme.example]}\n" in text
    assert "    places: [{mail: joe@sparks.example}]\n" in text
    assert "    text: |-\n      Hello,\n" in text
    assert max(map(len, text.splitlines())) < 180


def test_every_mistake_has_its_line() -> None:
    text = """\
office: {key: acme, name: Acme, time_zone: Mars, currency: USD, owner: ada@acme.example}
queues:
  - key: desk
    name: Desk
    people: [ada@acme.example,
             bod@acme.example]
  - key: desk
    name: Desk
    people: [ada@acme.example]
categories:
  - {key: it, label: IT, queue: dsk}
wat: 1
"""
    read, line_of = load(text)
    assert [(mistake.line, mistake.path) for mistake in check(read, line_of)] == [
        (1, ("office", "time_zone")),
        (6, ("queues", 0, "people", 1)),
        (7, ("queues", 1)),
        (11, ("categories", 0, "queue")),
        (12, ("wat",)),
    ]


def test_scalars_are_those_of_yaml_1_2() -> None:
    text = 'a: [1, -2, 0.5, true, no, null, ~, "1", 007, 1e5, 2026-05-01, 09:00, +15550100, 99999999999999999999, 0x10]\nb:\nyes: on'
    assert load(text)[0] == {
        "a": [1, -2, 0.5, True, "no", None, None, "1", "007", "1e5", "2026-05-01", "09:00", 15550100, "99999999999999999999", "0x10"],
        "b": None,
        "yes": "on",
    }


def test_an_alias_repeats_what_it_names() -> None:
    read, line_of = load("a: &people [x, y]\nb: *people\n")
    assert read == {"a": ["x", "y"], "b": ["x", "y"]}
    assert line_of(("b", 1)) == 2


def test_an_empty_file_is_an_empty_document() -> None:
    assert load("")[0] == load("# nothing yet\n")[0] == {}


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("a: 1\nb: [1,\n", 3, "not YAML"),
        ("a: 1\n b: 2\n", 2, "not YAML"),
        ("a: 1\nb: \x01\n", 2, "cannot be printed"),
        ("a: 1\nb: !!python/object:os.system ls\n", 2, "Tags"),
        ("a: 1\nb: *nobody\n", 2, "repeats nothing"),
        ("a: &a [*a]\n", 1, "repeats nothing"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("? [a, b]\n: 1\n", 1, "A key must be a word"),
        ("a: " + "[" * 10_000, 1, "nested more than"),
        (BOMB, 6, "counting what aliases repeat"),
        ("a: " + "x" * LARGEST_BYTES, 1, "larger than 5 MB"),
        ("a: 1\nb: \ud800\n", 2, "not UTF-8"),
    ],
)
def test_what_is_no_good_yaml_is_told_with_its_line(text: str, line: int, sentence: str) -> None:
    with pytest.raises(Unreadable) as told:
        load(text)
    assert len(told.value.mistakes) == 1
    assert told.value.mistakes[0].line == line
    assert sentence in told.value.mistakes[0].sentence


def test_keys_that_stand_twice_are_told_together_with_all_else() -> None:
    with pytest.raises(Unreadable) as told:
        load("office: {key: a, key: b}\ngroups: []\ngroups: []\nwat: 1\n")
    sentences = [(mistake.line, mistake.sentence) for mistake in told.value.mistakes]
    assert (1, '"key" stands here twice (first in line 1): keep one.') in sentences
    assert (3, '"groups" stands here twice (first in line 2): keep one.') in sentences
    assert any(line == 4 and "not known" in sentence for line, sentence in sentences)


def test_a_file_that_is_no_text_or_too_large(tmp_path: Path) -> None:
    binary, large = tmp_path / "binary.yaml", tmp_path / "large.yaml"
    binary.write_bytes(b"a: 1\nb: \xff\xfe\n")
    large.write_bytes(b"#" * (LARGEST_BYTES + 1))
    with pytest.raises(Unreadable, match="line 2: This is not UTF-8"):
        load(binary)
    with pytest.raises(Unreadable, match="larger than"):
        load(large)


plain = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff")
one_line = st.text(plain, max_size=200)
lines = st.lists(one_line, min_size=1, max_size=4).map("\n".join)
scalars = (
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | one_line | lines | st.sampled_from(["~", "- a", "{", "a: b", "2026-13-40"])
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(plain, min_size=1, max_size=20), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from(["office", "people", "answers", "feed"]), documents))
@settings(deadline=None, max_examples=300)
def test_what_is_written_is_read_back(written: dict[str, Any]) -> None:
    assert load(dump(written))[0] == written


@given(st.text(max_size=200) | st.text("[]{}&*!|>-:,#?@'\"% \n\tab01", max_size=60))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    assert all(mistake.sentence and mistake.line >= 1 for mistake in _mistakes(text))


def _mistakes(text: str) -> list[Mistake]:
    try:
        return check(*load(text))
    except Unreadable as refused:
        return refused.mistakes
