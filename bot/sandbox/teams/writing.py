"""Messages, private commands, reactions: what a person does from a conversation."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.activities import account, activity, address, channel_data, message_activity
from bot.sandbox.teams.courier import HONEST, Delivery, Tamper
from bot.sandbox.teams.model import Conversation, Json, Message, TeamsFile
from bot.sandbox.teams.seen import Seen
from bot.sandbox.teams.unfurling import Unfurling
from bot.sandbox.teams.world import World

REACTIONS = ("like", "heart", "laugh", "surprised", "sad", "angry")
"""The old six; all others are the names of emoji."""


def typed(world: World, text: str) -> tuple[str, list[Json]]:
    """What the client sends for typed words: specials as entities of HTML, @handles as mentions, said of in the activity's entities."""
    names = {one.name: (one.id, one.real_name) for one in world.users.values()} | {"deskbell": (world.app.bot, world.app.name)}
    entities: list[Json] = []

    def mention(found: re.Match[str]) -> str:
        key, name = names[found[1]]
        entities.append({"type": "mention", "mentioned": {"id": key, "name": name}, "text": f"<at>{name}</at>"})
        return f"<at>{name}</at>"

    handles = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.sub(rf"(?<![\w<@.])@({handles})\b", mention, html.escape(text, quote=False)), entities


