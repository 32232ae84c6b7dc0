"""Moments as people type them: "tomorrow", "next monday", "in 3 days", "1 Dec", "2026-12-01 14:30", "end of the week".

A small grammar of our own rather than a library of many languages: such a library finds a date in nearly anything ("may", "sat",
    "march on",
a price), and a wrong date is worse than a question. Here every word must be understood, or the answer is None and the desk asks. What
people write in two ways is not guessed: "03/04" is None, "31.4." is None, "at 3" is None.

* A day alone is its start of work, 09:00 on the local clock; "end of" a day, week or month is 17:00 of its last day (Friday for a week).
* A time alone is the next time it is so. "Monday" is the next one after today; "next Monday" is the one of the next week (weeks start on
  Monday); a day and month without a year is the next one, today included.
* "in 2 hours" counts from now, to the minute. Days that are over are read as well: whether they make sense is for the caller to say.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.understanding.tokens import plain

START = time(9)
END = time(17)
_LONGEST = 80
_YEARS = range(2000, 2200)


def _list(words: str) -> list[str]:
    return words.split()


_WEEKDAYS = {name: i for i, names in enumerate(_list("mon tue|tues wed|weds thu|thur|thurs fri sat sun")) for name in names.split("|")} | {
    name: i for i, name in enumerate(_list("monday tuesday wednesday thursday friday saturday sunday"))
}
_MONTHS = {name: i + 1 for i, name in enumerate(_list("jan feb mar apr may jun jul aug sep oct nov dec"))} | {
    name: i + 1
    for i, name in enumerate(_list("january february march april may june july august september october november december"))
} | {"sept": 9}  # fmt: skip
_NUMBERS = {name: i for i, name in enumerate(_list("zero one two three four five six seven eight nine ten eleven twelve"))} | {
    "a": 1, "an": 1, "a couple of": 2, "couple of": 2, "a few": 3,
}  # fmt: skip
_SPELLINGS = {
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow",
    "2morrow": "tomorrow",
    "2day": "today", "wendsday": "wednesday", "wensday": "wednesday", "thursaday": "thursday", "eod": "end of day",
    "eow": "end of week", "eom": "end of month",
    "cob": "end of day", "hrs": "hours", "hr": "hour", "mins": "minutes", "min": "minute", "wk": "week", "wks": "weeks",
}  # fmt: skip
_DAYTIMES = {
    "morning": time(9), "noon": time(12), "midday": time(12), "lunchtime": time(12), "lunch": time(12),
    "afternoon": time(14), "evening": time(18),
}  # fmt: skip
_FILLERS = re.compile(
    r"^(?:(?:until|till|til|by|on|from|for|at|please|not before|no earlier than|starting|latest|due|maybe on|its|it is|how about|"
    r"lets say|say|ok|yes|around|about)\b[\s,]*)+"
    r"|[\s,]+(?:please|pls|latest|at the latest|thanks|ok|is fine|would be (?:fine|good|great)|works)$"
)
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_SHORT_UNIT = re.compile(r"\b(\d{1,3}) ?([hdw])\b", re.ASCII)
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_TIME = re.compile(
    r"(?:at |@ ?|by |around |about )?(?P<hour>\d{1,2})(?:(?::|h)(?P<minute>\d{2}))? ?(?P<half>am|pm|a\.m\.|p\.m\.|uhr)?", re.ASCII
)

Found = date | datetime | None
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Found]]


def moment(text: str, now: datetime, zone: str) -> datetime | None:
    """The moment a text names, aware and in UTC; None if any of it is not understood. `now` is aware; `zone` an IANA name.

    Raises `zoneinfo.ZoneInfoNotFoundError` for an unknown zone.
    """
    if len(text) > _LONGEST:
        return None
    local = now.astimezone(ZoneInfo(zone))
    found = _read(_tidy(text), local)
    if found is None or found.year not in _YEARS:
        return None
    return found.astimezone(UTC)


def _tidy(text: str) -> str:
    words = [_SPELLINGS.get(word, word) for word in plain(text).replace(",", " ").rstrip("!? ").split()]
    said = _SHORT_UNIT.sub(lambda found: f"{found[1]} {_UNITS[found[2]]}", " ".join(words))
    while (shorter := _FILLERS.sub("", said).strip()) != said:
        said = shorter
    return said


def _read(said: str, now: datetime) -> datetime | None:
    """A moment; a day; a time; or a day and a time in either order."""
    whole = _day(said, now)
    if whole is not None:
        return whole if isinstance(whole, datetime) else _at(whole, START, now)
    alone = _clock(said)
    if alone is not None:
        today = _at(now.date(), alone, now)
        return today if today > now else _at(now.date() + timedelta(days=1), alone, now)
    return _day_and_time(said.split(" "), now)


def _day_and_time(words: list[str], now: datetime) -> datetime | None:
    for cut in range(1, len(words)):
        first, second = _FILLERS.sub("", " ".join(words[:cut])), _FILLERS.sub("", " ".join(words[cut:]))
        for day, clock in ((first, second), (second, first)):
            found, at = _day(day, now), _clock(clock.removeprefix("in the "))
            if found is not None and not isinstance(found, datetime) and at is not None:
                return _at(found, at, now)
    return None


def _at(day: date, clock: time, now: datetime) -> datetime:
    return datetime.combine(day, clock, now.tzinfo)


def _clock(said: str) -> time | None:
    if said in _DAYTIMES:
        return _DAYTIMES[said]
    found = _TIME.fullmatch(said)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "")[:1]
    if half in ("a", "p"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(said: str, now: datetime) -> Found:
    for pattern, reading in _RULES:
        found = pattern.fullmatch(said)
        if found:
            return reading(found, now)
    return None


# ---------------------------------------------------------------- one function for each way to name a day


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next_such(now: datetime, month: int, day: int) -> date | None:
    """The next day of that month, today included; a 29 February waits for its year."""
    years = range(now.year, now.year + 9)
    found = (_calendar_day(year, month, day) for year in years)
    return next((at for at in found if at is not None and at >= now.date()), None)


def _dated(found: re.Match[str], now: datetime) -> date | None:
    """A day of a month; where a weekday is named as well, it must be right."""
    groups = found.groupdict()
    month, day, year = _MONTHS.get(groups["month"]) or int(groups["month"]), int(groups["day"]), groups.get("year")
    at = _calendar_day(int(year) % 100 + 2000 if len(year) == 2 else int(year), month, day) if year else _next_such(now, month, day)
    name = groups.get("name")
    return at if at is None or name is None or at.weekday() == _WEEKDAYS[name] else None


def _slashed(found: re.Match[str], now: datetime) -> date | None:
    """ "25/12" can only be a day and a month; "12/25" only a month and a day; "3/4" may be either."""
    first, second = int(found["first"]), int(found["second"])
    if first != second and first <= 12 and second <= 12:
        return None
    day, month = (first, second) if first > 12 else (second, first)
    return _calendar_day(int(found["year"]), month, day) if found["year"] else _next_such(now, month, day)


def _nth(found: re.Match[str], now: datetime) -> date | None:
    """ "the 5th": of this month, else of the next month that has such a day."""
    day = int(found["day"])
    months = [(now.year + (now.month - 1 + i) // 12, (now.month - 1 + i) % 12 + 1) for i in range(3)]
    found_days = (_calendar_day(year, month, day) for year, month in months)
    return next((at for at in found_days if at is not None and at >= now.date()), None)


def _near(found: re.Match[str], now: datetime) -> date:
    offset = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}.get(found[0], 2)
    return now.date() + timedelta(days=offset)


def _weekday(found: re.Match[str], now: datetime) -> date | None:
    day = _WEEKDAYS[found["name"]]
    monday = now.date() - timedelta(days=now.weekday())
    if found["which"] == "next":
        return monday + timedelta(days=7 + day)
    if found["which"] == "this":
        return monday + timedelta(days=day) if day >= now.weekday() else None
    return now.date() + timedelta(days=(day - now.weekday() - 1) % 7 + 1)


def _counted(found: re.Match[str], now: datetime) -> Found:
    count, unit = _NUMBERS[found["count"]] if found["count"] in _NUMBERS else int(found["count"]), found["unit"]
    if unit in ("hour", "minute"):
        moment = now.astimezone(UTC) + timedelta(**{f"{unit}s": count})
        return moment.replace(second=0, microsecond=0)
    if unit == "month":
        return _months_on(now.date(), count)
    return now.date() + timedelta(days=count * (7 if unit == "week" else 1))


def _working_days(found: re.Match[str], now: datetime) -> date:
    """Monday to Friday: holidays are the calendar's business."""
    at = now.date()
    for _ in range(_NUMBERS[found["count"]] if found["count"] in _NUMBERS else int(found["count"])):
        at += timedelta(days=3 if at.weekday() == 4 else 2 if at.weekday() == 5 else 1)
    return at


