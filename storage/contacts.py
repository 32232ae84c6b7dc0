"""How to reach somebody in a chat that needs more than their account: the connector's own id of them, where they are, the service's url.

Kept from the last thing they did. The row without a user is that of the whole workspace.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from handlers.core import Account, Chat
from storage.cache import Cache
from storage.database import Database
from storage.statements import Batch, put, write_all
from storage.tables import contacts

_C = contacts.c
_AT = select(_C.organisation, _C.chat, _C.workspace, _C.user, _C.remote_id, _C.conversation, _C.service_url, _C.seen_at).where(
    _C.chat == bindparam("chat"), _C.workspace == bindparam("workspace"), _C.user == bindparam("user")
)
_CALLED = select(_C.user).where(
    _C.chat == bindparam("chat"), _C.workspace == bindparam("workspace"), _C.remote_id == bindparam("remote_id"), _C.user != ""
)
BELIEVED = 600.0
"""Seconds. Replicas do not tell each other: another address of the service is learnt from the next thing that somebody does."""


@dataclass(frozen=True, slots=True)
class Contact:
    """`remote_id` is the connector's id of the account, `conversation` their 1:1 with us; both "" until known."""

    organisation: str
    account: Account
    remote_id: str
    conversation: str
    service_url: str
    seen_at: datetime

    def same(self, other: Contact | None) -> bool:
        mine = (self.organisation, self.remote_id, self.conversation, self.service_url)
        return other is not None and mine == (other.organisation, other.remote_id, other.conversation, other.service_url)


class ContactStore:
    """Reads through a cache of this process."""

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._known: Cache[Account, Contact] = Cache(20_000, BELIEVED, monotonic)
        self._called: Cache[tuple[str, str], Account] = Cache(20_000, BELIEVED, monotonic)

    async def at(self, account: Account) -> Contact | None:
        known = self._known.get(account)
        if known is None:
            row = await self._database.read(_at, account)
            known = _contact(row) if row is not None else None
            if known is not None:
                self._known.put(account, known, self._known.epoch)
        return known

    async def called(self, chat: Chat, workspace: str, remote_id: str) -> Account | None:
        """Whom the chat's service calls so."""
        known = self._called.get((workspace, remote_id))
        if known is None:
            user = await self._database.read(_called, {"chat": chat, "workspace": workspace, "remote_id": remote_id})
            known = Account(chat, workspace, user) if user else None
            if known is not None:
                self._called.put((workspace, remote_id), known, self._called.epoch)
        return known

    async def met(self, contact: Contact) -> None:
        """Writes only what is new."""
        if not contact.same(await self.at(contact.account)):
            await self._database.write(_met, contact)
            self._known.put(contact.account, contact, self._known.epoch)


def _at(connection: Connection, account: Account) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(_AT, {"chat": account.chat, "workspace": account.workspace, "user": account.user}).first()


def _called(connection: Connection, parameters: dict[str, str]) -> str | None:
    return connection.scalar(_CALLED, parameters)


def _met(connection: Connection, contact: Contact) -> None:
    account = contact.account
    row = {
        "chat": account.chat,
        "workspace": account.workspace,
        "user": account.user,
        "organisation": contact.organisation,
        "remote_id": contact.remote_id,
        "conversation": contact.conversation,
        "service_url": contact.service_url,
        "seen_at": contact.seen_at,
    }
    write_all(connection, Batch(put, "contacts", [row]))


def _contact(row: Row[*tuple[Any, ...]]) -> Contact:
    return Contact(
        row.organisation, Account(row.chat, row.workspace, row.user), row.remote_id, row.conversation, row.service_url, row.seen_at
    )
