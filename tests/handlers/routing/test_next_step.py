"""What comes next for a ticket, as a table over the example office."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import Offer, Status, Ticket, Wait
from handlers.office.build import from_rows
from handlers.office.rows import to_rows
from handlers.routing.model import Ask, Assign, Nothing, OfferTo, Step, approval_asked, missing_fields, next_step
from tests.example import example_document

NOW = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
DOCUMENT = example_document()
EXTRA_QUEUES = [{"key": "solo", "name": "Solo", "people": ["oli@acme.example"], "channel": {}, "threads": "private"}]
EXTRA_CATEGORIES = [
    {"key": "solo.plain", "label": "Plain", "queue": "solo"},
    {"key": "solo.vendor", "label": "Vendor", "queue": "solo", "escalation": "straight"},
    {"key": "solo.both", "label": "Both", "queue": "solo", "escalation": "straight", "approval": "purchase"},
    {"key": "solo.asks", "label": "Asks", "queue": "solo", "ask": ["system"]},
]
STRAIGHT = {"key": "straight", "steps": [{"to": "vendor sparks", "wait": "4h"}], "repeat": 1}
OFFICE = from_rows(
    "acme",
    1,
    to_rows(
        {
            **DOCUMENT,
            "queues": [*DOCUMENT["queues"], *EXTRA_QUEUES],
            "categories": [*DOCUMENT["categories"], *EXTRA_CATEGORIES],
            "escalations": [*DOCUMENT["escalations"], STRAIGHT],
        }
    ),
)
WAIT = Wait("w", "acme", "t", "approval", NOW)
OFFER = Offer("o", "acme", "t", "sparks", NOW)


def ticket(category: str, **changes: object) -> Ticket:
    queue = OFFICE.category(category).queue
    return replace(Ticket("t", "acme", "Light", "", category, queue, "ana", NOW, NOW), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("some", "waits", "offers", "approved", "step"),
    [
        # the only person of a queue gets it; where there are several, one of them is to take it
        (ticket("solo.plain"), (), (), False, Assign("oli@acme.example")),
        (ticket("facilities.cleaning"), (), (), False, Nothing()),
        (ticket("solo.plain", assignee="hal"), (), (), False, Nothing()),
        # approval before all else
        (ticket("facilities.electrical"), (), (), False, Ask("callout")),
        (ticket("facilities.electrical", assignee="bob"), (), (), False, Ask("callout")),
        (ticket("facilities.electrical"), (), (), True, Nothing()),
        (ticket("solo.both"), (), (), False, Ask("purchase")),
        (ticket("solo.both"), (), (), True, OfferTo("sparks", "straight")),
        (ticket("solo.both", fields={"amount": "200"}), (), (), False, OfferTo("sparks", "straight")),
        (ticket("solo.both", fields={"amount": "200.01"}), (), (), False, Ask("purchase")),
        (ticket("solo.both", fields={"amount": "lots"}), (), (), False, Ask("purchase")),
        (ticket("solo.both", fields={"amount": "NaN"}), (), (), False, Ask("purchase")),
        # a vendor, if the escalation begins there
        (ticket("solo.vendor"), (), (), False, OfferTo("sparks", "straight")),
        (ticket("solo.vendor"), (), (OFFER,), False, Nothing()),
        (ticket("solo.vendor"), (), (replace(OFFER, ended_at=NOW),), False, OfferTo("sparks", "straight")),
        (ticket("solo.vendor", assignee="oli"), (), (), False, Nothing()),
        (ticket("it.hardware"), (), (), False, Nothing()),
        # whatever is missing, or waited for, comes first
        (ticket("solo.asks"), (), (), False, Nothing()),
        (ticket("solo.asks", fields={"system": "Payroll"}), (), (), False, Assign("oli@acme.example")),
        (ticket("solo.asks", fields={"system": ""}), (), (), False, Nothing()),
        *[(ticket("solo.both"), (replace(WAIT, kind=kind),), (), True, Nothing()) for kind in ("approval", "requester", "vendor", "date")],
        (ticket("solo.plain"), (replace(WAIT, ended_at=NOW),), (), False, Assign("oli@acme.example")),
        # a category that is gone counts as unsorted
        (replace(ticket("solo.plain"), category="gone", queue="gone"), (), (), False, Nothing()),
    ],
)
def test_the_table(some: Ticket, waits: tuple[Wait, ...], offers: tuple[Offer, ...], approved: bool, step: Step) -> None:
    assert next_step(some, waits, offers, OFFICE, approved) == step


TICKETS = st.builds(
    ticket,
    st.sampled_from(sorted(OFFICE.categories)),
    status=st.sampled_from(Status),
    assignee=st.sampled_from([None, "bob"]),
    fields=st.fixed_dictionaries(
        {}, optional={"amount": st.sampled_from(["1", "1e9", "-1", "NaN", "x", ""]), "system": st.just("Payroll")}
    ),
)
WAITS = st.lists(st.builds(replace, st.just(WAIT), ended_at=st.sampled_from([None, NOW])), max_size=2)
OFFERS = st.lists(st.builds(replace, st.just(OFFER), ended_at=st.sampled_from([None, NOW])), max_size=2)


@given(TICKETS, WAITS, OFFERS, st.booleans())
def test_what_must_never_happen(some: Ticket, waits: list[Wait], offers: list[Offer], approved: bool) -> None:
    step = next_step(some, tuple(waits), tuple(offers), OFFICE, approved)
    if isinstance(step, Nothing):
        return
    assert some.status is Status.open
    assert all(wait.ended_at for wait in waits)
    assert not missing_fields(some, OFFICE)
    if isinstance(step, Ask):
        assert not approved
        assert approval_asked(some, OFFICE) == step.policy
    else:
        assert some.assignee is None
        assert all(offer.ended_at for offer in offers)
        assert approved or approval_asked(some, OFFICE) is None
    if isinstance(step, OfferTo):
        assert step.vendor in OFFICE.vendors
