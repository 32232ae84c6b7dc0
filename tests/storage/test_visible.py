"""The rule in SQL and the rule in `handlers/people/see.py` are one: every kind of ticket against every kind of viewer."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from handlers.core import Comment, Offer, Ticket, Wait
from handlers.people.see import may_read, may_see
from handlers.ports import Viewer, Watch
from storage.store import Store
from tests.conftest import NOW
from tests.storage.samples import ACME, ANA, BOB, OTHER, comment, offer, ticket, wait, watch

CHRIS = "3" * 32
Around = tuple[Ticket, tuple[Wait, ...], tuple[Offer, ...], tuple[Watch, ...]]

QUEUES = (frozenset[str](), frozenset({"hr"}), frozenset({"facilities", "it"}), frozenset({"hr", "facilities"}))
VIEWERS = [
    *(Viewer(organisation, person, queues) for organisation, person, queues in product((ACME, OTHER), (None, ANA, BOB, CHRIS), QUEUES)),
    *(Viewer(organisation, CHRIS, QUEUES[3], vendor) for organisation, vendor in product((ACME, OTHER), ("sparks", "pipes"))),
    Viewer(ACME, None, vendor="sparks"),
    Viewer(ACME, desk=True),
    Viewer(OTHER, CHRIS, QUEUES[3], "sparks", desk=True),
]
AUDIENCES = (("requester", "inside"), ("inside",), ("vendor:sparks",), ("vendor:sparks", "inside"), ("vendor:pipes", "requester"), ())


def _waits(of: Ticket) -> list[tuple[Wait, ...]]:
    asked = wait(of)
    return [(), (asked,), (replace(asked, ended_at=NOW),), (replace(asked, kind="requester"),), (replace(asked, on=CHRIS),)]


def _offers(of: Ticket) -> list[tuple[Offer, ...]]:
    return [(), (offer(of),), (offer(of, ended_at=NOW),), (offer(of), offer(of, vendor="pipes"))]


def world() -> list[Around]:
    """Every combination of organisation, visibility, queue, waits, offers and watchers: 320 tickets."""
    found: list[Around] = []
    for organisation, visibility, queue in product((ACME, OTHER), ("office", "queue"), ("hr", "facilities")):
        for which, offered, watched in product(range(5), range(4), (False, True)):
            row = ticket(organisation=organisation, visibility=visibility, queue=queue, title=f"Light {queue}", fields={})
            found.append((row, _waits(row)[which], _offers(row)[offered], (watch(row, CHRIS),) if watched else ()))
    return found


async def remember(store: Store, around: list[Around]) -> None:
    for organisation in (ACME, OTHER):
        work = store.work(organisation)
        for row, waiting, offered, watching in around:
            if row.organisation == organisation:
                work.add(row, *waiting, *offered, *watching)
        await work.commit()


async def test_every_ticket_against_every_viewer(store: Store) -> None:
    around = world()
    await remember(store, around)
    for viewer in VIEWERS:
        seen = {
            row.id for row, waiting, offered, watching in around if may_see(viewer, row, {one.person for one in watching}, waiting, offered)
        }
        page = await store.tickets.find(viewer, "light", 1000)
        assert {found.id for found in page.tickets} == seen, viewer


async def test_one_file_agrees(store: Store) -> None:
    around = world()[::13]
    await remember(store, around)
    for viewer, (row, waiting, offered, watching) in product(VIEWERS[::3], around):
        file = await store.tickets.file(viewer, row.id)
        assert (file is not None) == may_see(viewer, row, {one.person for one in watching}, waiting, offered)


async def test_every_comment_against_every_viewer(store: Store) -> None:
    rows = [ticket(queue="hr", visibility="queue"), ticket(queue="facilities", visibility="office"), ticket(queue="facilities")]
    offers = {row.id: (offer(row, ended_at=NOW if row is rows[-1] else None),) for row in rows}
    said = [comment(row, *audience, author=author) for row in rows for audience in AUDIENCES for author in (ANA, BOB)]
    work = store.work(ACME)
    work.add(*rows, *(one for found in offers.values() for one in found), *said)
    await work.commit()
    for viewer in VIEWERS:
        for row in rows:
            expected = _readable(viewer, row, offers[row.id], said)
            assert {one.id for one in await store.tickets.comments(viewer, row.id, 100)} == expected, viewer
    for viewer, one in product(VIEWERS[::3], said):
        row = next(row for row in rows if row.id == one.ticket)
        assert (await store.tickets.comment(viewer, one.id) is not None) == (one.id in _readable(viewer, row, offers[row.id], said))


def _readable(viewer: Viewer, row: Ticket, offers: tuple[Offer, ...], said: list[Comment]) -> set[str]:
    if not may_see(viewer, row, (), (), offers):
        return set()
    return {one.id for one in said if one.ticket == row.id and may_read(viewer, row, one, offers)}
