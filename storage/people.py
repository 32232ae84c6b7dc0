"""Who is who. Persons, accounts and workspaces are cached, so that a message of somebody known costs no query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select, update

from handlers.core import Account, Chat, Person
from storage.cache import Cache
from storage.database import Database
from storage.marks import is_marked
from storage.rows import PEOPLE, select_all
from storage.sql import listed, one_of
from storage.tables import accounts, installations, people
from storage.unit import account_id

_OF_ACCOUNT = (
    select(*PEOPLE.columns)
    .join(accounts, (accounts.c.person == people.c.id) & (accounts.c.organisation == people.c.organisation))
    .where(accounts.c.chat == bindparam("chat"), accounts.c.workspace == bindparam("workspace"), accounts.c.user == bindparam("user"))
)
_MANY = select(*PEOPLE.columns).where(people.c.organisation == bindparam("organisation"), one_of(people.c.id, listed("ids")))
_BY_EMAIL = select(*PEOPLE.columns).where(people.c.organisation == bindparam("organisation"), people.c.email == bindparam("email"))
_ACCOUNTS = (
    select(accounts.c.chat, accounts.c.workspace, accounts.c.user)
    .where(accounts.c.person == bindparam("person"), accounts.c.organisation == bindparam("organisation"))
    .order_by(accounts.c.chat, accounts.c.workspace, accounts.c.user)
)
_PARTY = select(installations.c.organisation, installations.c.vendor).where(
    installations.c.chat == bindparam("chat"), installations.c.workspace == bindparam("workspace")
)


class PeopleStore:
    """`handlers.ports.People`. `seconds`: how long a person is believed without a word from whoever changed them."""

    def __init__(self, database: Database, clock: Callable[[], float], size: int = 20_000, seconds: float = 60.0) -> None:
        self._database = database
        self._persons: Cache[str, Person] = Cache(size, seconds, clock)
        self._accounts: Cache[str, str] = Cache(size, seconds, clock)
        self._emails: Cache[tuple[str, str], str] = Cache(size, seconds, clock)
        self._workspaces: Cache[tuple[str, str], tuple[str, str | None]] = Cache(size, seconds, clock)

    async def of_account(self, account: Account) -> Person | None:
        key = account_id(account.chat, account.workspace, account.user)
        known = self._accounts.get(key)
        person = None if known is None else self._persons.get(known)
        if person is not None:
            return person
        epoch = self._accounts.epoch
        person = await self._one(_OF_ACCOUNT, {"chat": account.chat, "workspace": account.workspace, "user": account.user})
        if person is not None:
            self._accounts.put(key, person.id, epoch)
        return person

    async def get(self, organisation: str, person: str) -> Person | None:
        return (await self.many(organisation, (person,))).get(person)

    async def by_email(self, organisation: str, email: str) -> Person | None:
        """By the e-mail address in any case: addresses are kept in lower case."""
        email = email.lower()
        known = self._emails.get((organisation, email))
        person = None if known is None else self._persons.get(known)
        if person is not None and person.email == email:
            return person
        epoch = self._emails.epoch
        person = await self._one(_BY_EMAIL, {"organisation": organisation, "email": email})
        if person is not None:
            self._emails.put((organisation, email), person.id, epoch)
        return person

    async def many(self, organisation: str, persons: Iterable[str]) -> Mapping[str, Person]:
        """Those of the persons that the organisation has, by id."""
        found: list[Person] = []
        missing: list[str] = []
        for key in set(persons):
            known = self._persons.get(key)
            if known is None:
                missing.append(key)
            elif known.organisation == organisation:
                found.append(known)
        if missing:
            found += await self._read(_MANY, {"organisation": organisation, "ids": sorted(missing)})
        return {person.id: person for person in found}

    async def accounts(self, organisation: str, person: str) -> Sequence[Account]:
        return await self._database.read(_accounts, organisation, person)

    async def is_forgotten(self, organisation: str, account: Account, email: str | None) -> bool:
        return await self._database.read(is_marked, organisation, (account,), email)

    async def is_apart(self, account: Account) -> bool:
        """Whether an administrator has said that it is nobody else's, whatever address the chat tells."""
        return bool(await self._database.read(_apart, account))

    async def keep_apart(self, account: Account, apart: bool) -> None:
        await self._database.write(_keep_apart, account, apart)

    async def organisation_of(self, chat: Chat, workspace: str) -> str | None:
        party = await self._party(chat, workspace)
        return party[0] if party else None

    async def vendor_of(self, chat: Chat, workspace: str) -> str | None:
        party = await self._party(chat, workspace)
        return party[1] if party else None

    async def _party(self, chat: Chat, workspace: str) -> tuple[str, str | None] | None:
        known = self._workspaces.get((chat, workspace))
        if known is not None:
            return known
        epoch = self._workspaces.epoch
        found = await self._database.read(_party, chat, workspace)
        if found is not None:
            self._workspaces.put((chat, workspace), found, epoch)
        return found

    def clear(self) -> None:
        for cache in (self._persons, self._accounts, self._emails, self._workspaces):
            cache.clear()

    def forget(self, kind: str, key: str) -> None:
        """Something was changed here or in another replica."""
        if kind == "people":
            self._persons.forget(key)
        elif kind == "accounts":
            self._accounts.forget(key)
        elif kind == "installations":
            self._workspaces.clear()

    async def _one(self, query: Select[Any], parameters: Mapping[str, object]) -> Person | None:
        found = await self._read(query, parameters)
        return found[0] if found else None

    async def _read(self, query: Select[Any], parameters: Mapping[str, object]) -> list[Person]:
        epoch = self._persons.epoch
        found = await self._database.read(select_all, PEOPLE, query, parameters)
        for person in found:
            self._persons.put(person.id, person, epoch)
        return found


def _accounts(connection: Connection, organisation: str, person: str) -> list[Account]:
    return [Account(*row) for row in connection.execute(_ACCOUNTS, {"organisation": organisation, "person": person})]


def _apart(connection: Connection, account: Account) -> bool | None:
    return connection.scalar(select(accounts.c.apart).where(*_this(account)))


def _keep_apart(connection: Connection, account: Account, apart: bool) -> None:
    connection.execute(update(accounts).where(*_this(account)).values(apart=apart))


def _this(account: Account) -> tuple[ColumnElement[bool], ...]:
    return accounts.c.chat == account.chat, accounts.c.workspace == account.workspace, accounts.c.user == account.user


def _party(connection: Connection, chat: str, workspace: str) -> tuple[str, str | None] | None:
    row = connection.execute(_PARTY, {"chat": chat, "workspace": workspace}).first()
    return None if row is None else (row.organisation, row.vendor)
