"""Text into words, and words into stems: small rules for English that keep "leaks", "leaked" and "leaking" together."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

READ_CHARACTERS = 2000
"""Only the beginning of a text is read: people say first what it is about, and a pasted log must not cost time."""

_WORD = re.compile(r"[^\W_]+")
_OWNED = re.compile(r"(?<=\w)(?<!\bit)['’]s\b", re.IGNORECASE)
_APOSTROPHES = str.maketrans({"'": None, "’": None, "‘": None, "`": None, "´": None})
_VOWELS = frozenset("aeiouy")
_DOUBLES = frozenset(("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"))


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """The beginning of a text in one spelling: compatibility characters resolved, lower case, no apostrophes ("can't" is "cant")."""
    start = text[:READ_CHARACTERS]
    if not start.isascii():
        start = unicodedata.normalize("NFKC", start)
    return start.casefold().translate(_APOSTROPHES)


@lru_cache(maxsize=64)
def tokens(text: str) -> tuple[str, ...]:
    """The words and numbers of the beginning of a text, in `plain` spelling and without "'s": "the Wi-Fi's down!" is the, wi, fi, down."""
    start = text[:READ_CHARACTERS]
    owned = "'" in start or "’" in start
    return tuple(_WORD.findall(plain(_OWNED.sub("", start) if owned else start)))


def words_of(text: str) -> frozenset[str]:
    """A list of words, for looking up."""
    return frozenset(text.split())


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """What is left of a word without plural, -ing, -ed and a final e: leak, flicker, fir (fire, fired, fires)."""
    if len(word) < 4 or not word.isascii():
        return word
    return _without_e(_without_ending(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 3 and not _VOWELS.isdisjoint(rest):
            return rest[:-1] if rest[-2:] in _DOUBLES else rest
    return word


def _without_e(word: str) -> str:
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
