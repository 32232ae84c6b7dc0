"""Random lives of tickets over a real store: whatever people do, in whatever order, what must always hold does."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from handlers.core import Outcome, Refused, Status, Ticket
from handlers.forms import Invalid
from handlers.people.viewers import of_desk, viewer
from handlers.ports import File
from handlers.tickets.model import shown_status
from tests.handlers.harness import Colleague, Desk, opened

T = TypeVar("T")
WHO = ("ana", "bob", "pat", "hal", "eva")
CATEGORIES = ("facilities.cleaning", "facilities.electrical", "it.hardware", "it.access", "hr", "unsorted")
PRESSES = {
    "ticket.take": ("",),
    "ticket.release": ("",),
    "ticket.resume": ("",),
    "ticket.watch": ("",),
    "ticket.unwatch": ("",),
    "ticket.hide": ("",),
    "ticket.confirm": ("",),
    "ticket.cancel": ("",),
    "ticket.score": ("3", "9"),
    "ticket.slow": ("10", "100"),
    "ticket.categorise": CATEGORIES,
}
SUBMITS: dict[str, tuple[dict[str, str], ...]] = {
    "ticket.assign": ({"email": "pat@acme.example"}, {"email": "eva@acme.example"}),
    "ticket.hold": ({"until": "tomorrow"}, {"until": ""}),
    "ticket.ask": ({"text": "which one?"},),
    "ticket.answer": ({"text": "that one"},),
    "ticket.fields": ({"system": "Payroll"}, {"system": ""}),
    "ticket.detail": ({"impact": "several", "slowed": "40", "spot": "3rd floor"},),
    "ticket.comment": ({"text": "hello"},),
    "ticket.note": ({"text": "hm"},),
    "ticket.resolve": ({"what": "done", "minutes": "5"}, {"what": "done", "cost": "x"}),
    "ticket.reject": ({"text": "no"},),
    "ticket.reopen": ({"text": "not yet"},),
}
ACTS = [("press", name, {"value": value}) for name, values in PRESSES.items() for value in values] + [
    ("submit", name, values) for name, many in SUBMITS.items() for values in many
]
TEMPLATE: list[Path] = []


class Lives(RuleBasedStateMachine):
    """One ticket, reported by Ana, and its recurrences."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.context: AbstractAsyncContextManager[Desk] = opened(TEMPLATE[0], self.folder / "desk.db")
        self.desk = self.run(self.context.__aenter__())
        self.people = {name: self.run(self.desk.who(name)) for name in WHO}
        self.subject = self.run(self.people["ana"].reports("clean the kitchen please"))
        self.before = self.file.ticket

    def run(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    @property
    def file(self) -> File:
        return self.run(self.desk.file(self.subject))

    def teardown(self) -> None:
        self.run(self.context.__aexit__(None, None, None))
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)

    @rule(who=st.sampled_from(WHO), act=st.sampled_from(ACTS))
    def act(self, who: str, act: tuple[str, str, dict[str, str]]) -> None:
        before = self.file.ticket
        try:
            taken = not isinstance(self.run(self._do(self.people[who], act)), Invalid)
        except Refused:
            taken = False
        self._followed(before, self.file.ticket, taken, act[1])

    async def _do(self, who: Colleague, act: tuple[str, str, dict[str, str]]) -> Any:
        kind, name, values = act
        if kind == "press":
            return await who.press(name, self.subject, version=0, **values)
        day = (self.desk.clock() + timedelta(days=1)).date().isoformat()
        return await who.submit(name, self.subject, **{key: day if value == "tomorrow" else value for key, value in values.items()})

    def _followed(self, before: Ticket, after: Ticket, taken: bool, name: str) -> None:
        """Refused is unchanged; taken is one version more (a late reopening leaves the old ticket alone: its recurrence is another)."""
        late = name == "ticket.reopen" and before.status is Status.closed and before == after
        assert after.version == before.version + (taken and not late)
        assert taken or after == before
        same = (before.priority, before.category) == (after.priority, after.category)
        if same and before.resolve_due and after.resolve_due:
            assert after.resolve_due >= before.resolve_due
        if name == "ticket.reopen" and taken and before.status is Status.closed:
            assert late == (before.closed_at is None or self.desk.clock() > before.closed_at + timedelta(days=7) or before.outcome in OTHER)

    @rule(hours=st.sampled_from([1, 20, 70, 200]))
    def time_goes_by(self, hours: int) -> None:
        self.desk.clock.move(hours=hours)
        self.run(self.desk.settle())

    @invariant()
    def its_end_has_a_reason_and_a_moment(self) -> None:
        ticket = self.file.ticket
        assert (ticket.status is Status.closed) == (ticket.outcome is not Outcome.none) == (ticket.closed_at is not None)
        assert (ticket.score is None) or ticket.outcome is Outcome.confirmed
        assert ticket.status is not Status.resolved or ticket.resolved_at is not None
        assert ticket.status is not Status.in_progress or ticket.assignee is not None

    @invariant()
    def it_has_a_word_and_waits_only_while_it_is_open(self) -> None:
        file = self.file
        assert shown_status(file.ticket, file.waits, file.offers)
        ended = file.ticket.status in (Status.resolved, Status.closed)
        assert not (ended and file.open_waits)
        assert all((affected.until is not None) == ended for affected in file.affected)
        if not ended and (file.ticket.resolve_due is None or file.ticket.resolve_due >= self.desk.clock()):
            assert (file.ticket.resolve_due is None) == bool(file.open_waits)

    @invariant()
    def it_is_never_forgotten(self) -> None:
        file = self.file
        ticket = file.ticket
        found = self.run(self.desk.port.tickets.neglected(of_desk(ticket.organisation), self.desk.clock() + timedelta(days=400), 50))
        alone = ticket.assignee is None and not file.open_waits and ticket.responded_at is None
        if alone and ticket.status in (Status.open, Status.in_progress):
            assert ticket.id in [one.id for one in found]

    @invariant()
    def every_change_is_one_line_with_who_and_where(self) -> None:
        lines = self.run(self.desk.history(self.subject))
        assert len(lines) == self.file.ticket.version
        alone = {"ticket.resumed", "ticket.closed"}
        assert all((line.actor and line.where.startswith("console:acme:")) or line.kind in alone for line in lines)
        assert [line.at for line in lines] == sorted(line.at for line in lines)

    @invariant()
    def its_requester_always_sees_it(self) -> None:
        ana = self.people["ana"].person
        assert self.run(self.desk.port.tickets.file(viewer(self.desk.office, ana), self.subject.removeprefix("ticket:"))) is not None


OTHER = (Outcome.rejected, Outcome.cancelled)


@pytest.mark.slow
def test_lives(desk_template: Path) -> None:
    TEMPLATE[:] = [desk_template]
    run_state_machine_as_test(
        Lives, settings=settings(max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    )
