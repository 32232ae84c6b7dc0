"""The rules of a ticket by themselves: every act in every status, the words for its state, priorities, promises, titles."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import Affected, Impact, Offer, Outcome, Priority, Status, Ticket, Wait, WaitKind, says_nothing
from handlers.office.build import from_rows
from handlers.office.calendar import Calendar, CalendarRules
from handlers.office.rows import to_rows
from handlers.office.values import Duration, Span
from handlers.tickets.model import (
    ACTS,
    GRACE_DAYS,
    MOVES,
    OUTCOMES,
    SILENCE,
    TITLE,
    Act,
    Illegal,
    Shown,
    can,
    filled,
    hours_lost,
    may_reopen,
    moved,
    priority,
    promise,
    shown_status,
    title_of,
)
from tests.example import example_document
from tests.handlers.harness import example

NOW = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
OPEN = Ticket("t1", "acme", "Light", "Light", "facilities.electrical", "building", "ana", NOW, NOW)


def ticket(status: Status) -> Ticket:
    resolved = replace(OPEN, status=Status.resolved, resolved_at=NOW, resolved_by="bob", score=3)
    found = {
        Status.open: OPEN,
        Status.in_progress: replace(OPEN, status=Status.in_progress, assignee="bob"),
        Status.resolved: resolved,
        Status.closed: replace(resolved, status=Status.closed, outcome=Outcome.confirmed, closed_at=NOW),
    }
    return found[status]


PAIRS = list(itertools.product(Status, ACTS))


def test_the_table_names_only_what_there_is() -> None:
    assert set(ACTS) == set(get_args(Act))
    assert set(MOVES) <= set(PAIRS)
    assert set(OUTCOMES) == {act for (_, act), after in MOVES.items() if after is Status.closed} - {"talk"}


@pytest.mark.parametrize(("status", "act"), [pair for pair in PAIRS if pair not in MOVES])
def test_what_the_table_does_not_name_cannot_be_done(status: Status, act: Act) -> None:
    assert not can(ticket(status), act)
    with pytest.raises(Illegal):
        moved(ticket(status), act, LATER)


@pytest.mark.parametrize(("status", "act"), MOVES)
def test_every_move_leaves_a_ticket_without_contradiction(status: Status, act: Act) -> None:
    before = ticket(status)
    after = moved(before, act, LATER)
    assert after.status is MOVES[status, act]
    assert after.updated_at == LATER
    assert (after.outcome is not Outcome.none) == (after.closed_at is not None) == (after.status is Status.closed)
    assert (after.resolved_at is not None) or after.status not in (Status.resolved,)
    assert after.reopened == before.reopened + (act == "reopen")
    assert (after.id, after.version, after.requester, after.created_at) == (before.id, before.version, before.requester, before.created_at)


@pytest.mark.parametrize(("act", "outcome"), OUTCOMES.items())
def test_each_way_to_end_has_its_outcome(act: Act, outcome: Outcome) -> None:
    before = ticket(Status.resolved if act in ("confirm", "close_silent") else Status.open)
    after = moved(before, act, LATER)
    assert (after.status, after.outcome, after.closed_at) == (Status.closed, outcome, LATER)


def test_talking_about_a_closed_ticket_does_not_close_it_again() -> None:
    closed = ticket(Status.closed)
    assert moved(closed, "talk", LATER) == replace(closed, updated_at=LATER)


@pytest.mark.parametrize("status", [Status.resolved, Status.closed])
def test_reopening_takes_back_how_it_ended(status: Status) -> None:
    after = moved(ticket(status), "reopen", LATER)
    assert (after.status, after.outcome, after.closed_at, after.resolved_at, after.resolved_by, after.score, after.reopened) == (
        Status.open, Outcome.none, None, None, None, None, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "days", "may"),
    [
        (Outcome.confirmed, 0, True),
        (Outcome.confirmed, GRACE_DAYS, True),
        (Outcome.confirmed, GRACE_DAYS + 0.0001, False),
        (Outcome.unconfirmed, GRACE_DAYS, True),
        (Outcome.rejected, 0, False),
        (Outcome.cancelled, 0, False),
        (Outcome.duplicate, 0, False),
    ],
)
def test_reopening_has_a_grace_period(outcome: Outcome, days: float, may: bool) -> None:
    closed = replace(ticket(Status.closed), outcome=outcome)
    assert may_reopen(closed, NOW + timedelta(days=days)) is may


def test_a_resolved_ticket_may_be_reopened_at_any_time_and_an_open_one_never() -> None:
    assert may_reopen(ticket(Status.resolved), NOW + timedelta(days=400))
    assert not may_reopen(OPEN, NOW)


# ---------------------------------------------------------------- the word for its state

KINDS: tuple[WaitKind, ...] = get_args(WaitKind)


def wait(kind: WaitKind, ended: bool = False) -> Wait:
    return Wait("w", "acme", "t1", kind, NOW, ended_at=LATER if ended else None)


@given(
    st.sampled_from(Status),
    st.sampled_from(Outcome),
    st.sampled_from([None, "bob"]),
    st.integers(0, 2),
    st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=3),
    st.lists(st.tuples(st.booleans(), st.booleans()), max_size=2),
)
def test_every_state_has_a_word(
    status: Status,
    outcome: Outcome,
    assignee: str | None,
    reopened: int,
    waits: list[tuple[WaitKind, bool]],
    offers: list[tuple[bool, bool]],
) -> None:
    some = replace(OPEN, status=status, outcome=outcome, assignee=assignee, reopened=reopened)
    offered = [Offer("o", "acme", "t1", "sparks", NOW, claimed_by="joe" if c else None, ended_at=LATER if e else None) for c, e in offers]
    shown = shown_status(some, [wait(kind, ended) for kind, ended in waits], offered)
    assert shown in get_args(Shown)
    assert (shown in ("closed", "rejected", "cancelled")) == (status is Status.closed)
    assert (shown == "resolved") == (status is Status.resolved)


OFFER = Offer("o", "acme", "t1", "sparks", NOW)


@pytest.mark.parametrize(
    ("some", "waits", "offers", "shown"),
    [
        (OPEN, [], [], "new"),
        (replace(OPEN, assignee="bob"), [], [], "open"),
        (replace(OPEN, responded_at=NOW), [], [], "open"),
        (replace(OPEN, reopened=1), [], [], "reopened"),
        (ticket(Status.in_progress), [], [], "in progress"),
        (replace(ticket(Status.in_progress), reopened=1), [], [], "in progress"),
        (OPEN, [wait("approval"), wait("date")], [OFFER], "awaiting approval"),
        (OPEN, [wait("date")], [OFFER], "on hold"),
        (OPEN, [wait("requester")], [], "on hold"),
        (OPEN, [wait("date", ended=True)], [], "new"),
        (OPEN, [], [OFFER], "escalated"),
        (ticket(Status.in_progress), [], [replace(OFFER, claimed_by="joe")], "in progress"),
        (OPEN, [], [replace(OFFER, ended_at=NOW)], "new"),
        (ticket(Status.resolved), [wait("date")], [OFFER], "resolved"),
        (ticket(Status.closed), [], [], "closed"),
        (replace(ticket(Status.closed), outcome=Outcome.unconfirmed), [], [], "closed"),
        (replace(ticket(Status.closed), outcome=Outcome.rejected), [], [], "rejected"),
        (replace(ticket(Status.closed), outcome=Outcome.cancelled), [], [], "cancelled"),
    ],
)
def test_the_word_for_a_state(some: Ticket, waits: list[Wait], offers: list[Offer], shown: Shown) -> None:
    assert shown_status(some, waits, offers) == shown


# ---------------------------------------------------------------- priority


@pytest.mark.parametrize(
    ("impact", "slowed", "expected"),
    [
        (Impact.everyone, 100, Priority.urgent),
        (Impact.everyone, 40, Priority.high),
        (Impact.everyone, 25, Priority.high),
        (Impact.everyone, 24, Priority.normal),
        (Impact.everyone, 0, Priority.normal),
        (Impact.several, 100, Priority.high),
        (Impact.several, 99, Priority.normal),
        (Impact.several, 10, Priority.normal),
        (Impact.one, 100, Priority.normal),
        (Impact.one, 40, Priority.normal),
        (Impact.one, 24, Priority.low),
        (Impact.one, 1, Priority.low),
        (Impact.one, 0, Priority.normal),
    ],
)
def test_priority_is_impact_times_urgency(impact: Impact, slowed: int, expected: Priority) -> None:
    assert priority(impact, slowed, "it.network") is expected


@given(st.sampled_from(Impact), st.integers(0, 100), st.sampled_from(["safety", "safety.fire"]))
def test_safety_is_always_urgent(impact: Impact, slowed: int, category: str) -> None:
    assert priority(impact, slowed, category) is Priority.urgent
    assert priority(impact, slowed, "safetyvest") is priority(impact, slowed, "it.network")


@given(st.sampled_from(Impact), st.integers(1, 99))
def test_more_is_never_less_urgent(impact: Impact, slowed: int) -> None:
    order = list(Priority)
    assert order.index(priority(impact, slowed, "x")) <= order.index(priority(impact, slowed + 1, "x"))
    wider = list(Impact)[min(2, list(Impact).index(impact) + 1)]
    assert order.index(priority(impact, slowed, "x")) <= order.index(priority(wider, slowed, "x"))


# ---------------------------------------------------------------- promises

PAUSES = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 5_000)), max_size=4)
OFFICE = example()


def paused(start: int, length: int | None, pausing: bool = True) -> Wait:
    since = NOW + timedelta(minutes=start)
    ended = None if length is None else since + timedelta(minutes=length)
    return Wait("w", "acme", "t1", "date", since, ended_at=ended, pausing=pausing)


@given(PAUSES)
def test_a_pause_never_makes_a_promise_fall_due_earlier(pauses: list[tuple[int, int]]) -> None:
    without = promise(OPEN, (), OFFICE, None)
    known: list[Wait] = []
    before = without
    for start, length in sorted(pauses):
        known.append(paused(start, length))
        after = promise(OPEN, known, OFFICE, None)
        assert after.respond is not None
        assert before.respond is not None
        assert after.respond >= before.respond
        assert after.resolve is not None
        assert before.resolve is not None
        assert after.resolve >= before.resolve
        before = after


def test_while_it_waits_its_clock_stands_still() -> None:
    assert promise(OPEN, [paused(10, None)], OFFICE, None) == promise(OPEN, [paused(10, None)], OFFICE, None)
    assert promise(OPEN, [paused(10, None)], OFFICE, None).resolve is None
    assert promise(OPEN, [paused(10, None, pausing=False)], OFFICE, None) == promise(OPEN, (), OFFICE, None)


def test_what_the_office_promises_for_a_normal_ticket() -> None:
    """Four and twenty-four working hours (09:00-17:00) from Monday 10:00 in Los Angeles."""
    due = promise(OPEN, (), OFFICE, None)
    assert (due.respond, due.resolve) == (datetime(2026, 11, 16, 22, 0, tzinfo=UTC), datetime(2026, 11, 19, 18, 0, tzinfo=UTC))


def test_a_priority_without_a_promise_promises_nothing() -> None:
    document = example_document()
    silent = from_rows("acme", 1, to_rows({**document, "slas": []}))
    due = promise(OPEN, (), silent, None)
    assert (due.respond, due.resolve) == (None, None)


# ---------------------------------------------------------------- hours lost

ALWAYS = Calendar(CalendarRules("UTC", ((Span(0, 1440),),) * 7))


def test_hours_lost_counts_shares_of_working_hours() -> None:
    people = [
        Affected("1", "acme", "t1", "ana", 40, NOW),
        Affected("2", "acme", "t1", "hal", 100, NOW + timedelta(hours=2)),
        Affected("3", "acme", "t1", "ida", 100, NOW, until=NOW + timedelta(hours=1)),
        Affected("4", "acme", "t1", "jon", 100, NOW + timedelta(days=9)),
    ]
    assert hours_lost(people, ALWAYS, NOW + timedelta(hours=5)) == pytest.approx(0.4 * 5 + 3 + 1)


@given(st.integers(0, 100), st.integers(0, 500))
def test_nobody_loses_more_than_the_time_there_was(percent: int, hours: int) -> None:
    lost = hours_lost([Affected("1", "acme", "t1", "ana", percent, NOW)], ALWAYS, NOW + timedelta(hours=hours))
    assert 0 <= lost <= hours


# ---------------------------------------------------------------- words


@given(st.text(max_size=400))
def test_a_title_is_one_short_line_with_something_to_see(text: str) -> None:
    title = title_of(text)
    assert len(title) <= TITLE
    assert title == title.strip()
    assert len(title.splitlines()) <= 1
    if says_nothing(text):
        assert title == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("light flickering", "light flickering"),
        ("  light\tabove   my desk ", "light above my desk"),
        ("\n\n​\nlight\nabove", "light"),
        ("a" * 200, "a" * 119 + "…"),
        ("word " * 60, ("word " * 60)[:114].strip() + "…"),
        ("printer ‮gnikcab", "printer gnikcab"),
        ("bell\x07\x00 rings", "bell rings"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("text", "nothing"), [("", True), (" \n\t", True), ("​‮", True), ("\x00", True), (".", False), ("🔥", False), ("א", False)]
)
def test_whether_there_is_anything_to_see(text: str, nothing: bool) -> None:
    assert says_nothing(text) is nothing


def test_a_saved_answer_is_filled_once_and_shows_what_it_does_not_know() -> None:
    facts = {"title": "{number} is mine", "number": "#1"}
    assert filled("{number}: {title}, {due}, {}", facts) == "#1: {number} is mine, {due}, {}"


def test_the_length_of_silence_is_three_working_days() -> None:
    assert Duration(days=3) == SILENCE
