"""Words go to Slack as plain text, and are read back from what Slack made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import plain_text, typed
from bot.words import size


@given(st.text(), st.sampled_from([24, 75, 150]))
def test_plain_text_always_has_a_character_and_fits(text: str, limit: int) -> None:
    made = plain_text(text, limit)
    assert 1 <= size(made["text"]) <= limit
    assert made["emoji"] is False


def test_words_that_look_like_an_entity_stay_as_they_are() -> None:
    assert plain_text("a &lt; b & c", 75)["text"] == "a &amp;lt; b & c"
    assert size(plain_text("&lt;" * 40, 75)["text"]) <= 75


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("light &lt;b&gt; &amp; more", "light <b> & more"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("ask <@U1|bob> or <@U2>", "ask @bob or somebody"),
        ("see <#C1> or <#C2|>", "see a channel or a channel"),
        ("in <#C1|help>, <!here>, <!subteam^S1|@team>", "in #help, @here, @team"),
        ("<https://a.example/?b=1&amp;c=2>", "https://a.example/?b=1&c=2"),
        ("<http://a.example|a.example> <mailto:a@b.example|a@b.example>", "a.example a@b.example"),
        ("see <https://a.example/x|the page>", "see the page (https://a.example/x)"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_what_a_person_typed(sent: str, meant: str) -> None:
    assert typed(sent) == meant


def test_names_take_the_place_of_ids_and_of_labels() -> None:
    names = {"U1": "Ada Byron", "C1": "office"}
    assert typed("ask <@U1>, <@U1|ada> or <@U2|bob> in <#C1|>", names) == "ask @Ada Byron, @Ada Byron or @bob in #office"
    assert typed("&lt;@U1&gt;", names) == "<@U1>"
