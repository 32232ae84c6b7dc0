"""What a button carries comes back whole, and what is not ours is not read."""

from __future__ import annotations

from typing import Any

import pytest

from bot.pressed import Pressed
from bot.teams.buttons import unpacked
from bot.teams.render import render
from handlers.cards import Button, Buttons, Card
from handlers.words import words
from tests.bot.slack.samples import BERLIN, CARDS
from tests.bot.teams import oracle

Json = dict[str, Any]


def actions(card: Card) -> list[Json]:
    return [one for block in oracle.objects(render(card, BERLIN)) if block.get("type") == "ActionSet" for one in block["actions"]]


def card(*row: Button, more: tuple[Button, ...] = ()) -> Card:
    return Card(words("T"), (Buttons(row, more),))


def test_a_press_is_an_execute_with_the_same_as_a_submit_for_old_clients() -> None:
    (one,) = actions(card(Button(words("Take it"), "tickets.take", "ticket:1", 7, "x", style="danger")))
    assert (one["type"], one["verb"], one["style"]) == ("Action.Execute", "tickets.take", "destructive")
    assert one["fallback"] == {"type": "Action.Submit", "title": "Take it", "style": "destructive", "data": one["data"]}
    assert unpacked(one["data"]) == Pressed("tickets.take", "ticket:1", 7, "x")


def test_a_button_that_opens_a_form_asks_for_a_dialog() -> None:
    (one,) = actions(card(Button(words("Reply…"), "", "ticket:1", opens="ticket.comment", style="primary")))
    assert (one["type"], one["style"]) == ("Action.Submit", "positive")
    assert one["data"] == {"msteams": {"type": "task/fetch"}, "deskbell": {"s": "ticket:1", "f": "ticket.comment"}}
    assert unpacked(one["data"]) == Pressed("", "ticket:1", opens="ticket.comment")


def test_more_stands_in_the_same_set_behind_its_dots() -> None:
    sets = [one for one in oracle.objects(render(CARDS["ticket"], BERLIN)) if one.get("type") == "ActionSet"]
    assert len(sets) == 1
    assert [one.get("mode") for one in sets[0]["actions"]] == [None] + ["secondary"] * 5
    assert all(one["fallback"].get("mode") == one.get("mode") for one in sets[0]["actions"])


def test_buttons_that_are_too_long_for_a_phone_stand_in_two_rows() -> None:
    long, short = (
        [Button(words(word), "a", "s:1") for word in labels] for labels in (("Change category", "It slows me down…", "No"), "abc")
    )
    more = (Button(words("Other"), "b", "s:1"),)

    def rows(*row: Button) -> list[int]:
        body = render(card(*row, more=more), BERLIN)["card"]["body"]
        return [len(one["actions"]) for one in body if one["type"] == "ActionSet"]

    assert rows(*long) == [2, 2]
    assert rows(*short) == [4]
    assert rows() == [1]


def test_a_button_that_carries_too_much_is_a_mistake_of_the_card() -> None:
    with pytest.raises(ValueError, match="at most 2000"):
        render(card(Button(words("x"), "a", "s:1", value="y" * 3000)), BERLIN)


@pytest.mark.parametrize(
    "facts",
    [None, 7, "", "x", [], {}, {"s": "t:1"}, {"a": 1}, {"a": "x", "v": "1"}, {"a": "x", "v": True}, {"a": "x", "q": 1}, {"a": "x" * 3000}],
)
def test_data_that_is_not_ours_is_not_read(facts: object) -> None:
    assert unpacked({"deskbell": facts}) is None
    assert unpacked(facts) is None


def test_what_comes_in_can_be_stored() -> None:
    assert unpacked({"deskbell": {"a": "x\x00y", "x": "\ud800"}, "other": 1}) == Pressed("xy", value="\ufffd")
