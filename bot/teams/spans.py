"""Sentences as Teams shows them: typed runs where nothing is parsed; a line of markdown only for a date, a link or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC
from typing import assert_never

from bot.reading import Reading
from bot.teams.text import Json, at_start, inert, unmarked
from bot.words import clean, cut, safe_address, size
from handlers.frozen import dataclass, replace
from handlers.words import Bold, Code, Mention, Name, Plain, Ref, Sentence, Span, Web, When

DATES = {"moment": "{{{{DATE({at},SHORT)}}}} {{{{TIME({at})}}}}", "day": "{{{{DATE({at},SHORT)}}}}", "time": "{{{{TIME({at})}}}}"}
LONGEST_READ = 12_000
_UNSAFE_IN_NAME = re.compile(r"[^\w .,'’-]|_")
_BRACKETS = str.maketrans("[]()", "⟦⟧❨❩")

Look = Mapping[str, object]
"""How a whole line looks: properties that text runs and text blocks share."""

TITLE: Look = {"size": "Medium", "weight": "Bolder"}
SMALL: Look = {"size": "Small", "isSubtle": True}
WRONG: Look = {"color": "Attention", "weight": "Bolder"}
USUAL: Look = {}


class Called:
    """Who is mentioned on a card: Teams finds a mention by its text, so two people of one name get different ones."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], str] = {}

    def text(self, user: str, name: str) -> str:
        shown = " ".join(_UNSAFE_IN_NAME.sub(" ", clean(name)).split()) or "–"
        if (user, shown) not in self._texts:
            same = sum(other == shown for _, other in self._texts)
            self._texts[user, shown] = f"<at>{shown} {same + 1}</at>" if same else f"<at>{shown}</at>"
        return self._texts[user, shown]

    def entities(self, drawn: str) -> list[Json]:
        """Those whose mention stands in what was drawn: Teams refuses others."""
        return [
            {"type": "mention", "text": text, "mentioned": {"id": user, "name": name}}
            for (user, name), text in self._texts.items()
            if text in drawn
        ]


@dataclass(frozen=True, slots=True)
class Sight:
    """For whom it is drawn, and what this tenant calls people and pictures.

    `users`: person id -> aadObjectId; a mention of somebody else is their name. `files`: content hash -> https address of the picture.
    `link`: where the whole of it can be read, or "". `dialog`: it stands in a dialog, where buttons work in another way. `posted`: it is
    a post, which is redrawn.
    """

    reading: Reading
    users: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    dialog: bool = False
    posted: bool = False
    called: Called = field(default_factory=Called)

    def text(self, sentence: Sentence, most: int = LONGEST_READ) -> str:
        """The sentence without any style; of a very long one only the beginning, as no more is ever shown."""
        return clean(self.reading.text(sentence)[:most])

    def afresh(self) -> Sight:
        """For another drawing of the same card."""
        return replace(self, called=Called())


def fitted(sight: Sight, spans: Iterable[Span], limit: int) -> tuple[list[Span], bool]:
    """Cleaned spans of together at most `limit` characters, and whether that is all: the one that passes it is cut, those after it go."""
    found: list[Span] = []
    for span in spans:
        if isinstance(span, When):
            limit -= size(sight.reading.moment(span))
            kept: Span = span
        else:
            text = clean(span.text[: limit + LONGEST_READ])
            if size(text) > limit:
                return ([*found, replace(span, text=cut(text, limit))], False) if limit > 0 else (found, False)
            limit -= size(text)
            kept = span if text == span.text else replace(span, text=text)
        if limit < 0:
            return found, False
        found.append(kept)
    return found, True


def line(sight: Sight, spans: Sequence[Span], look: Look = USUAL) -> Json | None:
    """Cleaned spans as one element of a card; None when there is nothing to show."""
    if any(_is_marked(sight, span) for span in spans):
        return {"type": "TextBlock", "text": markdown(sight, spans), "wrap": True, **look}
    made = runs(spans, look)
    return {"type": "RichTextBlock", "inlines": made} if made else None


def _is_marked(sight: Sight, span: Span) -> bool:
    match span:
        case When():
            return True
        case Web():
            return safe_address(span.url) is not None
        case Mention():
            return span.person in sight.users
        case _:
            return False


# ---------------------------------------------------------------- runs


def runs(spans: Iterable[Span], look: Look = USUAL) -> list[Json]:
    """Spans as text runs, neighbours of one style as one run. Nothing at all where no character would be seen."""
    made: list[Json] = []
    last: Look | None = None
    for span in spans:
        style = {**look, **_style(span)}
        if style == last:
            made[-1]["text"] += _shown(span)
        elif shown := _shown(span):
            made.append({"type": "TextRun", "text": shown, **style})
            last = style
    for run in made:
        run["text"] = inert(run["text"])
    return made if any(run["text"].strip() for run in made) else []


def _shown(span: Span) -> str:
    if isinstance(span, When):
        raise TypeError("a moment is no run of text")
    return (span.text or span.url) if isinstance(span, Web) else span.text


def _style(span: Span) -> Look:
    match span:
        case Bold() | Ref():
            return {"weight": "Bolder"}
        case Code():
            return {"fontType": "Monospace"}
        case Plain() | Name() | Web() | Mention() | When():
            return {}
        case _:
            assert_never(span)


# ---------------------------------------------------------------- markdown


def markdown(sight: Sight, spans: Iterable[Span]) -> str:
    """Spans as the text of a `TextBlock`."""
    text = ""
    for span in spans:
        text += _marked(sight, span, text)
    return at_start(text)


def _marked(sight: Sight, span: Span, before: str) -> str:
    match span:
        case When():
            return DATES[span.style].format(at=span.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        case Web():
            return _link(span)
        case Mention():
            return sight.called.text(sight.users[span.person], span.text) if span.person in sight.users else unmarked(span.text)
        case Bold() | Ref():
            return _bold(unmarked(span.text), before)
        case Plain() | Name() | Code():
            return unmarked(span.text)
        case _:
            assert_never(span)


def _link(span: Web) -> str:
    address = safe_address(span.url)
    if address is None:
        return unmarked(span.text or span.url)
    closed = address.replace("(", "%28").replace(")", "%29").replace("*", "%2A").replace("_", "%5F")
    return f"[{unmarked((' '.join(span.text.split()) or address).translate(_BRACKETS))}]({closed})"


def _bold(text: str, before: str) -> str:
    """Bold where every reader of markdown sees it so: no space at its ends, no word before it."""
    fits = text[:1].isalnum() or (text[:1] == "#" and (not before or before[-1].isspace()))
    return f"**{text}**" if fits and text[-1].isalnum() and "\n" not in text and not before.endswith("*") else text
