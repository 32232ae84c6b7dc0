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
from bot.sandbox.teams.cards import card_faults
from bot.slack.buttons import unpacked as unpacked_of_slack
from bot.slack.render import render as slack
from bot.teams.buttons import unpacked as unpacked_of_teams
from bot.teams.render import render as teams
from bot.words import clean
from handlers.cards import Block, Button, Buttons, Card, Choices, List, Note, Quote, Text
from handlers.files import samples as files
from handlers.notices import cards as notices
from handlers.responsibility import samples as responsibility
from handlers.tickets import samples as tickets
from handlers.words import When
from tests.bot.slack import oracle as on_slack
from tests.bot.teams import oracle as on_teams
from tests.bot.teams import published

HERE = Reading.of("en", "America/Los_Angeles")
GOLDEN = Path(__file__).parent / "golden"
SAMPLES = {sample.name: sample.card for sample in (*tickets.samples(), *files.samples(), *notices.samples(), *responsibility.samples())}


def file_of(name: str, ending: str) -> Path:
    return GOLDEN / (re.sub(r"[^a-z]+", "-", name.lower()).strip("-") + ending)


def drawn(card: Card) -> dict[str, str]:
    """The card in each chat, as text that can be compared."""
    kept = {".slack.json": slack(card, HERE), ".teams.json": teams(card, HERE)}
    written = {ending: json.dumps(dict(payload), indent=1, ensure_ascii=False) + "\n" for ending, payload in kept.items()}
    return written | {".console.txt": "\n".join(console(card, HERE)["lines"]) + "\n"}


def read(card: Card) -> dict[str, str]:
    """What can be read in each chat, without spaces."""
    shown = {
        "console": "\n".join(console(card, HERE)["lines"]),
        "slack": on_slack.words(slack(card, HERE)),
        "teams": on_teams.words(teams(card, HERE)),
    }
    return {chat: on_teams.alike(text.replace("│", "")) for chat, text in shown.items()}


def sayings(card: Card) -> Iterator[str]:
    """All words of a card but its moments, which each chat shows in its own way."""
    lines = [card.title, *([card.state] if card.state else [])]
    for block in card.blocks:
        match block:
            case Text(line) | Note(line):
                lines.append(line)
            case Quote(text, by):
                yield text
                lines += [by] if by else []
            case List(items):
                lines += [line for item in items for line in (item.line, item.facts) if line]
    yield from (span.text for line in lines for span in HERE.spans(line) if not isinstance(span, When))


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
    labels = [HERE.text(button.label) for button in buttons(card.blocks)]
    for chat, shown in read(card).items():
        for words in (*labels, *sayings(card)):
            assert on_teams.alike(clean(words)) in shown, (chat, words)


@pytest.mark.parametrize("name", SAMPLES)
def test_carries_the_same_in_slack_and_teams(name: str) -> None:
    card = SAMPLES[name]
    in_slack = [unpacked_of_slack(one["value"]) for one in on_slack.objects(slack(card, HERE)) if "value" in one]
    in_teams = [unpacked_of_teams(one["data"]) for one in on_teams.objects(teams(card, HERE)) if "data" in one and "verb" not in one]
    assert in_slack == in_teams
    assert None not in in_teams


@pytest.mark.parametrize("name", SAMPLES)
def test_keeps_teams_rules(name: str) -> None:
    payload = teams(SAMPLES[name], HERE)
    assert payload["summary"]
    assert len(json.dumps(dict(payload), ensure_ascii=False).encode()) < 28_000
    assert set(on_teams.mentions(payload["card"])) == set()
    assert card_faults(payload["card"]) == []
    published.check(payload["card"])


def test_names_of_golden_files_do_not_collide() -> None:
    assert len({file_of(name, "") for name in SAMPLES}) == len(SAMPLES)
    kept = {path.name for path in GOLDEN.iterdir()}
    assert kept == {file_of(name, ending).name for name in SAMPLES for ending in (".slack.json", ".teams.json", ".console.txt")}


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
