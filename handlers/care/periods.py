"""How long everything is kept: the one table that the sweep goes by and that docs/privacy.md prints."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """`kept` is counted from `since`; None: for ever, but for what `until` says."""

    what: str
    kept: timedelta | None
    since: str
    why: str
    until: str = ""


PERIODS: dict[str, Period] = {
    "done": Period("work that is done (outbox)", timedelta(days=7), "it was done", "to find out what happened when something looks wrong"),
    "dead": Period("work that was given up (outbox)", timedelta(days=90), "it was given up", "to repair and repeat it"),
    "heard": Period(
        "keys of messages that were taken", timedelta(hours=48), "they came", "so that a message that comes twice is taken once"
    ),
    "dialogs": Period(
        "conversations that ended, with their answers", timedelta(days=30), "they ended", "an old button still gets an answer"
    ),
    "notices": Period("who was told what", timedelta(days=400), "they were told", "so that nobody is told the same twice"),
    "homes": Period("who looked at their own page", timedelta(days=1), "they opened it", "to keep it true while they may look at it"),
    "tickets": Period(
        "closed tickets with their comments",
        None,
        "they were closed",
        "the office's record of work",
        "for ever, or the months of `retention.closed_tickets`; then their words are removed (`then: empty`) or all of it (`then: delete`)",
    ),
    "history": Period(
        "the log: what happened when",
        None,
        "it happened",
        "promises and figures are counted from it",
        "for ever; of an emptied ticket without words, of a deleted one only what happened and when",
    ),
    "people": Period(
        "people, their accounts and conversations",
        None,
        "they came",
        "who reports, who works",
        "for ever, or until `deskbell person forget`",
    ),
    "files": Period("attached files", None, "they came", "the office's record of work", "as long as the words of their ticket or comment"),
}
DRAWN = timedelta(days=1)
"""So long an emptied ticket stays before it is deleted: its messages are drawn without words meanwhile."""


def kept(name: str) -> timedelta:
    """A fixed period. Raises ValueError for one that the office sets."""
    period = PERIODS[name].kept
    if period is None:
        raise ValueError(f"{name} has no fixed period")
    return period


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months ago; the last of that month where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)
