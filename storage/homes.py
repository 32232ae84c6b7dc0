"""Whose own page in a chat was looked at, and when it was drawn last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from handlers.core import Account, Home
from storage.database import Database
from storage.sql import listed, one_of
from storage.statements import Batch, put, write_all
from storage.tables import Utc, homes

_C = homes.c
_ALL = select(_C.organisation, _C.person, _C.chat, _C.workspace, _C.user, _C.opened_at, _C.drawn_at, _C.mark)
_AT = _ALL.where(_C.chat == bindparam("chat"), _C.workspace == bindparam("workspace"), _C.user == bindparam("user"))
_OPEN = _ALL.where(
    _C.organisation == bindparam("organisation"), one_of(_C.person, listed("persons")), _C.opened_at > bindparam("since", type_=Utc())
).order_by(_C.chat, _C.workspace, _C.user)

_THIS = (_C.chat == bindparam("in_chat"), _C.workspace == bindparam("in_workspace"), _C.user == bindparam("of_user"))
_LOOK = update(homes).where(*_THIS).values(opened_at=bindparam("opened"), person=bindparam("whose"))
_DRAW = update(homes).where(*_THIS).values(drawn_at=bindparam("drawn"), mark=bindparam("fresh"))


class HomeStore:
    """`handlers.ports.Homes`, and what the chats keep of their pages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def looked_at(self, organisation: str, persons: Iterable[str], since: datetime) -> Sequence[Home]:
        wanted = sorted(set(persons))
        found = await self._database.read(_open, {"organisation": organisation, "persons": wanted, "since": since}) if wanted else []
        return [_home(row) for row in found]

    async def at(self, account: Account) -> Home | None:
        row = await self._database.read(_at, account)
        return None if row is None else _home(row)

    async def opened(self, home: Home) -> None:
        """Somebody looks at their page; what is kept of it besides stays."""
        await self._database.write(_opened, home)

    async def drawn(self, account: Account, at: datetime, mark: str) -> None:
        """It shows how things stood at this moment. Of a page that nobody has opened nothing is kept."""
        await self._database.write(_drawn, {**_place(account), "drawn": at, "fresh": mark})


def _open(connection: Connection, parameters: dict[str, Any]) -> list[Row[*tuple[Any, ...]]]:
    return list(connection.execute(_OPEN, parameters))


def _at(connection: Connection, account: Account) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(_AT, _names(account)).first()


def _home(row: Row[*tuple[Any, ...]]) -> Home:
    return Home(row.organisation, row.person, Account(row.chat, row.workspace, row.user), row.opened_at, row.drawn_at, row.mark)


def _opened(connection: Connection, home: Home) -> None:
    if connection.execute(_LOOK, {**_place(home.account), "opened": home.opened_at, "whose": home.person}).rowcount:
        return
    facts = {"organisation": home.organisation, "person": home.person, "mark": home.mark}
    row = {**_names(home.account), **facts, "opened_at": home.opened_at, "drawn_at": home.drawn_at}
    write_all(connection, Batch(put, "homes", [row]))  # somebody else may have been faster, in another process


def _drawn(connection: Connection, parameters: dict[str, Any]) -> None:
    connection.execute(_DRAW, parameters)


def _names(account: Account) -> dict[str, str]:
    return {"chat": account.chat, "workspace": account.workspace, "user": account.user}


def _place(account: Account) -> dict[str, str]:
    return {"in_chat": account.chat, "in_workspace": account.workspace, "of_user": account.user}
