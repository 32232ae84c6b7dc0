"""Which workspaces the bot is installed in, and whose they are. What the chats keep there (tokens) is sealed in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from handlers.core import Chat, Conflict
from storage.database import Database
from storage.faults import is_taken
from storage.ids import new_id
from storage.secrets import SETTING, Unopened, Vault
from storage.tables import installations, organisations


class Spent(Conflict):
    """The invitation was used for another workspace before."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One workspace (Slack enterprise or team, Teams tenant) of an organisation, or of the `vendor` that serves it.

    `data` is what the chat's own code needs: it may hold tokens, so it is never logged and has no place in `repr`. `stamp` is another one
    after each change of the data.
    """

    id: str
    organisation: str
    chat: Chat
    workspace: str
    created_at: datetime
    vendor: str | None = None
    data: Mapping[str, object] = field(default_factory=dict, repr=False)
    stamp: str = field(default="", repr=False, compare=False)


# The column `data`: {"sealed": text, "stamp": id, "until": end of a claim, "used": ids of invitations}. Only what is sealed is secret.
_Kept = dict[str, Any]
_C = installations.c
_ALL = select(_C.id, _C.organisation, _C.chat, _C.workspace, _C.created_at, _C.vendor, _C.data)
_AT = _ALL.where(_C.chat == bindparam("chat"), _C.workspace == bindparam("workspace"))
_OF = _ALL.where(_C.organisation == bindparam("organisation")).order_by(_C.chat, _C.workspace)
_IN = _ALL.where(_C.chat == bindparam("chat")).order_by(_C.workspace)
_PARTY = select(organisations.c.organisation).where(organisations.c.organisation == bindparam("organisation")).with_for_update()
_WRITE = update(installations).where(_C.id == bindparam("which")).values(data=bindparam("fresh"))
_REMOVE = delete(installations).where(_C.chat == bindparam("chat"), _C.workspace == bindparam("workspace"))


class InstallationStore:
    """`changed` hears ("installations", workspace) after each change, and so do `listeners` (workspace, "*" for all).

    Without a `vault` installations can be stored that have no data, and no others: nothing secret is ever written in plain.
    """

    def __init__(self, database: Database, changed: Callable[[str, str], None], vault: Vault | None = None) -> None:
        self._database = database
        self._announce = changed
        self.vault = vault
        self.listeners: list[Callable[[str], None]] = []

    # ------------------------------------------------------------ reading

    async def at(self, chat: Chat, workspace: str) -> Installation | None:
        """Raises `Unopened` if its data is sealed and there is no key for it."""
        row = await self._database.read(_row_at, chat, workspace)
        return None if row is None else self._opened(row)

    async def known(self, chat: Chat, workspace: str) -> Installation | None:
        """The same without its data: no key is needed."""
        row = await self._database.read(_row_at, chat, workspace)
        return None if row is None else _item(row)

    async def of(self, organisation: str) -> Sequence[Installation]:
        """Those of an organisation and its vendors, without their data: no key is needed."""
        return await self._database.read(_listed, _OF, {"organisation": organisation})

    async def all(self, chat: Chat) -> Sequence[Installation]:
        """Those in a chat, without their data."""
        return await self._database.read(_listed, _IN, {"chat": chat})

    # ------------------------------------------------------------ changing

    async def put(self, installation: Installation, invitation: str = "") -> None:
        """Installs, or installs again: then the data is replaced, and it stays the party's as it was.

        `invitation` is the id of the one that was followed: it is good for one workspace. Raises `Conflict` if the workspace belongs to
        another party, `Spent` if the invitation served another workspace.
        """
        kept = {"sealed": self._sealed(installation, installation.data), "stamp": new_id(), "used": [invitation] if invitation else []}
        try:
            await self._database.write(_put, installation, kept)
        except Exception as error:
            if not is_taken(error):
                raise
            await self._database.write(_put, installation, kept)  # somebody was faster: now the row is there
        self._changed(installation.workspace)

    async def claim(self, chat: Chat, workspace: str, now: float, seconds: float) -> Installation | None:
        """The right to change the data, before something that must not be done twice: no other process gets it for so long or until `swap`.

        `now` is the machine's time. None: another has it, or there is no such installation.
        """
        row = await self._database.write(_claim, chat, workspace, now, now + seconds)
        return None if row is None else self._opened(row)

    async def swap(self, read: Installation, data: Mapping[str, object]) -> bool:
        """New data in place of what was read; ends a claim. False if it was changed meanwhile: then nothing is written."""
        kept = {"sealed": self._sealed(read, data), "stamp": new_id()}
        swapped = await self._database.write(_swap, read, kept)
        if swapped:
            self._changed(read.workspace)
        return swapped

    async def remove(self, chat: Chat, workspace: str) -> None:
        """As if it had never been: its invitations are good again, and any party may install there."""
        await self._database.write(_remove, chat, workspace)
        self._changed(workspace)

    # ------------------------------------------------------------ hearing of changes

    def forget(self, kind: str, key: str) -> None:
        """Another replica changed it."""
        if kind == "installations":
            self._tell(key)

    def clear(self) -> None:
        self._tell("*")

    def _changed(self, workspace: str) -> None:
        self._tell(workspace)
        self._announce("installations", workspace)

    def _tell(self, workspace: str) -> None:
        for listener in self.listeners:
            listener(workspace)

    # ------------------------------------------------------------ sealing

    def _vault(self) -> Vault:
        if self.vault is None:
            raise Unopened(f"Set {SETTING}: tokens are kept sealed, and there is no key to seal or open them.")
        return self.vault

    def _sealed(self, installation: Installation, data: Mapping[str, object]) -> str:
        return self._vault().seal(data, _whose(installation)) if data else ""

    def _opened(self, row: Row[*tuple[Any, ...]]) -> Installation:
        installation, sealed = _item(row), row.data.get("sealed")
        return replace(installation, data=self._vault().open(sealed, _whose(installation))) if sealed else installation


def _whose(installation: Installation) -> str:
    return f"{installation.chat}:{installation.workspace}"


def _item(row: Row[*tuple[Any, ...]]) -> Installation:
    """Without its data."""
    return Installation(row.id, row.organisation, row.chat, row.workspace, row.created_at, row.vendor, stamp=row.data.get("stamp", ""))


def _row_at(connection: Connection, chat: str, workspace: str) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(_AT, {"chat": chat, "workspace": workspace}).first()


def _held(connection: Connection, chat: str, workspace: str) -> Row[*tuple[Any, ...]] | None:
    """The row, kept from others until the transaction ends (SQLite has one writer anyway)."""
    return connection.execute(_AT.with_for_update(), {"chat": chat, "workspace": workspace}).first()


def _listed(connection: Connection, query: Any, parameters: Mapping[str, str]) -> list[Installation]:
    return [_item(row) for row in connection.execute(query, parameters)]


def _put(connection: Connection, wanted: Installation, kept: _Kept) -> None:
    connection.execute(_PARTY, {"organisation": wanted.organisation})  # one at a time, so that an invitation is not spent twice at once
    _unspent(connection, wanted, kept["used"])
    row = _held(connection, wanted.chat, wanted.workspace)
    if row is None:
        connection.execute(installations.insert(), _values(wanted, kept))
        return
    if (row.organisation, row.vendor) != (wanted.organisation, wanted.vendor):
        raise Conflict(f"the {wanted.chat} workspace {wanted.workspace} belongs to another party")
    _write(connection, row.id, {**kept, "used": sorted({*row.data.get("used", ()), *kept["used"]})})


def _unspent(connection: Connection, wanted: Installation, invitations: Sequence[str]) -> None:
    for row in connection.execute(_OF, {"organisation": wanted.organisation}) if invitations else ():
        elsewhere = (row.chat, row.workspace) != (wanted.chat, wanted.workspace)
        if elsewhere and not set(invitations).isdisjoint(row.data.get("used", ())):
            raise Spent("the invitation was used for another workspace")


def _values(wanted: Installation, kept: _Kept) -> dict[str, Any]:
    names = ("id", "organisation", "chat", "workspace", "created_at", "vendor")
    return {**{name: getattr(wanted, name) for name in names}, "data": kept}


def _claim(connection: Connection, chat: str, workspace: str, now: float, until: float) -> Row[*tuple[Any, ...]] | None:
    row = _held(connection, chat, workspace)
    if row is None or row.data.get("until", 0) > now:
        return None
    _write(connection, row.id, {**row.data, "until": until})
    return row


def _swap(connection: Connection, read: Installation, kept: _Kept) -> bool:
    row = _held(connection, read.chat, read.workspace)
    if row is None or row.data.get("stamp", "") != read.stamp:
        return False
    _write(connection, row.id, {**kept, "used": row.data.get("used", [])})
    return True


def _write(connection: Connection, which: str, kept: _Kept) -> None:
    connection.execute(_WRITE, {"which": which, "fresh": kept})


def _remove(connection: Connection, chat: str, workspace: str) -> None:
    connection.execute(_REMOVE, {"chat": chat, "workspace": workspace})
