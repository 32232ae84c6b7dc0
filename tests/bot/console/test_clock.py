"""Moving business time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.console.clock import MovedClock, read
from bot.console.roster import Unclear

ZONE = "America/Los_Angeles"
SUNDAY = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # 10:00 in Los Angeles


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("+4h", datetime(2026, 11, 22, 22, 0, tzinfo=UTC)),
        ("+1d2h30m", datetime(2026, 11, 23, 20, 30, tzinfo=UTC)),
        ("+2w", datetime(2026, 12, 6, 18, 0, tzinfo=UTC)),
        ("mon 09:00", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("Monday", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("sun 11:00", datetime(2026, 11, 22, 19, 0, tzinfo=UTC)),
        ("sun 09:00", datetime(2026, 11, 29, 17, 0, tzinfo=UTC)),
        ("17:30", datetime(2026, 11, 23, 1, 30, tzinfo=UTC)),
        ("9:30", datetime(2026, 11, 23, 17, 30, tzinfo=UTC)),
        ("2026-12-01 08:15", datetime(2026, 12, 1, 16, 15, tzinfo=UTC)),
    ],
)
def test_steps_days_times_and_dates(typed: str, moment: datetime) -> None:
    assert read(typed, SUNDAY, ZONE) == moment


@pytest.mark.parametrize("typed", ["", "4h", "+", "+4x", "noon", "xyz 09:00", "25:00", "2026-13-01", "2026-11-22 09:00", "+0h", "+99999d"])
def test_what_cannot_be_is_said(typed: str) -> None:
    with pytest.raises(Unclear):
        read(typed, SUNDAY, ZONE)


def test_a_clock_only_moves_forwards() -> None:
    clock = MovedClock(lambda: SUNDAY)
    clock.move_to(SUNDAY + timedelta(hours=4))
    clock.move_to(SUNDAY)
    assert clock() == SUNDAY + timedelta(hours=4)
