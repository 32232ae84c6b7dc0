"""Who is named in words of Teams: a mention carries the connector's id of somebody, which leads to a person of the office."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from bot.desk import StoreDesk
from bot.doorkeeper import learn
from bot.pump import Later, Permanent
from bot.teams.activity import Activity, Body, directory_id, part, parts, word
from bot.teams.lines import Here, Lines
from bot.teams.people import profile_of
from bot.teams.send import TeamsClient
from handlers.core import Account, Person, Standing
from storage.cache import Cache

log = structlog.get_logger(__name__)

MOST = 20
"""So many different people of one message are looked at."""
PATIENCE = 1.0
"""Seconds that looking up may take."""
BELIEVED, TRIED = 600.0, 60.0
"""Seconds for which nobody is asked again: for somebody who is none of ours, and after a look-up that failed."""


class Namer:
    """`seconds` is the machine's monotonic clock."""

    def __init__(self, desk: StoreDesk, client: TeamsClient, lines: Lines, seconds: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._client, self._lines = desk, client, lines
        self._strangers: Cache[tuple[str, str, str], bool] = Cache(10_000, BELIEVED, seconds)
        self._failed: Cache[tuple[str, str, str], bool] = Cache(10_000, TRIED, seconds)

    async def read(self, activity: Activity, here: Here) -> tuple[Person, ...]:
        """The people of the office whom it names, in the order of its words. Never raises: who cannot be found out is not among them."""
        ids = dict.fromkeys(word(part(one, "mentioned"), "id") for one in activity.mentions)
        wanted = [one for one in ids if one and one != activity.bot][:MOST]
        organisation = await self._desk.people.organisation_of("teams", here.workspace) if wanted else None
        if organisation is None:
            return ()
        found = await asyncio.gather(*(self._one(organisation, here, activity.channel, one) for one in wanted))
        members = [one for one in found if one is not None and _is_of(one, organisation)]
        return tuple({one.id: one for one in members}.values())

    async def of_payload(self, payload: Body, here: Here) -> tuple[Person, ...]:
        """The people of the office whom a message names that somebody points at: by the directory's ids, as far as they are known."""
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        named = [part(part(one, "mentioned"), "user") for one in parts(payload, "mentions")][:MOST]
        ids = dict.fromkeys(user for one in named if (user := directory_id({"objectId": word(one, "id")})))
        found = [await self._desk.people.of_account(Account("teams", here.workspace, user)) for user in ids]
        return tuple({one.id: one for one in found if one is not None and _is_of(one, organisation or "")}.values())

    async def _one(self, organisation: str, here: Here, channel: str, remote_id: str) -> Person | None:
        account = await self._lines.called(here.workspace, remote_id)
        known = await self._desk.people.of_account(account) if account else None
        if known is not None:
            return known
        key = (here.workspace, channel, remote_id)
        if self._strangers.get(key) or self._failed.get(key):
            return None
        try:
            member = await asyncio.wait_for(self._client.member(here.workspace, channel, remote_id), PATIENCE)
        except (TimeoutError, Later, Permanent) as error:
            log.info("teams name unknown", why=type(error).__name__)
            self._failed.put(key, True, self._failed.epoch)
            return None
        found = await self._told(organisation, here, channel, remote_id, member)
        if found is None:
            self._strangers.put(key, True, self._strangers.epoch)
        return found

    async def _told(self, organisation: str, here: Here, channel: str, remote_id: str, member: Body | None) -> Person | None:
        """A colleague whom nobody has heard of yet is known from now on."""
        user = directory_id(member or {})
        if member is None or not user:
            return None
        account = Account("teams", here.workspace, user)
        profile = profile_of(member, here.tenant, self._lines.hint(account))
        if profile.standing is not Standing.member:
            return None
        found = await learn(self._desk, organisation, account, profile)
        if found is not None:
            line = await self._lines.of(here.workspace)
            await self._lines.known(organisation, account, remote_id, channel, line.service_url)
        return found


def _is_of(person: Person, organisation: str) -> bool:
    return person.organisation == organisation and person.standing is Standing.member and person.vendor is None
