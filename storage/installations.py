"""Which workspaces the bot is installed in, and whose they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from handlers.core import Chat, Conflict
from storage.database import Database
from storage.rows import Mapper, select_all, select_one
from storage.sql import insert_or
from storage.tables import installations


@dataclass(frozen=True, slots=True)
class Installation:
    """One workspace (Slack enterprise or team, Teams tenant) of an organisation, or of the `vendor` that serves it.

    `data` is what the chat's own code needs: it may hold tokens, so it is never logged and has no place in `repr`.
    """

    id: str
    organisation: str
    chat: Chat
    workspace: str
    created_at: datetime
    vendor: str | None = None
    data: Mapping[str, object] = field(default_factory=dict, repr=False)


_INSTALLATIONS = Mapper(Installation, installations, to={"data": dict})
_ALL = select(*_INSTALLATIONS.columns)
_AT = _ALL.where(installations.c.chat == bindparam("chat"), installations.c.workspace == bindparam("workspace"))
_OF = _ALL.where(installations.c.organisation == bindparam("organisation")).order_by(installations.c.chat, installations.c.workspace)
_REMOVE = delete(installations).where(installations.c.chat == bindparam("chat"), installations.c.workspace == bindparam("workspace"))


class InstallationStore:
    """`changed` hears ("installations", id) after each change."""

    def __init__(self, database: Database, changed: Callable[[str, str], None]) -> None:
        self._database = database
        self._changed = changed

    async def at(self, chat: Chat, workspace: str) -> Installation | None:
        return await self._database.read(select_one, _INSTALLATIONS, _AT, {"chat": chat, "workspace": workspace})

    async def of(self, organisation: str) -> Sequence[Installation]:
        return await self._database.read(select_all, _INSTALLATIONS, _OF, {"organisation": organisation})

    async def put(self, installation: Installation) -> None:
        """Installs, or installs again: the data is replaced. Raises `Conflict` if the workspace belongs to somebody else."""
        if not await self._database.write(_put, installation):
            raise Conflict(f"the {installation.chat} workspace {installation.workspace} belongs to another organisation")
        self._changed("installations", installation.id)

    async def remove(self, chat: Chat, workspace: str) -> None:
        await self._database.write(_remove, chat, workspace)
        self._changed("installations", workspace)


def _put(connection: Connection, installation: Installation) -> bool:
    statement = insert_or(connection.dialect.name, installations)
    same = installations.c.organisation == statement.excluded.organisation
    fresh = {"data": statement.excluded.data, "vendor": statement.excluded.vendor}
    written = statement.on_conflict_do_update(index_elements=["chat", "workspace"], set_=fresh, where=same)
    return connection.execute(written, _INSTALLATIONS.row(installation)).rowcount == 1


def _remove(connection: Connection, chat: str, workspace: str) -> None:
    connection.execute(_REMOVE, {"chat": chat, "workspace": workspace})
