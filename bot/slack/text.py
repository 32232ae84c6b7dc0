"""Words on their way into Slack: cleaned, cut to a limit, and never read as markup.

People's words go into `rich_text` blocks and `plain_text` objects, because neither is parsed: a text element is shown as it is, whatever
it holds, and only an element of type `user` can ping. The two places that Slack does parse are treated so: the notification text of a
message is escaped and sent with `mrkdwn: false`; small print is `mrkdwn` (verbatim) only when its words hold no character that means
something there, because Slack has no way to escape those.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Json = dict[str, Any]

ELLIPSIS = "…"
NOTHING = "–"
UNNAMED = {"@": "somebody", "#": "a channel"}
"""For an id that nobody can put a name to: it would tell a reader nothing."""
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)}
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_UNWANTED = {**_CONTROLS, **_TURNS, 0x0D: "\n"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r"<([@#!][^<>|\s]+|[a-z][a-z0-9+.-]*:[^<>|\s]+)(?:\|([^<>]*))?>")
_ENTITY = re.compile(r"&(?=(?:amp|lt|gt);)")
_MARK = re.compile("[*_~`>]")
_EMOJI = re.compile(r":[\w+'-]+:")


def received(text: str) -> str:
    """Words as they came, whole, but for what can be neither stored nor sent on: NUL and half pairs."""
    if text.isprintable():
        return text  # as by far the most are: then there is neither
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")


def clean(text: str) -> str:
    """The same words without what no screen shows: control characters, characters that turn the direction of what follows, half pairs.

    Right-to-left letters stay as they are; only the invisible switches go, so that a title cannot turn the rest of its card around.
    """
    if text.isprintable():
        return text
    return received(text).replace("\r\n", "\n").translate(_UNWANTED)


def typed(text: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What a person typed, from what Slack made of it: ids and addresses in angle brackets, three characters as entities.

    `names` are those of the people and channels, by id. Whoever has none there is called by the label that Slack gives, else "somebody".
    """
    shown = _TOKEN.sub(lambda found: _named(found[1], found[2] or "", names), received(text))
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _named(target: str, label: str, names: Mapping[str, str]) -> str:
    if target[0] not in "@#!":
        address = target.removeprefix("mailto:")
        return (label or address) if label in target else f"{label} ({address})"
    sign = "#" if target[0] == "#" else "@"
    name = names.get(target[1:]) or label.removeprefix(sign) or (target[1:].partition("^")[0] if target[0] == "!" else "")
    return f"{sign}{name}" if name else UNNAMED[sign]


def size(text: str) -> int:
    """Length in UTF-16 units: the most that any of Slack's clients counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """The text if it fits, else its beginning and "…"; never inside of what a person sees as one character."""
    if 2 * len(text) <= limit or size(text) <= limit:
        return text
    head = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    end = len(head)
    while end and _joined(text, end):
        end -= 1
    return text[: end or len(head)].rstrip() + ELLIPSIS


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and after this position are drawn as one."""
    before, after = text[at - 1], text[at]
    if _is_flag(before) and _is_flag(after):
        flags = len(text[:at]) - len(text[:at].rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
        return flags % 2 == 1
    return before == "\u200d" or after == "\u200d" or unicodedata.category(after) in ("Mn", "Me", "Mc") or _modifies(ord(after))


def _is_flag(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def _modifies(code: int) -> bool:
    return 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F


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
