"""Reading tickets, as the viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, literal, literal_column, or_, select

from handlers.core import Comment, History, Status, Ticket
from handlers.people.see import may_see
from handlers.ports import File, Page, Viewer, Which
from storage.database import Database
from storage.retaining import old_tickets
from storage.rows import AFFECTED, COMMENTS, HISTORY, LINKS, OFFERS, TICKETS, WAITS, Mapper, select_all, select_one
from storage.searching import matching, query, words_of
from storage.sql import listed, one_of
from storage.tables import Utc, affected, comments, history, links, notices, offers, remotes, tickets, waits, watches
from storage.visible import Sort, looking, readable, sort_of, visible
from storage.visible import offered as live_offer

_MOST_COUNTED = 1000

_OWN = tickets.c.organisation == bindparam("organisation")
_WATCHERS = select(watches.c.person).where(watches.c.ticket == bindparam("ticket"))
_LINKS = select(*LINKS.columns).where(or_(links.c.ticket == bindparam("ticket"), links.c.other == bindparam("ticket"))).order_by(links.c.id)
_WITH = (watches, waits, offers, affected)
"""What a ticket may have, and mostly has not: whether it has stands in the query of the ticket, so that nothing is asked for in vain."""
_HAS = (
    *(exists().where(table.c.ticket == tickets.c.id) for table in _WITH),
    or_(*(exists().where(end == tickets.c.id) for end in (links.c.ticket, links.c.other))),
)
_BY_ID = select(*TICKETS.columns, *_HAS).where(_OWN, tickets.c.id == bindparam("id"))
_BY_NUMBER = select(*TICKETS.columns, *_HAS).where(_OWN, tickets.c.number == bindparam("number"))
_NOW = bindparam("now", type_=Utc())
# In the text of the statement: a partial index is of no use to a parameter.
_OPEN = tickets.c.status != literal_column(f"'{Status.closed.value}'")

_STANDING = select(remotes.c.subject).where(
    remotes.c.organisation == bindparam("organisation"),
    remotes.c.system == bindparam("system"),
    remotes.c.remote_id == bindparam("remote_id"),
)


class TicketStore:
    """`handlers.ports.Tickets`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def file(self, viewer: Viewer, ticket: str) -> File | None:
        return await self._database.read(_file, viewer, _BY_ID, {"id": ticket})

    async def numbered(self, viewer: Viewer, number: int) -> File | None:
        return await self._database.read(_file, viewer, _BY_NUMBER, {"number": number})

    async def list(self, viewer: Viewer, which: Which, now: datetime, limit: int) -> Page:
        if which in ("mine", "waiting") and viewer.person is None:
            return Page((), 0)
        needed: dict[Which, dict[str, Any]] = {
            "mine": {"viewer_person": viewer.person},
            "waiting": {"viewer_person": viewer.person},
            "queue": {"viewer_queues": sorted(viewer.queues)},
            "late": {"now": now},
            "offered": {"viewer_vendor": viewer.vendor},
        }
        return await self._database.read(_page, which, sort_of(viewer), {**looking(viewer), **needed[which]}, limit)

    async def find(self, viewer: Viewer, words: str, limit: int) -> Page:
        found = words_of(words)
        if not found:
            return Page((), 0)
        text = query(self._database.dialect, viewer.organisation, found)
        return await self._database.read(_page, self._database.dialect, sort_of(viewer), {**looking(viewer), "words": text}, limit)

    async def comments(self, viewer: Viewer, ticket: str, limit: int) -> Sequence[Comment]:
        """Without those that were deleted."""
        parameters = {**looking(viewer), "id": ticket, "limit": limit}
        found = await self._database.read(select_all, COMMENTS, _comments(sort_of(viewer)), parameters)
        return found[::-1]

    async def comment(self, viewer: Viewer, comment: str) -> Comment | None:
        """Deleted or not: its copies have to be redrawn."""
        return await self._database.read(select_one, COMMENTS, _comment(sort_of(viewer)), {**looking(viewer), "id": comment})

    async def standing_at(self, viewer: Viewer, system: str, remote_id: str) -> str | None:
        of = {"organisation": viewer.organisation, "system": system, "remote_id": remote_id}
        return await self._database.read(lambda connection: connection.execute(_STANDING, of).scalar())

    async def history(self, viewer: Viewer, subject: str, limit: int) -> Sequence[History]:
        """Of a ticket that the viewer may see, or of a comment that they may read; of anything else only for the desk."""
        return await self._database.read(_history, viewer, subject, limit)

    async def latest_by(self, viewer: Viewer, requester: str, since: datetime) -> Ticket | None:
        parameters = {**looking(viewer), "requester": requester, "since": since}
        return await self._database.read(select_one, TICKETS, _latest(sort_of(viewer)), parameters)

    async def held_by(self, viewer: Viewer, person: str, limit: int) -> Sequence[Ticket]:
        parameters = {**looking(viewer), "person": person, "limit": limit}
        return await self._database.read(select_all, TICKETS, _held(sort_of(viewer)), parameters)

    async def closed_before(self, viewer: Viewer, before: datetime, limit: int) -> Sequence[str]:
        return await self._database.read(old_tickets, "closed", viewer.organisation, before, limit)

    async def emptied_before(self, viewer: Viewer, before: datetime, limit: int) -> Sequence[str]:
        return await self._database.read(old_tickets, "emptied", viewer.organisation, before, limit)

    async def neglected(self, viewer: Viewer, now: datetime, limit: int) -> Sequence[Ticket]:
        """The longest overdue first."""
        parameters = {**looking(viewer), "now": now, "limit": limit}
        return await self._database.read(select_all, TICKETS, _neglected(sort_of(viewer)), parameters)


