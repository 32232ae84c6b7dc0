"""Working time: what a promise of "4 hours" means in the hours, holidays and time zone of an office or a vendor.

A local clock reading decides: a moment is working time if the local clock shows a time inside the day's hours and the day is no holiday.
Where clocks jump forward the missing readings simply do not occur; where they fall back, readings that occur twice count twice. Lengths are
always real elapsed time. Moments go in and come out as aware datetimes in UTC, exact to the microsecond.

The open stretches of a calendar are worked out one UTC year at a time, when first asked, with running totals, so that every question is a
binary search. A working day ("1d") is as long as the calendar's usual day: the length that most of its open weekdays have, the longest of
those if several tie. Where all days are equally long, "1d" from Monday 10:00 is therefore Tuesday 10:00, and in a calendar that is always
open it is 24 hours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from handlers.office.values import Duration, Span

Pause = tuple[datetime, datetime | None]
"""When the clock stopped and when it ran on; None: it stands still."""

FARTHEST_YEARS = 100
"""How far `add` looks. Only a promise that no calendar can keep goes beyond it."""

_SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """What is written about a calendar. `hours` holds the open spans of Monday to Sunday; `country` is ISO 3166, with its subdivision."""

    zone: str
    hours: tuple[tuple[Span, ...], ...]
    country: str | None = None
    subdivision: str | None = None
    extra: tuple[date, ...] = ()

    @property
    def never_open(self) -> bool:
        return not any(self.hours)

    @property
    def day(self) -> int:
        """The usual day in seconds; 0 if never open."""
        lengths = Counter(sum(span.end - span.start for span in day) * 60 for day in self.hours if day)
        return max(lengths, key=lambda length: (lengths[length], length), default=0)

    def seconds(self, duration: Duration) -> int:
        """A duration as seconds of working time: each day is the usual day."""
        return duration.days * self.day + duration.seconds


class _Year(NamedTuple):
    """Open stretches of one UTC year, in microseconds since the epoch. `before`: the open time ahead of each, then the total."""

    starts: list[int]
    ends: list[int]
    before: list[int]

    def worked(self, at: int) -> int:
        """Open time of this year before a moment."""
        i = bisect_right(self.starts, at) - 1
        return 0 if i < 0 else self.before[i] + min(at, self.ends[i]) - self.starts[i]

    def reach(self, worked: int) -> int:
        """The earliest moment of this year with that much open time before it; `worked` is over 0 and at most the total."""
        i = bisect_left(self.before, worked) - 1
        return self.starts[i] + worked - self.before[i]


class _Stretch(NamedTuple):
    """Part of a year in which the zone keeps one offset from UTC (both in microseconds)."""

    start: int
    end: int
    offset: int


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The working time of one set of rules. Raises `ValueError` for rules that are never open. See the module for what is counted how."""

    rules: CalendarRules
    day: int = field(init=False)
    zone: ZoneInfo = field(init=False, repr=False)
    _holidays: HolidayBase | None = field(init=False, repr=False)
    _years: dict[int, _Year] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.rules.never_open:
            raise ValueError("a calendar must be open at some time of the week")
        object.__setattr__(self, "day", self.rules.day)
        object.__setattr__(self, "zone", ZoneInfo(self.rules.zone))
        object.__setattr__(self, "_holidays", _holidays(self.rules))

    def seconds(self, duration: Duration) -> int:
        """A duration as seconds of working time: each day is the calendar's usual day."""
        return duration.days * self.day + duration.seconds

    def is_open(self, at: datetime) -> bool:
        moment = _micro(at)
        year = self._year(at.astimezone(UTC).year)
        i = bisect_right(year.starts, moment) - 1
        return i >= 0 and moment < year.ends[i]

    def next_opening(self, at: datetime) -> datetime:
        """The moment itself if it is open, else the next at which the calendar opens."""
        if self.is_open(at):
            return at.astimezone(UTC)
        moment, first = _micro(at), at.astimezone(UTC).year
        for number in self._ahead(first):
            year = self._year(number)
            i = bisect_right(year.starts, moment)
            if i < len(year.starts):
                return _moment(year.starts[i])
        raise ValueError(f"the calendar does not open within {FARTHEST_YEARS} years")

    def add(self, at: datetime, duration: Duration) -> datetime:
        """The earliest moment with that much working time after `at`: eight hours after nine are five o'clock, not the next morning.

        No duration gives `at` itself, open or not. Raises `ValueError` beyond `FARTHEST_YEARS` years.
        """
        return self._add(at, self.seconds(duration) * _SECOND)

    def working_seconds(self, start: datetime, end: datetime) -> float:
        """Working time between two moments, exact to the microsecond; 0 if `end` is not after `start`."""
        return self._between(_micro(start), _micro(end)) / _SECOND

    def due(self, start: datetime, duration: Duration, pauses: Sequence[Pause] = (), part: float = 1.0) -> datetime | None:
        """When working time from `start` uses up the duration (or a part of it, for a warning), not counting pauses.

        Pauses may overlap and come in any order. None while a pause is open that began before the time was used up.
        """
        left = round(self.seconds(duration) * part) * _SECOND
        since = start
        for stop, go in sorted(pauses, key=lambda pause: pause[0]):
            worked = self._between(_micro(since), _micro(stop))
            if worked >= left:
                break
            left -= worked
            if go is None:
                return None
            since = max(since, go)
        return self._add(since, left)

    def holiday(self, day: date) -> str | None:
        """The name of a day on which this calendar is closed although its weekday is not; None on all other days."""
        if day in self.rules.extra:
            return "Closed"
        return self._holidays.get(day) if self._holidays is not None else None

    def _add(self, at: datetime, amount: int) -> datetime:
        if amount <= 0:
            return at.astimezone(UTC)
        first = at.astimezone(UTC).year
        amount += self._year(first).worked(_micro(at))
        for number in self._ahead(first):
            year = self._year(number)
            if amount <= year.before[-1]:
                return _moment(year.reach(amount))
            amount -= year.before[-1]
        raise ValueError(f"so much working time does not fit into {FARTHEST_YEARS} years of this calendar")

    def _between(self, start: int, end: int) -> int:
        if end <= start:
            return 0
        first, last = _moment(start).year, _moment(end).year
        whole = sum(self._year(number).before[-1] for number in range(first, last))
        return whole + self._year(last).worked(end) - self._year(first).worked(start)

    def _ahead(self, year: int) -> range:
        return range(year, min(year + FARTHEST_YEARS, 9998) + 1)

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = _totalled(self._open_in(number))
        return found

    def _open_in(self, number: int) -> Iterator[tuple[int, int]]:
        for stretch in _stretches(self.zone, number):
            for day in _days(stretch):
                for start, end in self._spans_of(day):
                    opens, closes = max(start - stretch.offset, stretch.start), min(end - stretch.offset, stretch.end)
                    if opens < closes:
                        yield opens, closes

    def _spans_of(self, day: date) -> Iterator[tuple[int, int]]:
        """Open spans of a local day, as microseconds of the local clock since the local epoch."""
        hours = self.rules.hours[day.weekday()]
        if not hours or self.holiday(day) is not None:
            return
        midnight = (day.toordinal() - _EPOCH.toordinal()) * 86400
        for span in hours:
            yield (midnight + span.start * 60) * _SECOND, (midnight + span.end * 60) * _SECOND


