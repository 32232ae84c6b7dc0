"""Working time: its laws, against an independent count minute by minute, and in the weeks when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.office.calendar import Calendar, CalendarRules, Pause, calendar
from handlers.office.values import Duration, Span, duration, spans

WEEK = (*(spans("09:00-17:00"),) * 5, (), ())
OFFICE = Calendar(CalendarRules("America/Los_Angeles", WEEK, "US", "CA", (date(2026, 12, 24),)))
ALWAYS = Calendar(CalendarRules("Europe/Berlin", (spans("00:00-24:00"),) * 7))
NIGHTS = Calendar(CalendarRules("Europe/Berlin", (spans("00:00-03:30, 22:15-24:00"),) * 7, "DE", "BE"))
SHORT_FRIDAY = Calendar(CalendarRules("UTC", (*WEEK[:4], spans("09:00-12:00"), (), ())))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str = "America/Los_Angeles") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any week with some hours, in zones whose clocks change at different times, some of them by half an hour or at midnight."""
    day = st.lists(st.integers(0, 96), min_size=0, max_size=4, unique=True).map(
        lambda marks: tuple(Span(a * 15, b * 15) for a, b in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False))
    )
    hours = draw(st.tuples(*[day] * 7).filter(any))
    zones = ["America/Los_Angeles", "Europe/Berlin", "UTC", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia"]
    country = draw(st.sampled_from([(None, None), ("US", "CA"), ("DE", "BY")]))
    extra = tuple(draw(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=3)))
    return calendar(CalendarRules(draw(st.sampled_from(zones)), hours, *country, extra))


moments = st.datetimes(datetime(2025, 12, 20), datetime(2027, 1, 10), timezones=st.just(UTC))
lengths = st.integers(0, 60 * 80).map(lambda minutes: Duration(seconds=minutes * 60))


def by_minutes(one: Calendar, start: datetime, end: datetime) -> int:
    """Working minutes between two whole minutes, by looking at the local clock in each of them."""
    zone, count = ZoneInfo(one.rules.zone), 0
    while start < end:
        there = start.astimezone(zone)
        minute = there.hour * 60 + there.minute
        in_hours = any(span.start <= minute < span.end for span in one.rules.hours[there.weekday()])
        count += in_hours and one.holiday(there.date()) is None
        start += timedelta(minutes=1)
    return count


@given(calendars(), moments, st.integers(0, 4 * 1440))
@settings(deadline=None, max_examples=60)
def test_it_counts_what_the_local_clock_shows(one: Calendar, start: datetime, length: int) -> None:
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(minutes=length)
    assert one.working_seconds(start, end) == by_minutes(one, start, end) * 60


@pytest.mark.parametrize(
    ("zone", "week"),
    [
        ("America/Los_Angeles", "2026-03-07"),
        ("America/Los_Angeles", "2026-10-31"),
        ("Europe/Berlin", "2026-03-28"),
        ("Europe/Berlin", "2026-10-24"),
    ],
)
@pytest.mark.parametrize("hours", ["00:00-24:00", "01:15-02:30", "02:00-03:00", "02:30-05:00", "00:00-01:30, 01:45-02:10"])
def test_weeks_in_which_clocks_change(zone: str, week: str, hours: str) -> None:
    one = Calendar(CalendarRules(zone, (spans(hours),) * 7))
    start = end = utc(week)
    counted = 0
    for _ in range(3 * 1440 // 97):
        before, end = end, end + timedelta(minutes=97)
        counted += by_minutes(one, before, end)
        assert one.working_seconds(start, end) == counted * 60


def test_a_missing_hour_is_not_worked_and_a_doubled_one_is_worked_twice() -> None:
    assert ALWAYS.working_seconds(local("2026-03-29", "Europe/Berlin"), local("2026-03-30", "Europe/Berlin")) == 23 * 3600
    assert ALWAYS.working_seconds(local("2026-10-25", "Europe/Berlin"), local("2026-10-26", "Europe/Berlin")) == 25 * 3600


@given(calendars(), moments, lengths)
@settings(deadline=None)
def test_what_is_added_is_what_was_worked(one: Calendar, start: datetime, length: Duration) -> None:
    end = one.add(start, length)
    assert end >= start
    assert one.working_seconds(start, end) == length.seconds
    assert not length or one.working_seconds(start, end - timedelta(microseconds=1)) < length.seconds


@given(calendars(), moments, lengths, lengths)
@settings(deadline=None)
def test_adding_twice_is_adding_the_sum(one: Calendar, start: datetime, a: Duration, b: Duration) -> None:
    assert one.add(one.add(start, a), b) == one.add(start, Duration(seconds=a.seconds + b.seconds))


@given(calendars(), moments, moments, lengths)
@settings(deadline=None)
def test_who_starts_later_is_not_done_earlier(one: Calendar, a: datetime, b: datetime, length: Duration) -> None:
    first, second = sorted((a, b))
    assert one.add(first, length) <= one.add(second, length)


@given(calendars(), moments)
@settings(deadline=None)
def test_the_next_opening_is_open_and_nothing_before_it_is(one: Calendar, at: datetime) -> None:
    opening = one.next_opening(at)
    assert one.is_open(opening)
    assert one.working_seconds(at, opening) == 0
    assert one.is_open(at) == (opening == at)


@given(moments, lengths, st.integers(0, 5))
def test_a_calendar_that_is_always_open_is_the_wall_clock(start: datetime, length: Duration, days: int) -> None:
    total = Duration(days, length.seconds)
    assert ALWAYS.add(start, total) == start + total.wall
    assert ALWAYS.working_seconds(start, start + total.wall) == total.wall.total_seconds()


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-06-01T10:00", "4h", "2026-06-01T14:00"),
        ("2026-06-01T09:00", "8h", "2026-06-01T17:00"),
        ("2026-06-01T10:00", "1d", "2026-06-02T10:00"),
        ("2026-06-05T16:00", "2h", "2026-06-08T10:00"),
        ("2026-06-06T12:00", "30m", "2026-06-08T09:30"),
        ("2026-07-02T12:00", "1d", "2026-07-06T12:00"),  # 3 July 2026: Independence Day, observed
        ("2026-12-23T16:00", "2h", "2026-12-28T10:00"),  # the 24th is closed by the office, the 25th is Christmas
        ("2026-03-06T13:00", "1d", "2026-03-09T13:00"),  # clocks go forward in between
    ],
)
def test_office_hours(start: str, length: str, end: str) -> None:
    assert OFFICE.add(local(start), duration(length)) == local(end)


