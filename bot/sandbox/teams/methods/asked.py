"""One call of the connector, and what every method needs of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.model import Conversation, Json, User
from bot.sandbox.teams.platform import Platform
from bot.sandbox.teams.world import World

ID = re.compile(r"(19:[^;]+@thread\.(tacv2|v2|skype)(;messageid=\d+)?|a:1\S+)")


@dataclass(frozen=True)
class Asked:
    """What was asked. `parts` are the names in the path: conversation, activity, member, team."""

    platform: Platform
    parts: dict[str, str]
    query: dict[str, str]
    body: Any

    @property
    def world(self) -> World:
        """The tenant."""
        return self.platform.world

    def conversation(self) -> tuple[Conversation, str | None]:
        """The conversation and the thread in it that the path names.

        Errors: BadSyntax (400), ConversationNotFound (404), and what `usable` says.
        """
        name = self.parts["conversation"]
        if not ID.fullmatch(name):
            raise TeamsError(400, "BadSyntax", "Bad format of conversation ID")
        key, _, root = name.partition(";messageid=")
        return self.usable(key), root or None

    def usable(self, key: str) -> Conversation:
        """The conversation with this id, if the app may work there: 404, or 403 where it is not installed or not wanted."""
        found = self.world.conversations.get(key)
        if found is None or found.deleted:
            raise TeamsError(404, "ConversationNotFound", "Conversation not found.")
        if found.blocked or (found.kind == "personal" and not found.installed):
            raise TeamsError(403, "MessageWritesBlocked", "Message writes are blocked for this conversation.")
        if not found.installed:
            raise TeamsError(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        return found

    def member(self, conversation: Conversation, who: str) -> User | None:
        """The member with this id (either kind), if there is one."""
        people = (self.world.users[one] for one in conversation.members)
        return next((one for one in people if who in (one.id, one.aad) and not one.deleted), None)

    def flag(self, name: str) -> bool:
        """Whether the query says so."""
        return self.query.get(name, "").lower() == "true"

    def object(self) -> Json:
        """The body; 400 if it is no object."""
        if not isinstance(self.body, dict):
            raise TeamsError(400, "BadSyntax", "The body must be a JSON object.")
        return self.body


Run = Callable[[Asked], tuple[int, Any]]
"""Does what was asked: (HTTP status, answer; None is an empty one)."""


@dataclass(frozen=True)
class Method:
    """A method with its name in the contract, HTTP verb and path below the service URL."""

    name: str
    verb: str
    path: str
    run: Run
