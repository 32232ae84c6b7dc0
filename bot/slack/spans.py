"""Sentences as Slack shows them: typed elements of rich text, or small print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import assert_never

from bot.reading import Reading
from bot.slack.text import Json, escaped, means_something, plain_text
from bot.words import clean, cut, safe_address, size
from handlers.frozen import dataclass
from handlers.words import Bold, Code, Mention, Name, Plain, Ref, Sentence, Span, Translate, Web, When, constant

DATES = {"moment": "{date_short_pretty}, {time}", "day": "{date_short_pretty}", "time": "{time}"}
LONGEST_LINE = 3000
LONGEST_READ = 4 * LONGEST_LINE
Style = dict[str, bool]
"""Of an element. Elements share them, so they must not be changed."""
UNSTYLED: Style = {}
BOLD: Style = {"bold": True}
ITALIC: Style = {"italic": True}


@dataclass(frozen=True, slots=True)
class Sight:
    """For whom it is drawn, and what this workspace calls people and pictures.

    `users`: person id -> Slack's user id; a mention of somebody else is their name. `files`: content hash -> id of the uploaded file.
    """

    reading: Reading
    users: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    _said: dict[int, tuple[Sentence, tuple[Span, ...]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was worked out, by the sentence's identity: it is kept here, so no other can have that while this lives."""

    def spans(self, sentence: Sentence) -> tuple[Span, ...]:
        """Worked out once: a message's first lines stand in its notification as well."""
        known = self._said.get(id(sentence))
        if known is None:
            known = self._said[id(sentence)] = (sentence, self.reading.spans(sentence))
        return known[1]

    def text(self, sentence: Sentence, most: int = LONGEST_READ) -> str:
        """The sentence without any style; of a very long one only the beginning, as no more is ever shown."""
        said = self.reading.bare(self.spans(sentence)) if sentence.arguments else self.reading.text(sentence)
        return clean(said[:most])

    def bare(self, spans: Iterable[Span]) -> str:
        """The same of spans that are there already."""
        return clean(self.reading.bare(spans)[:LONGEST_READ])


def elements(sight: Sight, sentence: Sentence, style: Style = UNSTYLED) -> list[Json]:
    """The sentence as elements of a `rich_text_section`, however long they are (see `fitted`)."""
    return _drawn(sight, sight.spans(sentence), style)


def _drawn(sight: Sight, spans: Iterable[Span], style: Style) -> list[Json]:
    return [one for span in spans if (one := _element(sight, span, style)) is not None]


def fitted(made: list[Json], limit: int) -> list[Json]:
    """Elements up to a limit of characters: the one that passes it is cut, those after it are left out."""
    found: list[Json] = []
    for one in made:
        shown = one.get("text", "")
        if size(shown) > limit:
            return [*found, one | {"text": cut(shown, max(limit, 1))}] if limit > 0 else found
        limit -= size(shown)
        found.append(one)
    return found


def length(parts: list[Json]) -> int:
    """How many characters of elements are shown."""
    return size("".join([one.get("text", "") for one in parts]))


def words(text: str, style: Style = UNSTYLED) -> Json | None:
    """A text element: what it holds is shown as it is. None when there is nothing to show."""
    shown = clean(text[:LONGEST_READ])
    if not shown:
        return None
    return {"type": "text", "text": shown, "style": style} if style else {"type": "text", "text": shown}


def _element(sight: Sight, span: Span, style: Style) -> Json | None:
    match span:
        case Plain() | Name():
            return words(span.text, style)
        case When():
            return _date(sight, span, style)
        case Bold() | Ref():
            return words(span.text, {**style, **BOLD})
        case Code():
            return words(span.text, {**style, "code": True})
        case Web():
            return _link(span.url, span.text, style)
        case Mention():
            return _ping(sight, span.person) or words(span.text, style)
        case _:
            assert_never(span)


def _ping(sight: Sight, person: str) -> Json | None:
    return {"type": "user", "user_id": sight.users[person]} if person in sight.users else None


def _link(url: str, text: str, style: Style) -> Json | None:
    address = safe_address(url)
    if address is None:
        return words(text or url, style)
    return {"type": "link", "url": address, "text": clean(text) or address} | ({"style": style} if style else {})


def _date(sight: Sight, when: When, style: Style) -> Json:
    """Each reader's client shows it in its own zone; the fallback is in the zone for which it is drawn."""
    date: Json = {
        "type": "date",
        "timestamp": int(when.at.timestamp()),
        "format": DATES[when.style],
        "fallback": sight.reading.moment(when),
    }
    return date | {"style": style} if style else date


# ---------------------------------------------------------------- small print


def small(sight: Sight, sentence: Sentence, limit: int = LONGEST_LINE) -> Json | None:
    """A sentence as a `context` block, or as rich text where small print could not hold it safely; None when it is empty."""
    return small_print(sight, sentence, limit)[0]


def small_print(sight: Sight, sentence: Sentence, limit: int) -> tuple[Json | None, int]:
    """The same, and how many characters the sentence has. One without arguments is drawn once for all."""
    if not sentence.arguments:
        return _constant(sentence.template, sight.reading.translate, limit)
    return _in_small_print(sight, sight.spans(sentence), limit)


@lru_cache(maxsize=4096)
def _constant(template: str, translate: Translate, limit: int) -> tuple[Json | None, int]:
    return _in_small_print(Sight(Reading()), constant(template, translate), limit)


def _in_small_print(sight: Sight, spans: Sequence[Span], limit: int) -> tuple[Json | None, int]:
    bare = sight.bare(spans)
    return _block(sight, spans, bare.strip(), limit), size(bare)


def _block(sight: Sight, spans: Sequence[Span], shown: str, limit: int) -> Json | None:
    """Spans and what they say without any style, as a block.

    Context takes no rich text. Words that mean nothing to `mrkdwn` go in with their links and dates; others are plain text, or, when
    there is also a link, a date or a mention to keep, a line of ordinary size.
    """
    if not shown:
        return None
    if not means_something(shown) and size(text := "".join([marked(sight, span) for span in spans])) <= limit:
        return _context({"type": "mrkdwn", "text": text, "verbatim": True})
    if any(isinstance(span, Web | When | Mention) for span in spans):
        return rich(section(fitted(_drawn(sight, spans, UNSTYLED), limit)))
    return _context(plain_text(shown, limit))


def marked(sight: Sight, span: Span) -> str:
    """A span in `mrkdwn`, where it can be put in safely (see `means_something`)."""
    match span:
        case Web(url, text) if (address := safe_address(url)) is not None:
            return f"<{address}|{escaped(clean(text) or address).replace('|', '¦')}>"
        case Mention(person) if person in sight.users:
            return f"<@{sight.users[person]}>"
        case When():
            fallback = escaped(sight.reading.moment(span))
            return f"<!date^{int(span.at.timestamp())}^{DATES[span.style]}|{fallback}>"
        case _:
            return escaped(clean(span.text))


def _context(element: Json) -> Json:
    return {"type": "context", "elements": [element]}


# ---------------------------------------------------------------- rich text


def section(parts: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": parts}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}