@dataclass(frozen=True)
class Writing(Unfurling):
    """A person's keyboard."""

    async def command(
        self, channel: str | Conversation, command: str, text: str = "", *, thread: str | None = None, tamper: Tamper = HONEST
    ) -> Delivery:
        """Choose a slash entry and write on: `/issue` with some words.

        In channels and group chats it goes to the bot as a message for it alone, without the slash; in the chat with the bot there are no
        slash entries, so the words are sent as they are. What was typed in private is left off the screen, lest it be taken for an answer.
        """
        where, words = self.place(channel), f"{command} {text}".strip()
        if where.kind == "personal":
            return await self._said(self._new(where, words, None), tamper)
        app, entry = self.world.app, command.removeprefix("/")
        if app.commands is not None and entry not in app.commands:
            raise ClientRefused(f"{command} is not among the entries")
        if not where.installed:
            raise ClientRefused(f"{app.name} is not in {where.name}")
        message = self._new(where, words.removeprefix("/"), thread)
        message.to, message.hidden = app.bot, True
        return await self._said(message, tamper)

    async def message(
        self,
        channel: str | Conversation,
        text: str,
        thread: str | None = None,
        *,
        files: Sequence[TeamsFile] = (),
        raw: bool = False,
        tamper: Tamper = HONEST,
    ) -> Message:
        """Write into a conversation; `@handle` mentions, `raw` sends the text as it is. Returns once the bot answered, if it hears."""
        where = self.place(channel)
        cards = await self.unfurled(address(where, self._root(where, thread) if thread else None), text)
        message = self._new(where, text, thread, raw=raw)
        message.attachments = cards
        message.files = [one.id for one in files]
        if self.hears(message):
            await self._said(message, tamper)
        return message

    async def mention(self, channel: str | Conversation, text: str, thread: str | None = None, *, tamper: Tamper = HONEST) -> Message:
        """Write to the bot by name: `@Deskbell ...`."""
        return await self.message(channel, f"@deskbell {text}", thread, tamper=tamper)

    def _new(self, where: Conversation, text: str, thread: str | None, *, raw: bool = False) -> Message:
        words, entities = (text, []) if raw else typed(self.world, text)
        root = self._root(where, thread) if thread else None
        message = Message(self.world.new_id(), where.id, self.user.id, words, entities=entities, root=root)
        self.world.post(message)
        self.platform.changes.tell()
        return message

    def _root(self, where: Conversation, thread: str) -> str:
        if where.kind != "channel":
            raise ClientRefused("only channels have threads")
        first = where.messages.get(thread)
        if first is None:
            raise ClientRefused(f"there is no message {thread} in {where.name}")
        return first.root or first.id

    def hears(self, message: Message) -> bool:
        """Whether the bot is told of what this person wrote: it is there and was meant, or may read along."""
        where, app = self.world.conversations[message.conversation], self.world.app
        if not where.installed or not self.courier.url:
            return False
        needed = {"personal": "", "channel": "ChannelMessage.Read.Group", "groupChat": "ChatMessage.Read.Chat"}[where.kind]
        meant = message.to == app.bot or any(one["mentioned"]["id"] == app.bot for one in message.entities)
        return meant or not needed or needed in app.permissions

    async def _said(self, message: Message, tamper: Tamper) -> Delivery:
        return await self.courier.send(message_activity(self.platform, message), tamper)

    async def edit(self, on: Seen | Message | str, text: str, *, tamper: Tamper = HONEST) -> Delivery | None:
        """Change a message of one's own; None if the bot is not told."""
        message = self._own(on)
        words, entities = typed(self.world, text)
        self.world.rewrite(message, {"text": words, "entities": entities})
        self.platform.changes.tell()
        return await self._changed(message, "messageUpdate", "editMessage", tamper)

    async def delete(self, on: Seen | Message | str, *, tamper: Tamper = HONEST) -> Delivery | None:
        """Delete a message of one's own; None if the bot is not told."""
        message = self._own(on)
        self.world.erase(message)
        self.platform.changes.tell()
        return await self._changed(message, "messageDelete", "softDeleteMessage", tamper)

    async def _changed(self, message: Message, kind: str, event: str, tamper: Tamper) -> Delivery | None:
        if not self.hears(message):
            return None
        where = self.world.conversations[message.conversation]
        data = channel_data(self.world, where, eventType=event)
        return await self.courier.send(message_activity(self.platform, message, kind, channelData=data), tamper)

    def _own(self, on: Seen | Message | str) -> Message:
        message = self.message_of(on)
        if message.user != self.user.id:
            raise ClientRefused("only one's own messages can be changed")
        return message

    async def react(self, on: Seen | Message | str, name: str, *, tamper: Tamper = HONEST) -> Delivery | None:
        """Put an emoji on a message; the bot hears of it only on its own messages, else None."""
        message, kind = self.message_of(on), name.strip(":")
        who = message.reactions.setdefault(kind, [])
        if self.user.id in who or message.to is not None:
            raise ClientRefused(f"{self.user.name} cannot put {name} there")
        who.append(self.user.id)
        return await self._reacted(message, "reactionsAdded", kind, tamper)

    async def unreact(self, on: Seen | Message | str, name: str, *, tamper: Tamper = HONEST) -> Delivery | None:
        """Take an emoji back."""
        message, kind = self.message_of(on), name.strip(":")
        if self.user.id not in message.reactions.get(kind, []):
            raise ClientRefused(f"{self.user.name} has not put {name} there")
        message.reactions[kind].remove(self.user.id)
        return await self._reacted(message, "reactionsRemoved", kind, tamper)

    async def _reacted(self, message: Message, change: str, kind: str, tamper: Tamper) -> Delivery | None:
        self.platform.changes.tell()
        where = self.world.conversations[message.conversation]
        if message.user != self.world.app.bot or not where.installed:
            return None
        more = {change: [{"type": kind}], "replyToId": message.id}
        told = activity(self.platform, "messageReaction", self.user, where, message.root or message.id, **more)
        return await self.courier.send(told, tamper)

    async def invite(self, who: str, channel: str | Conversation, *, tamper: Tamper = HONEST) -> Delivery | None:
        """Bring a person into a conversation; None if the bot is not there."""
        where, user = self.place(channel), self.world.user(who)
        for members in (where.members, where.team.members if where.team else where.members):
            if user.id not in members:
                members.append(user.id)
        self.platform.changes.tell()
        if not where.installed:
            return None
        added = {name: value for name, value in account(user).items() if name != "name"}
        data = channel_data(self.world, where, **({"eventType": "teamMemberAdded"} if where.team else {}))
        told = activity(self.platform, "conversationUpdate", self.user, where, membersAdded=[added], channelData=data)
        return await self.courier.send(told, tamper)
