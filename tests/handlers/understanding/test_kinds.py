"""Problem or wish."""

from __future__ import annotations

import pytest

from handlers.understanding.kinds import incident_or_request
from tests.handlers.understanding.samples import Labelled


@pytest.mark.parametrize("split", ["tune", "held", "fresh"])
def test_most_reports_are_told_apart(split: str, reports: tuple[Labelled, ...]) -> None:
    rows = [row for row in reports if row.split == split]
    right = sum(incident_or_request(row.text, row.category) == row.kind for row in rows)
    assert right / len(rows) >= 0.88


REQUESTS = [
    "need a new laptop", "please reset my password", "can I get a second screen", "we are out of coffee", "I would like a footrest",
    "please order A4 paper", "new starter on Monday needs a badge", "could you install Photoshop", "I lost my office key",
]  # fmt: skip
INCIDENTS = [
    "light above my desk flickering", "the printer is jammed", "no hot water", "my laptop is dead", "wifi keeps dropping", "", "???",
    "can't log in", "there is smoke in the hallway", "the door won't close",
]  # fmt: skip


@pytest.mark.parametrize("text", REQUESTS)
def test_wishes_are_requests(text: str) -> None:
    assert incident_or_request(text) == "request"


@pytest.mark.parametrize("text", INCIDENTS)
def test_trouble_and_doubt_are_incidents(text: str) -> None:
    assert incident_or_request(text) == "incident"


def test_errands_are_rather_requests() -> None:
    assert incident_or_request("coffee", "office.supplies") == "request"
    assert incident_or_request("coffee", "facilities.electrical") == "incident"
