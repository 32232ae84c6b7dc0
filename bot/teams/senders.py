"""Whose account an activity comes from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.answering import Count
from bot.pump import Later, Permanent
from bot.teams import arrivals
from bot.teams.activity import Activity, directory_id
from bot.teams.lines import Here
from bot.teams.send import TeamsClient
from handlers.core import Account

log = structlog.get_logger(__name__)

Who = Callable[[Activity, Here], Awaitable[Account]]


class Senders:
    """`count` takes (what, why)."""

    def __init__(self, client: TeamsClient, count: Count) -> None:
        self._client, self._count = client, count

    async def account(self, activity: Activity, here: Here) -> Account:
        """By the directory's id. Where Teams leaves it out the conversation's members are asked for it; who has none is a stranger."""
        found = arrivals.account(activity, here.workspace)
        if activity.person:
            return found
        self._count("no directory id", activity.kind if activity.kind in ("message", "invoke") else "other")
        try:
            member = await self._client.member(here.workspace, activity.channel, activity.sender)
        except (Later, Permanent) as why:
            log.info("teams sender not looked up", why=str(why))
            return found
        known = directory_id(member or {})
        return Account("teams", here.workspace, known) if known else found
