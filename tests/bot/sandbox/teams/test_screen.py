"""What a person reads: the words of cards and messages after the client's own markup."""

from typing import Any

import pytest

from bot.sandbox.teams import TeamsSandbox
from bot.sandbox.teams.text import dated, markdown, message_words
from tests.bot.sandbox.teams.conftest import attached, card, execute, message, row


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**bold** and _italic_ and *too*", "bold and italic and too"),
        ("a * b * c, snake_case_name", "a * b * c, snake_case_name"),
        (r"\*\*not bold\*\* \[no\]\(link\)", "**not bold** [no](link)"),
        ("[the page](https://example.com/x) says", "the page says"),
        ("<at>Ana Silva</at> please", "Ana Silva please"),
        ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
        ("- one\n- two", "- one\n- two"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_markdown(written: str, read: str) -> None:
    assert markdown(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{{DATE(2026-11-16T18:30:00Z, SHORT)}}", "Tue, Nov 17, 2026"),
        ("{{DATE(2026-11-16T18:30:00Z,LONG)}}", "Tuesday, November 17, 2026"),
        ("{{DATE(2026-11-16T18:30:00Z)}}", "11/17/2026"),
        ("at {{TIME(2026-11-16T18:30:00Z)}}", "at 5:30 AM"),
        (
            "{{DATE(soon, SHORT)}} {{TIME(2026-11-16T18:30:00Z, SHORT, x)}}",
            "{{DATE(soon, SHORT)}} {{TIME(2026-11-16T18:30:00Z, SHORT, x)}}",
        ),
    ],
)
def test_times_are_the_readers(teams: TeamsSandbox, written: str, read: str) -> None:
    assert dated(written, teams.add_user("syd", tz="Australia/Sydney")) == read


def test_the_words_of_messages() -> None:
    assert message_words("<b>bold</b><br/>&amp; more", "xml") == "bold\n& more"
    assert message_words("**x**", "plain") == "**x**"
    assert message_words("**x**", "markdown") == "x"
    assert message_words("<at>Ana</at> a &lt; b", "typed") == "Ana a < b"


async def test_all_that_a_card_shows_is_read_in_order(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    whole = card(
        "First",
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "**as "}, "it is**"]},
        {"type": "ColumnSet", "columns": [{"type": "Column", "items": [{"type": "TextBlock", "text": "In a column"}]}]},
        {"type": "FactSet", "facts": [{"title": "Queue", "value": "Building"}]},
        {"type": "TextBlock", "text": "Hidden", "isVisible": False},
        {"type": "Image", "url": "https://example.com/x.png", "altText": "A chart"},
        row(execute("Go"), execute("Off", isEnabled=False)),
        actions=[execute("More")],
    )
    await bot.post(help_channel, {"type": "message", "attachments": [attached(whole)]})
    seen = teams.actor("ana").seen()[0]
    assert seen.text == "First\n**as it is**\nIn a column\nQueue\nBuilding\nA chart\nGo\nOff\nMore"
    assert seen.buttons == ["Go", "More"]
    assert seen.says("Queue Building")


async def test_two_cards_and_an_old_kind_of_card(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    hero = {"contentType": "application/vnd.microsoft.card.hero", "content": {"title": "Old", "text": "card"}}
    await bot.post(help_channel, {"type": "message", "attachments": [attached(card("One")), attached(card("Two")), hero]})
    assert teams.actor("ana").seen()[0].text == "One\nTwo\nOld\ncard"


async def test_where_one_is_not_one_sees_nothing(teams: TeamsSandbox, bot: Any) -> None:
    await bot.post(teams.actor("ana").dm().id, message("For Ana"))
    assert teams.actor("ana").sees("For Ana")
    assert teams.seen_by("bob") == []
    with pytest.raises(LookupError, match="nothing"):
        teams.actor("bob").find("For Ana")
