"""Every card with example data, in every chat: looks as approved, keeps the platform's rules, says and offers the same everywhere.

`python -m tests.bot.test_samples` draws the golden files anew; read the difference before you keep it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.console.render import render as console
from bot.reading import Reading
from bot.sandbox.slack.blockkit import message_faults
from bot.slack.render import render as slack
from handlers.cards import Block, Button, Buttons, Card, Choices, List
from handlers.notices import cards as notices
from handlers.tickets import samples as tickets

HERE = Reading.of("en", "America/Los_Angeles")
GOLDEN = Path(__file__).parent / "golden"
SAMPLES = {sample.name: sample.card for sample in (*tickets.samples(), *notices.samples())}


def file_of(name: str, ending: str) -> Path:
    return GOLDEN / (re.sub(r"[^a-z]+", "-", name.lower()).strip("-") + ending)


def drawn(card: Card) -> dict[str, str]:
    """The card in each chat, as text that can be compared."""
    blocks = json.dumps(dict(slack(card, HERE)), indent=1, ensure_ascii=False)
    return {".slack.json": blocks + "\n", ".console.txt": "\n".join(console(card, HERE)["lines"]) + "\n"}


def buttons(blocks: tuple[Block, ...]) -> Iterator[Button]:
    for block in blocks:
        match block:
            case Buttons(row, more):
                yield from (*row, *more)
            case Choices(items):
                yield from items
            case List(items):
                for item in items:
                    yield from item.buttons


@pytest.mark.parametrize("name", SAMPLES)
def test_looks_as_approved(name: str) -> None:
    for ending, text in drawn(SAMPLES[name]).items():
        assert file_of(name, ending).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", SAMPLES)
def test_keeps_slacks_rules(name: str) -> None:
    payload = slack(SAMPLES[name], HERE)
    assert message_faults(list(payload["blocks"])) == []
    assert payload["text"]


@pytest.mark.parametrize("name", SAMPLES)
def test_says_and_offers_the_same_in_every_chat(name: str) -> None:
    card = SAMPLES[name]
    json_text, lines = json.dumps(dict(slack(card, HERE)), ensure_ascii=False), "\n".join(console(card, HERE)["lines"])
    for button in buttons(card.blocks):
        label = HERE.text(button.label)
        assert label in json_text, label
        assert label in lines, label


def test_names_of_golden_files_do_not_collide() -> None:
    assert len({file_of(name, "") for name in SAMPLES}) == len(SAMPLES)
    kept = {path.name for path in GOLDEN.iterdir()}
    assert kept == {file_of(name, ending).name for name in SAMPLES for ending in (".slack.json", ".console.txt")}


def keep() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.iterdir():
        old.unlink()
    for name, card in SAMPLES.items():
        for ending, text in drawn(card).items():
            file_of(name, ending).write_text(text, encoding="utf-8")


def main() -> Any:
    keep()


if __name__ == "__main__":
    main()
