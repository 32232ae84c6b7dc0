"""How lengths of time, hours and days are written."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.office.values import Duration, Money, Span, WeekMoment, days, duration, minutes, spans, week_moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", Duration(0, 1800)),
        ("4h", Duration(0, 14400)),
        ("3d", Duration(3)),
        ("1d 4h", Duration(1, 14400)),
        (" 1d4h30m ", Duration(1, 16200)),
        ("90m", Duration(0, 5400)),
        ("1000d", Duration(1000)),
    ],
)
def test_durations(text: str, expected: Duration) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", " ", "4", "h", "4 hours", "-1h", "1h 1d", "1.5h", "1001d", "9999999h", "٤h", "1w"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"length of time"):
        duration(text)


@given(st.integers(0, 400), st.integers(0, 60 * 24 * 400))
def test_a_duration_reads_what_it_writes(whole: int, part: int) -> None:
    length = Duration(whole, part * 60)
    assert duration(str(length)) == length
    assert length.wall == timedelta(days=whole, minutes=part)


def test_hours_of_a_day() -> None:
    assert spans("09:00-12:00, 13:00-24:00") == (Span(540, 720), Span(780, 1440))
    assert str(spans("9:00-17:30")[0]) == "09:00-17:30"


@pytest.mark.parametrize(
    "text", ["", "09:00", "17:00-09:00", "09:00-09:00", "13:00-17:00, 09:00-12:00", "09:00-12:00, 11:00-13:00", "9-17"]
)
def test_what_are_no_hours(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        spans(text)


def test_days_and_ranges() -> None:
    assert days("wed") == (2,)
    assert days("mon-fri") == (0, 1, 2, 3, 4)
    assert days("sat-mon") == (5, 6, 0)
    assert days("mon-sun") == tuple(range(7))


@pytest.mark.parametrize("text", ["", "monday", "mon-", "mon-fri-sat", "Mon", "-mon"])
def test_what_are_no_days(text: str) -> None:
    with pytest.raises(ValueError, match="write days"):
        days(text)


def test_times_and_moments_of_the_week() -> None:
    assert (minutes("00:00"), minutes("9:05"), minutes("24:00")) == (0, 545, 1440)
    assert week_moment("mon 09:00") == WeekMoment(0, 540)
    assert str(week_moment("sun 23:59")) == "sun 23:59"


@pytest.mark.parametrize("text", ["24:01", "25:00", "9", "09:60", "", "nine"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        minutes(text)


@pytest.mark.parametrize("text", ["mon", "monday 09:00", "09:00", "mon 24:00"])
def test_what_is_no_moment_of_the_week(text: str) -> None:
    with pytest.raises(ValueError, match=r"write"):
        week_moment(text)


def test_money_shows_cents_only_if_there_are_any() -> None:
    assert str(Money(Decimal(1200), "USD")) == "1,200 USD"
    assert str(Money(Decimal("6.5"), "USD")) == "6.50 USD"
