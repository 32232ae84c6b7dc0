"""What people were told."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from handlers.core import Notice
from storage.database import Database
from storage.rows import NOTICES, select_one
from storage.tables import notices

_GET = select(*NOTICES.columns).where(notices.c.organisation == bindparam("organisation"), notices.c.id == bindparam("id"))


class NoticeStore:
    """`handlers.ports.Notices`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, organisation: str, notice: str) -> Notice | None:
        return await self._database.read(select_one, NOTICES, _GET, {"organisation": organisation, "id": notice})
