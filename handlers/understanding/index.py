"""Word lists made ready for looking up: a word is found as it stands, by its stem, as a compound, or with one typing mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handlers.understanding.common import ORDINARY
from handlers.understanding.tokens import stem, tokens

Weights = tuple[tuple[str, float], ...]
"""(category, weight) for each category a term speaks for."""

NOTHING: Weights = ()
LONG_ENOUGH = 6
"""Shorter words are never corrected: too many other words are one letter away."""
MISTYPED = 0.75
_PART = 4
_MUCH = 4.0
_LONGEST = 24
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more stems in a row. Without weights it is figurative: it hides its words."""

    stems: tuple[str, ...]
    weights: Weights


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a word: its stem, what it speaks for, and the phrases that begin with it, the longest first."""

    stem: str
    weights: Weights
    phrases: tuple[Phrase, ...]


@dataclass(slots=True)
class Index:
    """Terms by word and by first stem of phrase; `mistakes` leads from a stem with one letter left out to the stems it may be."""

    words: Mapping[str, Weights]
    stems: Mapping[str, Weights]
    phrases: Mapping[str, tuple[Phrase, ...]]
    mistakes: Mapping[str, tuple[str, ...]]
    _known: dict[str, Entry] = field(default_factory=dict)

    def entry(self, word: str) -> Entry:
        """What is known of a word. Answers are remembered, up to a bound: offices use few words, over and over."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            root = stem(word)
            found = self._known[word] = Entry(root, self._weights(word), self.phrases.get(root, ()))
        return found

    def _weights(self, word: str) -> Weights:
        exact = self._plainly(word)
        if exact or not LONG_ENOUGH <= len(word) <= _LONGEST or stem(word) in ORDINARY:
            return exact
        return self._compound(word) or self._mistyped(word)

    def _plainly(self, word: str) -> Weights:
        return self.words.get(word) or self.stems.get(stem(word)) or NOTHING

    def _compound(self, word: str) -> Weights:
        """ "doorhandle" is door and handle: both parts must be known, and one of them must say much ("deadline" is neither)."""
        for cut in range(len(word) - _PART, _PART - 1, -1):
            first, second = self.words.get(word[:cut], NOTHING), self._plainly(word[cut:])
            both = merged((*first, *second))
            if first and second and any(weight >= _MUCH for _, weight in both):
                return both
        return NOTHING

    def _mistyped(self, word: str) -> Weights:
        """The likeliest term one mistake away. The first letter must be right: it nearly always is, and "please" is no lease."""
        root = stem(word)
        if len(root) < LONG_ENOUGH:
            return NOTHING
        near = {found for short in (root, *shortened(root)) for found in self.mistakes.get(short, ()) if found[0] == root[0]}
        near = {found for found in near if one_mistake(root, found)}
        if not near:
            return NOTHING
        likeliest = min(near, key=lambda found: (abs(len(found) - len(root)), found))
        return tuple((category, weight * MISTYPED) for category, weight in self.stems[likeliest])


def build(terms: Iterable[tuple[str, str, float]], hidden: Iterable[str] = ()) -> Index:
    """An index of (term, category, weight); `hidden` are figurative phrases."""
    words: dict[str, list[tuple[str, float]]] = {}
    phrases: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    for term, category, weight in terms:
        parts = tokens(term)
        if len(parts) == 1:
            words.setdefault(parts[0], []).append((category, weight))
        elif parts:
            phrases.setdefault(tuple(stem(part) for part in parts), []).append((category, weight))
    phrases |= {tuple(stem(part) for part in tokens(text)): [] for text in hidden}
    by_word = {word: merged(weights) for word, weights in words.items()}
    stems = _by_stem(by_word)
    return Index(by_word, stems, _by_first(phrases), _mistakes(by_word))


def merged(weights: Iterable[tuple[str, float]]) -> Weights:
    """One entry for each category, with its greatest weight."""
    best: dict[str, float] = {}
    for category, weight in weights:
        best[category] = max(weight, best.get(category, 0.0))
    return tuple(best.items())


def _by_stem(words: Mapping[str, Weights]) -> dict[str, Weights]:
    """A stem means what its shortest listed word means: "fires" is fire, though "fired" is listed for itself."""
    shortest: dict[str, str] = {}
    for word in sorted(words, key=lambda word: (len(word), word)):
        shortest.setdefault(stem(word), word)
    return {root: words[word] for root, word in shortest.items()}


def _by_first(phrases: Mapping[tuple[str, ...], list[tuple[str, float]]]) -> dict[str, tuple[Phrase, ...]]:
    """Phrases by their first stem, the longest first."""
    grouped: dict[str, list[Phrase]] = {}
    for stems, weights in phrases.items():
        grouped.setdefault(stems[0], []).append(Phrase(stems, merged(weights)))
    return {first: tuple(sorted(group, key=lambda phrase: (-len(phrase.stems), phrase.stems))) for first, group in grouped.items()}


def _mistakes(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for root in {stem(word) for word in words if LONG_ENOUGH <= len(word) <= _LONGEST}:
        for short in (root, *shortened(root)):
            found.setdefault(short, set()).add(root)
    return {short: tuple(sorted(roots)) for short, roots in found.items()}


def shortened(word: str) -> set[str]:
    """The word with any one letter left out."""
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def one_mistake(typed: str, meant: str) -> bool:
    """Whether one letter was left out, added, changed or swapped with its neighbour."""
    if len(typed) > len(meant):
        typed, meant = meant, typed
    if len(meant) - len(typed) > 1 or typed == meant:
        return False
    if len(meant) > len(typed):
        return typed in shortened(meant)
    apart = [i for i, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    if len(apart) == 2:
        first, second = apart
        return second == first + 1 and typed[first] == meant[second] and typed[second] == meant[first]
    return len(apart) == 1
