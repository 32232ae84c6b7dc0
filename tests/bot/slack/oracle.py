"""What Slack would do with a payload: who is pinged, what is marked up, what can be read. Written apart from the renderer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

DATE = re.compile(r"<!date\^\d+\^[^|<>]+\|([^<>]*)>")
LINK = re.compile(r"<(?:https?|mailto):[^|<>]+\|([^<>]*)>")
PINGING = ("user", "usergroup", "broadcast", "channel", "team")


def objects(thing: Any) -> Iterator[dict[str, Any]]:
    """All objects inside, from the outside in."""
    if isinstance(thing, dict):
        yield thing
        for inner in thing.values():
            yield from objects(inner)
    elif isinstance(thing, list):
        for inner in thing:
            yield from objects(inner)


def pings(payload: Any) -> list[str]:
    """Everybody and everything that would be notified, by id or word."""
    found: list[str] = []
    for one in objects(payload):
        if one.get("type") in PINGING:
            found.append(str(one.get("user_id", one["type"])))
        elif one.get("type") == "mrkdwn":
            found += re.findall(r"<[@#!](?!date\^)([^>|]*)", one["text"])
    return found + re.findall(r"<([^>]*)", payload.get("text", "") if isinstance(payload, dict) else "")


def marks(payload: Any) -> list[str]:
    """Markup, and what would be turned into it, where the words of people stand."""
    found: list[str] = []
    for one in objects(payload):
        if one.get("type") == "mrkdwn":
            rest = LINK.sub(r"\1", DATE.sub(r"\1", one["text"]))
            found += re.findall(r"[<>*_~`]|^&gt;|:[\w+'-]+:", rest)
            found += [] if one.get("verbatim") is True else ["not verbatim"]
        elif one.get("type") == "plain_text":
            found += [] if one.get("emoji") is False else ["emoji"]
        elif one.get("type") == "emoji":
            found.append("emoji")
    return found


def words(payload: Any) -> str:
    """All that can be read in the blocks."""
    return "\n".join(_words(payload.get("blocks", [])))


def _words(blocks: Any) -> Iterator[str]:
    for one in objects(blocks):
        if one.get("type") == "plain_text":
            yield _unescaped(one["text"])
        elif one.get("type") == "mrkdwn":
            yield _unescaped(LINK.sub(r"\1", DATE.sub(r"\1", one["text"])))
        elif one.get("type") in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            yield "".join(str(part.get("text", part.get("fallback", part.get("user_id", "")))) for part in one["elements"])


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
