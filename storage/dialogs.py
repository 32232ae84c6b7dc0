"""Conversations with one person, one question at a time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from handlers.core import Dialog
from storage.database import Database
from storage.rows import DIALOGS, select_all, select_one
from storage.tables import dialogs

_OWN = dialogs.c.organisation == bindparam("organisation")
_OPEN = (_OWN, dialogs.c.person == bindparam("person"), dialogs.c.ended_at.is_(None))
_GET = select(*DIALOGS.columns).where(_OWN, dialogs.c.id == bindparam("id"))
_ASKING = select(*DIALOGS.columns).where(*_OPEN, dialogs.c.asked_at.is_not(None)).order_by(dialogs.c.asked_at.desc()).limit(1)
_QUEUED = select(*DIALOGS.columns).where(*_OPEN, dialogs.c.asked_at.is_(None)).order_by(dialogs.c.created_at, dialogs.c.id)


class DialogStore:
    """`handlers.ports.Dialogs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def asking(self, organisation: str, person: str) -> Dialog | None:
        return await self._database.read(select_one, DIALOGS, _ASKING, {"organisation": organisation, "person": person})

    async def get(self, organisation: str, dialog: str) -> Dialog | None:
        return await self._database.read(select_one, DIALOGS, _GET, {"organisation": organisation, "id": dialog})

    async def queued(self, organisation: str, person: str) -> Sequence[Dialog]:
        return await self._database.read(select_all, DIALOGS, _QUEUED, {"organisation": organisation, "person": person})
