"""Who may do what: every action for every relation, and what somebody is to a ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.core import Offer, Person, Place, Ticket, Wait
from handlers.people.may import MAY, is_agent, may, relations
from handlers.people.names import name_of
from handlers.people.viewers import of_desk, of_place, viewer
from handlers.ports import Viewer
from tests.handlers.harness import example

NOW = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
OFFICE = example()
RELATIONS = (
    "anyone", "requester", "watcher", "agent", "assignee", "approver", "owner", "executive", "vcio", "administrator", "vendor",
    "holder", "",
)  # fmt: skip

EVERYBODY = {"anyone"}
THEIRS = {"requester", "agent", "assignee"}
WORKERS = {"agent", "assignee"}
EXPECTED: dict[str, set[str]] = {
    "ticket.report": EVERYBODY,
    "ticket.show": EVERYBODY | {"vendor"},
    "ticket.comment": EVERYBODY | {"vendor"},
    "ticket.watch": EVERYBODY,
    "ticket.unwatch": {"watcher"},
    "ticket.note": WORKERS,
    "ticket.slow": THEIRS,
    "ticket.detail": THEIRS,
    "ticket.categorise": THEIRS,
    "ticket.hide": THEIRS,
    "ticket.cancel": THEIRS,
    "ticket.reopen": THEIRS,
    "ticket.take": {"agent"},
    "ticket.assign": WORKERS | {"owner", "administrator"},
    "ticket.release": WORKERS,
    "ticket.hold": WORKERS,
    "ticket.ask": WORKERS | {"vendor"},
    "ticket.resume": WORKERS,
    "ticket.resolve": WORKERS | {"holder"},
    "ticket.offer": WORKERS,
    "ticket.withdraw": WORKERS,
    "ticket.claim": {"vendor"},
    "ticket.unclaim": {"holder"},
    "ticket.refuse": {"vendor"},
    "ticket.reject": WORKERS,
    "ticket.answer": {"requester"},
    "ticket.confirm": {"requester"},
    "office.change": {"administrator", "owner"},
}


@pytest.mark.parametrize("action", sorted(MAY | EXPECTED))
def test_every_action_for_every_relation(action: str) -> None:
    assert {relation for relation in RELATIONS if may(action, frozenset({relation}))} == EXPECTED[action]
    assert MAY[action] <= set(RELATIONS)
    assert not may(action, frozenset())


def test_an_action_without_a_row_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        may("ticket.burn", frozenset({"anyone"}))


# ---------------------------------------------------------------- what somebody is


def person(name: str, **changes: object) -> Person:
    return replace(Person(f"p-{name}", "acme", name.title(), f"{name}@acme.example"), **changes)  # type: ignore[arg-type]


TICKET = Ticket("t", "acme", "Light", "", "facilities.electrical", "building", "p-ana", NOW, NOW, assignee="p-pat")


@pytest.mark.parametrize(
    ("who", "held"),
    [
        (person("ana"), {"anyone", "requester"}),
        (person("hal"), {"anyone"}),
        (person("bob"), {"anyone", "agent", "administrator"}),
        (person("pat"), {"anyone", "agent", "assignee"}),
        (person("eva"), {"anyone", "administrator"}),
        (person("ada"), {"anyone", "owner", "administrator", "executive"}),
        (person("cy"), {"anyone", "executive", "approver"}),
        (person("ida"), {"anyone", "watcher"}),
        (person("jon", email=None), {"anyone"}),
        (person("bob", organisation="beta"), set()),
        (person("bob", vendor="sparks"), set()),
    ],
    ids=lambda value: value.id if isinstance(value, Person) else None,
)
def test_what_somebody_is_to_a_ticket(who: Person, held: set[str]) -> None:
    waits = (Wait("w1", "acme", "t", "approval", NOW, on="p-cy"), Wait("w2", "acme", "t", "approval", NOW, on="p-hal", ended_at=NOW))
    assert relations(OFFICE, who, TICKET, waits, frozenset({"p-ida"})) == held


OFFER = Offer("o", "acme", "t", "sparks", NOW)


@pytest.mark.parametrize(
    ("offer", "held"),
    [
        (OFFER, {"vendor"}),
        (replace(OFFER, claimed_by="p-joe"), {"vendor", "holder"}),
        (replace(OFFER, claimed_by="p-joe", ended_at=NOW), set()),
        (replace(OFFER, vendor="northwind"), set()),
        (replace(OFFER, ticket="other"), set()),
    ],
)
def test_what_a_vendors_people_are_to_a_ticket(offer: Offer, held: set[str]) -> None:
    """Never what a colleague is, whatever their e-mail says."""
    joe, watchers = person("bob", vendor="sparks"), frozenset({"p-bob"})
    assert relations(OFFICE, joe, TICKET, (), watchers, (offer,)) == held
    assert relations(OFFICE, replace(joe, organisation="beta"), TICKET, (), watchers, (offer,)) == set()
    assert relations(OFFICE, joe, None, (), watchers, (offer,)) == set()


def test_another_organisations_ticket_gives_no_relation() -> None:
    assert relations(OFFICE, person("ana"), replace(TICKET, organisation="beta")) == {"anyone"}


def test_without_an_email_nobody_is_an_agent() -> None:
    assert not is_agent(OFFICE, person("bob", email=None), "building")
    assert not is_agent(OFFICE, person("bob", email=""), "building")
    assert is_agent(OFFICE, person("bob"), "building")


# ---------------------------------------------------------------- who looks


def test_viewers() -> None:
    assert viewer(OFFICE, person("bob")).queues == {"building", "front-desk"}
    assert viewer(OFFICE, person("bob", email=None)).queues == frozenset()
    place = Place("x", "acme", "slack", "T1", "channel", "C1", queue="it")
    assert of_place(place) == Viewer("acme", queues=frozenset({"it"}))
    assert of_place(replace(place, queue=None)).queues == frozenset()
    assert of_place(replace(place, queue=None, vendor="sparks")).vendor == "sparks"
    assert of_desk("acme").desk


def test_names() -> None:
    assert name_of(OFFICE, "BOB@acme.example") == "Bob Burke"
    assert name_of(OFFICE, "zed@else.example") == "zed"
