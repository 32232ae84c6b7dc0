"""The policy of each organisation, as rows; the `Office` made of them is kept until its version changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, select, update

from handlers.core import Conflict
from handlers.office.changes import Change
from handlers.office.defaults import Row
from handlers.office.model import Office
from handlers.office.rows import from_rows
from handlers.office.sections import ORDER
from storage.cache import Cache
from storage.database import Database
from storage.faults import is_taken
from storage.statements import Batch, put, write_all
from storage.tables import organisations, policies

ChangedBy = Literal["file", "chat"]
Where = tuple[str, str]
"""Section and key."""

_VERSION = select(organisations.c.version).where(organisations.c.organisation == bindparam("organisation"))
_ROWS = (
    select(policies.c.section, policies.c.key, policies.c.data, policies.c.changed_by)
    .where(policies.c.organisation == bindparam("organisation"))
    .order_by(policies.c.section, policies.c.place, policies.c.key)
)
_RAISE = (
    update(organisations)
    .where(organisations.c.organisation == bindparam("which"), organisations.c.version == bindparam("read"))
    .values(version=organisations.c.version + 1)
)
_REMOVE = delete(policies).where(
    policies.c.organisation == bindparam("organisation"), policies.c.section == bindparam("section"), policies.c.key == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """`key` is the name by which the command line knows it; `version` is that of its policy, 0 before the first apply."""

    id: str
    key: str
    version: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A policy as it stands: its rows, and who changed each of them last."""

    organisation: str
    version: int
    rows: Mapping[Where, Row]
    changed_by: Mapping[Where, ChangedBy]


class OfficeStore:
    """`changed` hears ("offices", organisation) after each change. `seconds`: how long a version is believed without asking for it."""

    def __init__(self, database: Database, clock: Callable[[], float], changed: Callable[[str, str], None], seconds: float = 5.0) -> None:
        self._database = database
        self._changed = changed
        self._offices: dict[str, Office] = {}
        self._fresh: Cache[str, int] = Cache(10_000, seconds, clock)

    async def get(self, organisation: str) -> Office:
        """The office as it is now. ValueError if the organisation has none yet, KeyError if there is no such organisation."""
        office = self._offices.get(organisation)
        if office is not None and self._fresh.get(organisation) == office.version:
            return office
        epoch = self._fresh.epoch
        version = await self._database.read(_version, organisation)
        if office is None or office.version != version:
            office = self._offices[organisation] = await self._load(organisation)
        self._fresh.put(organisation, office.version, epoch)
        return office

    async def stored(self, organisation: str) -> Stored:
        """The rows, for an export or a diff. KeyError if there is no such organisation."""
        return await self._database.read(stored_in, organisation)

    async def change(self, stored: Stored, changes: Iterable[Change], changed_by: ChangedBy, now: datetime) -> int:
        """Writes changes to what was read; the new version. Raises `Conflict` if somebody else changed the policy in between."""
        version = await self._database.write(_change, stored.organisation, stored.version, tuple(changes), changed_by, now)
        self.forget("offices", stored.organisation)
        self._changed("offices", stored.organisation)
        return version

    async def create(self, organisation: str, key: str, now: datetime) -> Organisation:
        """A new organisation without a policy. Raises `Conflict` if the key is taken."""
        try:
            await self._database.write(_create, organisation, key, now)
        except Exception as error:
            if is_taken(error):
                raise Conflict(f"there is an organisation {key} already") from error
            raise
        return Organisation(organisation, key, 0)

    async def list(self) -> list[Organisation]:
        return await self._database.read(_list)

    async def by_key(self, key: str) -> Organisation | None:
        return next((one for one in await self.list() if one.key == key), None)

    def clear(self) -> None:
        self._fresh.clear()

    def forget(self, kind: str, key: str) -> None:
        if kind == "offices":
            self._fresh.forget(key)

    async def _load(self, organisation: str) -> Office:
        stored = await self._database.read(stored_in, organisation)
        return from_rows(organisation, stored.version, stored.rows)


def _version(connection: Connection, organisation: str) -> int:
    version = connection.scalar(_VERSION, {"organisation": organisation})
    if version is None:
        raise KeyError(organisation)
    return int(version)


def stored_in(connection: Connection, organisation: str) -> Stored:
    """The version is read before and after the rows: outside a transaction somebody may change them in between."""
    while True:
        version = _version(connection, organisation)
        rows: dict[Where, Row] = {}
        changed_by: dict[Where, ChangedBy] = {}
        for section, key, data, by in connection.execute(_ROWS, {"organisation": organisation}):
            rows[section, key] = data
            changed_by[section, key] = by
        if _version(connection, organisation) == version:
            return Stored(organisation, version, rows, changed_by)


def _change(connection: Connection, organisation: str, version: int, changes: tuple[Change, ...], changed_by: str, now: datetime) -> int:
    if connection.execute(_RAISE, {"which": organisation, "read": version}).rowcount != 1:
        raise Conflict("somebody else changed the office's policy in between")
    gone = [{"organisation": organisation, "section": one.section, "key": one.key} for one in changes if one.after is None]
    fresh = [_row(organisation, one, changed_by, now) for one in changes if one.after is not None]
    if gone:
        connection.execute(_REMOVE, gone)
    write_all(connection, Batch(put, "policies", fresh))
    return version + 1


def _row(organisation: str, change: Change, changed_by: str, now: datetime) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "section": change.section,
        "key": change.key,
        "data": change.after,
        "place": ORDER[change.section],
        "changed_by": changed_by,
        "changed_at": now,
    }


def _create(connection: Connection, organisation: str, key: str, now: datetime) -> None:
    connection.execute(organisations.insert(), {"organisation": organisation, "key": key, "version": 0, "created_at": now})


def _list(connection: Connection) -> list[Organisation]:
    found = select(organisations.c.organisation, organisations.c.key, organisations.c.version).order_by(organisations.c.key)
    return [Organisation(*row) for row in connection.execute(found)]
