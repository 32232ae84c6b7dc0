"""Every mistake is found, at its place, with a sentence that says what to do; and no document is too hostile to be checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.office.check import Mistake, check, written
from handlers.office.rows import to_rows
from handlers.office.shape import MOST_MISTAKES, Path
from tests.effort import calls

Document = dict[str, Any]


def told(document: Any) -> list[str]:
    """The mistakes without lines, as "path: sentence"."""
    return [f"{written(mistake.path)}: {mistake.sentence}" for mistake in check(document, lambda path: 1)]


def put(document: Document, path: Path, value: Any) -> None:
    here: Any = document
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value


def test_the_small_office_is_right(office_document: Document) -> None:
    assert told(office_document) == []


WRONG: list[tuple[Path, Any, str]] = [
    (("office", "time_zone"), "Mars/Olympus", "time zone by its name"),
    (("office", "currency"), "DOLLAR", "three letters"),
    (("office", "language"), "english", "language"),
    (("office", "owner"), "ada", "e-mail address"),
    (("office", "hourly_rate"), "45", "Write a number"),
    (("office", "hourly_rate"), -1, "Write a number from 0"),
    (("office", "hourly_rate"), float("nan"), "Write a number from 0"),
    (("office", "hourly_rate"), 1.23456, "at most three decimals"),
    (("office", "hourly_rate"), True, "Write a number"),
    (("office", "name"), 7, "Write text here"),
    (("office", "name"), "x" * 121, "shorten it to 120"),
    (("office", "name"), "Ac\nme", "on one line"),
    (("office", "name"), "Ac\x07me", "cannot be printed"),
    (("office", "nmae"), "Acme", 'Did you mean "name"?'),
    (("calendars", "office", "hours", "mon-fri"), "9 to 5", "cannot be read"),
    (("calendars", "office", "hours", "friday"), "09:00-17:00", "write days"),
    (("calendars", "office", "hours", "fri"), "09:00-12:00", "fri is named twice"),
    (("calendars", "office", "hours"), {}, "never open"),
    (("calendars", "office", "holidays", "country"), "XX", "two letters"),
    (("calendars", "office", "holidays", "subdivision"), "BY", "no part of US"),
    (("calendars", "office", "holidays", "country"), None, "Name the country as well"),
    (("calendars", "office", "holidays", "extra"), ["24.12.2026"], "Write a date"),
    (("sites", 0, "calendar"), "ofice", 'no calendar "ofice". Did you mean "office"?'),
    (("sites", 0, "places"), "3rd floor", "Write a list"),
    (("sites", 0, "places"), ["A", "A"], "twice"),
    (("departments", 0, "head"), "bbo@acme.example", 'Did you mean "bob@acme.example"?'),
    (("people", 1, "manager"), "nobody@elsewhere.example", "Add it under people"),
    (("people", 1, "department"), "legal", "no department"),
    (("people", 1, "roles"), ["king"], "executive, administrator, vcio"),
    (("people", 0, "manager"), "bob@acme.example", "circle"),
    (("people", 1, "manager"), "bob@acme.example", "circle"),
    (("people", 1, "email"), None, '"email" is missing'),
    (("people", 3, "email"), "ANA@acme.example", "stands twice in people"),
    (("people", 1), "bob", "keys and values"),
    (("queues", 0, "people"), [], '"people" is missing or empty'),
    (("queues", 0, "threads"), "open", "private, shared"),
    (("queues", 0, "channel"), {"irc": "x"}, '"irc" is not known'),
    (("queues", 1, "channel"), {"slack": "C0BUILD"}, "has this channel already"),
    (("vendors", 1, "places"), [{"slack": "C0BUILD"}], 'The queue "building" has this channel already'),
    (("vendors", 1, "places"), [{"slack": "C0SPARKS"}], 'The vendor "sparks" has this channel already'),
    (("queues", 0, "key"), "Building Desk", "lower-case letters"),
    (("groups", 0, "people"), ["cy@acme.example", "CY@acme.example"], "twice"),
    (("fields", 0, "kind"), "colour", "text, long, choice"),
    (("fields", 1, "options"), [], "needs options"),
    (("fields", 0, "options"), ["a"], "Only the kinds choice"),
    (("categories", 0, "queue"), None, '"queue" is missing'),
    (("categories", 0, "queue"), ["building", "it"], "exactly one queue"),
    (("categories", 0, "queue"), "biulding", 'Did you mean "building"?'),
    (("categories", 0, "ask"), ["amuont"], 'Did you mean "amount"?'),
    (("categories", 0, "ask"), ["amount maybe"], "optional"),
    (("categories", 0, "ask"), ["amount", "amount optional"], "both as required and as optional"),
    (("categories", 0, "approval"), "callouts", "no approval policy"),
    (("categories", 0, "escalation"), "elektric", "no escalation policy"),
    (("categories", 0, "sla"), "nromal", "no promise"),
    (("categories", 1), {"key": "unsorted", "label": "Rest", "queue": "it"}, "front-desk"),
    (("responsibility", 0, "for"), "facilites", 'Did you mean "facilities"?'),
    (("responsibility", 3, "for"), "CONT-99", "no service area"),
    (("responsibility", 0, "responsible"), "finance", "e-mail address"),
    (("responsibility", 0, "informed"), ["finanze"], 'no person or group "finanze". Did you mean "finance"?'),
    (("responsibility", 0, "contract"), "none", "no contract"),
    (("responsibility", 1, "confirmed"), "2026-02-30", "Write a date"),
    (("approvals", 0, "steps", 0, "who"), ["boss"], "manager's manager"),
    (("approvals", 0, "steps", 0, "who"), ["group fincance"], 'Did you mean "finance"?'),
    (("approvals", 0, "steps", 0, "need"), 0, "any, all"),
    (("approvals", 0, "steps", 0, "then"), "shrug", "next, remind, approve, decline"),
    (("approvals", 0, "steps"), [], '"steps" is missing or empty'),
    (("approvals", 0, "when", "amount_over"), "much", "Write a number"),
    (("slas", 0, "respond"), "4 hours", "length of time"),
    (("slas", 0, "respond"), "4d", "comes after the resolution"),
    (("slas", 0, "for", "priority"), ["important"], "low, normal, high, urgent"),
    (("slas", 0, "for", "vendor"), "spark", 'Did you mean "sparks"?'),
    (("slas", 0, "calendar"), "bureau", "no calendar"),
    (("slas", 0, "warn_at"), 75, "Write a number from 0.05 to 1"),
    (("slas", 2, "respond"), None, "at least one of these: respond, resolve"),
    (("vendors", 0, "places"), [{"threads": "shared"}], "at least one of these: slack, teams, mail"),
    (("vendors", 0, "grants", 0, "role"), "boss", "vcio"),
    (("contracts", 0, "vendor"), "sparx", 'Did you mean "sparks"?'),
    (("contracts", 0, "covers", "categories"), ["garden"], "no category"),
    (("contracts", 0, "covers", "sites"), ["moon"], "no site"),
    (("subscriptions", 0, "seats"), 0, "whole number"),
    (("escalations", 0, "steps", 0, "to"), "building", "queue KEY"),
    (("escalations", 0, "steps", 0, "to"), "queue biulding", 'Did you mean "building"?'),
    (("escalations", 0, "steps", 1, "to"), "vendor spraks", 'Did you mean "sparks"?'),
    (("escalations", 0, "steps", 0, "wait"), None, '"wait" is missing'),
    (("escalations", 0, "repeat"), 99, "from 0 to 10"),
    (("feed", "channels"), [{}], "at least one of these"),
    (("digest", "weekly", "at"), "monday", "moment of the week"),
    (("digest", "daily"), {"at": "mon 09:00", "to": []}, "weekly"),
    (("answers", 0, "text"), "Hello {ofice}", 'Did you mean "office"?'),
    (("answers", 0, "text"), "Hello {title", "A brace stands alone"),
    (("answers", 0, "categories"), ["nothing"], "no category"),
    (("peopel",), [], 'Did you mean "people"?'),
    (("office",), None, 'The section "office" is missing'),
    (("queues",), {"building": {}}, "as a list"),
    (("calendars",), [], "keys and values"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG)
def test_each_mistake_is_told_at_its_place(office_document: Document, path: Path, value: Any, sentence: str) -> None:
    put(office_document, path, value)
    found = [mistake for mistake in check(office_document, lambda path: 1) if sentence in mistake.sentence]
    assert found, told(office_document)
    shorter = min(len(found[0].path), len(path))
    assert found[0].path[: min(shorter, 2)] == path[: min(shorter, 2)]


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(office_document: Document) -> None:
    changed: list[Path] = [("sites", 0, "calendar"), ("people", 1, "manager"), ("slas", 0, "respond"), ("office", "currency")]
    for path in changed:
        put(office_document, path, "wrong")
    found = check(office_document, lambda path: {"office": 1, "sites": 5, "people": 3, "slas": 9}.get(str(path[0]), 20) if path else 0)
    assert [mistake.path for mistake in found] == sorted(changed, key=lambda path: "office people sites slas".index(str(path[0])))


def test_an_unreadable_section_does_not_make_every_reference_to_it_a_mistake(office_document: Document) -> None:
    office_document["people"] = "everyone"
    assert [line for line in told(office_document) if "no person" in line] == []


def test_hours_that_cannot_be_read_are_not_called_closed_as_well(office_document: Document) -> None:
    office_document["calendars"]["office"]["hours"] = {"mon-fri": "9 to 5"}
    assert [mistake.path for mistake in check(office_document, lambda path: 1)] == [("calendars", "office", "hours", "mon-fri")]


def test_a_part_is_checked_together_with_what_is_stored(office_document: Document) -> None:
    stored = to_rows(office_document)
    part = {"queues": [{"key": "garden", "name": "Garden", "people": ["ana@acme.example"]}]}
    assert check(part, lambda path: 1, stored) == []
    assert any("office" in line for line in told(part))
    loop = {"people": [{"email": "ada@acme.example", "name": "Ada", "manager": "bob@acme.example"}]}
    assert any("circle" in mistake.sentence for mistake in check(loop, lambda path: 1, stored))


def test_an_office_needs_only_its_head(office_document: Document) -> None:
    assert told({"office": office_document["office"]}) == []


def test_a_mistake_reads_as_a_line() -> None:
    assert str(Mistake(12, ("queues", 0, "people"), "Write a list.")) == "line 12, queues[0].people: Write a list."
    assert str(Mistake(1, (), "Empty.")) == "line 1: Empty."
    assert written(("a\x1b[31m", "b")) == "a?[31m.b"


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["office", "key", "manager", "mon-fri", "group x"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=4),
    max_leaves=12,
)


@given(anything)
@settings(deadline=None)
def test_any_document_at_all_gives_sentences(document: Any) -> None:
    assert all(mistake.sentence.strip() for mistake in check(document, lambda path: 1))


@pytest.mark.slow
@given(path=st.sampled_from([path for path, _, _ in WRONG]), value=anything)
@settings(deadline=None, max_examples=300)
def test_anything_anywhere_gives_sentences(office_sample: Document, path: Path, value: Any) -> None:
    document = _with(office_sample, path, value)
    assert all(isinstance(mistake, Mistake) for mistake in check(document, lambda path: 1))


def _with(here: Any, path: Path, value: Any) -> Any:
    """A copy of a document with one value changed."""
    copy: Any = dict(here) if isinstance(here, dict) else list(here)
    copy[path[0]] = _with(here[path[0]], path[1:], value) if len(path) > 1 else value
    return copy


def _deep() -> Document:
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    return {"office": nested, "people": [{"email": nested, "name": nested}]}


def _shared() -> Document:
    """A list that would have 2 to the 60 items if anybody walked through it."""
    bomb: Any = "x"
    for _ in range(60):
        bomb = [bomb, bomb]
    return {"people": bomb, "zzz": bomb, "queues": [{"key": "a", "people": bomb, "channel": bomb}]}


def _endless() -> Document:
    document: Document = {"office": {}}
    document["office"]["owner"] = document["people"] = document
    return document


def _many() -> Document:
    return {"people": [{"email": f"p{i}@a.example", "name": "P", "manager": f"x{i}@a.example", f"k{i}": 1} for i in range(1000)]}


def _huge() -> Document:
    return {
        "office": {"key": 10**5000, "hourly_rate": 10**5000, "name": "n" * 10**6},
        "subscriptions": [{"key": 10**400, "seats": 10**400}],
        "feed": {10**5000: 10**5000},
    }


@pytest.mark.parametrize("hostile", [_deep, _shared, _endless, _many, _huge])
def test_hostile_documents_cost_little(hostile: Callable[[], Document]) -> None:
    document, found = hostile(), list[Mistake]()
    assert calls(lambda: found.extend(check(document, lambda path: 1))) < 500_000  # each of 1,000 people against each other: a million
    assert 0 < len(found) <= MOST_MISTAKES + 1
    assert all(len(mistake.sentence) < 2000 for mistake in found)
