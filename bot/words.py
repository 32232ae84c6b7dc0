"""Words on their way into any chat: cleaned, and cut to a limit between what people see as characters."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

ELLIPSIS = "…"
NOTHING = "–"
LONGEST_ADDRESS = 3000
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""Control characters but for tab and line feed, and the switches of direction."""
_SURROGATE = re.compile("[\ud800-\udfff]")


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
    return _UNSEEN.sub("", received(text).replace("\r\n", "\n").replace("\r", "\n"))


def size(text: str) -> int:
    """Length in UTF-16 units: the most that any client of a chat counts."""
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


def safe_address(url: str) -> str | None:
    """The address as chats take it, or None for one that leads elsewhere than to the web or to mail (or nowhere)."""
    address = quote(clean(url).strip(), safe="%/:=&?~#+!$,;'@()*[]")
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return None
    return address if scheme in ("http", "https", "mailto") and size(address) <= LONGEST_ADDRESS else None
