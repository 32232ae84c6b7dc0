"""Which category a report is about, by its words: fast, explainable, and honest about how sure it is.

Each term speaks for one or more categories with a weight. A phrase counts instead of its words ("first aid kit" is no kit), a figure of
speech hides its words ("fire up"), and what follows "in", "on" or "above" is where it happens rather than what it is, so it counts less.
Words of danger weigh more than all others: a printer on fire is no printing matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal
from weakref import WeakKeyDictionary

from handlers.office.model import UNSORTED, Office
from handlers.ports import SURE, Guess
from handlers.understanding.index import Index, Phrase, Weights, build
from handlers.understanding.kinds import incident_or_request
from handlers.understanding.lexicon_it import IT
from handlers.understanding.lexicon_people import FIGURATIVE, PEOPLE
from handlers.understanding.lexicon_place import PLACE
from handlers.understanding.tokens import tokens, words_of

THRESHOLD = SURE

DOUBT = 2.5
"""Evidence that is always against: a single weak word makes nobody sure."""

_WEIGHTS = (4.0, 2.0, 1.0)
_DANGER = (12.0, 2.0, 1.0)
_OWN_WORD = 6.0
_OWN_LABEL = 2.0
_ELSEWHERE = 0.4
_REACH = 3
_MOST = 3


_WHERE = words_of("in at on above under over below near by behind beside beneath inside outside between opposite for to around")
_ARTICLES = words_of("the a an my our your his her their this that these")
_ENDS = words_of(
    "is are was were has have does do did will would can cant cannot wont isnt doesnt dont keeps and but because since when which"
)

_ROLES = dict.fromkeys(_ENDS, "end") | dict.fromkeys(_ARTICLES, "article") | dict.fromkeys(_WHERE, "where")

Place = tuple[int, bool]
"""How many of the next words still say where it is, and whether the place was named already."""

_HERE: Place = (0, False)

Signature = tuple[tuple[str, str, tuple[str, ...]], ...]


class KeywordCategorizer:
    """Guesses by word lists and the office's own labels and words. An index is made once per office version and shared by offices alike."""

    def __init__(self) -> None:
        self._indices: WeakKeyDictionary[Office, Index] = WeakKeyDictionary()

    def guess(self, office: Office, text: str) -> Sequence[Guess]:
        """The likeliest categories first, at most three; none when no word fits. `sure` is the share of the evidence, 0 to 1."""
        scores = _scores(self._index(office), tokens(text))
        evidence = sum(scores.values()) + DOUBT
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
        return tuple(Guess(category, round(score / evidence, 3)) for category, score in ranked)

    def kind(self, text: str, category: str) -> Literal["incident", "request"]:
        """Something broken, or something wanted."""
        return incident_or_request(text, category)

    def _index(self, office: Office) -> Index:
        found = self._indices.get(office)
        if found is None:
            found = self._indices[office] = _index(tuple((c.key, c.label, c.words) for c in office.categories.values()))
        return found


def _scores(index: Index, words: Sequence[str]) -> dict[str, float]:
    """The weight of the evidence for each category; each term counts once."""
    scores: dict[str, float] = {}
    seen: set[str] = set()
    entries = [index.entry(word) for word in words]
    stems = tuple([entry.stem for entry in entries])
    at, place = 0, _HERE
    while at < len(entries):
        entry = entries[at]
        phrase = _phrase(entry.phrases, stems, at) if entry.phrases else None
        weights = phrase.weights if phrase else entry.weights
        if weights and entry.stem not in seen:
            seen.add(entry.stem)
            _count(scores, weights, place[0] > 0)
        role = _ROLES.get(words[at])
        if role or place[0]:
            place = _place(role, place)
        at += len(phrase.stems) if phrase else 1
    return scores


def _phrase(phrases: Iterable[Phrase], stems: tuple[str, ...], at: int) -> Phrase | None:
    """The longest phrase that begins here."""
    for phrase in phrases:
        if stems[at : at + len(phrase.stems)] == phrase.stems:
            return phrase
    return None


def _count(scores: dict[str, float], weights: Weights, elsewhere: bool) -> None:
    for category, weight in weights:
        share = _ELSEWHERE if elsewhere and category != "safety" else 1.0
        scores[category] = scores.get(category, 0.0) + weight * share


def _place(role: str | None, place: Place) -> Place:
    """What the next words say: where it is, after a preposition and up to the noun's end; else what it is."""
    reach, named = place
    if role == "where":
        return _REACH, False
    if role == "end" or (role == "article" and named):
        return _HERE
    return (reach, named) if role == "article" else (reach - 1, True) if reach else _HERE


@lru_cache(maxsize=64)
def _index(signature: Signature) -> Index:
    keys = {key for key, _, _ in signature}
    terms = [term for term in _curated() if term[1] in keys]
    terms += [(word, key, _OWN_WORD) for key, _, words in signature for word in words]
    terms += [(part, key, _OWN_LABEL) for key, label, _ in signature if key != UNSORTED for part in _parts(label)]
    return build(terms, _split(FIGURATIVE))


def _curated() -> list[tuple[str, str, float]]:
    found = []
    for category, lists in (IT | PLACE | PEOPLE).items():
        weights = _DANGER if category == "safety" else _WEIGHTS
        found += [(term, category, weight) for terms, weight in zip(lists, weights, strict=True) for term in _split(terms)]
    return found


def _split(terms: str) -> list[str]:
    return [term.strip() for term in terms.split(",") if term.strip()]


def _parts(label: str) -> list[str]:
    """ "Keys, doors and parking" is three terms."""
    for separator in (" and ", " or ", " & ", "&", "/", ";", ":"):
        label = label.replace(separator, ",")
    return _split(label)
