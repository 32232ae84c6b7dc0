"""Words on their way into Slack: cleaned, cut to a limit, and never read as markup.

People's words go into `rich_text` blocks and `plain_text` objects, because neither is parsed: a text element is shown as it is, whatever
it holds, and only an element of type `user` can ping. The two places that Slack does parse are treated so: the notification text of a
message is escaped and sent with `mrkdwn: false`; small print is `mrkdwn` (verbatim) only when its words hold no character that means
something there, because Slack has no way to escape those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.words import NOTHING, clean, cut, received

Json = dict[str, Any]

UNNAMED = {"@": "somebody", "#": "a channel"}
"""For an id that nobody can put a name to: it would tell a reader nothing."""
_TOKEN = re.compile(r"<([@#!][^<>|\s]+|[a-z][a-z0-9+.-]*:[^<>|\s]+)(?:\|([^<>]*))?>")
_ENTITY = re.compile(r"&(?=(?:amp|lt|gt);)")
_MARK = re.compile("[*_~`>]")
_EMOJI = re.compile(r":[\w+'-]+:")


def typed(text: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What a person typed, from what Slack made of it: ids and addresses in angle brackets, three characters as entities.

    `names` are those of the people and channels, by id. Whoever has none there is called by the label that Slack gives, else "somebody".
    """
    shown = received(text)
    if "<" in shown:
        shown = _TOKEN.sub(lambda found: _named(found[1], found[2] or "", names), shown)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _named(target: str, label: str, names: Mapping[str, str]) -> str:
    if target[0] not in "@#!":
        address = target.removeprefix("mailto:")
        return (label or address) if label in target else f"{label} ({address})"
    sign = "#" if target[0] == "#" else "@"
    name = names.get(target[1:]) or label.removeprefix(sign) or (target[1:].partition("^")[0] if target[0] == "!" else "")
    return f"{sign}{name}" if name else UNNAMED[sign]


def escaped(text: str) -> str:
    """For text that Slack parses: https://docs.slack.dev/messaging/formatting-message-text (escaping text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def means_something(text: str) -> bool:
    """Whether these words, put into `mrkdwn`, could turn into a style, a quote or an emoji."""
    return bool(_MARK.search(text) or (":" in text and _EMOJI.search(text)))


def plain_text(text: str, limit: int) -> Json:
    """A `plain_text` object of at most `limit` characters, without markup or emoji codes; a dash stands for an empty one.

    Slack reads its three entities here too, so words that look like one are escaped.
    """
    if len(text) <= limit and text.isascii() and text.isprintable() and "&" not in text and (shown := text.strip()):
        return {"type": "plain_text", "text": shown, "emoji": False}  # as nearly all are
    shown = cut(clean(text).strip() or NOTHING, limit)
    longer = 4 * len(_ENTITY.findall(shown))
    return {"type": "plain_text", "text": _ENTITY.sub("&amp;", cut(shown, max(1, limit - longer))), "emoji": False}
