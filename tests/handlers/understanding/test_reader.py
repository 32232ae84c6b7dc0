"""What the desk's questions are answered with."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.office.model import Office
from handlers.understanding.categorizer import KeywordCategorizer
from handlers.understanding.reader import RuleReader
from handlers.understanding.tokens import words_of
from tests.handlers.understanding.samples import Labelled, office_with

READER = RuleReader(KeywordCategorizer())
OFFICE = office_with()
WEDNESDAY = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)  # 16:20 in Berlin

# ---------------------------------------------------------------- yes and no

YES = """yes|Yes!|YES|yep|yeah|yup|y|ok|Okay.|sure|👍|👍🏽|👍👍|:+1:|:thumbsup:|+1|✅|👌|yes please|yes, thanks!|Yes - works!
|yes. it works|it works now, thank you
|works again 🎉|it's fixed|it’s fixed|all good, thanks a lot|that's right|correct|exactly|yes yes yes|fixed|done|go ahead|approved
|ja|oui|absolutely|“yes”|resolved
|yes\u00a0it works"""
NO = """no|No.|nope|nah|n|not yet|No, not yet|not really|👎|:-1:|-1|❌|it isn't fixed|still broken|still not working|doesn't work
|it doesn’t work|no thanks|unfortunately not
|not fixed|no way|no no|same problem|nothing changed|declined|it came back, no|nein"""
UNCLEAR = """|yes but still flickers|Yes, but only in the morning|ok, but not before Monday|yes?|maybe|yes and no|yes, no|no yes
|I don't know|thanks|hello|the light
|almost|yesterday|note|yes if finance agrees|not sure|works mostly|no idea who said yes|okay so what now|not now|no problem
|only on Mondays|142|yeso|no?
|yes it is fixed in the kitchen, still dark in the hall"""


@pytest.mark.parametrize("text", YES.replace("\n", "").split("|"))
def test_clear_yes(text: str) -> None:
    assert READER.yes(text) is True


@pytest.mark.parametrize("text", [text for text in NO.replace("\n", "").split("|") if text != "it came back, no"])
def test_clear_no(text: str) -> None:
    assert READER.yes(text) is False


@pytest.mark.parametrize("text", [*UNCLEAR.replace("\n", "").split("|"), "it came back, no", "yes " * 40])
def test_neither(text: str) -> None:
    assert READER.yes(text) is None


# ---------------------------------------------------------------- dates

DATES = [
    ("today", "Wed 18 Nov 2026 09:00"),
    ("tomorrow", "Thu 19 Nov 2026 09:00"),
    ("tmrw", "Thu 19 Nov 2026 09:00"),
    ("tomorow", "Thu 19 Nov 2026 09:00"),
    ("Day after tomorrow", "Fri 20 Nov 2026 09:00"),
    ("friday", "Fri 20 Nov 2026 09:00"),
    ("Fri.", "Fri 20 Nov 2026 09:00"),
    ("wednesday", "Wed 25 Nov 2026 09:00"),
    ("monday", "Mon 23 Nov 2026 09:00"),
    ("next monday", "Mon 23 Nov 2026 09:00"),
    ("next friday", "Fri 27 Nov 2026 09:00"),
    ("this friday", "Fri 20 Nov 2026 09:00"),
    ("until friday please", "Fri 20 Nov 2026 09:00"),
    ("not before Monday", "Mon 23 Nov 2026 09:00"),
    ("in 3 days", "Sat 21 Nov 2026 09:00"),
    ("3d", "Sat 21 Nov 2026 09:00"),
    ("in 3 working days", "Mon 23 Nov 2026 09:00"),
    ("in two weeks", "Wed 2 Dec 2026 09:00"),
    ("a week", "Wed 25 Nov 2026 09:00"),
    ("in a month", "Fri 18 Dec 2026 09:00"),
    ("in 2 hours", "Wed 18 Nov 2026 18:20"),
    ("in 2h", "Wed 18 Nov 2026 18:20"),
    ("in 30 min", "Wed 18 Nov 2026 16:50"),
    ("next week", "Mon 23 Nov 2026 09:00"),
    ("next month", "Tue 1 Dec 2026 09:00"),
    ("end of the week", "Fri 20 Nov 2026 17:00"),
    ("end of next week", "Fri 27 Nov 2026 17:00"),
    ("EOD", "Wed 18 Nov 2026 17:00"),
    ("end of month", "Mon 30 Nov 2026 17:00"),
    ("2026-12-01", "Tue 1 Dec 2026 09:00"),
    ("2026-12-01 14:30", "Tue 1 Dec 2026 14:30"),
    ("2026/12/01", "Tue 1 Dec 2026 09:00"),
    ("1 Dec", "Tue 1 Dec 2026 09:00"),
    ("Dec 1st", "Tue 1 Dec 2026 09:00"),
    ("1st of December 2027", "Wed 1 Dec 2027 09:00"),
    ("December 1, 2027", "Wed 1 Dec 2027 09:00"),
    ("Fri 20 Nov", "Fri 20 Nov 2026 09:00"),
    ("18 nov", "Wed 18 Nov 2026 09:00"),
    ("17 nov", "Wed 17 Nov 2027 09:00"),
    ("29 feb", "Tue 29 Feb 2028 09:00"),
    ("24.12.", "Thu 24 Dec 2026 09:00"),
    ("24.12.2026", "Thu 24 Dec 2026 09:00"),
    ("1.12.26", "Tue 1 Dec 2026 09:00"),
    ("12/25", "Fri 25 Dec 2026 09:00"),
    ("25/12", "Fri 25 Dec 2026 09:00"),
    ("the 5th", "Sat 5 Dec 2026 09:00"),
    ("by the 20th", "Fri 20 Nov 2026 09:00"),
    ("17:45", "Wed 18 Nov 2026 17:45"),
    ("14:30", "Thu 19 Nov 2026 14:30"),
    ("noon", "Thu 19 Nov 2026 12:00"),
    ("5pm", "Wed 18 Nov 2026 17:00"),
    ("tomorrow at 14:30", "Thu 19 Nov 2026 14:30"),
    ("tomorrow 3pm", "Thu 19 Nov 2026 15:00"),
    ("3pm tomorrow", "Thu 19 Nov 2026 15:00"),
    ("friday in the afternoon", "Fri 20 Nov 2026 14:00"),
    ("Thursday, 9 am", "Thu 19 Nov 2026 09:00"),
    ("12am friday", "Fri 20 Nov 2026 00:00"),
    ("yesterday", "Tue 17 Nov 2026 09:00"),
    ("tuesday 1 december", "Tue 1 Dec 2026 09:00"),
]


@pytest.mark.parametrize(("text", "local"), DATES)
def test_dates(text: str, local: str) -> None:
    found = READER.date(text, WEDNESDAY, "Europe/Berlin")
    assert found is not None
    assert found.tzinfo is UTC
    assert found.astimezone(ZoneInfo("Europe/Berlin")).strftime("%a %-d %b %Y %H:%M") == local


NO_DATES = """|31.4.|31.4|30 feb|2026-13-01|2026-02-30|3/4|1/12/2026|at 3|may|sat down|march on|maybe|soon|asap|9.30|14.30
|monday 25:00|13pm|0 am|i will be back on monday
|fri 21 nov|next year|this monday|the 32nd|in days|about 200|1e3|tomorrow or friday|monday to friday|in 3|12-01|2026|9999-01-01
|0001-01-01|when the part arrives
|two|3pm 4pm|tomorrow tomorrow|the 3 people on friday|end|noon noon"""


@pytest.mark.parametrize("text", [*NO_DATES.replace("\n", "").split("|"), "tomorrow " * 30])
def test_no_dates(text: str) -> None:
    assert READER.date(text, WEDNESDAY, "Europe/Berlin") is None


def test_the_same_words_on_other_days() -> None:
    friday, sunday = WEDNESDAY + timedelta(days=2), WEDNESDAY + timedelta(days=4)
    assert READER.date("friday", friday, "UTC") == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert READER.date("end of the week", friday, "UTC") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert READER.date("next monday", sunday, "UTC") == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert READER.date("in a month", datetime(2027, 1, 31, tzinfo=UTC), "UTC") == datetime(2027, 2, 28, 9, tzinfo=UTC)
    assert READER.date("the 31st", datetime(2027, 2, 1, tzinfo=UTC), "UTC") == datetime(2027, 3, 31, 9, tzinfo=UTC)


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert READER.date("tomorrow", late, "Asia/Tokyo") == datetime(2026, 11, 20, 0, tzinfo=UTC)
    assert READER.date("tomorrow", late, "America/Los_Angeles") == datetime(2026, 11, 19, 17, tzinfo=UTC)


def test_clocks_that_change_in_between() -> None:
    before = datetime(2027, 3, 26, 12, tzinfo=UTC)  # two days before summer time in Berlin
    assert READER.date("monday", before, "Europe/Berlin") == datetime(2027, 3, 29, 7, tzinfo=UTC)
    assert READER.date("in 72 hours", before, "Europe/Berlin") == before + timedelta(hours=72)


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        READER.date("tomorrow", WEDNESDAY, "Mars/Olympus")


# ---------------------------------------------------------------- percent

PERCENT = [
    ("half", 50), ("40%", 40), ("40 %", 40), ("about 40 percent", 40), ("40", 40), ("forty percent", 40), ("100", 100), ("0", 0),
    ("0%", 0), ("1/2", 50), ("½", 50),
    ("blocked", 100), ("I'm blocked", 100), ("Completely blocked!", 100), ("I can't work at all", 100), ("slowed", 40),
    ("pretty slow", 40),
    ("annoyed", 10), ("a little", 10), ("only a bit", 10), ("slightly", 10), ("a quarter of my time", 25), ("two thirds", 67),
    ("most of the time", 75), ("about half of my time", 50), ("not at all", 0), ("12.5%", 13), ("~30%", 30), ("maybe 20% or so", 20),
]  # fmt: skip
NO_PERCENT = [
    "",
    "not blocked",
    "no longer blocked",
    "120%",
    "20-30%",
    "-5",
    "seven",
    "forty",
    "half a day",
    "0.5",
    "1000",
    "40 people",
    "very",
    "it depends",
    "٣٠%x",
]


@pytest.mark.parametrize(("text", "share"), PERCENT)
def test_percent(text: str, share: int) -> None:
    assert READER.percent(text) == share


@pytest.mark.parametrize("text", NO_PERCENT)
def test_no_percent(text: str) -> None:
    assert READER.percent(text) is None


# ---------------------------------------------------------------- money

MONEY = [
    ("1.234,50", "1234.50"), ("$1,234.50", "1234.50"), ("1 234,50", "1234.50"), ("1\u00a0234,50 €", "1234.50"), ("1'234.50", "1234.50"),
    ("1’234.50 CHF", "1234.50"), ("about 200", "200"), ("200 bucks", "200"), ("€ 200", "200"), ("200€", "200"), ("USD 200", "200"),
    ("200.-", "200"), ("200,-", "200"),
    ("200,--", "200"), ("1,234", "1234"), ("1.234", "1234"), ("10,000", "10000"), ("1.234.567,89", "1234567.89"), ("12,5", "12.50"),
    ("0,50", "0.50"), ("0", "0"),
    ("2k", "2000"), ("1.5k", "1500"), ("5 thousand", "5000"), ("$120.", "120"), ("max. 300 EUR", "300"), ("200 dollars max", "200"),
    ("not more than £50", "50"),
    ("it costs 99.90", "99.90"), ("free", "0"), ("It's free!", "0"), ("~150", "150"), ("1200 plus VAT", "1200"),
]  # fmt: skip
NO_MONEY = [
    "", "abc", "-5", "between 100 and 200", "200-300", "100 + 60", "200 per hour", "50/h", "1.234,567", "1,23,456", "0,500", "20%",
    "20 laptops", "1e5", "٣٠",
    "12345678901234", "ask finance", "$", "1 2 3", "100 or 200", "200 " * 30,
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), MONEY)
def test_money(text: str, amount: str) -> None:
    assert READER.money(text) == amount


@pytest.mark.parametrize("text", NO_MONEY)
def test_no_money(text: str) -> None:
    assert READER.money(text) is None


@given(st.integers(0, 10**9), st.integers(0, 99), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_amounts_are_read_in_every_notation(whole: int, cents: int, marks: tuple[str, str]) -> None:
    group, point = marks
    text = f"{whole:,}".replace(",", group) + f"{point}{cents:02d}"
    assert READER.money(text) == (f"{whole}.{cents:02d}" if cents else str(whole))


# ---------------------------------------------------------------- reports

REPORTS = [
    "light above my desk flickering", "the printer is broken", "printer broken", "No hot water", "I need a new chair",
    "can someone fix the door?",
    "why is the wifi so slow?", "how do I reset my password?", "Nobody can print", "also the printer is jammed",
    "Hi, the toilet is blocked",
    "thanks, but now the projector is dead", "it is freezing in here", "please order more coffee", "there is smoke in the hallway!",
    "need a badge for a visitor",
    "Good morning! My laptop won't start", "could we have a second monitor", "my phone doesn't ring",
]  # fmt: skip
NO_REPORTS = [
    "", "hi", "Hello!", "thanks a lot", "thank you for your help", "good morning team", "how are you?", "lol", "great job", "OK",
    "ok thanks", "👍", "never mind",
    "where is my ticket?", "any news on #142?", "#142", "is it fixed yet?", "when will the electrician come?",
    "what's the status of my request",
    "when does the kitchen close?", "who is Bob?", "it also buzzes", "still flickering", "it's getting worse",
    "and it is still leaking", "No, it is the other one",
    "Ana's desk, 2nd floor", "3rd floor", "Meeting room Oslo", "the one near the window", "next to the printer in the hallway",
    "above my desk",
    "tomorrow", "about 200", "half", "she will be back on Monday", "approved by finance", "not urgent", "sounds good to me",
    "she is on it", "what about the second lamp?",
]  # fmt: skip


@pytest.mark.parametrize("text", REPORTS)
def test_reports_are_recognised(text: str, office: Office) -> None:
    assert READER.looks_like_report(office, text)


@pytest.mark.parametrize("text", NO_REPORTS)
def test_small_talk_answers_and_questions_are_no_reports(text: str, office: Office) -> None:
    assert not READER.looks_like_report(office, text)


@pytest.mark.parametrize("split", ["tune", "held", "fresh"])
def test_most_reports_look_like_one(split: str, reports: tuple[Labelled, ...], office: Office) -> None:
    rows = [row for row in reports if row.split == split]
    assert sum(READER.looks_like_report(office, row.text) for row in rows) / len(rows) >= 0.9


# ---------------------------------------------------------------- any text

PIECES = st.lists(
    st.sampled_from(
        sorted(
            words_of(
                "yes no but 👍 1 31 2026 14:30 5pm % € $ 1.234,50 k - / . , in days next monday half of end the week dec ~ about 's #1"
            )
        )
    ),
    max_size=12,
)


@given(st.one_of(st.text(max_size=200), PIECES.map(" ".join), PIECES.map("".join)))
def test_any_text_is_read_or_not_understood(text: str) -> None:
    assert READER.yes(text) in (True, False, None)
    moment = READER.date(text, WEDNESDAY, "America/New_York")
    assert moment is None or moment.tzinfo is UTC
    share = READER.percent(text)
    assert share is None or 0 <= share <= 100
    amount = READER.money(text)
    assert amount is None or re.fullmatch(r"(0|[1-9]\d{0,11})(\.\d\d)?", amount)
    assert READER.looks_like_report(OFFICE, text) in (True, False)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2060, 1, 1)), st.integers(0, 700))
def test_written_days_are_read_back(start: datetime, days: int) -> None:
    now = start.replace(tzinfo=UTC)
    day = (now + timedelta(days=days)).date()
    for form in ("%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%d.%m.%Y", "%a %d %b %Y"):
        found = READER.date(day.strftime(form), now, "UTC")
        assert found == datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
