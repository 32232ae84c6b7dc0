"""Whatever people write, it pings nobody, is no markup and can be read; and whatever the card, Slack takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.pressed import Pressed
from bot.reading import Reading
from bot.sandbox.slack.blockkit import message_faults, weight
from bot.slack.buttons import unpacked
from bot.slack.render import render
from bot.words import clean
from handlers.cards import Block, Button, Buttons, Card, Choices, Facts, Item, List, Note, Picture, Progress, Quote, Table, Text
from handlers.words import Argument, Bold, Code, Mention, Name, Ref, Sentence, Web, When, say, words
from tests.bot.slack import oracle
from tests.bot.slack.samples import BERLIN, CARDS, MONDAY, NASTY, REF, USERS

Json = dict[str, Any]
PIECES = (
    *("<!channel>", "<@U1>", "<#C1>", "<!subteam^S1>", "@here", "*", "_", "~", "`", "```", ":boom:", "&lt;!here&gt;", ">", "|", "\n> "),
    *("&", "<https://x.example|y>", "<!date^1^{date}|z>", "https://a.example", " ", "a", "ü", "-", "1.", "שלום", "👩‍👩‍👧"),
    *("\u202e", "\x00", "\ud800"),
)
EVIL = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
ANYTHING = EVIL | st.text(max_size=80)

SPANS: dict[str, Callable[[str], Argument]] = {
    "plain": lambda text: text,
    "bold": Bold,
    "code": Code,
    "name": Name,
    "mention": lambda text: Mention("nobody", text),
    "ref": lambda text: Ref("ticket:1", text),
    "link": lambda text: Web("https://a.example", text),
    "address": lambda text: Web(text, text),
}
PLACES: dict[str, Callable[[Sentence, str], tuple[Block, ...]]] = {
    "text": lambda line, text: (Text(line),),
    "note": lambda line, text: (Note(line),),
    "dated note": lambda line, text: (Note(say("{a} by {t}", a=line, t=When(MONDAY))),),
    "quote": lambda line, text: (Quote(text, by=line),),
    "facts": lambda line, text: (Facts(((line, line),)),),
    "progress": lambda line, text: (Progress(1, 2, line),),
    "picture": lambda line, text: (Picture("x", line),),
    "buttons": lambda line, text: (Buttons((Button(line, "a", "s:1", 1, "v"),), (Button(line, "b", "s:1", 1, "v"),)),),
    "list": lambda line, text: (List((Item(line, line, (Button(line, "a", "s:1"),)),), 3),),
    "table": lambda line, text: (Table((line,), ((line,),)),),
    "choices": lambda line, text: (Choices((Button(line, "a", "s:1"),)),),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("span", SPANS)
@given(text=ANYTHING)
@example(text=NASTY)
@settings(max_examples=15, deadline=None)
def test_words_of_people_stay_words(place: str, span: str, text: str) -> None:
    line = say("{x}", x=SPANS[span](text))
    payload = render(Card(line, PLACES[place](line, text), line), BERLIN, USERS)
    assert oracle.pings(payload) == []
    assert oracle.marks(payload) == []
    assert message_faults(payload["blocks"]) == []


@pytest.mark.parametrize("place", ["text", "note", "dated note", "quote", "facts", "list", "choices"])
@given(text=ANYTHING)
@example(text=NASTY)
@settings(max_examples=30, deadline=None)
def test_words_of_people_can_be_read_as_they_are(place: str, text: str) -> None:
    payload = render(Card(words("T"), PLACES[place](words(text), text)), BERLIN)
    assert _even(clean(text)) in _even(oracle.words(payload))


def _even(text: str) -> str:
    return " ".join(text.split())


def test_only_a_mention_of_somebody_known_here_pings() -> None:
    assert oracle.pings(render(CARDS["spans"], BERLIN, USERS)) == ["U0BOB", "U0BOB"]
    assert oracle.pings(render(CARDS["spans"], BERLIN)) == []
    assert "Nobody here" in oracle.words(render(CARDS["spans"], BERLIN))


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    def fallback(zone: str) -> str:
        payload = render(Card(say("{t}", t=When(MONDAY))), Reading.of("en", zone))
        return str(payload["blocks"][0]["elements"][0]["elements"][0]["fallback"])

    assert fallback("Europe/Berlin") == "Mon 23 Nov, 09:00"
    assert fallback("Asia/Tokyo") == "Mon 23 Nov, 17:00"


def test_the_notification_makes_sense_alone() -> None:
    assert render(CARDS["ticket"], BERLIN)["text"].startswith("#142 Light above my desk flickering · waiting for approval")


def test_a_note_with_a_date_is_small_print_unless_its_words_would_be_markup() -> None:
    def kinds(words_of_people: str) -> list[str]:
        card = Card(words("T"), (Note(say("{w}, {t}", w=words_of_people, t=When(MONDAY))),))
        return [str(block["type"]) for block in render(card, BERLIN)["blocks"][1:]]

    assert kinds("until 10:30, <b & co") == ["context"]
    assert kinds("2 * 3 * 4") == ["rich_text"]


# ---------------------------------------------------------------- limits


def lengthy() -> list[Card]:
    text = words("line of words 👍🏽 " * 3000)
    one = Button(text, "a", "s:1")
    return [
        Card(text, (Text(text),) * 70, text),
        Card(words("T"), (Facts(((text, text),) * 80),)),
        Card(words("T"), (Note(text), Quote("x" * 40_000, by=text), Picture("p", text), Progress(5, 3, text))),
        Card(words("T"), (Buttons((one, one, one), (one,) * 130),)),
        Card(words("T"), (List((Item(text, text, (one, one)),) * 70, 900), Buttons((one,)))),
        Card(words("T"), (Table((text,) * 30, ((text,) * 30,) * 300),)),
        Card(words("T"), (Choices((one,) * 30), Choices((one,) * 30, numbered=False))),
    ]


@pytest.mark.parametrize("card", lengthy(), ids=lambda card: "-".join(type(block).__name__ for block in card.blocks[:2]))
def test_every_limit_is_kept(card: Card) -> None:
    payload = render(card, BERLIN)
    assert message_faults(payload["blocks"]) == []
    assert weight(payload["blocks"]) <= 13_000 + 75 * 130
    assert len(payload["text"].encode()) <= 4_000
    ids = [one["action_id"] for one in oracle.objects(payload["blocks"]) if "action_id" in one]
    assert len(ids) == len(set(ids))


def test_what_is_left_out_is_said() -> None:
    item = Item(words("row"), None, (Button(words("Take"), "a", "s:1"),))
    shown = oracle.words(render(Card(words("T"), (List((item,) * 70, 900), Buttons((Button(words("All"), "b", "s:1"),)))), BERLIN))
    assert shown.count("row") == 20
    assert "880 more" in shown
    assert "All" in shown
    assert "more than can be shown" in oracle.words(render(Card(words("T"), (Text(words("x")),) * 60), BERLIN))
    table = Table((words("h"),), tuple((words(f"row {n:04}"),) for n in range(1000)))
    assert "more rows" in oracle.words(render(Card(words("T"), (table,)), BERLIN))


# ---------------------------------------------------------------- buttons


def elements(card: Card) -> list[Json]:
    return [one for block in render(card, BERLIN)["blocks"] if block["type"] == "actions" for one in block["elements"]]


def test_a_button_carries_what_it_is_about() -> None:
    (one,) = elements(Card(words("T"), (Buttons((Button(words("Take it"), "tickets.take", "ticket:1", 7, "x", "form", "danger"),)),)))
    assert one["style"] == "danger"
    assert unpacked(one["value"]) == Pressed("tickets.take", "ticket:1", 7, "x", "form")


def test_more_is_a_menu_then_a_list_and_long_values_are_buttons() -> None:
    few, many, long = (elements(CARDS[name]) for name in ("ticket", "many_entries", "long_entry"))
    assert [one["type"] for one in few] == ["button", "overflow"]
    assert [one["type"] for one in many] == ["static_select"]
    assert many[0]["placeholder"]["text"] == "More"
    assert [one["type"] for one in long] == ["button", "overflow"]


def test_a_button_that_carries_too_much_is_a_mistake_of_the_card() -> None:
    with pytest.raises(ValueError, match="at most 2000"):
        render(Card(words("T"), (Buttons((Button(words("x"), "a", "s:1", value="y" * 3000),)),)), BERLIN)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "[]",
        "5",
        "null",
        "{}",
        '{"s":"t:1"}',
        '{"a":1}',
        '{"a":"x","v":"1"}',
        '{"a":"x","v":true}',
        '{"a":"x","q":1}',
        "[" * 1900,
        None,
        7,
    ],
)
def test_a_value_that_is_not_ours_is_not_read(value: object) -> None:
    assert unpacked(value) is None


def test_levels_are_numbered_by_their_value_and_others_from_one() -> None:
    assert [one["text"]["text"] for one in elements(CARDS["levels"])] == ["0", "1", "2"]
    assert [one["text"]["text"] for one in elements(CARDS["choices"])] == ["Electrical", "Furniture", "1", "2"]
    assert elements(CARDS["levels"])[2]["accessibility_label"] == "now and then"


def test_a_picture_is_an_image_once_it_is_uploaded() -> None:
    card = Card(words("T"), (Picture("hash", words("a chart")),))
    image = render(card, BERLIN, files={"hash": "F1"})["blocks"][1]
    assert (image["type"], image["slack_file"], image["alt_text"]) == ("image", {"id": "F1"}, "a chart")
    assert "Picture: a chart" in oracle.words(render(card, BERLIN))


def test_the_same_card_is_drawn_the_same() -> None:
    card = CARDS["ticket"]
    assert render(card, BERLIN) == render(replace(card), Reading.of("en", "Europe/Berlin"))
    assert REF.text in oracle.words(render(card, BERLIN))
