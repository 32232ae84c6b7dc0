"""What is printed in which order, and who has what before them."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from bot.chats import Payload
from bot.console.screen import ANSWER, DIRECT, Screen, Spot

BUILDING = Spot("#building", frozenset({"bob"}))
TO_ANA = Spot("to ana", frozenset({"ana"}), DIRECT)
ONLY_ANA = Spot("only for ana", frozenset({"ana"}), ANSWER)


def payload(*lines: str, version: int = 1) -> Payload:
    button = {"mark": "1", "label": "Show", "action": "show", "subject": "ticket:1", "version": version, "value": "", "about": ""}
    return {"title": lines[0], "lines": list(lines), "buttons": [button], "refs": {}}


ACTS: tuple[Callable[[Screen], None], ...] = (
    lambda screen: screen.edit("card", BUILDING, payload("#1 Light", "taken")),
    lambda screen: screen.post("thread", BUILDING, payload("Ana wrote:"), "card"),
    lambda screen: screen.post("notice", TO_ANA, payload("Bob is on it")),
    lambda screen: screen.post("answer", ONLY_ANA, payload("Thank you")),
)


@pytest.mark.parametrize("order", list(itertools.permutations(ACTS)))
def test_what_comes_at_the_same_time_is_printed_in_one_order(order: tuple[Callable[[Screen], None], ...]) -> None:
    printed: list[str] = []
    screen = Screen(printed.append)
    screen.post("card", BUILDING, payload("#1 Light"))
    printed.clear()
    with screen.holding():
        for act in order:
            act(screen)
    assert [line for line in printed if line] == [
        "── only for ana ──",
        "Thank you",
        "── #building ──",
        "#1 Light  (edited)",
        "taken",
        "── #building, in the thread of #1 Light ──",
        "    Ana wrote:",
        "── to ana ──",
        "Bob is on it",
    ]


def test_several_edits_at_once_are_printed_once() -> None:
    printed: list[str] = []
    screen = Screen(printed.append)
    with screen.holding():
        screen.post("card", BUILDING, payload("#1 Light", "new"))
        screen.edit("card", BUILDING, payload("#1 Light", "taken"))
    assert printed == ["", "── #building ──", "#1 Light", "taken"]


def test_without_a_line_being_worked_on_messages_come_at_once() -> None:
    printed: list[str] = []
    Screen(printed.append).post("card", BUILDING, payload("#1 Light"))
    assert printed[-1] == "#1 Light"


def test_new_buttons_under_the_same_words_are_taken_over_quietly() -> None:
    printed: list[str] = []
    screen = Screen(printed.append)
    screen.post("card", BUILDING, payload("#1 Light"))
    before = len(printed)
    screen.edit("card", BUILDING, payload("#1 Light", version=2))
    assert len(printed) == before
    assert [knob.version for shown in screen.seen_by("bob") for knob in shown.knobs] == [2]


def test_a_card_of_an_earlier_run_is_shown_as_edited() -> None:
    printed: list[str] = []
    Screen(printed.append).edit("old", BUILDING, payload("#1 Light"))
    assert printed[-1] == "#1 Light  (edited)"


def test_an_answer_that_was_replaced_is_gone() -> None:
    screen = Screen(lambda line: None)
    screen.post("answer", ONLY_ANA, payload("Sure?"))
    screen.drop("answer")
    assert list(screen.seen_by("ana")) == []
