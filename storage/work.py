"""The unit of work: what a handler states, collected, then handed to the committer as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from handlers.core import Account, Conflict, Event, Home, Notice, Person, Place, Post, Remote, Ticket, Urgency
from handlers.forms import Show
from handlers.ports import Erasure, Row, Versioned
from storage.leasing import BROADCAST
from storage.rows import MAPPERS, NOTICES, show_to_row
from storage.tables import LONGEST_WHERE
from storage.unit import Heard, Outcome, Stale, Unit, Values

Subscribers = Mapping[str, Iterable[str]]
CHANGED = "ticket.changed"
"""Told to its subscribers once per unit of work in which anything happened to a ticket that was there before."""


class Commit(Protocol):
    async def __call__(self, unit: Unit) -> Outcome: ...


class UnitOfWork:
    """All that one message changes (`handlers.ports.Work`). `finish` and `answer` are for the shell alone."""

    def __init__(
        self, organisation: str, key: str | None, commit: Commit, subscribers: Subscribers, now: datetime, new_id: Callable[[], str]
    ) -> None:
        self._unit = Unit(organisation, now, key)
        self._commit = commit
        self._subscribers = subscribers
        self._new_id = new_id
        self._added: dict[tuple[type, str], Row] = {}
        self._saved: dict[tuple[type, str], Versioned] = {}
        self._put: dict[tuple[type, str], Person | Place | Post | Remote] = {}
        self._numbers: Mapping[str, int] = {}
        self._earlier: Show | None = None
        self.written = False

    @property
    def earlier(self) -> Show | None:
        """The reply of the first arrival, once `commit` has answered False."""
        return self._earlier

    def number(self, ticket: str) -> int:
        """The number that an added ticket got. KeyError before the commit, and for any other ticket."""
        return self._numbers[ticket]

    # ------------------------------------------------------------ rows

    def add(self, *rows: Row) -> None:
        for row in rows:
            self._own(row)
            self._added[type(row), row.id] = row

    def save(self, *rows: Versioned) -> None:
        """Of several states of one row the last one counts. One that was added here is simply added as it is now."""
        for row in rows:
            self._own(row)
            into: dict[tuple[type, str], Row] | dict[tuple[type, str], Versioned]
            into = self._added if (type(row), row.id) in self._added else self._saved
            into[type(row), row.id] = row

    def put(self, *rows: Person | Place | Post | Remote) -> None:
        for row in rows:
            self._own(row)
            if (type(row), row.id) in self._added:
                self._added[type(row), row.id] = row
            else:
                self._put[type(row), row.id] = row

    def unfollow(self, ticket: str, person: str) -> None:
        self._unit.unfollowed.append({"organisation": self._unit.organisation, "ticket": ticket, "person": person})

    def erase(self, *what: Erasure) -> None:
        self._unit.erased.extend(what)

    def join(self, account: Account, person: str) -> None:
        row = {"chat": account.chat, "workspace": account.workspace, "user": account.user}
        self._unit.joins.append({**row, "organisation": self._unit.organisation, "person": person})

    # ------------------------------------------------------------ what follows

    def tell(self, event: Event, actor: str | None = None, where: str = "") -> None:
        self._own(event)
        data = dict(event.data)
        self._unit.history.append(self._line(event, data, actor, where))
        if event.name != CHANGED:
            self._unit.outbox.extend(self._to(event.name, event.subject, name, data) for name in self._subscribers.get(event.name, ()))
        if event.subject.startswith("ticket:"):
            self._redraw(event.subject)

    def notify(self, person: str, subject: str, reason: str, version: int, urgency: Urgency = "now") -> None:
        notice = Notice(self._new_id(), self._unit.organisation, person, subject, reason, version, self._unit.at, urgency)
        row = self._outbox("event", "notice", f"notice:{notice.id}", "notices", {}, f"person:{person}")
        self._unit.told.append((NOTICES.row(notice), row))

    def at(self, due: datetime, timer: str, subject: str, data: Mapping[str, object] | None = None) -> None:
        row = self._outbox("timer", timer, subject, "", dict(data or {}), f"{subject}:{timer}")
        self._unit.outbox.append({**row, "due_at": due})

    def deliver(self, *posts: Post) -> None:
        for post in posts:
            self._own(post)
            lane = f"{BROADCAST}{post.organisation}" if post.broadcast else f"place:{post.place}"
            row = self._outbox("deliver", "post", post.subject, "", {"post": post.id}, lane)
            self._key(f"post:{post.id}", row)

    def refresh(self, home: Home, due: datetime) -> None:
        """Asked for again before it was done, it is done once, at the earlier moment."""
        account = home.account
        key = f"home:{account.workspace}:{account.user}"
        row = self._outbox("home", account.chat, "", "", {"workspace": account.workspace, "user": account.user}, key)
        self._key(key, {**row, "due_at": due})

    def answer(self, chat: str, lane: str, payload: Values) -> None:
        """An answer in the chat's own form, to be sent as soon as it can be: the chat asked in a way that has no response."""
        self._unit.outbox.append(self._outbox("answer", chat, "", "", payload, lane))

    def finish(self, seq: int, stamp: int) -> None:
        """This is the work of an outbox row as it was leased: done with the commit. If it was asked for again meanwhile, it runs again."""
        self._unit.finished.append((seq, stamp))

    # ------------------------------------------------------------ the end

    async def commit(self, reply: Show | None = None) -> bool:
        """Writes everything, or raises `Conflict` and leaves nothing behind. Any other exception is a fault of ours or of the database."""
        self._state(reply)
        outcome = await self._commit(self._unit)
        if isinstance(outcome, Stale):
            raise Conflict(f"{outcome.table} {outcome.id} was changed in between")
        if isinstance(outcome, Heard):
            self._earlier = outcome.reply
            return False
        self._numbers = outcome.numbers
        self.written = True
        return True

    def _state(self, reply: Show | None) -> None:
        unit = self._unit
        unit.result = show_to_row(reply)
        for (kind, _), row in self._added.items():
            values = self._values(kind, row)
            (unit.tickets if kind is Ticket else unit.inserts.setdefault(MAPPERS[kind].table.name, [])).append(values)
            if kind is Post and (asked := unit.keyed.pop(f"post:{row.id}", None)):
                unit.outbox.append(asked)  # nobody can have asked for a new post before, so there is nothing to coalesce with
        for (kind, _), saved in self._saved.items():
            values = self._values(kind, saved)
            unit.saves[MAPPERS[kind].table.name, saved.id] = (saved.version, {**values, "version": saved.version + 1})
        for (kind, _), put in self._put.items():
            unit.puts.setdefault(MAPPERS[kind].table.name, []).append(self._values(kind, put))

    def _values(self, kind: type, row: Row) -> Values:
        values = MAPPERS[kind].row(row)
        if kind is Place:
            values["used_at"] = self._unit.at
        return values

    # ------------------------------------------------------------ rows of the history and the outbox

    def _own(self, thing: Row | Event) -> None:
        if thing.organisation != self._unit.organisation:
            raise ValueError(f"{type(thing).__name__} of another organisation in a unit of work")

    def _line(self, event: Event, data: Values, actor: str | None, where: str) -> Values:
        return {
            "id": self._new_id(),
            "organisation": event.organisation,
            "subject": event.subject,
            "at": self._unit.at,
            "actor": actor,
            "where": where[:LONGEST_WHERE],  # a conversation's id may be as long as its chat likes
            "kind": event.name,
            "data": data,
        }

    def _redraw(self, subject: str) -> None:
        if (Ticket, subject.removeprefix("ticket:")) in self._added:
            return  # nothing shows it yet
        for name in self._subscribers.get(CHANGED, ()):
            self._key(f"changed:{subject}:{name}", self._to(CHANGED, subject, name, {}))

    def _key(self, key: str, row: Values) -> None:
        row["key"] = key
        self._unit.keyed[key] = row

    def _to(self, event: str, subject: str, subscriber: str, data: Values) -> Values:
        return self._outbox("event", event, subject, subscriber, data, f"{subject}:{subscriber}")

    def _outbox(self, kind: str, name: str, subject: str, subscriber: str, payload: Values, lane: str) -> Values:
        return {
            "organisation": self._unit.organisation,
            "kind": kind,
            "name": name,
            "subject": subject,
            "subscriber": subscriber,
            "payload": payload,
            "lane": lane,
            "key": None,
            "stamp": 1,
            "created_at": self._unit.at,
            "due_at": self._unit.at,
            "tries": 0,
        }