def _months_on(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _next_unit(found: re.Match[str], now: datetime) -> date:
    if found["unit"] == "week":
        return now.date() + timedelta(days=7 - now.weekday())
    return _months_on(now.date().replace(day=1), 1)


def _end(found: re.Match[str], now: datetime) -> datetime:
    later = 1 if found["which"] == "next" else 0
    if found["unit"] == "month":
        first = _months_on(now.date().replace(day=1), later)
        return _at(first.replace(day=monthrange(first.year, first.month)[1]), END, now)
    if found["unit"] == "week":
        friday = now.date() + timedelta(days=(4 - now.weekday()) % 7 + 7 * later)
        return _at(friday, END, now)
    tomorrow = found["unit"] == "tomorrow" or bool(later)
    return _at(now.date() + timedelta(days=tomorrow), END, now)


_YEAR = r"(?P<year>\d{4})"
_RULES: tuple[Rule, ...] = tuple(
    (re.compile(pattern, re.ASCII), reading)
    for pattern, reading in (
        (r"today|tonight|tomorrow|yesterday|(?:the )?day after tomorrow", _near),
        (rf"(?:(?P<which>next|this|coming|this coming) )?(?P<name>{_WEEKDAY})\.?", _weekday),
        (rf"(?:(?P<name>{_WEEKDAY}) )?(?:the )?{_ORDINAL}\.?(?: of)? ?{_MONTH}(?: {_YEAR})?", _dated),
        (rf"(?:(?P<name>{_WEEKDAY}) )?{_MONTH} (?:the )?{_ORDINAL}(?: {_YEAR})?", _dated),
        (rf"{_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})", _dated),
        (rf"{_YEAR}/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})", _dated),
        (r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>\d{4}|\d{2}))?", _dated),
        (rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?:/{_YEAR})?", _slashed),
        (r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)", _nth),
        (rf"(?:in |within )?{_COUNT} (?P<unit>minute|hour|day|week|month)s?(?: from now| time)?", _counted),
        (rf"(?:in |within )?{_COUNT} (?:working|work|business) days?", _working_days),
        (r"(?:the )?next (?P<unit>week|month)", _next_unit),
        (r"(?:the )?end of (?:the |this )?(?:(?P<which>next) )?(?P<unit>day|today|tomorrow|week|month|business)", _end),
    )
)