def test_a_working_day_is_the_usual_day() -> None:
    assert SHORT_FRIDAY.seconds(duration("1d")) == 8 * 3600
    assert SHORT_FRIDAY.add(utc("2026-06-04T10:00"), duration("1d")) == utc("2026-06-05T10:00")
    assert SHORT_FRIDAY.add(utc("2026-06-05T10:00"), duration("1d")) == utc("2026-06-08T15:00")


def test_holidays_have_names() -> None:
    assert OFFICE.holiday(date(2026, 7, 3)) is not None
    assert OFFICE.holiday(date(2026, 12, 24)) == "Closed"
    assert OFFICE.holiday(date(2026, 6, 1)) is None
    assert NIGHTS.holiday(date(2026, 3, 8)) is not None  # only Berlin and Mecklenburg keep 8 March


def test_pauses_move_the_due_moment() -> None:
    start, four = local("2026-06-01T10:00"), duration("4h")
    assert OFFICE.due(start, four) == local("2026-06-01T14:00")
    assert OFFICE.due(start, four, [(local("2026-06-01T11:00"), local("2026-06-01T13:00"))]) == local("2026-06-01T16:00")
    assert OFFICE.due(start, four, [(local("2026-06-01T11:00"), None)]) is None
    assert OFFICE.due(start, four, [(local("2026-06-01T15:00"), None)]) == local("2026-06-01T14:00")
    assert OFFICE.due(start, four, [(local("2026-05-31T11:00"), local("2026-06-01T11:00"))]) == local("2026-06-01T15:00")
    assert OFFICE.due(start, four, part=0.75) == local("2026-06-01T13:00")


@given(calendars(), moments, lengths, st.lists(st.tuples(st.integers(-3000, 9000), st.integers(0, 6000)), max_size=4))
@settings(deadline=None)
def test_pauses_in_any_order_cost_what_they_cover(one: Calendar, start: datetime, length: Duration, offsets: list[tuple[int, int]]) -> None:
    pauses: list[Pause] = [(start + timedelta(minutes=a), start + timedelta(minutes=a + n)) for a, n in offsets]
    due = one.due(start, length, pauses)
    assert due is not None
    assert due == one.due(start, length, pauses[::-1])
    assert round(one.working_seconds(start, due) - _covered(one, start, due, pauses), 6) == length.seconds


def _covered(one: Calendar, start: datetime, end: datetime, pauses: list[Pause]) -> float:
    """Working time inside the union of the pauses, by sweeping over their edges."""
    edges = sorted({start, end, *(edge for pause in pauses for edge in pause if edge is not None and start < edge < end)})
    inside = [any(a <= left and b is not None and right <= b for a, b in pauses) for left, right in pairwise(edges)]
    return sum(one.working_seconds(*stretch) for stretch, paused in zip(pairwise(edges), inside, strict=True) if paused)


def test_equal_rules_share_their_calendar() -> None:
    rules = CalendarRules("UTC", WEEK)
    assert calendar(rules) is calendar(CalendarRules("UTC", WEEK))


def test_a_calendar_that_is_never_open_is_refused() -> None:
    with pytest.raises(ValueError, match="must be open"):
        Calendar(CalendarRules("UTC", ((),) * 7))


def test_a_promise_that_no_calendar_keeps_is_refused() -> None:
    minute = Calendar(CalendarRules("UTC", (spans("09:00-09:01"), *((),) * 6)))
    with pytest.raises(ValueError, match="100 years"):
        minute.add(utc("2026-01-01"), duration("200h"))


def test_times_without_a_zone_are_refused() -> None:
    with pytest.raises(TypeError):
        OFFICE.working_seconds(datetime(2026, 1, 1), utc("2026-01-02"))