# ---------------------------------------------------------------- one ticket


def _file(connection: Connection, viewer: Viewer, by: Select[Any], parameters: dict[str, Any]) -> File | None:
    row = connection.execute(by, {**parameters, "organisation": viewer.organisation}).first()
    if row is None:
        return None
    ticket = TICKETS.item(row[: len(TICKETS.columns)])
    watched, waited, offered_, joined, linked = row[len(TICKETS.columns) :]
    of = {"ticket": ticket.id}
    watchers = frozenset(connection.scalars(_WATCHERS, of)) if watched else frozenset()
    waiting, offered = _all_of(connection, WAITS, of, waited), _all_of(connection, OFFERS, of, offered_)
    if not may_see(viewer, ticket, watchers, waiting, offered):
        return None
    connected = tuple(select_all(connection, LINKS, _LINKS, of)) if linked else ()
    return File(ticket, waiting, offered, _all_of(connection, AFFECTED, of, joined), watchers, connected)


def _all_of(connection: Connection, mapper: Mapper[Any], of: dict[str, Any], has: bool) -> tuple[Any, ...]:
    return tuple(select_all(connection, mapper, _of_ticket(mapper), of)) if has else ()


@cache
def _of_ticket(mapper: Mapper[Any]) -> Select[Any]:
    """In the order in which they were made: ids rise with time."""
    return select(*mapper.columns).where(mapper.table.c.ticket == bindparam("ticket")).order_by(mapper.table.c.id)


# ---------------------------------------------------------------- pages


def _page(connection: Connection, which: str, sort: Sort, parameters: dict[str, Any], limit: int) -> Page:
    page, count = _page_queries(which, sort)
    found = tuple(select_all(connection, TICKETS, page, {**parameters, "limit": limit}))
    total = len(found) if len(found) < limit else connection.execute(count, parameters).scalar_one()
    waiting, offered = (_by_ticket(connection, mapper, found) for mapper in (WAITS, OFFERS))
    return Page(tuple(File(one, waiting.get(one.id, ()), offered.get(one.id, ())) for one in found), total)


def _by_ticket(connection: Connection, mapper: Mapper[Any], found: Sequence[Ticket]) -> dict[str, tuple[Any, ...]]:
    """The unended rows of all these tickets in one statement."""
    by: dict[str, tuple[Any, ...]] = {}
    for row in select_all(connection, mapper, _unended(mapper), {"tickets": [one.id for one in found]}) if found else ():
        by[row.ticket] = (*by.get(row.ticket, ()), row)
    return by


@cache
def _unended(mapper: Mapper[Any]) -> Select[Any]:
    table = mapper.table
    rows = select(*mapper.columns).where(one_of(table.c.ticket, listed("tickets")), table.c.ended_at.is_(None))
    return rows.order_by(table.c.id)


@cache
def _page_queries(which: str, sort: Sort) -> tuple[Select[Any], Select[Any]]:
    source, condition, order = _page_parts(which)
    rows = select(*TICKETS.columns).select_from(source).where(condition, visible(sort))
    some: Select[Any] = (
        select(literal_column("1")).select_from(source).where(condition, visible(sort)).limit(literal_column(str(_MOST_COUNTED)))
    )
    return rows.order_by(*order).limit(bindparam("limit")), select(func.count()).select_from(some.subquery())


