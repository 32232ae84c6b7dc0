"""The tenant: who and what is in it, and the small changes from which everything else is made."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.model import App, Conversation, Dialog, Json, Kind, Message, Team, TeamsFile, User

TENANT = "5a0db0c5-7e40-4e5b-8a2c-000000000001"
TAIL = {"channel": "@thread.tacv2", "groupChat": "@thread.v2"}

TARGETED_SECONDS = 24 * 3600.0
"""After so many seconds a message for one person alone is gone from the screen."""


class World:
    """One tenant with one app. All in memory."""

    def __init__(self, clock: Clock, app: App, *, tenant: str = TENANT, domain: str = "sandbox") -> None:
        self.clock, self.app, self.tenant, self.domain = clock, app, tenant, domain
        self.users: dict[str, User] = {}
        self.teams: dict[str, Team] = {}
        self.conversations: dict[str, Conversation] = {}
        self.dialogs: dict[str, Dialog] = {}
        self.files: dict[str, TeamsFile] = {}
        self.pictures: dict[str, bytes] = {}
        """What was fetched to be shown on cards, by address."""
        self.composers: dict[str, list[Json]] = {}
        """Cards that people have in the message that they are writing, put there by an extension."""
        self.drafts: dict[tuple[str, str], dict[str, str]] = {}
        """What people typed and chose on cards but did not send: by (user, message), then by the input's id."""
        self.number = 0
        """The last one that was given to anything."""
        self.last_id = 0

    # --- names and numbers

    def guid(self, *parts: str) -> str:
        """A GUID that is always the same for these words in this tenant."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join((self.tenant, *parts))))

    def new_number(self) -> int:
        """The next one."""
        self.number += 1
        return self.number

    def new_guid(self) -> str:
        """A GUID that nothing has yet."""
        return self.guid("number", str(self.new_number()))

    def new_id(self) -> str:
        """The next message's id: milliseconds since 1970, rising always."""
        self.last_id = max(self.last_id + 1, int(self.clock() * 1000))
        return str(self.last_id)

    def user(self, who: str | User) -> User:
        """The person with this id (either kind), handle or full name; `LookupError` if there is none."""
        if isinstance(who, User):
            return who
        for user in self.users.values():
            if who.removeprefix("@") in (user.id, user.aad, user.name, user.real_name):
                return user
        raise LookupError(f"nobody in the tenant is called {who!r}")

    def channel(self, where: str | Conversation) -> Conversation:
        """The conversation with this id or name (`#help`, `help`); `LookupError` if there is none."""
        if isinstance(where, Conversation):
            return where
        for one in self.conversations.values():
            if where.partition(";")[0] == one.id or (one.name and where.removeprefix("#") == one.name and not one.deleted):
                return one
        raise LookupError(f"there is no conversation {where!r}")

    # --- filling it

    def add_user(self, name: str, *, aad: bool = True, added: bool = True, **facts: Any) -> User:
        """A new person; `facts` are the fields of `User`. The full name defaults to the handle, the e-mail to handle@sandbox.example.

        Without `aad` the person has no stable id; without `added` the app is not installed for them.
        """
        facts = {"real_name": name.title(), "email": f"{name}@{self.domain}.example", "tenant": self.tenant, **facts}
        digest = hashlib.sha256(f"{self.app.id}/{self.tenant}/{name}".encode()).hexdigest()
        user = User(id=f"29:1{digest[:40]}", name=name, aad=self.guid("user", name) if aad else None, **facts)
        self.users[user.id] = user
        self.personal(user).added = added
        return user

    def add_team(self, name: str, members: Iterable[str] = (), *, installed: bool = True) -> Team:
        """A new team with its General channel."""
        conversation = self._conversation(name, "channel", members)
        conversation.name = f"{name}/General"
        team = Team(conversation.id, name, self.guid("group", name), conversation.members, installed)
        conversation.team = self.teams[team.id] = team
        return team

    def add_channel(self, name: str, members: Iterable[str], *, team: str | Team = "Office", bot: bool = True) -> Conversation:
        """A new channel that only these people have, as a private one; they are members of its team, too, which is made if new."""
        known = isinstance(team, Team) or any(one.name == team for one in self.teams.values())
        home = self.team(team) if known else self.add_team(str(team), installed=False)
        home.installed = home.installed or bot
        channel = self._conversation(name, "channel", members)
        channel.team = home
        home.members += [one for one in channel.members if one not in home.members]
        return channel

    def team(self, which: str | Team) -> Team:
        """The team with this name or id; `LookupError` if there is none."""
        if isinstance(which, Team):
            return which
        for team in self.teams.values():
            if which in (team.id, team.name):
                return team
        raise LookupError(f"there is no team {which!r}")

    def add_group_chat(self, name: str, members: Iterable[str], *, bot: bool = True) -> Conversation:
        """A new chat of several people and, if `bot`, the app."""
        chat = self._conversation(name, "groupChat", members)
        chat.added = bot
        return chat

    def _conversation(self, name: str, kind: Kind, members: Iterable[str]) -> Conversation:
        number = hashlib.sha256(f"{self.tenant}/{self.new_number()}".encode()).hexdigest()[:32]
        chat = Conversation(f"19:{number}{TAIL[kind]}", name, kind, [self.user(one).id for one in members])
        self.conversations[chat.id] = chat
        return chat

    def personal(self, user: User) -> Conversation:
        """The chat of this person with the bot, made if it is new."""
        key = f"a:1{hashlib.sha256(f'{self.app.id}/{user.id}'.encode()).hexdigest()[:48]}"
        return self.conversations.setdefault(key, Conversation(key, "", "personal", [user.id]))

    def tenant_of(self, chat: Conversation) -> str:
        """The tenant in which a conversation is: chats with people of other tenants, who are no guests here, are in theirs."""
        other = self.users[chat.members[0]] if chat.kind == "personal" else None
        return self.tenant if other is None or other.guest else other.tenant

    def add_file(self, who: str | User, name: str, data: bytes, mimetype: str = "application/octet-stream") -> TeamsFile:
        """A file of this person, in no message yet."""
        file = TeamsFile(self.new_guid(), name, self.user(who).id, mimetype, data)
        self.files[file.id] = file
        return file

    # --- messages

    def post(self, message: Message) -> Message:
        """Put a message into its conversation."""
        self.conversations[message.conversation].messages[message.id] = message
        return message

    def over(self, message: Message) -> bool:
        """Whether a message for one person alone is as old as such messages get."""
        return message.to is not None and self.clock() - int(message.id) / 1000 > TARGETED_SECONDS

    def message(self, conversation: str, number: str) -> Message:
        """The message with this id; 404 as the connector says it if it is not there, was deleted or has vanished."""
        found = self.conversations[conversation].messages.get(number)
        if found is None or found.deleted or self.over(found):
            raise TeamsError(404, "ActivityNotFoundInConversation", "The activity is not in this conversation.")
        return found

    def rewrite(self, message: Message, content: Json) -> None:
        """Replace a message's content; what single people saw in its place is gone."""
        for name, value in content.items():
            setattr(message, name, value)
        message.edited = True
        message.views.clear()

    def erase(self, message: Message) -> None:
        """Delete a message. The first of a thread leaves its place behind, so that the thread goes on."""
        chat = self.conversations[message.conversation]
        if chat.kind == "channel" and message.root is None and message.to is None:
            message.deleted, message.text, message.attachments, message.entities, message.files = True, "", [], [], []
            message.views.clear()
        else:
            del chat.messages[message.id]

    def whisper(self, conversation: str, to: str, text: str, *, root: str | None = None, trouble: str = "") -> Message:
        """Show one person a sentence that the platform itself puts there."""
        note = Message(self.new_id(), conversation, self.app.bot, text, text_format="plain", root=root, to=to, trouble=trouble)
        return self.post(note)
