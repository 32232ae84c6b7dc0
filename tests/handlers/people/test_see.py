"""Who sees a ticket, told as people would tell it. `tests/storage/test_visible.py` tries every combination."""

from __future__ import annotations

from dataclasses import replace

from handlers.core import Comment, Offer, Ticket, Wait
from handlers.people.see import may_read, may_see
from handlers.ports import Viewer
from tests.conftest import NOW

OPEN = Ticket("t1", "acme", "Light", "", "facilities.electrical", "facilities", "ana", NOW, NOW)
PRIVATE = replace(OPEN, category="hr", queue="hr", visibility="queue")
ANA, BOB = Viewer("acme", "ana"), Viewer("acme", "bob")
HR = Viewer("acme", "hanna", frozenset({"hr"}))
SPARKS = Viewer("acme", "sam", frozenset({"hr"}), vendor="sparks")
OFFER = Offer("o1", "acme", "t1", "sparks", NOW)
ASKED = Wait("w1", "acme", "t1", "approval", NOW, on="bob")


def sees(
    viewer: Viewer, ticket: Ticket, watchers: frozenset[str] = frozenset(), wait: Wait | None = None, offer: Offer | None = None
) -> bool:
    return may_see(viewer, ticket, watchers, (wait,) if wait else (), (offer,) if offer else ())


def test_an_open_ticket_is_seen_by_the_whole_office_and_nobody_else() -> None:
    assert sees(BOB, OPEN)
    assert sees(Viewer("acme"), OPEN)
    assert not sees(Viewer("other", "ana", desk=True), OPEN)
    assert not sees(SPARKS, OPEN)


def test_a_private_ticket_stays_with_its_queue_and_its_requester() -> None:
    assert sees(HR, PRIVATE)
    assert sees(ANA, PRIVATE)
    assert not sees(BOB, PRIVATE)
    assert sees(Viewer("acme", queues=frozenset({"hr"})), PRIVATE)
    assert not sees(Viewer("acme"), PRIVATE)
    assert sees(Viewer("acme", desk=True), PRIVATE)


def test_who_was_added_or_is_asked_sees_it_as_long_as_that_lasts() -> None:
    assert sees(BOB, PRIVATE, watchers=frozenset({"bob"}))
    assert sees(BOB, PRIVATE, wait=ASKED)
    assert not sees(BOB, PRIVATE, wait=replace(ASKED, ended_at=NOW))
    assert not sees(BOB, PRIVATE, wait=replace(ASKED, kind="requester"))
    assert not sees(BOB, PRIVATE, wait=replace(ASKED, on="ana"))


def test_a_vendor_sees_only_what_was_offered_to_it() -> None:
    assert sees(SPARKS, PRIVATE, offer=OFFER)
    assert not sees(SPARKS, PRIVATE, offer=replace(OFFER, vendor="pipes"))
    assert not sees(SPARKS, replace(PRIVATE, requester="sam"), watchers=frozenset({"sam"}))


def _said(*audience: str) -> Comment:
    return Comment("c1", "acme", "t1", "hanna", NOW, "words", frozenset(audience))


def test_who_reads_a_comment() -> None:
    assert may_read(BOB, OPEN, _said("requester", "inside"), (OFFER,))
    assert not may_read(BOB, OPEN, _said("inside"), (OFFER,))
    assert may_read(Viewer("acme", "fritz", frozenset({"facilities"})), OPEN, _said("inside"), (OFFER,))
    assert not may_read(HR, OPEN, replace(_said("inside"), author="fritz"), (OFFER,))
    assert may_read(HR, OPEN, _said("inside"), (OFFER,))
    assert may_read(SPARKS, OPEN, _said("vendor:sparks", "inside"), (OFFER,))
    assert not may_read(SPARKS, OPEN, _said("vendor:sparks", "inside"), (replace(OFFER, ended_at=NOW),))
    assert not may_read(SPARKS, OPEN, _said("vendor:pipes", "requester", "inside"), (OFFER,))
    assert not may_read(BOB, OPEN, _said("vendor:sparks"), (OFFER,))
    assert may_read(Viewer("acme", desk=True), OPEN, _said("vendor:sparks"), (OFFER,))
