"""Answers to invokes, in the bodies that Teams takes: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-basics

No document says how Teams reads the sentences in them, which may hold names and words of people: so they go out inert.
Teams shows "Unable to reach app" for an empty or malformed body, and sends the same invoke again: so each has a value.
"""

from __future__ import annotations

from typing import Any

from bot.teams.text import inert
from handlers.frozen import dataclass

Json = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


@dataclass(frozen=True, slots=True)
class Invoked:
    """The HTTP status and the JSON of an answer; None: nothing to say."""

    status: int
    body: Json | None = None


NOT_KNOWN = Invoked(501)
"""What invokes are answered with that nobody here knows: Teams asks for it."""


def card(content: Json) -> Invoked:
    """A press: this card in place of the pressed one, for the presser only."""
    return Invoked(200, {"statusCode": 200, "type": CARD, "value": content})


def message(text: str) -> Invoked:
    """A press: words beside the card."""
    return Invoked(200, {"statusCode": 200, "type": MESSAGE, "value": inert(text)})


def bad_press(text: str) -> Invoked:
    """A press that is none of ours. The HTTP status is still 200, else Teams shows its own error."""
    return Invoked(200, {"statusCode": 400, "type": ERROR, "value": {"code": "BadRequest", "message": text}})


def dialog(task: Json) -> Invoked:
    """A form, the next one, or the same one again with its mistakes: `task` has title, height, width and card."""
    return Invoked(200, {"task": {"type": "continue", "value": task}})


def last_word(text: str) -> Invoked:
    """Ends a dialog with a sentence."""
    return Invoked(200, {"task": {"type": "message", "value": inert(text)}})


def results(found: list[Json]) -> Invoked:
    """What a search found: attachments, each with its `preview`."""
    return Invoked(200, {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": found}})


def no_results(text: str) -> Invoked:
    return Invoked(200, {"composeExtension": {"type": "message", "text": inert(text)}})
