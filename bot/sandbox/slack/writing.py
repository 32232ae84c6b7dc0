"""Slash commands, messages, reactions: what a person does from a conversation."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.errors import ClientRefused
from bot.sandbox.slack.blockkit import message_faults, with_ids
from bot.sandbox.slack.courier import FORM_TYPE, HONEST, Delivery, Tamper
from bot.sandbox.slack.hand import Hand
from bot.sandbox.slack.methods.reactions import reaction_event
from bot.sandbox.slack.model import Channel, Message, SlackFile
from bot.sandbox.slack.payloads import command_fields, link_event, mention_event, typed_event
from bot.sandbox.slack.seen import Seen
from bot.sandbox.slack.text import escape, unescape
from bot.sandbox.slack.world import World

Json = dict[str, Any]


def typed(world: World, text: str) -> str:
    """What the client sends for typed words: specials escaped, addresses in angle brackets, @handles and #channels turned into ids."""
    text = re.sub(r"https?://[^\s<>]+", lambda found: f"<{found[0]}>", escape(text))
    for user in world.users.values():
        text = re.sub(rf"(?<![\w<])@{re.escape(user.name)}\b", f"<@{user.id}>", text)
    for channel in world.channels.values():
        if channel.name:
            text = re.sub(rf"(?<![\w<])#{re.escape(channel.name)}\b", f"<#{channel.id}|{channel.name}>", text)
    return text


