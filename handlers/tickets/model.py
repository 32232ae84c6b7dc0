"""The rules of a ticket: its state machine as one table, the words people read for its state, its priority, its promises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from handlers.core import Affected, Impact, Offer, Outcome, Priority, Status, Ticket, Wait, says_nothing
from handlers.frozen import dataclass, replace
from handlers.office.calendar import Calendar
from handlers.office.model import Office
from handlers.office.values import Duration

TITLE = 120
"""Characters of a title on cards; the whole text is kept in `body`."""
GRACE_DAYS = 7
SILENCE = Duration(days=3)
"""Working days of silence after which a resolved ticket is closed as unconfirmed."""

Act = Literal["take", "assign", "release", "resolve", "confirm", "reopen", "cancel", "reject", "close_silent", "work", "talk"]
"""`work` is whatever changes an open ticket without moving it (hold, category, place, priority); `talk` is comments, notes, watching."""

ACTS: tuple[Act, ...] = ("take", "assign", "release", "resolve", "confirm", "reopen", "cancel", "reject", "close_silent", "work", "talk")

MOVES: dict[tuple[Status, Act], Status] = {
    (Status.open, "take"): Status.in_progress,
    (Status.open, "assign"): Status.open,
    (Status.open, "release"): Status.open,
    (Status.open, "resolve"): Status.resolved,
    (Status.open, "cancel"): Status.closed,
    (Status.open, "reject"): Status.closed,
    (Status.open, "work"): Status.open,
    (Status.open, "talk"): Status.open,
    (Status.in_progress, "take"): Status.in_progress,
    (Status.in_progress, "assign"): Status.open,
    (Status.in_progress, "release"): Status.open,
    (Status.in_progress, "resolve"): Status.resolved,
    (Status.in_progress, "cancel"): Status.closed,
    (Status.in_progress, "reject"): Status.closed,
    (Status.in_progress, "work"): Status.in_progress,
    (Status.in_progress, "talk"): Status.in_progress,
    (Status.resolved, "confirm"): Status.closed,
    (Status.resolved, "reopen"): Status.open,
    (Status.resolved, "close_silent"): Status.closed,
    (Status.resolved, "talk"): Status.resolved,
    (Status.closed, "reopen"): Status.open,
    (Status.closed, "talk"): Status.closed,
}
"""Whatever is not in this table cannot be done. Reopening a closed ticket has a grace period besides (`may_reopen`)."""

OUTCOMES: dict[Act, Outcome] = {
    "confirm": Outcome.confirmed,
    "cancel": Outcome.cancelled,
    "reject": Outcome.rejected,
    "close_silent": Outcome.unconfirmed,
}


class Illegal(Exception):
    """That act is not possible in this status."""


def moved(ticket: Ticket, act: Act, now: datetime) -> Ticket:
    """The ticket after the act. Raises `Illegal`. Moments and outcome follow the status, so that no combination contradicts itself."""
    status = MOVES.get((ticket.status, act))
    if status is None:
        raise Illegal(f"{act} in {ticket.status}")
    changed = replace(ticket, status=status, updated_at=now)
    if status is Status.closed and ticket.status is not Status.closed:
        return replace(changed, closed_at=now, outcome=OUTCOMES[act])
    if act == "resolve":
        return replace(changed, resolved_at=now)
    if act == "reopen":
        return replace(
            changed, closed_at=None, resolved_at=None, resolved_by=None, outcome=Outcome.none, score=None, reopened=ticket.reopened + 1
        )
    return changed


def can(ticket: Ticket, act: Act) -> bool:
    return (ticket.status, act) in MOVES


def may_reopen(ticket: Ticket, now: datetime) -> bool:
    """Resolved, or closed as fixed within the grace period; later, "again" makes a linked ticket."""
    if ticket.status is Status.resolved:
        return True
    fixed = ticket.outcome in (Outcome.confirmed, Outcome.unconfirmed)
    return fixed and ticket.closed_at is not None and now <= ticket.closed_at + timedelta(days=GRACE_DAYS)


Shown = Literal[
    "new", "awaiting approval", "open", "escalated", "in progress", "on hold", "resolved", "closed", "reopened", "rejected", "cancelled"
]


FIELDS = "fields"
"""The note of the wait for what a category requires; every other wait for the requester is for the answer to a question."""


def is_question(wait: Wait) -> bool:
    return wait.kind == "requester" and wait.note != FIELDS


def is_for_fields(wait: Wait) -> bool:
    return wait.kind == "requester" and wait.note == FIELDS


def shown_status(ticket: Ticket, waits: Iterable[Wait], offers: Iterable[Offer]) -> Shown:
    """The one word that people read for status, waits and offers together."""
    if ticket.status is Status.closed:
        return _ENDED.get(ticket.outcome, "closed")
    if ticket.status is Status.resolved:
        return "resolved"
    kinds = {wait.kind for wait in waits if wait.ended_at is None}
    if "approval" in kinds:
        return "awaiting approval"
    if kinds:
        return "on hold"
    if any(o.ended_at is None and o.claimed_by is None for o in offers):
        return "escalated"
    return _working(ticket)


_ENDED: dict[Outcome, Shown] = {Outcome.rejected: "rejected", Outcome.cancelled: "cancelled"}


def _working(ticket: Ticket) -> Shown:
    if ticket.status is Status.in_progress:
        return "in progress"
    if ticket.reopened:
        return "reopened"
    return "open" if ticket.assignee or ticket.responded_at else "new"


ANNOYED, SLOWED, BLOCKED = 10, 40, 100


def priority(impact: Impact, slowed: int, category: str) -> Priority:
    """Impact x urgency: everyone + blocked is urgent; several + blocked or everyone + slowed is high; one + annoyed is low; else normal.

    Safety is always urgent. `slowed` is a percentage of working time; the classes begin at 100 (blocked) and 25 (slowed).
    """
    if category == "safety" or category.startswith("safety."):
        return Priority.urgent
    urgency = "blocked" if slowed >= BLOCKED else "slowed" if slowed >= 25 else "annoyed" if slowed else "not said"
    return _PRIORITIES.get((impact, urgency), Priority.normal)


_PRIORITIES = {
    (Impact.everyone, "blocked"): Priority.urgent,
    (Impact.several, "blocked"): Priority.high,
    (Impact.everyone, "slowed"): Priority.high,
    (Impact.one, "annoyed"): Priority.low,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """When the first answer and the fix are due; None: no promise, or its clock stands still."""

    respond: datetime | None
    resolve: datetime | None


def promise(ticket: Ticket, waits: Iterable[Wait], office: Office, department: str | None) -> Promise:
    """Counted in the SLA's calendar from the report (a reopening is no new report), without the pausing waits."""
    sla = office.sla_for(ticket.priority, ticket.category, department)
    if sla is None:
        return Promise(None, None)
    calendar = office.calendar(sla.calendar)
    start, pauses = ticket.created_at, [(w.since, w.ended_at) for w in waits if w.pausing]
    respond = calendar.due(start, sla.respond, pauses) if sla.respond else None
    return Promise(respond, calendar.due(start, sla.resolve, pauses) if sla.resolve else None)


def hours_lost(affected: Iterable[Affected], calendar: Calendar, until: datetime) -> float:
    """Sum over affected people of (how much it slows them) x working hours while it was open (hours)."""
    return sum(
        a.percent / 100 * calendar.working_seconds(a.since, min(a.until or until, until)) / 3600 for a in affected if a.since < until
    )


_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and marks that turn the direction of whatever follows them on the same line."""


def title_of(text: str) -> str:
    """The first line of a report with something to see, without controls, on one line and cut at a word to fit a card."""
    first = next((line for line in text.splitlines() if not says_nothing(line)), "")
    line = " ".join(_CONTROLS.sub(" ", first).split())
    if len(line) <= TITLE:
        return line
    cut = line[: TITLE - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > TITLE // 2 else cut).rstrip() + "…"


def filled(template: str, facts: dict[str, str]) -> str:
    """A saved answer with its {fields} put in; an unknown field stays as it is written, so that the agent sees it."""
    return re.sub(r"\{([\w.-]+)\}", lambda found: facts.get(found[1], found[0]), template)
