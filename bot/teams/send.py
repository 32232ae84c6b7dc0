"""Sending into Teams: posts, redraws, private answers, and who people are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import structlog

from bot import homing
from bot.chats import Gone, Payload, Profile, Sent
from bot.desk import StoreDesk
from bot.pump import Later, Permanent
from bot.reading import Reading
from bot.teams import render as drawing
from bot.teams.connector import Blocked, Connector, Json, Line, is_channel
from bot.teams.lines import Lines
from bot.teams.links import message_link
from bot.teams.people import profile_of
from bot.teams.views import Views
from handlers.cards import Card
from handlers.core import Account, Place, Post, Where
from handlers.frozen import replace
from handlers.notices import places
from storage.contacts import Contact

log = structlog.get_logger(__name__)

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
SECONDS_FOR_A_NAME = 2.0
LOOK_AGAIN = 0.1
"""Seconds after which a row is looked at again whose place has just been marked: then it waits for the place."""


class TeamsClient:
    """Implements `bot.chats.ChatClient`, and what only Teams has."""

    def __init__(self, connector: Connector, lines: Lines, desk: StoreDesk) -> None:
        self._connector, self._lines, self._desk, self._views = connector, lines, desk, Views(desk, lines)

    def render(
        self,
        card: Card,
        reading: Reading,
        users: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        *,
        link: str = "",
    ) -> Payload:
        return drawing.render(card, reading, users, files, link=link, posted=True)

    async def personal(self, post: Post, place: Place, payload: Payload) -> Payload:
        return await self._views.asking(post, place, payload)

    # ------------------------------------------------------------ messages

    async def post(self, place: Place, payload: Payload, thread: str) -> Sent:
        """`thread`: the message under which it goes, or ""; what is posted under a message of a thread goes to the end of that thread."""
        line = await self._lines.of(place.workspace)
        try:
            channel = place.channel or await self._direct(line, place.user)
            return Sent(await self._connector.send(line, channel, message(payload), under(channel, thread)), channel)
        except Blocked as why:
            raise await self._closed(place, why) from None

    async def update(self, place: Place, message_id: str, payload: Payload) -> None:
        """Raises `Gone` when that message cannot be edited any more."""
        line = await self._lines.of(place.workspace)
        try:
            await self._connector.update(line, place.channel, message_id, message(payload))
        except Blocked as why:
            raise await self._closed(place, why) from None

    async def reply(self, payload: Payload) -> None:
        """An answer out of the outbox: to one person among others (`user`), else into the conversation."""
        workspace, channel, thread = payload["workspace"], payload["channel"], payload["thread"]
        if payload["user"]:
            await self.whisper(Account("teams", workspace, payload["user"]), channel, thread, payload)
            return
        try:
            await self._connector.send(await self._lines.of(workspace), channel, message(payload), under(channel, thread))
        except Gone as why:
            raise Permanent(str(why)) from None

    async def whisper(self, account: Account, channel: str, thread: str, payload: Payload) -> None:
        """To one person alone: among the others where Teams can do that, else 1:1."""
        line, contact = await self._lines.of(account.workspace), await self._lines.contact(account)
        try:
            if contact is None:
                raise Permanent("who that is in Teams is not known")
            await self._connector.target(line, channel, message(payload), contact.remote_id, under(channel, thread))
        except (Gone, Permanent) as why:
            log.info("teams message not targeted", why=str(why))
            await self._connector.send(line, await self._direct(line, account.user), message(payload))

    async def _direct(self, line: Line, user: str) -> str:
        contact = await self._lines.contact(Account("teams", line.workspace, user))
        return await self._connector.direct(line, contact.remote_id if contact else user)

    async def _closed(self, place: Place, why: Blocked) -> Exception:
        """Nothing can be posted there. Of a channel those who look after the desk hear, once, and what is due waits until it is open again;
        whoever has removed us from their 1:1 is told elsewhere.
        """
        log.warning("teams place closed", place=place.id, why=str(why))
        if place.kind == "channel":
            if await homing.sought(self._desk, self, place):
                return Later(LOOK_AGAIN, str(why))
            await places.closed(self._desk, place.organisation, Where("teams", place.workspace, place.channel), "removed")
            return Later(LOOK_AGAIN, str(why))
        work = self._desk.work(place.organisation)
        work.put(replace(place, unreachable="removed"))
        await work.commit()
        return why

    async def link(self, place: Place, message_id: str) -> str:
        """The address of a message of ours."""
        found = self._lines.registration(place.workspace)
        if place.kind != "channel" or found is None:
            return ""
        return message_link(place.channel, message_id, place.workspace.partition(":")[0])

    # ------------------------------------------------------------ people

    async def profile(self, account: Account) -> Profile | None:
        """Asked for where they were seen. Raises TimeoutError when Teams cannot tell in time, for whatever reason."""
        contact = await self._lines.contact(account)
        if contact is None:
            return None
        try:
            async with asyncio.timeout(SECONDS_FOR_A_NAME):
                line = await self._lines.of(account.workspace)
                found = await self._asked_for(line, contact)
        except (Later, Permanent) as why:
            raise TimeoutError(str(why)) from None
        return None if found is None else profile_of(found, line.tenant, self._lines.hint(account))

    async def _asked_for(self, line: Line, contact: Contact) -> Json | None:
        """Whoever was only seen where we are not (the message extension works there too) is asked for in their 1:1 with us."""
        try:
            if contact.conversation:
                return await self._connector.member(line, contact.conversation, contact.remote_id)
        except Permanent as why:
            log.info("teams person not told", why=str(why))
        return await self._connector.member(line, await self._connector.direct(line, contact.remote_id), contact.remote_id)

    async def member(self, workspace: str, channel: str, person: str) -> Json | None:
        """Who somebody in a conversation is, by the connector's id; None if they are not in it. Raises `Later` and `Permanent`."""
        return await self._connector.member(await self._lines.of(workspace), channel, person)

    async def sees(self, workspace: str, channel: str) -> bool:
        """Whether we are in a conversation. Raises `Later`."""
        if not await self._lines.reached(workspace):
            return False
        try:
            await anext(self._connector.members(await self._lines.of(workspace), channel), None)
        except Permanent:
            return False
        return True

    async def members(self, workspace: str, channel: str) -> AsyncIterator[Json]:
        """Everybody in a conversation; waits where Teams asks for it."""
        async for one in self._connector.members(await self._lines.of(workspace), channel):
            yield one

    async def channels(self, workspace: str, team: str) -> list[str]:
        """The ids of a team's channels. Raises `Later` and `Permanent`."""
        return await self._connector.channels(await self._lines.of(workspace), team)


def under(channel: str, thread: str) -> str:
    """The thread to post into: only channels of teams have any, elsewhere it follows in the conversation."""
    return thread if is_channel(channel) else ""


def message(payload: Payload) -> Json:
    """A rendered card as a message."""
    return {
        "type": "message",
        "summary": payload["summary"],
        "attachments": [{"contentType": ADAPTIVE, "content": payload["card"]}],
    }
