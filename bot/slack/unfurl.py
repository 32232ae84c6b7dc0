"""Cards as previews of links: https://docs.slack.dev/reference/methods/chat.unfurl

Slack takes no `rich_text` there (slackapi/java-slack-sdk#948), so words stand in `plain_text`, or in `mrkdwn` where nothing in them could
turn into markup. A preview is a glance: what can be pressed, and whatever is long, stays with the ticket.
"""

from __future__ import annotations

from typing import assert_never

from bot.reading import Reading
from bot.slack.spans import Sight, marked
from bot.slack.text import Json, means_something, plain_text
from bot.words import size
from handlers.cards import Block, Buttons, Card, Choices, Facts, List, Note, Picture, Progress, Quote, Table, Text
from handlers.words import Sentence, joined, say

LINE = 300


def preview(card: Card, reading: Reading) -> Json:
    """The card as the value of one address among chat.unfurl's `unfurls`."""
    sight = Sight(reading)
    title = card.title if card.state is None else joined((card.title, card.state))
    head = {"type": "section", "text": plain_text(sight.text(title), LINE)}
    return {"blocks": [head, *(made for block in card.blocks if (made := _drawn(sight, block)))]}


def _drawn(sight: Sight, block: Block) -> Json | None:
    match block:
        case Text(line):
            return {"type": "section", "text": _text(sight, line)}
        case Note(line):
            return {"type": "context", "elements": [_text(sight, line)]}
        case Quote(words):
            return {"type": "section", "text": plain_text(words, LINE)}
        case Facts(pairs):
            lines = [sight.text(say("{label}: {value}", label=label, value=value)) for label, value in pairs]
            return {"type": "section", "text": plain_text("\n".join(lines), LINE)}
        case Buttons() | Choices() | List() | Table() | Picture() | Progress():
            return None
        case _:
            assert_never(block)


def _text(sight: Sight, line: Sentence) -> Json:
    """In `mrkdwn` each reader sees moments in their own zone."""
    spans = sight.spans(line)
    bare = sight.bare(spans).strip()
    text = "".join(marked(sight, span) for span in spans).strip()
    if bare and not means_something(bare) and size(text) <= LINE:
        return {"type": "mrkdwn", "text": text, "verbatim": True}
    return plain_text(bare, LINE)