@lru_cache(maxsize=1024)
def calendar(rules: CalendarRules) -> Calendar:
    """The calendar of these rules. Equal rules share one, so that a new version of a policy does not work its years out again."""
    return Calendar(rules)


def _holidays(rules: CalendarRules) -> HolidayBase | None:
    """The library adds each year when a day of it is first looked up."""
    return country_holidays(rules.country, subdiv=rules.subdivision) if rules.country else None


def _micro(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _moment(micro: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micro)


def _totalled(stretches: Iterable[tuple[int, int]]) -> _Year:
    year = _Year([], [], [0])
    for start, end in stretches:
        year.starts.append(start)
        year.ends.append(end)
        year.before.append(year.before[-1] + end - start)
    return year


def _days(stretch: _Stretch) -> Iterator[date]:
    """The local days that a stretch touches."""
    first = _moment(stretch.start + stretch.offset).date()
    last = _moment(stretch.end - 1 + stretch.offset).date()
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _stretches(zone: ZoneInfo, year: int) -> Iterator[_Stretch]:
    """One UTC year, cut where the zone's offset changes. Changes are looked for day by day, then found to the second."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    since, at = start, start
    while at < end:
        after = min(at + timedelta(days=1), end)
        if _offset(zone, at) != _offset(zone, after):
            change = _change(zone, at, after)
            yield _Stretch(_micro(since), _micro(change), _offset(zone, since))
            since = change
        at = after
    if since < end:
        yield _Stretch(_micro(since), _micro(end), _offset(zone, since))


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset becomes that of `after`."""
    offset, second = _offset(zone, before), timedelta(seconds=1)
    while after - before > second:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle <= before:
            break
        before, after = (middle, after) if _offset(zone, middle) == offset else (before, middle)
    return after


def _offset(zone: ZoneInfo, at: datetime) -> int:
    shift = at.astimezone(zone).utcoffset()
    return (shift or timedelta()) // _MICROSECOND
