"""What plain words are, as a table: every combination of facts has one decision, and the rows that matter are named."""

from __future__ import annotations

import itertools
from dataclasses import fields
from typing import get_args

import pytest

from handlers.listening.model import Decision, Facts, route

NAMES = [field.name for field in fields(Facts)]


def all_facts() -> list[Facts]:
    return [Facts(*values) for values in itertools.product((False, True), repeat=len(NAMES))]


def test_every_combination_has_a_decision_and_every_decision_a_combination() -> None:
    decisions = {route(facts) for facts in all_facts()}
    assert decisions == set(get_args(Decision))


ROWS: list[tuple[str, Decision]] = [
    # in a thread
    ("subject mentioned is_command", "command"),
    ("subject mentioned", "comment"),
    ("subject is_command", "comment"),
    ("subject approving clear", "decide"),
    ("subject approving clear asked", "decide"),
    ("subject approving", "comment"),
    ("subject clear", "comment"),
    ("subject asked", "answer"),
    ("subject", "comment"),
    ("subject report", "comment"),
    ("subject outside", "comment"),
    ("subject outside aside", "ignore"),
    ("subject outside aside mentioned is_command", "ignore"),
    ("direct subject asked", "answer"),
    ("direct subject dialog report fresh", "comment"),
    # in a channel
    ("mentioned", "command"),
    ("mentioned report", "command"),
    ("", "ignore"),
    ("report", "ignore"),
    ("is_command", "ignore"),
    ("dialog fresh report", "ignore"),
    # one to one
    ("direct is_command", "command"),
    ("direct is_command dialog", "command"),
    ("direct is_command dialog dialog_word", "dialog word"),
    ("direct dialog dialog_word", "dialog word"),
    ("direct dialog", "dialog"),
    ("direct dialog fresh", "dialog"),
    ("direct dialog report", "which"),
    ("direct dialog_word", "offer"),
    ("direct report", "command"),
    ("direct report fresh", "command"),
    ("direct fresh", "comment"),
    ("direct outside", "command"),
    ("direct", "offer"),
    ("direct resumes", "resume"),
    ("direct resumes fresh", "resume"),
]


@pytest.mark.parametrize(("true", "decision"), ROWS)
def test_rows(true: str, decision: Decision) -> None:
    assert route(Facts(**dict.fromkeys(true.split(), True))) == decision


def test_people_who_talk_to_each_other_are_left_alone() -> None:
    assert {route(facts) for facts in all_facts() if not (facts.direct or facts.mentioned or facts.subject)} == {"ignore"}


def test_nothing_said_to_us_is_ignored() -> None:
    """But what a vendor's people say among themselves."""
    to_us = [facts for facts in all_facts() if facts.direct or facts.mentioned or facts.subject]
    assert {route(facts) for facts in to_us if not facts.aside}.isdisjoint({"ignore"})
    assert {route(facts) for facts in to_us if facts.aside and facts.subject} == {"ignore"}


def test_only_an_approver_decides_and_only_in_the_thread() -> None:
    for facts in all_facts():
        if route(facts) == "decide":
            assert facts.subject
            assert facts.approving
            assert facts.clear


def test_a_dialog_takes_words_only_one_to_one() -> None:
    for facts in all_facts():
        if route(facts) in ("dialog", "dialog word", "which"):
            assert facts.direct
            assert facts.dialog
            assert not facts.subject
