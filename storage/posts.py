"""The messages that we own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, text

from handlers.core import Post
from storage.database import Database
from storage.rows import POSTS, select_all, select_one
from storage.tables import posts

_OWN = posts.c.organisation == bindparam("organisation")
_GET = select(*POSTS.columns).where(_OWN, posts.c.id == bindparam("id"))
_OF = select(*POSTS.columns).where(_OWN, posts.c.subject == bindparam("subject")).order_by(posts.c.id)
_AT = select(*POSTS.columns).where(_OWN, posts.c.place == bindparam("place"), posts.c.message_id == bindparam("message_id")).limit(1)
_STALE = (
    select(*POSTS.columns)
    .where(_OWN, posts.c.place == bindparam("place"), posts.c.shown_hash == text("''"), posts.c.id > bindparam("after"))
    .order_by(posts.c.id)
    .limit(bindparam("limit"))
)


class PostStore:
    """`handlers.ports.Posts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, organisation: str, post: str) -> Post | None:
        return await self._database.read(select_one, POSTS, _GET, {"organisation": organisation, "id": post})

    async def of(self, organisation: str, subject: str) -> Sequence[Post]:
        """All posts of a subject, the oldest first."""
        return await self._database.read(select_all, POSTS, _OF, {"organisation": organisation, "subject": subject})

    async def at(self, organisation: str, place: str, message_id: str) -> Post | None:
        """None for an empty message id: that is of posts which no chat has accepted yet."""
        if not message_id:
            return None
        where = {"organisation": organisation, "place": place, "message_id": message_id}
        return await self._database.read(select_one, POSTS, _AT, where)

    async def stale(self, organisation: str, place: str, after: str, limit: int) -> Sequence[Post]:
        """A post is marked by an empty `shown_hash`: it was never shown, or could not be redrawn."""
        where = {"organisation": organisation, "place": place, "after": after, "limit": limit}
        return await self._database.read(select_all, POSTS, _STALE, where)
