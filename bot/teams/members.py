"""Everybody in the teams and chats that have installed us, learnt, so that nobody's first report waits for Teams to tell who they are."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from bot import homing
from bot.chats import Profile
from bot.chores import Chores
from bot.desk import StoreDesk
from bot.doorkeeper import learn
from bot.pump import Later, Permanent
from bot.teams.activity import Body, directory_id, word
from bot.teams.lines import Here, Lines
from bot.teams.people import profile_of
from bot.teams.send import TeamsClient
from handlers.core import Account, Conflict, Place, Standing, Where
from handlers.notices import places

log = structlog.get_logger(__name__)

TRIES = 3
PERSONAL = "a:"
"""How the ids of chats with one person begin."""


class Members:
    """Members of a vendor's tenant are not of the office, and are not learnt."""

    def __init__(self, desk: StoreDesk, client: TeamsClient, lines: Lines, chores: Chores) -> None:
        self._desk, self._client, self._lines, self._chores = desk, client, lines, chores
        self._under_way = set[tuple[str, str]]()

    def begun(self, here: Here, channel: str, *, of_team: bool) -> None:
        """We were installed in a conversation. Teams tells that in two activities; everybody is asked for once."""
        key = (here.workspace, channel)
        if key not in self._under_way:
            self._under_way.add(key)
            self._chores.start("members", self._everybody(here, channel))
            self._chores.start("channels", self._channels(here, of_team))

    async def _channels(self, here: Here, of_team: bool) -> None:
        """Channels of the teams that can be reached now: those that were closed, and those of queues that are in this tenant after all."""
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        if organisation is None:
            return
        for place in await self._desk.store.places.channels(organisation) if of_team else ():
            closed = place.unreachable and (place.chat, place.workspace) == ("teams", here.workspace)
            if closed and await self._open(place):
                await places.opened(self._desk, organisation, Where("teams", place.workspace, place.channel))
        if await self._desk.people.vendor_of("teams", here.workspace) is None:
            await homing.come(self._desk, self._client, organisation, "teams", here.workspace)

    async def _open(self, place: Place) -> bool:
        """Where that cannot be told it is tried: a post tells."""
        try:
            return await self._client.sees(place.workspace, place.channel)
        except Later:
            return True

    def join(self, here: Here, channel: str, members: Iterable[Body]) -> None:
        """Somebody has come into it. What the activity tells of them is too little."""
        for one in members:
            self._chores.start("member", self._one(here, channel, word(one, "id")))

    def left(self, here: Here, members: Iterable[Body]) -> None:
        """Somebody is no longer in a team: perhaps they have left the office."""
        for one in members:
            self._chores.start("leaver", self._checked(here, word(one, "id")))

    async def _checked(self, here: Here, remote_id: str) -> None:
        """Who is not even in their own chat with us any more is not in the directory any more. Without such a chat nobody can tell."""
        account = await self._lines.called(here.workspace, remote_id)
        known = await self._desk.people.of_account(account) if account else None
        if account is None or known is None or known.standing is not Standing.member:
            return
        homes = [one for one in await self._desk.places.direct(known.organisation, known.id) if one.user == account.user and one.channel]
        contact = await self._lines.contact(account)
        own = homes[0].channel if homes else contact.conversation if contact and contact.conversation.startswith(PERSONAL) else ""
        if own and await self._client.member(here.workspace, own, remote_id) is None:
            await self._kept(known.organisation, account, Profile(known.name, standing=Standing.gone))

    async def _everybody(self, here: Here, channel: str) -> None:
        try:
            count = 0
            async for member in self._client.members(here.workspace, channel):
                count += await self._learnt(here, channel, member)
            log.info("teams members learnt", count=count, workspace=here.workspace)
        except Permanent as why:
            log.info("teams members not told", why=str(why), workspace=here.workspace)
        finally:
            self._under_way.discard((here.workspace, channel))

    async def _one(self, here: Here, channel: str, remote_id: str) -> None:
        member = await self._client.member(here.workspace, channel, remote_id)
        if member is not None:
            await self._learnt(here, channel, member)

    async def _learnt(self, here: Here, channel: str, member: Body) -> bool:
        """Guests and strangers are learnt when they act, to be told why they may not."""
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        user, remote_id = directory_id(member), word(member, "id")
        if organisation is None or not user or await self._desk.people.vendor_of("teams", here.workspace):
            return False
        account = Account("teams", here.workspace, user)
        profile = profile_of(member, here.tenant, self._lines.hint(account))
        if profile.standing is not Standing.member:
            return False
        if not await self._kept(organisation, account, profile):
            return False
        line = await self._lines.of(here.workspace)
        await self._lines.known(organisation, account, remote_id, channel, line.service_url)
        return True

    async def _kept(self, organisation: str, account: Account, profile: Profile) -> bool:
        """Whoever acts meanwhile, or stands in another list at the same moment, is read again and learnt on top of that."""
        for _ in range(TRIES):
            try:
                return await learn(self._desk, organisation, account, profile) is not None
            except Conflict:
                log.debug("teams member learnt at the same time", workspace=account.workspace)
        return False