def _page_parts(which: str) -> tuple[Any, Any, tuple[Any, ...]]:
    """Where to look, for what, and what comes first."""
    soonest = (tickets.c.resolve_due.nulls_last(), tickets.c.number)
    if which in ("mine", "waiting"):
        own = and_(_OPEN, tickets.c.requester == bindparam("viewer_person"))
        return tickets, own if which == "mine" else and_(own, _waiting()), (tickets.c.number.desc(),)
    if which == "queue":
        return tickets, and_(_OPEN, one_of(tickets.c.queue, listed("viewer_queues"))), soonest
    if which == "offered":
        return tickets, and_(_OPEN, live_offer()), (tickets.c.number,)
    if which == "late":
        return tickets, _late(), soonest
    source, condition, newest = matching(which)
    return source, condition, (newest.desc(),)


def _waiting() -> Any:
    """For the answer of its requester, or for their word that it is fixed."""
    asked = exists().where(waits.c.ticket == tickets.c.id, waits.c.kind == "requester", waits.c.ended_at.is_(None))
    return or_(tickets.c.status == Status.resolved, asked)


@cache
def _held(sort: Sort) -> Select[Any]:
    rows = select(*TICKETS.columns).where(_OPEN, tickets.c.assignee.is_not(None), tickets.c.assignee == bindparam("person"), visible(sort))
    return rows.order_by(tickets.c.number).limit(bindparam("limit"))


def _late() -> Any:
    """A resolved ticket is late no more, though it is still open until its requester says so."""
    unanswered = and_(tickets.c.responded_at.is_(None), tickets.c.respond_due < _NOW)
    return and_(_OPEN, tickets.c.resolved_at.is_(None), or_(unanswered, tickets.c.resolve_due < _NOW))


@cache
def _latest(sort: Sort) -> Select[Any]:
    mine = and_(tickets.c.requester == bindparam("requester"), tickets.c.created_at >= bindparam("since", type_=Utc()))
    return select(*TICKETS.columns).where(mine, visible(sort)).order_by(tickets.c.created_at.desc(), tickets.c.number.desc()).limit(1)


@cache
def _neglected(sort: Sort) -> Select[Any]:
    waiting = exists().where(waits.c.ticket == tickets.c.id, waits.c.ended_at.is_(None))
    offered = exists().where(offers.c.ticket == tickets.c.id, offers.c.ended_at.is_(None))
    rung = exists().where(notices.c.subject == literal("ticket:") + tickets.c.id, notices.c.reason == "late", notices.c.version == 0)
    unanswered = tickets.c.responded_at.is_(None)
    given_back = and_(tickets.c.assignee.is_(None), tickets.c.resolve_due < _NOW)
    overdue = and_(tickets.c.respond_due < _NOW, or_(unanswered, given_back), tickets.c.resolved_at.is_(None))
    alone = and_(_OPEN, overdue, ~waiting, ~offered, ~rung)
    return select(*TICKETS.columns).where(alone, visible(sort)).order_by(tickets.c.respond_due, tickets.c.number).limit(bindparam("limit"))


# ---------------------------------------------------------------- words


@cache
def _comments(sort: Sort) -> Select[Any]:
    rows = select(*COMMENTS.columns).join(tickets, tickets.c.id == comments.c.ticket)
    rows = rows.where(comments.c.ticket == bindparam("id"), comments.c.deleted_at.is_(None), visible(sort), readable(sort))
    return rows.order_by(comments.c.at.desc(), comments.c.id.desc()).limit(bindparam("limit"))


@cache
def _comment(sort: Sort) -> Select[Any]:
    rows = select(*COMMENTS.columns).join(tickets, tickets.c.id == comments.c.ticket)
    return rows.where(comments.c.id == bindparam("id"), visible(sort), readable(sort))


_HISTORY = (
    select(*HISTORY.columns)
    .where(history.c.organisation == bindparam("organisation"), history.c.subject == bindparam("subject"))
    .order_by(history.c.seq.desc())
    .limit(bindparam("limit"))
)


def _history(connection: Connection, viewer: Viewer, subject: str, limit: int) -> list[History]:
    if not _shown(connection, viewer, subject):
        return []
    parameters = {"organisation": viewer.organisation, "subject": subject, "limit": limit}
    return select_all(connection, HISTORY, _HISTORY, parameters)[::-1]


def _shown(connection: Connection, viewer: Viewer, subject: str) -> bool:
    kind, _, key = subject.partition(":")
    if viewer.desk:
        return True
    if kind == "ticket":
        return _file(connection, viewer, _BY_ID, {"id": key}) is not None
    if kind == "comment":
        return select_one(connection, COMMENTS, _comment(sort_of(viewer)), {**looking(viewer), "id": key}) is not None
    return False
