"""Cards as text: every block, numbers for every button, nothing hidden."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.console.render import knobs, render
from bot.reading import Reading
from handlers.cards import Block, Button, Buttons, Card, Choices, Facts, Item, List, Note, Picture, Progress, Quote, Table, Text
from handlers.words import Bold, Code, Mention, Name, Ref, Sentence, Web, When, say, words

READING = Reading.of("en", "America/Los_Angeles")


def drawn(*blocks: Block, title: Sentence | None = None, state: Sentence | None = None) -> list[str]:
    lines: list[str] = render(Card(title or say("Title"), blocks, state), READING)["lines"]
    return lines


def button(
    label: str, action: str = "do", subject: str = "ticket:1", version: int = 1, value: str = "", opens: str | None = None
) -> Button:
    return Button(words(label), action, subject, version, value, opens)


def test_a_title_with_its_state() -> None:
    title = say("{ref} {title}", ref=Ref("ticket:1", "#1"), title="Light\nflickers")
    assert drawn(title=title, state=say("on hold")) == ["#1 Light flickers  [on hold]"]


def test_every_kind_of_span() -> None:
    at = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    line = say(
        "{b} {c} {w} {n} {m} {t} {r}",
        b=Bold("bold"),
        c=Code("code"),
        w=Web("https://acme.example", "a page"),
        n=Name("Ana"),
        m=Mention("p1", "Bob"),
        t=When(at),
        r=Ref("ticket:7", "#7"),
    )
    assert drawn(Text(line))[1:] == ["  bold `code` a page (https://acme.example) Ana @Bob Mon 23 Nov, 09:00 #7"]
    assert render(Card(say("Title"), (Text(line),)), READING)["refs"] == {"ticket:7": "#7"}


def test_words_of_people_stand_apart() -> None:
    assert drawn(Quote("first\n\x1b[2Jsecond", say("{who}, today", who=Name("Ana"))))[1:] == [
        "  │ first",
        "  │ �[2Jsecond",
        "  │ — Ana, today",
    ]


def test_facts_notes_progress_and_pictures() -> None:
    facts = Facts(((say("Answer due"), words("Mon")), (say("Cost"), words("20"))))
    assert drawn(facts, Note(say("small"))) == ["Title", "  Answer due: Mon", "  Cost: 20", "  small"]
    assert drawn(Progress(3, 10, say("Continuous")))[1:] == ["  ███░░░░░░░  Continuous · 3 of 10"]
    assert drawn(Progress(0, 0, say("None")))[1:] == ["  ░░░░░░░░░░  None · 0 of 0"]
    assert drawn(Picture("f00d", say("8 weeks")))[1:] == ["  (picture: 8 weeks)"]


def test_columns_begin_at_the_same_place() -> None:
    table = Table((say("Who"), say("Hours")), ((words("Ana"), words("12")), (words("Bob the builder"), words("3"))))
    assert drawn(table)[1:] == ["  Who              Hours", "  Ana              12", "  Bob the builder  3"]


def test_buttons_are_numbered_through_the_card() -> None:
    row = Buttons((button("Take it"), button("Reply…", opens="ticket.comment")), more=(button("Follow"),))
    listed = List((Item(words("#3 Chair"), words("open"), (button("Show"),)),), 4)
    card = Card(say("Title"), (row, listed))
    assert render(card, READING)["lines"][1:] == [
        "  [1 Take it] [2 Reply…]",
        "  More: [3 Follow]",
        "  - #3 Chair",
        "    open",
        "    [4 Show]",
        "  3 more",
    ]
    made = knobs(render(card, READING))
    assert [(knob.mark, knob.action, knob.about) for knob in made] == [
        ("1", "do", ""),
        ("2", "open:ticket.comment", ""),
        ("3", "do", ""),
        ("4", "do", "#3 Chair"),
    ]


def test_levels_keep_their_own_numbers_and_others_keep_clear_of_them() -> None:
    levels = Choices(tuple(button(label, "level", value=str(n)) for n, label in enumerate(("never", "sometimes", "always"))))
    assert drawn(levels, Buttons((button("Why?"),)))[1:] == ["  [0] never", "  [1] sometimes", "  [2] always", "  [3 Why?]"]


def test_stars_are_their_own_numbers() -> None:
    stars = Choices(tuple(button(str(n), "score", value=str(n)) for n in range(1, 6)), numbered=False)
    assert drawn(Buttons((button("Show"),)), stars)[1:] == ["  [6 Show]", "  [1] [2] [3] [4] [5]"]


def test_choices_in_words_are_numbered_from_one() -> None:
    assert drawn(Choices((button("Oslo", value="oslo"), button("Lima", value="lima"))))[1:] == ["  [1] Oslo", "  [2] Lima"]
    assert drawn(Choices((button("Oslo", value="10"), button("Lima", value="40")), numbered=False))[1:] == ["  [1 Oslo] [2 Lima]"]


def test_a_report_that_looks_like_a_button_is_only_text() -> None:
    card = Card(say("{title}", title="[1 Take it]"), (Quote("[2 Fixed…]"),))
    assert knobs(render(card, READING)) == []
