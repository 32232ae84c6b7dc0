"""Rows to begin with: each function gives a plausible one, with what the test cares about changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.core import Affected, Comment, Dialog, Event, Offer, Person, Place, Post, Ticket, Wait
from handlers.ports import Watch
from storage.ids import new_id
from tests.conftest import NOW

ACME = "a" * 32
OTHER = "b" * 32
ANA = "1" * 32
BOB = "2" * 32


def ticket(**changes: Any) -> Ticket:
    base = Ticket(
        id=new_id(),
        organisation=ACME,
        title="Light above my desk flickers",
        body="The light above my desk flickers since Monday.",
        category="facilities.electrical",
        queue="facilities",
        requester=ANA,
        created_at=NOW,
        updated_at=NOW,
        fields={"floor": "3"},
        respond_due=NOW + timedelta(hours=1),
        resolve_due=NOW + timedelta(hours=8),
    )
    return replace(base, **changes)


def wait(of: Ticket, **changes: Any) -> Wait:
    return replace(Wait(new_id(), of.organisation, of.id, "approval", NOW, on=BOB), **changes)


def offer(of: Ticket, **changes: Any) -> Offer:
    return replace(Offer(new_id(), of.organisation, of.id, "sparks", NOW), **changes)


def affected(of: Ticket, person: str = ANA) -> Affected:
    return Affected(new_id(), of.organisation, of.id, person, 10, NOW)


def watch(of: Ticket, person: str) -> Watch:
    return Watch(new_id(), of.organisation, of.id, person)


def comment(of: Ticket, *audience: str, **changes: Any) -> Comment:
    return replace(Comment(new_id(), of.organisation, of.id, ANA, NOW, "Still flickering.", frozenset(audience)), **changes)


def person(**changes: Any) -> Person:
    return replace(Person(new_id(), ACME, "Ana Anders", "ana@acme.test"), **changes)


def place(**changes: Any) -> Place:
    return replace(Place(new_id(), ACME, "slack", "T1", "channel", "C1", queue="facilities"), **changes)


def post(of: Ticket, at: Place, **changes: Any) -> Post:
    return replace(Post(new_id(), of.organisation, of.subject, "ticket.card", at.id), **changes)


def dialog(**changes: Any) -> Dialog:
    return replace(Dialog(new_id(), ACME, ANA, "fields", "ticket:1", "floor", "p1", NOW), **changes)


def reported(of: Ticket) -> Event:
    return Event("ticket.reported", of.subject, of.organisation, {"queue": of.queue})
