"""Reading what people type, by rules. Whatever is not clearly understood is None or False, so that the desk asks.

Dates are read by a small grammar of our own (see `dates` for why no library of dates is used).
"""

from __future__ import annotations

from datetime import datetime

from handlers.office.model import Office
from handlers.ports import Categorizer
from handlers.understanding import amounts, consent, dates
from handlers.understanding.chatter import report_like


class RuleReader:
    """The `Reader` of the desk; it knows a report by the same categorizer that will sort it."""

    def __init__(self, categorizer: Categorizer) -> None:
        self._categorizer = categorizer

    def yes(self, text: str) -> bool | None:
        """True or False for a clear yes or no in one of their many spellings; None for anything with a "but"."""
        return consent.yes(text)

    def date(self, text: str, today: datetime, zone: str) -> datetime | None:
        """A moment in UTC; a day alone is 09:00 on the clock of `zone` (IANA). `today` is now, aware. Raises ZoneInfoNotFoundError."""
        return dates.moment(text, today, zone)

    def percent(self, text: str) -> int | None:
        """A share of time, 0 to 100."""
        return amounts.percent(text)

    def money(self, text: str) -> str | None:
        """An amount without its currency, as a decimal with a point: "1234.50"."""
        return amounts.money(text)

    def looks_like_report(self, office: Office, text: str) -> bool:
        """Whether a text is something new that should become a ticket, rather than small talk, an answer or a question about one."""
        guesses = self._categorizer.guess(office, text)
        return report_like(text, guesses[0].sure if guesses else 0.0)
