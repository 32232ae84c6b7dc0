"""Reading the files on tickets, as the viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, or_, select

from handlers.core import Attached, Chat, Remote
from handlers.files.model import GONE
from handlers.ports import Viewer
from storage.database import Database
from storage.rows import ATTACHED, REMOTES, select_all, select_one
from storage.tables import comments, files, remotes, tickets
from storage.visible import Sort, looking, offered, readable, sort_of, visible

_OF = files.c.ticket == bindparam("ticket")
_BY_ID = files.c.id == bindparam("id")
_FROM = and_(files.c.chat == bindparam("chat"), files.c.workspace == bindparam("workspace"), files.c.remote_id == bindparam("remote_id"))
# The second half is what the partial index says.
_HOLDING = and_(files.c.content == bindparam("content"), files.c.content != literal_column("''"))
_CONDITIONS: dict[str, ColumnElement[bool]] = {"of": _OF, "id": _BY_ID, "from": _FROM, "holding": _HOLDING}
_UPLOADED = (
    select(*REMOTES.columns)
    .where(remotes.c.organisation == bindparam("organisation"), remotes.c.subject == bindparam("subject"), remotes.c.version != GONE)
    .order_by(remotes.c.id)
)


class AttachmentStore:
    """`handlers.ports.Attachments`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, viewer: Viewer, ticket: str) -> Sequence[Attached]:
        return await self._all("of", viewer, ticket=ticket)

    async def get(self, viewer: Viewer, file: str) -> Attached | None:
        return await self._database.read(select_one, ATTACHED, _files("id", sort_of(viewer)), {**looking(viewer), "id": file})

    async def from_chat(self, viewer: Viewer, chat: Chat, workspace: str, remote_id: str) -> Sequence[Attached]:
        return await self._all("from", viewer, chat=chat, workspace=workspace, remote_id=remote_id)

    async def holding(self, viewer: Viewer, content: str) -> Sequence[Attached]:
        return await self._all("holding", viewer, content=content)

    async def uploaded(self, viewer: Viewer, content: str) -> Sequence[Remote]:
        of = {"organisation": viewer.organisation, "subject": f"content:{content}"}
        return await self._database.read(select_all, REMOTES, _UPLOADED, of)

    async def _all(self, which: str, viewer: Viewer, **parameters: str) -> Sequence[Attached]:
        return await self._database.read(select_all, ATTACHED, _files(which, sort_of(viewer)), {**looking(viewer), **parameters})


@cache
def _files(which: str, sort: Sort) -> Select[Any]:
    """A file of the report is for everybody who sees the ticket; one of a comment for those who may read that, while it is not deleted.

    A vendor has them while the ticket is offered to it.
    """
    own = files.c.organisation == bindparam("viewer_organisation", type_=tickets.c.organisation.type)
    spoken = readable(sort) if sort == "desk" else and_(comments.c.deleted_at.is_(None), readable(sort))
    rows = select(*ATTACHED.columns).join(tickets, tickets.c.id == files.c.ticket)
    rows = rows.outerjoin(comments, comments.c.id == files.c.comment)
    reported = and_(files.c.comment.is_(None), offered()) if sort == "vendor" else files.c.comment.is_(None)
    condition = and_(own, _CONDITIONS[which], visible(sort), or_(reported, spoken))
    return rows.where(condition).order_by(files.c.id)
