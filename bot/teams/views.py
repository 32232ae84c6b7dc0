"""Views of one's own: whom a post concerns sees it as theirs, because their client asks for that.

https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views
"""

from __future__ import annotations

from bot.chats import Payload
from bot.desk import StoreDesk
from bot.teams.buttons import OURS
from bot.teams.lines import Lines
from handlers.core import Place, Post
from handlers.people.viewers import of_desk

REFRESH = "deskbell.refresh"
"""The verb by which a card asks for the view of who looks at it."""
VIEWS = frozenset({"ticket.channel"})
"""The posts that look otherwise to whom they concern."""
MOST = 60


class Views:
    def __init__(self, desk: StoreDesk, lines: Lines) -> None:
        self._desk, self._lines = desk, lines

    async def asking(self, post: Post, place: Place, payload: Payload) -> Payload:
        """A rendered post that lets the clients of those whom it concerns ask for theirs."""
        people = await self._concerned(post) if post.view in VIEWS and place.kind == "channel" else []
        names = [name for person in people for name in await self._names(post.organisation, person, place.workspace)][:MOST]
        if not names:
            return payload
        action = {"type": "Action.Execute", "title": "Refresh", "verb": REFRESH, "data": {OURS: {"a": REFRESH, "s": post.subject}}}
        return {**payload, "card": {**payload["card"], "refresh": {"action": action, "userIds": names}}}

    async def _concerned(self, post: Post) -> list[str]:
        """Who reported it, unless they do the work themselves."""
        file = await self._desk.tickets.file(of_desk(post.organisation), post.subject.removeprefix("ticket:"))
        return [file.ticket.requester] if file is not None and file.ticket.requester != file.ticket.assignee else []

    async def _names(self, organisation: str, person: str, workspace: str) -> list[str]:
        """What the connector calls somebody there."""
        accounts = await self._desk.people.accounts(organisation, person)
        contacts = [await self._lines.contact(one) for one in accounts if (one.chat, one.workspace) == ("teams", workspace)]
        return [one.remote_id for one in contacts if one is not None and one.remote_id]
