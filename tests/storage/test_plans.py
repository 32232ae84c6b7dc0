"""No read may look through a whole table: each statement of SQLite is explained and must go through an index."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from handlers.core import Account, Event, Where
from handlers.ports import Discard, Empty, Forget, Viewer
from storage.retaining import sweep_words
from storage.store import Store
from tests.conftest import NOW, SUBSCRIBERS
from tests.storage.samples import ACME, ANA, comment, person, place, reported, ticket

GROWING = [
    "tickets",
    "waits",
    "offers",
    "affected",
    "watches",
    "links",
    "comments",
    "history",
    "heard",
    "outbox",
    "notices",
    "posts",
    "dialogs",
    "people",
    "accounts",
    "places",
]
VIEWERS = (Viewer(ACME, desk=True), Viewer(ACME, ANA, frozenset({"it"})), Viewer(ACME), Viewer(ACME, ANA, vendor="sparks"))


async def _read_everything(store: Store) -> None:
    new = ticket()
    work = store.work(ACME, "k1")
    work.add(new, comment(new, "requester"), person(), place())
    work.tell(reported(new), ANA)
    work.notify(ANA, new.subject, "resolved", 1)
    await work.commit()
    change = store.work(ACME, "k2")
    change.save(new)
    change.tell(Event("ticket.changed", new.subject, ACME))
    change.finish(1, 1)
    await change.commit()
    take_away = store.work(ACME)
    take_away.erase(Forget(ANA), Empty(new.id), Discard(new.id))
    await take_away.commit()
    await store.database.write(sweep_words, NOW)
    for viewer in VIEWERS:
        await _read_tickets(store, viewer, new.id)
    await store.people.of_account(Account("slack", "T1", "U1"))
    await store.people.by_email(ACME, "x@acme.test")
    await store.people.get(ACME, ANA)
    await store.people.accounts(ACME, ANA)
    await store.places.at(ACME, Where("slack", "T1", "C9"))
    await store.places.of_queue(ACME, "it")
    await store.places.direct(ACME, ANA)
    await store.posts.of(ACME, new.subject)
    await store.posts.at(ACME, "p1", "1.2")
    await store.dialogs.asking(ACME, ANA)
    await store.dialogs.queued(ACME, ANA)


async def _read_tickets(store: Store, viewer: Viewer, ticket: str) -> None:
    tickets = store.tickets
    await tickets.file(viewer, ticket)
    await tickets.numbered(viewer, 1)
    for which in ("mine", "waiting", "queue", "late"):
        await tickets.list(viewer, which, NOW, 1)
    await tickets.find(viewer, "light", 1)
    await tickets.comments(viewer, ticket, 5)
    await tickets.history(viewer, f"ticket:{ticket}", 5)
    await tickets.latest_by(viewer, ANA, NOW)
    await tickets.neglected(viewer, NOW, 5)
    await tickets.closed_before(viewer, NOW, 5)
    await tickets.emptied_before(viewer, NOW, 5)


async def test_nothing_is_scanned(sqlite_url: str) -> None:
    ran: dict[str, Any] = {}
    remember = _remember(ran)
    event.listen(Engine, "before_cursor_execute", remember)
    try:
        store = await Store.open(sqlite_url, SUBSCRIBERS, lambda: NOW)
        await _read_everything(store)
    finally:
        event.remove(Engine, "before_cursor_execute", remember)
    plans = {statement: await store.database.read(_explain, statement, parameters) for statement, parameters in ran.items()}
    await store.close()
    assert len(plans) > 40
    assert {statement: plan for statement, plan in plans.items() if _scans(plan)} == {}


def _remember(ran: dict[str, Any]) -> Callable[..., None]:
    def remember(_connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "WITH")) and "sqlite_master" not in statement:
            ran[statement] = parameters[0] if many else parameters

    return remember


def _explain(connection: Connection, statement: str, parameters: Any) -> list[str]:
    return [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def _scans(plan: list[str]) -> bool:
    return any(re.fullmatch(rf"SCAN ({'|'.join(GROWING)})( USING .*)?", line) for line in plan)
