"""What is printed in which order, and who has what before them."""

from __future__ import annotations

import itertools

from bot.chats import Payload
from bot.console.screen import ANSWER, DIRECT, Screen, Spot

BUILDING = Spot("#building", frozenset({"bob"}))
TO_ANA = Spot("to ana", frozenset({"ana"}), DIRECT)
ONLY_ANA = Spot("only for ana", frozenset({"ana"}), ANSWER)


def payload(*lines: str, version: int = 1) -> Payload:
    button = {"mark": "1", "label": "Show", "action": "show", "subject": "ticket:1", "version": version, "value": "", "about": ""}
    return {"title": lines[0], "lines": list(lines), "buttons": [button], "refs": {}}


def test_what_comes_at_the_same_time_is_printed_in_one_order() -> None:
    outputs = set()
    for order in itertools.permutations(range(4)):
        printed: list[str] = []
        screen = Screen(printed.append)
        screen.post("card", BUILDING, payload("#1 Light"))
        printed.clear()
        acts = (
            lambda: screen.edit("card", BUILDING, payload("#1 Light", "taken")),
            lambda: screen.post("thread", BUILDING, payload("Ana wrote:"), "card"),
            lambda: screen.post("notice", TO_ANA, payload("Bob is on it")),
            lambda: screen.post("answer", ONLY_ANA, payload("Thank you")),
        )
        with screen.holding():
            for at in order:
                acts[at]()
        outputs.add("\n".join(line for line in printed if line))
    assert outputs == {
        "── only for ana ──\nThank you\n── #building ──\n#1 Light  (edited)\ntaken\n"
        "── #building, in the thread of #1 Light ──\n    Ana wrote:\n── to ana ──\nBob is on it"
    }


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
