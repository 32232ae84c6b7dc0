"""What is old: found by an index and taken in batches, so that nobody waits for it and it costs the same however much there is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, delete, literal_column, select

from handlers.care.periods import kept
from storage.tables import Utc, dialogs, homes, notices, tickets

BATCH = 1000


def _old(kind: str) -> Select[tuple[str]]:
    """The ids of the oldest first. Conditions as the partial indexes have them."""
    moment = tickets.c.closed_at if kind == "closed" else tickets.c.emptied_at
    full = (
        (tickets.c.status == literal_column("'closed'"), tickets.c.emptied_at.is_(None))
        if kind == "closed"
        else (tickets.c.emptied_at.is_not(None),)
    )
    own = tickets.c.organisation == bindparam("organisation")
    query = select(tickets.c.id).where(own, *full, moment < bindparam("before", type_=Utc()))
    return query.order_by(moment).limit(bindparam("limit"))


def old_tickets(connection: Connection, kind: str, organisation: str, before: datetime, limit: int) -> list[str]:
    """Of "closed" those closed before a moment and not emptied yet; of "emptied" those emptied before it."""
    return list(connection.scalars(_old(kind), {"organisation": organisation, "before": before, "limit": limit}))


def sweep_words(connection: Connection, now: datetime) -> int:
    """Deletes one batch of ended dialogs, old notices, and pages that nobody looks at any more; how many. Call it until it gives 0."""
    ended = select(dialogs.c.id).where(dialogs.c.ended_at.is_not(None), dialogs.c.ended_at < now - kept("dialogs"))
    told = select(notices.c.id).where(notices.c.at < now - kept("notices"))
    gone = 0
    for table, old in ((dialogs, ended), (notices, told)):
        gone += connection.execute(delete(table).where(table.c.id.in_(old.limit(BATCH)))).rowcount
    return gone + connection.execute(delete(homes).where(homes.c.opened_at < now - kept("homes"))).rowcount
