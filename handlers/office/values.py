"""The small values of a policy and how they are written: "1d 4h", "09:00-12:00, 13:00-17:00", "mon-fri", "mon 09:00", 120.50.

Every parser takes text and raises `ValueError` with a plain sentence that says what to write instead; `str(value)` gives the one canonical
writing, which parses to an equal value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

MINUTE = 60
HOUR = 3600
DAY = 86400

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_DAYS = 1000
"""No single promise, step or notice of a policy is longer than this, in days (or the same in hours and minutes)."""

_DURATION = re.compile(r"\s*(?:(\d{1,4})\s*d)?\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,7})\s*m)?\s*", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as people promise it. `days` are working days when counted in a calendar (see `Calendar.seconds`), else 24 hours."""

    days: int = 0
    seconds: int = 0

    def __str__(self) -> str:
        hours, rest = divmod(self.seconds, HOUR)
        parts = ((self.days, "d"), (hours, "h"), (rest // MINUTE, "m"))
        return " ".join(f"{n}{unit}" for n, unit in parts if n) or "0m"

    def __bool__(self) -> bool:
        return bool(self.days or self.seconds)

    @property
    def wall(self) -> timedelta:
        """The length on the wall clock, outside any calendar: a day is 24 hours."""
        return timedelta(days=self.days, seconds=self.seconds)


def duration(text: str) -> Duration:
    """ "30m", "4h", "3d", "1d 4h". Whole minutes, at most `LONGEST_DAYS` days in all."""
    found = _DURATION.fullmatch(text)
    if not found or not any(found.groups()):
        raise ValueError('write a length of time such as "30m", "4h", "3d" or "1d 4h"')
    days, hours, minutes = (int(group or 0) for group in found.groups())
    result = Duration(days, hours * HOUR + minutes * MINUTE)
    if result.wall > timedelta(days=LONGEST_DAYS):
        raise ValueError(f"no length of time may be over {LONGEST_DAYS} days")
    return result


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217 code, the office's)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        cents = self.amount != self.amount.to_integral_value()
        return f"{self.amount:,.2f} {self.currency}" if cents else f"{self.amount:,.0f} {self.currency}"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from `start` to before `end`, in minutes of the local clock since midnight; `end` may be 1440 (24:00)."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{clock(self.start)}-{clock(self.end)}"


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes(text: str) -> int:
    """A time of day "09:00" as minutes since midnight; "24:00" is 1440."""
    found = _CLOCK.fullmatch(text.strip())
    result = int(found[1]) * 60 + int(found[2]) if found else 1441
    if result > 1440:
        raise ValueError('write a time of day from "00:00" to "24:00"')
    return result


def spans(text: str) -> tuple[Span, ...]:
    """ "09:00-17:00", or several of a day: "09:00-12:00, 13:00-17:00", in order and not overlapping."""
    result = tuple(_span(part) for part in text.split(","))
    if any(later.start < earlier.end for earlier, later in pairwise(result)):
        raise ValueError("put the spans of a day in order, without overlap")
    return result


def _span(text: str) -> Span:
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError('write hours as "09:00-17:00", several as "09:00-12:00, 13:00-17:00"')
    result = Span(minutes(start), minutes(end))
    if result.start >= result.end:
        raise ValueError("hours must end after they start; hours over midnight are two spans, one on each day")
    return result


def days(text: str) -> tuple[int, ...]:
    """ "mon", or a range "mon-fri" (it may run over the week's end, "sat-mon"), as weekdays with Monday 0."""
    first, dash, last = text.partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise ValueError('write days as "mon", "sat" or a range such as "mon-fri"')
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


@dataclass(frozen=True, slots=True)
class WeekMoment:
    """A moment of each week on the local clock: `weekday` with Monday 0, `minute` since midnight."""

    weekday: int
    minute: int

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {clock(self.minute)}"


def week_moment(text: str) -> WeekMoment:
    """ "mon 09:00"."""
    day, _, time = text.strip().partition(" ")
    if day not in WEEKDAYS:
        raise ValueError('write a moment of the week such as "mon 09:00"')
    at = minutes(time)
    if at == 1440:
        raise ValueError('write midnight as "00:00" of the day after')
    return WeekMoment(WEEKDAYS.index(day), at)
