"""Whose account an activity comes from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.answering import Count
from bot.desk import StoreDesk
from bot.pump import Later, Permanent
from bot.teams import arrivals
from bot.teams.activity import Activity, directory_id
from bot.teams.lines import Here, Lines
from bot.teams.send import TeamsClient
from handlers.core import Account

log = structlog.get_logger(__name__)

Who = Callable[[Activity, Here], Awaitable[Account]]


class Senders:
    """`count` takes (what, why)."""

    def __init__(self, client: TeamsClient, lines: Lines, desk: StoreDesk, count: Count) -> None:
        self._client, self._lines, self._desk, self._count = client, lines, desk, count

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
        return await self._met(activity, here, known) if known else found

    async def _met(self, activity: Activity, here: Here, user: str) -> Account:
        """Where they can be asked for is not learnt from an activity that lacks their id."""
        account, organisation = Account("teams", here.workspace, user), await self._desk.people.organisation_of("teams", here.workspace)
        if organisation is not None:
            url = activity.service_url.rstrip("/") + "/"
            await self._lines.known(organisation, account, activity.sender, activity.channel, url, at_home=activity.direct)
        return account
