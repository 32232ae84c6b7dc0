"""Which button is meant."""

from __future__ import annotations

import pytest

from bot.console.pressing import find
from bot.console.render import render
from bot.console.roster import Unclear
from bot.console.screen import Screen, Spot
from bot.reading import Reading
from handlers.cards import Button, Buttons, Card, Choices, Item, List
from handlers.words import Ref, say, words

BOB = frozenset({"bob@acme.example"})


def ticket(number: int, *labels: str) -> Card:
    row = tuple(Button(words(label), f"do:{label}", f"ticket:{number}") for label in labels)
    return Card(say("{ref} {title}", ref=Ref(f"ticket:{number}", f"#{number}"), title="Light"), (Buttons(row[:3], row[3:]),))


def screen(*cards: Card, readers: frozenset[str] = BOB) -> Screen:
    made = Screen(lambda line: None)
    for at, card in enumerate(cards):
        made.post(f"m{at}", Spot("#building", readers), render(card, Reading()))
    return made


def pressed(made: Screen, typed: str, who: str = "bob@acme.example") -> str:
    _, knob = find(made.seen_by(who), typed)
    return f"{knob.action} {knob.subject}"


def test_by_words_the_latest_card_that_has_them() -> None:
    made = screen(ticket(1, "Take it", "Fixed…"), ticket(2, "Reply…"))
    assert pressed(made, "take") == "do:Take it ticket:1"
    assert pressed(made, "FIXED") == "do:Fixed… ticket:1"
    assert pressed(made, "reply…") == "do:Reply… ticket:2"


def test_a_better_fit_on_an_older_card_wins() -> None:
    made = screen(ticket(1, "Fixed…"), ticket(2, "It is not fixed…"))
    assert pressed(made, "fixed") == "do:Fixed… ticket:1"


def test_by_number_on_the_latest_card() -> None:
    made = screen(ticket(1, "Take it", "Fixed…"), ticket(2, "Reply…", "Show"))
    assert pressed(made, "2") == "do:Show ticket:2"
    with pytest.raises(Unclear):
        pressed(made, "3")


def test_on_the_card_of_a_certain_ticket() -> None:
    made = screen(ticket(1, "Take it"), ticket(12, "Take it"))
    for typed in ("take 1", "take #1", "take it #1", "1 #1", "take of 1"):
        assert pressed(made, typed) == "do:Take it ticket:1"
    assert pressed(made, "take") == "do:Take it ticket:12"
    with pytest.raises(Unclear, match="#3"):
        pressed(made, "take 3")


def test_stars_are_pressed_by_their_numbers() -> None:
    stars = Choices(tuple(Button(words(str(n)), f"score:{n}", "ticket:1") for n in range(1, 6)), numbered=False)
    assert pressed(screen(Card(say("How was it?"), (stars,))), "5") == "score:5 ticket:1"


def test_several_that_fit_are_listed_with_their_rows() -> None:
    items = tuple(Item(words(f"#{n} Chair"), None, (Button(words("Show"), "show", f"ticket:{n}"),)) for n in (1, 2))
    made = screen(Card(say("{a} {b}", a=Ref("ticket:1", "#1"), b=Ref("ticket:2", "#2")), (List(items, 2),)))
    with pytest.raises(Unclear) as unclear:
        pressed(made, "show")
    assert unclear.value.lines[1:] == ("  press 1: Show (#1 Chair)", "  press 2: Show (#2 Chair)")
    assert pressed(made, "show 2") == "show ticket:2"


def test_nobody_presses_on_a_card_that_others_read() -> None:
    made = screen(ticket(1, "Take it"))
    with pytest.raises(Unclear, match="No button"):
        pressed(made, "take", who="ana@acme.example")


def test_what_there_is_is_told() -> None:
    with pytest.raises(Unclear, match="Take it"):
        pressed(screen(ticket(1, "Take it")), "sing")
