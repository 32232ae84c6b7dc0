"""Adding the app somewhere and taking it away, and what becomes of teams and channels: what Teams tells the bot of it."""

from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.teams.activities import account, activity, channel_data, team_json
from bot.sandbox.teams.courier import Courier, Delivery
from bot.sandbox.teams.model import Conversation, Json, Team, User
from bot.sandbox.teams.platform import Platform

Change = Literal["add", "remove", "add-upgrade", "remove-upgrade"]


@dataclass(frozen=True)
class Installing:
    """An administrator, a team's owner, or a person for themselves."""

    platform: Platform
    courier: Courier

    async def install(self, where: Team | Conversation | User, by: User) -> list[Delivery]:
        """Add the app: the bot hears of the installation and that it is a member."""
        chat = self._chat(where)
        self._set(chat, True)
        return [await self.courier.send(one) for one in (self._installation(chat, by, "add"), self._membership(chat, by, "membersAdded"))]

    async def upgrade(self, where: Team | Conversation | User, by: User) -> Delivery:
        """A new version of the app."""
        return await self.courier.send(self._installation(self._chat(where), by, "add-upgrade"))

    async def uninstall(self, where: Team | Conversation | User, by: User) -> list[Delivery]:
        """Take the app away. Chats of one person tell only of the installation, all others also that the bot is no member any more."""
        chat = self._chat(where)
        self._set(chat, False)
        told = [self._installation(chat, by, "remove")]
        if chat.kind != "personal":
            told.append(self._membership(chat, by, "membersRemoved"))
        return [await self.courier.send(one) for one in told]

    def _chat(self, where: Team | Conversation | User) -> Conversation:
        if isinstance(where, Team):
            return self.platform.world.conversations[where.id]
        return self.platform.world.personal(where) if isinstance(where, User) else where

    def _set(self, chat: Conversation, on: bool) -> None:
        if chat.team:
            chat.team.installed = on
        else:
            chat.added = on
        self.platform.changes.tell()

    def _installation(self, chat: Conversation, by: User, action: Change) -> Json:
        more = {"settings": {"selectedChannel": {"id": chat.id}}} if chat.team else {}
        data = channel_data(self.platform.world, chat, **more, source={"name": "message"})
        client = {"type": "clientInfo", "locale": by.locale}
        return activity(self.platform, "installationUpdate", by, chat, action=action, locale=by.locale, entities=[client], channelData=data)

    def _membership(self, chat: Conversation, by: User, change: str) -> Json:
        events = {"membersAdded": "teamMemberAdded", "membersRemoved": "teamMemberRemoved"}
        data = channel_data(self.platform.world, chat, **({"eventType": events[change]} if chat.team else {}))
        told = activity(self.platform, "conversationUpdate", by, chat, channelData=data)
        return told | {change: [{"id": self.platform.world.app.bot}]}

    async def leaves(self, user: User, chat: Conversation, by: User) -> Delivery:
        """A person is no longer in a conversation."""
        chat.members.remove(user.id)
        gone = {name: value for name, value in account(user).items() if name != "name"}
        data = channel_data(self.platform.world, chat, **({"eventType": "teamMemberRemoved"} if chat.team else {}))
        return await self.courier.send(activity(self.platform, "conversationUpdate", by, chat, membersRemoved=[gone], channelData=data))

    async def channel(self, event: str, channel: Conversation, by: User, **facts: Any) -> Delivery:
        """channelCreated, channelRenamed (name=), channelDeleted, channelRestored."""
        channel.deleted = {"channelDeleted": True, "channelRestored": False}.get(event, channel.deleted)
        channel.name = facts.get("name", channel.name)
        return await self._event(event, channel, by, {"channel": {"id": channel.id, "name": channel.name}})

    async def team(self, event: str, team: Team, by: User, **facts: Any) -> Delivery:
        """teamRenamed (name=), teamArchived, teamUnarchived, teamDeleted, teamRestored."""
        team.name = facts.get("name", team.name)
        team.archived = {"teamArchived": True, "teamUnarchived": False}.get(event, team.archived)
        general = self.platform.world.conversations[team.id]
        for one in self.platform.world.conversations.values():
            if one.team is team:
                one.deleted = {"teamDeleted": True, "teamRestored": False}.get(event, one.deleted)
        return await self._event(event, general, by, {})

    async def _event(self, event: str, channel: Conversation, by: User, more: Json) -> Delivery:
        if channel.team is None:
            raise LookupError("only teams have channels")
        data = {**more, "team": team_json(channel.team), "eventType": event, "tenant": {"id": self.platform.world.tenant}}
        general = self.platform.world.conversations[channel.team.id]
        return await self.courier.send(activity(self.platform, "conversationUpdate", by, general, channelData=data))
