"""For whom something is drawn: their language and time zone."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.frozen import dataclass
from handlers.words import Sentence, Span, Translate, When, WhenStyle, constant, english, plain, spans

CATALOGUES = Path(__file__).parent / "locale"
FORMS = {"moment": "%a %d %b, %H:%M", "day": "%a %d %b", "time": "%H:%M"}


@lru_cache(maxsize=32)
def translator(language: str) -> Translate:
    """The catalogue of a language (`bot/locale/<language>/LC_MESSAGES/deskbell.mo`); English where there is none."""
    if language == "en":
        return english
    catalogue = gettext.translation("deskbell", CATALOGUES, [language], fallback=True)

    def translate(one: str, many: str | None, n: int) -> str:
        return catalogue.gettext(one) if many is None else catalogue.ngettext(one, many, n)

    return translate


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader, or all readers of a shared place (the office's language and zone)."""

    language: str = "en"
    zone: str = "UTC"
    translate: Translate = field(default=english, compare=False)

    @classmethod
    def of(cls, language: str, zone: str) -> Reading:
        return cls(language, zone, translator(language))

    def spans(self, sentence: Sentence) -> tuple[Span, ...]:
        return spans(sentence, self.translate)

    def moment(self, when: When) -> str:
        """A moment in the reader's zone: for chats that cannot convert it themselves, and for fallbacks."""
        return _moment(int(when.at.timestamp() // 60), self.zone, when.style)

    def text(self, sentence: Sentence) -> str:
        """A sentence without any style: notifications, labels of buttons, form fields."""
        if not sentence.arguments:
            return label(sentence.template, self.translate)
        return self.bare(self.spans(sentence))

    def bare(self, found: Iterable[Span]) -> str:
        """Spans without any style."""
        return "".join([self.moment(span) if isinstance(span, When) else span.text for span in found])


@lru_cache(maxsize=4096)
def label(template: str, translate: Translate) -> str:
    """A sentence without arguments as bare text: the same for every reader of a language."""
    return "".join(plain(span) for span in constant(template, translate))


@lru_cache(maxsize=4096)
def _moment(minute: int, zone: str, style: WhenStyle) -> str:
    """A minute since 1970 in a zone: what is reported together is promised for the same one, and is shown again and again."""
    return datetime.fromtimestamp(60 * minute, _zone(zone)).strftime(FORMS[style])


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(_zone(zone))


def exists(zone: str) -> bool:
    """Whether a zone of this name is known here: a client may say anything."""
    return _found(zone) is not None


def _zone(name: str) -> ZoneInfo:
    return _found(name) or ZoneInfo("UTC")


@lru_cache(maxsize=512)
def _found(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