def rich_text(text: str) -> Json:
    """The block that a client makes of what was typed."""
    pieces = re.split(r"<(@\w+|https?://[^<>|]+)>", text)
    elements: list[Json] = []
    for n, piece in enumerate(pieces):
        if n % 2:
            found = {"type": "user", "user_id": piece[1:]} if piece[0] == "@" else {"type": "link", "url": unescape(piece)}
            elements.append(found)
        elif piece:
            elements.append({"type": "text", "text": piece.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")})
    return with_ids([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}])[0]


@dataclass(frozen=True)
class Writing(Hand):
    """A person's keyboard."""

    async def command(self, channel: str | Channel, command: str, text: str = "", *, tamper: Tamper = HONEST) -> Delivery:
        """Type a slash command into a conversation (never a thread: Slack's client does not offer that).

        An answer in the response's body becomes a note to this person, or a message if it says `in_channel`. If the bot does not
        answer in time or with an error, Slackbot says so, as on the platform.
        """
        app, where = self.world.app, self.place(channel)
        if not self.platform.serves(self.world) or (app.commands is not None and command not in app.commands):
            raise ClientRefused(f"{command} is not a valid command")
        sent = self._command_text(text) if app.should_escape else text
        fields = command_fields(self.world, self.user, where, command, sent) | self.keys(where.id)
        delivery = await self.courier.send("command", dict(fields), urlencode(fields).encode(), FORM_TYPE, tamper)
        self._answered(where, command, delivery)
        self.platform.changes.tell()
        return delivery

    def _command_text(self, text: str) -> str:
        """With `should_escape`, people come as `<@id|handle>` and addresses in angle brackets."""
        return re.sub(
            r"<@(\w+)>",
            lambda found: f"<@{found[1]}|{self.world.users[found[1]].name}>" if found[1] in self.world.users else found[0],
            typed(self.world, text),
        )

    def _answered(self, channel: Channel, command: str, delivery: Delivery) -> None:
        answer = delivery.json() or ({"text": delivery.body} if delivery.body else {})
        blocks = answer.get("blocks", [])
        error = {"": "", "http_timeout": "operation_timeout"}.get(delivery.error, "dispatch_failed")
        if not error and message_faults(blocks):
            error = "invalid_command_response"
        if error:
            words = {"text": f'{command} failed with the error "{error}"'}
            self.world.whisper(channel.id, self.user.id, words, from_slackbot=True)
        elif answer.get("text") or blocks:
            self._show(channel, {"text": str(answer.get("text", "")), "blocks": with_ids(blocks)}, answer.get("response_type"))

    def _show(self, channel: Channel, content: Json, response_type: str | None) -> None:
        if response_type == "in_channel":
            message = self.world.post(self.world.bot_message(channel.id, content))
            self.courier.emit(self.world, typed_event(self.world, message))
        else:
            self.world.whisper(channel.id, self.user.id, content)

    async def message(
        self,
        channel: str | Channel,
        text: str,
        thread_ts: str | None = None,
        *,
        files: Sequence[SlackFile] = (),
        raw: bool = False,
        tamper: Tamper = HONEST,
    ) -> Message:
        """Write into a conversation; `@handle` mentions, `raw` sends the text as it is. Returns once the bot answered the events.

        A mention of the app in a channel arrives both as `message` and as `app_mention`, at the same time.
        """
        where = self.place(channel)
        words = text if raw else typed(self.world, text)
        message = Message(self.world.new_ts(), where.id, self.user.id, words, thread_ts=thread_ts, by_typing=rich_text(words))
        self.world.show(message, files)
        message.subtype = "file_share" if files else None
        self.world.post(message)
        self.platform.changes.tell()
        events = [typed_event(self.world, message)]
        if f"<@{self.world.app.user}>" in words and where.kind != "im":
            events.append(mention_event(self.world, message))
        if shared := link_event(self.world, self.user, words, message):
            events.append(shared)
        await asyncio.gather(*(self.courier.event(self.world, event, tamper) for event in events))
        return message

    async def composes(self, text: str) -> str:
        """Has a message in the composer that is not sent yet; gives the id under which its links can be shown there, "" without any."""
        event = link_event(self.world, self.user, typed(self.world, text), None)
        if event is None:
            return ""
        await self.courier.event(self.world, event)
        return str(event["unfurl_id"])

    async def edit(self, on: Seen | Message | str, text: str) -> None:
        """Change a message of one's own."""
        message = self._own(on)
        before = self.look(message).raw
        words = typed(self.world, text)
        self.world.rewrite(message, {"text": words, "by_typing": rich_text(words)})
        await self._hidden(message, "message_changed", {"message": self.look(message).raw, "previous_message": before})

    async def delete(self, on: Seen | Message | str) -> None:
        """Delete a message of one's own."""
        message = self._own(on)
        before = self.look(message).raw
        self.world.erase(message)
        await self._hidden(message, "message_deleted", {"deleted_ts": message.ts, "previous_message": before})

    async def delete_file(self, file: SlackFile) -> None:
        """Delete a file of one's own, wherever it is shown."""
        if file.user != self.user.id:
            raise ClientRefused("only one's own files can be deleted")
        file.deleted = True
        ts = self.world.new_ts()
        event = {"type": "file_deleted", "file_id": file.id, "channel_ids": list(file.shares), "event_ts": ts}
        self.platform.changes.tell()
        await self.courier.event(self.world, event)

    def _own(self, on: Seen | Message | str) -> Message:
        message = self.message_of(on)
        if message.user != self.user.id:
            raise ClientRefused("only one's own messages can be changed")
        return message

    async def _hidden(self, message: Message, subtype: str, more: Json) -> None:
        channel, ts = self.world.channels[message.channel], self.world.new_ts()
        place = {"channel": channel.id, "channel_type": channel.kind, "ts": ts, "event_ts": ts}
        self.platform.changes.tell()
        await self.courier.event(self.world, {"type": "message", "subtype": subtype, "hidden": True, **place, **more})

    async def react(self, on: Seen | Message | str, name: str, *, tamper: Tamper = HONEST) -> Delivery | None:
        """Put an emoji on a message; None if the app does not hear of it."""
        message = self.message_of(on)
        who = message.reactions.setdefault(name.strip(":"), [])
        if self.user.id in who:
            raise ClientRefused(f"{self.user.name} has already put {name} there")
        who.append(self.user.id)
        self.platform.changes.tell()
        event = reaction_event(self.world, self.user.id, message, name.strip(":"))
        return await self.courier.event(self.world, event, tamper)

    async def unreact(self, on: Seen | Message | str, name: str) -> Delivery | None:
        """Take one's own emoji off again; None if the app does not hear of it."""
        message, name = self.message_of(on), name.strip(":")
        who = message.reactions.get(name, [])
        if self.user.id not in who:
            raise ClientRefused(f"{self.user.name} has not put {name} there")
        who.remove(self.user.id)
        if not who:
            del message.reactions[name]
        self.platform.changes.tell()
        event = reaction_event(self.world, self.user.id, message, name) | {"type": "reaction_removed"}
        return await self.courier.event(self.world, event)

    def dismiss(self, channel: str, ts: str) -> None:
        """Put away a note that only this person has; `LookupError` if it is not there."""
        for note in self.world.ephemerals:
            if (note.to, note.channel, note.ts, note.shown) == (self.user.id, channel, ts, True):
                note.shown = False
                self.platform.changes.tell()
                return
        raise LookupError(f"{self.user.name} has no note at {ts}")

    async def invite(self, who: str, channel: str | Channel) -> Delivery | None:
        """Bring a person or the app into a conversation."""
        where, user = self.place(channel), self.world.user(who)
        if user.id == self.world.app.user:
            self.needs_app()
        if user.id not in where.members:
            where.members.append(user.id)
        event = {"type": "member_joined_channel", "user": user.id, "channel": where.id, "inviter": self.user.id, "team": self.world.team}
        letter = "C" if where.kind == "channel" else "G"
        return await self.courier.event(self.world, event | {"channel_type": letter, "event_ts": self.world.new_ts()})

    async def opens_home(self, tab: str = "home", *, tamper: Tamper = HONEST) -> Delivery | None:
        """Open the app's page: its `home` or `messages` tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": self.user.id,
            "channel": self.dm().id,
            "tab": tab,
            "event_ts": self.world.new_ts(),
        }
        if tab == "home" and (home := self.home):
            event["view"] = home.raw
        return await self.courier.event(self.world, event, tamper)
