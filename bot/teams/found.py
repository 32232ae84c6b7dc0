"""What a search in the compose box finds: https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/search-commands/respond-to-search"""

from __future__ import annotations

from bot.chats import Payload
from bot.reading import Reading
from bot.teams.render import render
from bot.teams.send import ADAPTIVE
from bot.teams.text import inert
from bot.words import clean, cut
from handlers.cards import Card, Note

THUMBNAIL = "application/vnd.microsoft.card.thumbnail"
TITLE, LINE = 120, 200
VERSION = "1.3"
"""The newest that Teams shows for a pasted link: https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/link-unfurling"""


def attachment(card: Card, reading: Reading) -> Payload:
    """A card to be put into a message, with the line that stands in the list of results."""
    note = next((block.line for block in card.blocks if isinstance(block, Note)), None)
    text = reading.text(note) if note is not None else ""
    preview = {"title": _plain(reading.text(card.title), TITLE), "text": _plain(text, LINE)}
    drawn = {**render(card, reading)["card"], "version": VERSION}
    return {"contentType": ADAPTIVE, "content": drawn, "preview": {"contentType": THUMBNAIL, "content": preview}}


def _plain(text: str, limit: int) -> str:
    """The line is a card of an older kind, whose texts may be read as HTML."""
    return inert(cut(clean(text), limit))
