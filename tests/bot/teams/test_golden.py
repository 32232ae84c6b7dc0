"""What samples look like does not change unnoticed, and the published schema takes all of them."""

from __future__ import annotations

import pytest

from bot.sandbox.teams.cards import card_faults
from tests.bot.teams import goldens, published

DRAWN = goldens.drawn()


@pytest.mark.parametrize("name", DRAWN)
def test_a_sample_looks_as_before(name: str) -> None:
    assert DRAWN[name] == goldens.kept(name)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in goldens.FOLDER.glob("*.json")} == set(DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_the_sandbox_takes_it(name: str) -> None:
    card = DRAWN[name]["card"]
    assert card_faults(card.get("content", card)) == []


@pytest.mark.parametrize("name", DRAWN)
def test_the_published_schema_takes_it(name: str) -> None:
    card = DRAWN[name]["card"]
    published.check(card.get("content", card))
