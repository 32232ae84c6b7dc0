"""Whatever people write, it is no markdown, no mention, no link and no date; and whatever the card, it is small enough for Teams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.reading import Reading
from bot.sandbox.teams.cards import card_faults
from bot.teams.render import BUDGET, render
from bot.words import clean
from handlers.cards import Block, Button, Buttons, Card, Choices, Facts, Item, List, Note, Picture, Progress, Quote, Table, Text
from handlers.words import Argument, Bold, Code, Mention, Name, Ref, Sentence, Web, When, say, words
from tests.bot.slack.samples import BERLIN, CARDS, MONDAY
from tests.bot.teams import oracle
from tests.bot.teams.samples import BOB, FILES, NASTY, USERS

Json = dict[str, Any]
WHOLE = 28 * 1024
LINK = "https://desk.example.com/t/1"
PIECES = (
    *("<at>Bob</at>", "<at>Everyone</at>", "</at>", "<AT ", "**", "*", "_", "__", "~~", "~", "`", "```", "[", "]", "(", ")", "[x](y)", "!"),
    *("[x](javascript:alert(1))", "![x](https://e.example/x.png)", "<https://e.example>", "https://e.example", "<b>", "<!--", "<a href=x>"),
    *("{{DATE(2020-01-01T00:00:00Z,SHORT)}}", "{{TIME(2020-01-01T00:00:00Z)}}", "{", "{{", "}}", "${x}", "&lt;", "&#42;", "&", "\\", "\\*"),
    *(
        "\n",
        "\n\n",
        "\n# ",
        "# ",
        "\n- ",
        "- ",
        "+ ",
        "1. ",
        "1) ",
        "\n> ",
        "> ",
        "---",
        "\n---\n",
        "===",
        "\n===",
        "|",
        "\n|-|",
        "    ",
        "\t",
    ),
    *("[x]: https://e.example", " ", "  \n", "a", "ü", "7", "-", ":", "שלום", "👩‍👩‍👧", "\u202e", "\x00", "\ud800", "\u2060", "~~~\n"),
)
EVIL = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
ANYTHING = EVIL | st.text(max_size=80)
OURS = {"bold": {"strong_open"}, "ref": {"strong_open"}, "link": {"link_open https://a.example"}, "choices": {"strong_open"}}
"""The marks that are ours, by kind of span or block (the numbers of choices are bold)."""

SPANS: dict[str, Callable[[str], Argument]] = {
    "plain": lambda text: text,
    "bold": Bold,
    "code": Code,
    "name": Name,
    "mention": lambda text: Mention("nobody", text),
    "ref": lambda text: Ref("ticket:1", text),
    "link": lambda text: Web("https://a.example", text),
}
PLACES: dict[str, Callable[[Sentence, str], tuple[Block, ...]]] = {
    "text": lambda line, text: (Text(line),),
    "note": lambda line, text: (Note(line),),
    "quote": lambda line, text: (Quote(text, by=line),),
    "facts": lambda line, text: (Facts(((line, line),)),),
    "progress": lambda line, text: (Progress(1, 2, line),),
    "picture": lambda line, text: (Picture("x", line), Picture("sha256-known", line)),
    "buttons": lambda line, text: (Buttons((Button(line, "a", "s:1", 1, "v"),), (Button(line, "b", "s:1", 1, "v"),)),),
    "list": lambda line, text: (List((Item(line, line, (Button(line, "a", "s:1"),)),), 3),),
    "table": lambda line, text: (Table((line,), ((line,),)),),
    "choices": lambda line, text: (Choices((Button(line, "a", "s:1"),)),),
}


def dated(line: Sentence) -> Sentence:
    """Among a date, a link and a mention a line is markdown."""
    return say("{a} {t} {b}, {c}: {m}", a=line, b=line, c=line, t=When(MONDAY, "time"), m=Mention("person-bob", "Bob"))


@pytest.mark.parametrize("marked", [False, True], ids=["alone", "dated"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("span", SPANS)
@given(text=ANYTHING)
@example(text=NASTY)
@settings(max_examples=10, deadline=None)
def test_words_of_people_stay_words(place: str, span: str, marked: bool, text: str) -> None:
    line = say("{x}", x=SPANS[span](text))
    line = dated(line) if marked else line
    payload = render(Card(line, PLACES[place](line, text), line), BERLIN, USERS, FILES)
    assert set(oracle.marks(payload)) <= OURS.get(span, set()) | OURS.get(place, set())
    assert set(oracle.dates(payload)) <= {"{{TIME(2026-11-23T08:00:00Z)}}"}
    assert set(oracle.mentions(payload["card"])) <= {BOB}
    assert card_faults(payload["card"]) == []


@given(text=ANYTHING)
@example(text=NASTY)
@settings(max_examples=60, deadline=None)
def test_an_address_that_leads_elsewhere_is_no_link(text: str) -> None:
    payload = render(Card(words("T"), (Text(say("{x}", x=Web(f"javascript:{text}", text))), Note(say("{x}", x=Web(text, text))))), BERLIN)
    links = [mark for mark in oracle.marks(payload) if mark.startswith("link")]
    assert all(mark.startswith(("link_open https://", "link_open http://")) for mark in links)


@pytest.mark.parametrize("place", ["text", "note", "quote", "facts", "choices"])
@pytest.mark.parametrize("marked", [False, True], ids=["alone", "dated"])
@given(text=ANYTHING)
@example(text=NASTY)
@settings(max_examples=20, deadline=None)
def test_words_of_people_can_be_read_as_they_are(place: str, marked: bool, text: str) -> None:
    line = dated(words(text)) if marked else words(text)
    payload = render(Card(words("T"), PLACES[place](line, text)), BERLIN, USERS)
    assert oracle.alike(clean(text)) in oracle.alike(oracle.words(payload))


# ---------------------------------------------------------------- mentions, dates, links


def test_only_a_mention_of_somebody_known_here_pings() -> None:
    assert oracle.mentions(render(CARDS["spans"], BERLIN, USERS)["card"]) == [BOB, BOB]
    assert oracle.mentions(render(CARDS["spans"], BERLIN)["card"]) == []
    assert "Nobody here" in oracle.words(render(CARDS["spans"], BERLIN))


def test_two_people_of_one_name_are_told_apart() -> None:
    line = say("{a}, {b}, {a}", a=Mention("one", "Ana <b>*_"), b=Mention("two", "Ana b"))
    card = render(Card(words("T"), (Text(line),)), BERLIN, {"one": "id-1", "two": "id-2"})["card"]
    assert oracle.mentions(card) == ["id-1", "id-2", "id-1"]
    assert [one["mentioned"]["name"] for one in card["msteams"]["entities"]] == ["Ana b", "Ana b"]
    assert len({one["text"] for one in card["msteams"]["entities"]}) == 2


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("moment", "{{DATE(2026-11-23T08:00:00Z,SHORT)}} {{TIME(2026-11-23T08:00:00Z)}}"),
        ("day", "{{DATE(2026-11-23T08:00:00Z,SHORT)}}"),
        ("time", "{{TIME(2026-11-23T08:00:00Z)}}"),
    ],
)
def test_each_reader_sees_a_moment_in_their_own_zone(style: Any, shown: str) -> None:
    """Teams converts it; what a notification says is in the zone for which it is drawn."""
    payload = render(Card(say("{t}", t=When(MONDAY, style))), Reading.of("en", "Asia/Tokyo"))
    assert payload["card"]["body"][0]["text"] == shown
    if style == "moment":
        assert payload["summary"] == "Mon 23 Nov, 17:00"


def test_a_link_keeps_its_brackets_and_its_address() -> None:
    card = Card(words("T"), (Text(say("{w}", w=Web("https://a.example/x_(y)_z*?q=[1]", "a [b](c) *d*"))),))
    assert oracle.marks(render(card, BERLIN)) == ["link_open https://a.example/x%5F%28y%29%5Fz%2A?q=%5B1%5D"]


# ---------------------------------------------------------------- sizes


HUGE = {
    "letters": "x" * 40_000,
    "words": "line of words " * 3000,
    "emoji": "👩‍👩‍👧‍👦👍🏽" * 4000,
    "right to left": "שלום עולם " * 4000,
    "controls": "\x07\x1b\u202e" * 13_000,
    "marks": "*_`[]<>&\\~#|" * 3500,
    "mentions": "<at>Everyone</at>" * 2400,
    "dates": "{{DATE(2020-01-01T00:00:00Z,SHORT)}}" * 1100,
    "links": "[x](javascript:alert(1))" * 1700,
    "html": "<b onclick='x'>y</b>" * 2000,
    "lines": "a\n- b\n\n# c\n" * 3500,
    "quotes": '"\\' * 20_000,
}


def endless() -> dict[str, Callable[[str], Card]]:
    def one(text: str) -> Button:
        return Button(words(text), "a", "s:1")

    return {
        "texts": lambda text: Card(words(text), (Text(words(text)),) * 70, words(text)),
        "dated texts": lambda text: Card(dated(words(text)), (Text(dated(words(text))),) * 40, words(text)),
        "facts": lambda text: Card(words("T"), (Facts(((words(text), words(text)),) * 80),)),
        "notes": lambda text: Card(words("T"), (Note(words(text)), Quote(text, by=words(text)), Picture("p", words(text))) * 9),
        "buttons": lambda text: Card(words("T"), (Buttons((one(text),) * 3, (one(text),) * 130),) * 4),
        "list": lambda text: Card(words("T"), (List((Item(words(text), words(text), (one(text),) * 3),) * 70, 900), Buttons((one("Do"),)))),
        "table": lambda text: Card(words("T"), (Table((words(text),) * 30, ((words(text),) * 30,) * 300),)),
        "choices": lambda text: Card(words("T"), (Choices((one(text),) * 30), Choices((one(text),) * 30, numbered=False))),
    }


@pytest.mark.parametrize("card", endless())
@pytest.mark.parametrize("text", HUGE)
def test_every_message_is_small_enough(card: str, text: str) -> None:
    payload = render(endless()[card](HUGE[text]), BERLIN, USERS, FILES, link=LINK)
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": payload["card"]}
    message = {"type": "message", "summary": payload["summary"], "attachments": [attachment]}
    assert len(orjson.dumps(payload)) <= BUDGET
    assert len(orjson.dumps(message)) < WHOLE
    assert card_faults(payload["card"]) == []
    if text != "controls" and card != "list":
        assert "There is more than can be shown here." in oracle.words(payload)
        assert f"link_open {LINK}" in oracle.marks(payload)


def test_a_card_of_ordinary_words_is_shown_whole() -> None:
    for card in CARDS.values():
        assert "more than can be shown" not in oracle.words(render(card, BERLIN, USERS))


def test_what_is_left_out_is_said() -> None:
    item = Item(words("row"), None, (Button(words("Take"), "a", "s:1"),))
    shown = oracle.words(render(Card(words("T"), (List((item,) * 70, 900), Buttons((Button(words("All"), "b", "s:1"),)))), BERLIN))
    assert shown.count("row") == 20
    assert "880 more" in shown
    assert "All" in shown
    table = Table((words("h"),), tuple((words(f"row {n:04}"),) for n in range(1000)))
    assert "950 more rows" in oracle.words(render(Card(words("T"), (table,)), BERLIN))
    long = oracle.words(render(Card(words("T"), (Quote("x" * 40_000),)), BERLIN))
    assert "x…" in long
    assert "Open it in full" not in long


def test_the_buttons_stay_when_words_have_to_go() -> None:
    card = Card(words("T"), (*(Text(words("word " * 30)),) * 400, Buttons((Button(words("Take it"), "a", "s:1"),))))
    payload = render(card, BERLIN)
    assert "Take it" in oracle.words(payload)
    assert payload["card"]["body"][-2]["type"] == "ActionSet"


# ---------------------------------------------------------------- how it looks


def first(card: Card, kind: str, **more: Any) -> Json:
    return next(one for one in oracle.objects(render(card, BERLIN, USERS, **more)) if one.get("type") == kind)


def test_the_notification_makes_sense_alone() -> None:
    payload = render(CARDS["ticket"], BERLIN)
    assert payload["summary"].startswith("#142 Light above my desk flickering · waiting for approval")
    assert payload["card"]["fallbackText"] == payload["summary"]


def test_a_title_is_bold_and_larger_and_its_state_is_not() -> None:
    title, *_, state = render(CARDS["ticket"], BERLIN)["card"]["body"][0]["inlines"]
    assert (title["size"], title["weight"]) == ("Medium", "Bolder")
    assert (state["text"], state["isSubtle"], "weight" in state) == ("waiting for approval", True, False)
    with_date = Card(say("Due {t}", t=When(MONDAY)), (), words("late"))
    assert [one["type"] for one in render(with_date, BERLIN)["card"]["body"]] == ["TextBlock", "RichTextBlock"]


def test_every_line_wraps() -> None:
    for card in CARDS.values():
        assert all(one["wrap"] is True for one in oracle.objects(render(card, BERLIN, USERS)) if one.get("type") == "TextBlock")


def test_words_of_a_person_are_set_apart() -> None:
    assert first(CARDS["quote"], "Container")["style"] == "emphasis"


def test_a_picture_is_an_image_where_it_can_be_fetched() -> None:
    image = first(CARDS["pictures"], "Image", files=FILES)
    assert (image["url"], image["altText"]) == (FILES["sha256-known"], "Hours lost, falling")
    assert "Picture: Hours lost" in oracle.words(render(CARDS["pictures"], BERLIN))
    assert "Picture: Hours lost" in oracle.words(render(CARDS["pictures"], BERLIN, files={"sha256-known": "data:image/png,x"}))


def test_levels_are_numbered_by_their_value_and_others_from_one() -> None:
    def titles(name: str) -> list[str]:
        return [one["title"] for one in oracle.objects(render(CARDS[name], BERLIN)) if one.get("type") == "Action.Execute"]

    assert titles("levels") == ["0", "1", "2"]
    assert titles("choices") == ["Electrical", "Furniture", "1", "2"]
    assert "now and then" in oracle.words(render(CARDS["levels"], BERLIN))


def test_a_table_gives_room_to_what_is_long() -> None:
    table = first(CARDS["table"], "Table")
    assert [one["width"] for one in table["columns"]] == [3, 1]
    assert len(table["rows"]) == 3


def test_the_same_card_is_drawn_the_same() -> None:
    card = CARDS["ticket"]
    assert render(card, BERLIN) == render(replace(card), Reading.of("en", "Europe/Berlin"))
