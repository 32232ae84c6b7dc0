"""Files on tickets: whoever may read a comment may have its files, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

from handlers.core import Attached, Comment, Offer, Remote, Ticket
from handlers.people.see import is_offered, may_read, may_see
from handlers.ports import Viewer
from storage.ids import new_id
from storage.store import Store
from tests.conftest import NOW
from tests.storage.samples import ACME, ANA, BOB, OTHER, comment, offer, ticket
from tests.storage.test_visible import AUDIENCES, VIEWERS

CONTENT = "c" * 64
DESK = Viewer(ACME, desk=True)


def file(of: Ticket, on: Comment | None = None, **changes: Any) -> Attached:
    where = {"chat": "slack", "workspace": "T1", "channel": "C1", "remote_id": "F1"}
    row = Attached(new_id(), of.organisation, of.id, on.id if on else None, "lamp.jpg", "image/jpeg", 12, NOW, **where)  # type: ignore[arg-type]
    return replace(row, **changes)


async def keep(store: Store, *rows: Any) -> None:
    work = store.work(rows[0].organisation)
    work.add(*rows)
    await work.commit()


def _may(viewer: Viewer, row: Ticket, offers: tuple[Offer, ...], on: Comment | None) -> bool:
    has = viewer.desk or viewer.vendor is None or is_offered(viewer.vendor, offers)
    return may_see(viewer, row, (), (), offers) and has and (on is None or may_read(viewer, row, on, offers))


async def test_every_file_against_every_viewer(store: Store) -> None:
    rows = [ticket(queue="hr", visibility="queue"), ticket(queue="facilities", visibility="office"), ticket(queue="facilities")]
    offers = {row.id: (offer(row, ended_at=NOW if row is rows[-1] else None),) for row in rows}
    said = [comment(row, *audience, author=author) for row in rows for audience in AUDIENCES for author in (ANA, BOB)]
    files = [(file(row), row, None) for row in rows]
    files += [(file(row, one), row, one) for one in said for row in rows if row.id == one.ticket]  # type: ignore[misc]
    await keep(store, *rows, *(one for found in offers.values() for one in found), *said, *(one for one, _, _ in files))
    for viewer in VIEWERS:
        for row in rows:
            expected = {one.id for one, of, on in files if of is row and _may(viewer, row, offers[row.id], on)}
            assert {one.id for one in await store.attachments.of(viewer, row.id)} == expected, viewer
    for viewer, (one, row, on) in product(VIEWERS[::3], files):
        assert (await store.attachments.get(viewer, one.id) is not None) == _may(viewer, row, offers[row.id], on)


async def test_a_file_comes_back_as_it_was_kept(store: Store) -> None:
    row = ticket()
    one = file(row, state="kept", content=CONTENT, link="https://acme.slack.com/files/U1/F1/lamp.jpg")
    await keep(store, row, one)
    assert await store.attachments.get(DESK, one.id) == one


async def test_files_of_deleted_comments_are_for_the_desk_alone(store: Store) -> None:
    row = ticket()
    said = comment(row, "requester", "inside", deleted_at=NOW)
    one = file(row, said)
    await keep(store, row, said, one)
    assert await store.attachments.of(Viewer(ACME, ANA), row.id) == []
    assert await store.attachments.get(Viewer(ACME, ANA), one.id) is None
    assert await store.attachments.of(DESK, row.id) == [one]


async def test_who_holds_a_content_and_what_came_from_a_file_of_a_chat(store: Store) -> None:
    row, other = ticket(), ticket(organisation=OTHER)
    one, two, empty = file(row, content=CONTENT), file(row, content=CONTENT, remote_id="F2"), file(row, remote_id="F3")
    await keep(store, row, one, two, empty)
    await keep(store, other, file(other, content=CONTENT))
    assert list(await store.attachments.holding(DESK, CONTENT)) == [one, two]
    assert list(await store.attachments.holding(DESK, "")) == []
    assert list(await store.attachments.from_chat(DESK, "slack", "T1", "F2")) == [two]
    assert list(await store.attachments.from_chat(DESK, "slack", "T2", "F2")) == []


async def test_where_a_content_was_uploaded_until_it_is_gone(store: Store) -> None:
    remote = Remote(new_id(), ACME, f"content:{CONTENT}", "slack:T1", "F9", version="coming")
    await keep(store, remote)
    assert list(await store.attachments.uploaded(DESK, CONTENT)) == [remote]
    work = store.work(ACME)
    work.put(replace(remote, remote_id="gone:F9", version="gone"))
    await work.commit()
    assert list(await store.attachments.uploaded(DESK, CONTENT)) == []
