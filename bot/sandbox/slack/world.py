"""The workspace: who and what is in it, and the small changes from which everything else is made."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import App, Channel, Enterprise, Ephemeral, Json, Kind, Message, SlackFile, User, View

PREFIX = {"channel": "C", "group": "C", "im": "D", "mpim": "G"}


class World:
    """One workspace with one app. All in memory."""

    def __init__(
        self,
        clock: Clock,
        *,
        token: str,
        team: str = "T0SANDBOX",
        domain: str = "sandbox",
        name: str = "",
        app: App | None = None,
        first_number: int = 0,
    ) -> None:
        self.clock = clock
        self.token = token
        self.team, self.domain, self.team_name = team, domain, name or domain.title()
        self.app = app or App()
        self.enterprise: Enterprise | None = None
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Ephemeral] = []
        self.files: dict[str, SlackFile] = {}
        self.home = ""
        """Where the platform listens."""
        self.unseen = 1
        """How often files.info says of an uploaded file that it is not processed yet."""
        self.sign_in = ""
        """Where whoever has no right to a file is sent to sign in; "" is a page of the platform's own."""
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.drafts: dict[tuple[str, str], dict[tuple[str, str], Json]] = {}
        """What people typed and chose but did not send: by (user, view id or ts), then by (block_id, action_id)."""
        self.profile_fields: list[Json] = []
        """The workspace's own fields of profiles: id, label, type, ..."""
        self.unfurl_ids: dict[str, tuple[str, str]] = {}
        """Conversation ("COMPOSER" while it is being written) and ts of the messages of which the app was told for their links."""
        self.composers: dict[str, Json] = {}
        """The previews in messages that are being written."""
        self.number = first_number
        """The last one that was given to anything."""
        self.last_ts = (0, 0)
        self._keep(User(self.app.user, "deskbell", self.app.name, team, is_bot=True))
        self._keep(User("USLACKBOT", "slackbot", "Slackbot", team, is_bot=True))

    # --- names and numbers

    def new_number(self) -> int:
        """The next one."""
        self.number += 1
        return self.number

    def new_id(self, prefix: str, name: str = "") -> str:
        """A fresh id that starts with `prefix` and still says what it is about."""
        tail = re.sub(r"[^A-Z0-9]", "", name.upper())[:8]
        return f"{prefix}{self.new_number():04d}{tail or 'X'}"

    def new_ts(self) -> str:
        """The next message time stamp: rises always, even when the clock stands still or goes back."""
        second, number = int(self.clock()), 0
        if second <= self.last_ts[0]:
            second, number = self.last_ts[0], self.last_ts[1] + 1
        self.last_ts = (second, number)
        return f"{second}.{number * 100 + 19:06d}"

    def user(self, who: str | User) -> User:
        """The person with this id, handle or full name; `LookupError` if there is none."""
        if isinstance(who, User):
            return who
        for user in self.users.values():
            if who.removeprefix("@") in (user.id, user.name, user.real_name):
                return user
        raise LookupError(f"nobody in the workspace is called {who!r}")

    def channel(self, where: str | Channel) -> Channel:
        """The conversation with this id or name (`#help`, `help`); `LookupError` if there is none."""
        if isinstance(where, Channel):
            return where
        for channel in self.channels.values():
            if where == channel.id or (channel.name and where.removeprefix("#") == channel.name):
                return channel
        raise LookupError(f"there is no conversation {where!r}")

    # --- an enterprise

    @property
    def installed_in(self) -> str:
        """The id under which the app is installed: the workspace's, or the enterprise's."""
        return self.enterprise.id if self.enterprise and self.enterprise.wide else self.team

    def may_work_in(self, channel: Channel) -> bool:
        """Whether the app was given the channel's workspace."""
        grid = self.enterprise
        return grid is None or not grid.wide or (channel.team or self.team) in grid.granted

    # --- filling it

    def _keep(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_user(self, name: str, **facts: Any) -> User:
        """A new member; `facts` are the fields of `User`. The full name defaults to the handle, the e-mail to handle@sandbox.example."""
        facts = {"real_name": name.title(), "email": f"{name}@{self.domain}.example", **facts}
        return self._keep(User(id=facts.pop("id", None) or self.new_id("U", name), name=name, team=facts.pop("team", self.team), **facts))

    def add_channel(self, name: str, members: list[str], *, kind: Kind = "channel", bot: bool = True) -> Channel:
        """A new conversation with these members (handles or ids) and, if `bot`, the app."""
        ids = [self.user(member).id for member in members] + ([self.app.user] if bot else [])
        channel = Channel(self.new_id(PREFIX[kind], name), name, kind, ids, created=int(self.clock()))
        self.channels[channel.id] = channel
        return channel

    def open_im(self, users: list[str]) -> Channel:
        """The direct conversation between the app and these people, made if it is new."""
        ids = {self.user(user).id for user in users} | {self.app.user}
        kind: Kind = "im" if len(ids) == 2 else "mpim"
        for channel in self.channels.values():
            if channel.kind == kind and set(channel.members) == ids:
                return channel
        return self.add_channel("", sorted(ids - {self.app.user}), kind=kind)

    # --- files

    def add_file(self, who: str | User, name: str, data: bytes, mimetype: str = "application/octet-stream", **facts: Any) -> SlackFile:
        """A file of this person, in no message yet; `facts` are the fields of `SlackFile`."""
        facts = {"size": len(data), "title": name, "created": int(self.clock()), **facts}
        file = SlackFile(self.new_id("F0"), name, self.user(who).id, mimetype, data, **facts)
        self.files[file.id] = file
        return file

    def show(self, message: Message, files: Iterable[SlackFile]) -> None:
        """Puts files into a message."""
        for file in files:
            message.files.append(file.id)
            file.shares.setdefault(message.channel, []).append(message.ts)

    # --- messages

    def post(self, message: Message) -> Message:
        """Put a message into its channel."""
        self.channels[message.channel].messages[message.ts] = message
        return message

    def bot_message(self, channel: str, content: Json, thread_ts: str | None = None) -> Message:
        """A new message of the app; `content` holds text, blocks, attachments and metadata."""
        return Message(
            ts=self.new_ts(),
            channel=channel,
            user=self.app.user,
            bot_id=self.app.bot_id,
            app_id=self.app.id,
            thread_ts=thread_ts,
            **content,
        )

    def rewrite(self, message: Message, content: Json) -> Message:
        """Replace a message's content; returns the message as it was."""
        before = replace(message)
        for name, value in content.items():
            setattr(message, name, value)
        message.edited = self.new_ts()
        return before

    def erase(self, message: Message) -> None:
        """Delete a message. A parent with answers stays behind as a stone that says so, as on the platform."""
        channel = self.channels[message.channel]
        if channel.replies(message.ts):
            message.subtype, message.text = "tombstone", "This message was deleted."
            message.blocks, message.attachments, message.files = [], [], []
        else:
            del channel.messages[message.ts]

    def whisper(self, channel: str, to: str, content: Json, *, thread_ts: str | None = None, from_slackbot: bool = False) -> Ephemeral:
        """Show a message to one person. In a thread it shows only if the thread already has an answer."""
        shown = thread_ts is None or bool(self.channels[channel].replies(thread_ts))
        note = Ephemeral(self.new_ts(), channel, to, thread_ts=thread_ts, shown=shown, from_slackbot=from_slackbot, **content)
        self.ephemerals.append(note)
        return note

    def message(self, channel: str, ts: str) -> Message:
        """The message at `ts`; `message_not_found` if it is not there or was deleted."""
        found = self.channels[channel].messages.get(ts)
        if found is None or found.subtype == "tombstone":
            raise SlackError("message_not_found")
        return found

    # --- views

    def modal(self, user: str) -> View | None:
        """The uppermost modal that this person has open."""
        stack = self.modals.get(user, [])
        return stack[-1] if stack else None

    def view(self, view_id: str, external_id: str = "") -> View:
        """An open modal or a home tab by id or external id; `not_found` else."""
        everything = [*itertools.chain.from_iterable(self.modals.values()), *self.homes.values()]
        for view in everything:
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def new_view(self, user: str, body: Json, *, under: View | None = None) -> View:
        """A view that nobody has put anywhere yet; `under` is the modal that it will lie on."""
        view_id = self.new_id("V")
        root = under.root if under else view_id
        return View(view_id, user, body, root, self.new_hash(), under.id if under else None)

    def new_hash(self) -> str:
        """A view's next version mark."""
        return f"{int(self.clock())}.{self.new_number():08x}"
