"""Business time on a terminal: that of the machine, or standing still; and it can be moved forwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.console.roster import Unclear

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = timedelta(days=3660)
_STEP = re.compile(r"\+((?:\d{1,5}[wdhm])+)", re.ASCII)
_PART = re.compile(r"(\d+)([wdhm])", re.ASCII)
_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_MOMENT = re.compile(r"(?:(?P<day>[a-z]{3,9}|\d{4}-\d\d-\d\d)\s*)?(?:(?P<hour>\d{1,2}):(?P<minute>\d\d))?", re.ASCII)
HELP = "Give a step or a moment: clock +4h, clock +1d2h, clock mon 09:00, clock 17:30, clock 2026-12-01 09:00."


class MovedClock:
    """Calls give the moment. `base` is the machine's clock, or one that stands still."""

    def __init__(self, base: Callable[[], datetime]) -> None:
        self._base = base
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._base() + self._ahead

    @property
    def ahead(self) -> float:
        """Seconds before the base."""
        return self._ahead.total_seconds()

    def move_to(self, moment: datetime) -> None:
        self._ahead += max(moment - self(), timedelta())


def read(typed: str, now: datetime, zone: str) -> datetime:
    """The moment that "+4h", "mon 09:00", "17:30" or a date mean, in the zone. Raises `Unclear`; also for what is past."""
    words = typed.strip().lower()
    step = _STEP.fullmatch(words)
    moment = now + _length(step[1]) if step else _moment(words, now.astimezone(ZoneInfo(zone)))
    if moment <= now:
        raise Unclear("The clock only moves forwards.")
    if moment - now > LONGEST:
        raise Unclear("That is more than ten years away.")
    return moment.astimezone(now.tzinfo)


def _length(words: str) -> timedelta:
    return sum((int(count) * _UNITS[unit] for count, unit in _PART.findall(words)), timedelta())


def _moment(words: str, now: datetime) -> datetime:
    found = _MOMENT.fullmatch(words)
    if not words or found is None:
        raise Unclear(HELP)
    try:
        at = time(int(found["hour"]), int(found["minute"])) if found["hour"] else time(9)
        return _on(found["day"], at, now)
    except ValueError:
        raise Unclear(HELP) from None


def _on(day: str | None, at: time, now: datetime) -> datetime:
    """A time today or (if that is past) tomorrow, on the next such weekday, or on a date."""
    if day is not None and day[0].isdigit():
        return datetime.combine(datetime.fromisoformat(day), at, now.tzinfo)
    wanted = None if day is None else DAYS.index(day[:3])
    days = (now.date() + timedelta(days=ahead) for ahead in range(8))
    moments = (datetime.combine(date, at, now.tzinfo) for date in days if wanted is None or date.weekday() == wanted)
    return next(moment for moment in moments if moment > now)
