"""Previews of links: every card keeps what Slack takes there, pings nobody, and turns nobody's words into markup."""

from __future__ import annotations

import json

import pytest

from bot.reading import Reading
from bot.sandbox.slack.blockkit import message_faults
from bot.sandbox.slack.seen import text_of
from bot.sandbox.slack.text import pings
from bot.slack.unfurl import preview
from handlers.cards import Card, Note, Text
from handlers.tickets.samples import samples
from handlers.words import say, words
from tests.bot.slack.samples import CARDS, NASTY

EVERY = {**CARDS, **{one.name: one.card for one in samples()}}
HERE = Reading.of("en", "America/Los_Angeles")


@pytest.mark.parametrize("name", EVERY)
def test_slack_takes_it(name: str) -> None:
    blocks = preview(EVERY[name], HERE)["blocks"]
    assert message_faults(blocks) == []
    assert {block["type"] for block in blocks} <= {"section", "context"}
    assert pings(text_of(blocks)) == set()


def test_what_people_wrote_stays_as_it_is() -> None:
    (title, line, note) = preview(Card(words(NASTY), (Text(words(NASTY)), Note(say("<{name}", name="!here & so on")))), HERE)["blocks"]
    assert {title["text"]["type"], line["text"]["type"]} == {"plain_text"}
    assert note["elements"][0] == {"type": "mrkdwn", "text": "&lt;!here &amp; so on", "verbatim": True}


def test_a_moment_is_shown_in_each_readers_zone() -> None:
    (card,) = [one.card for one in samples() if one.name == "linked, on hold"]
    assert "<!date^" in json.dumps(preview(card, HERE))
