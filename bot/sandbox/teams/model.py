"""What a tenant holds, as plain data."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["channel", "groupChat", "personal"]
"""Microsoft's words for a channel of a team, a chat of several people, and the chat of one person with the bot."""

READS = ("ChannelMessage.Read.Group", "ChatMessage.Read.Chat")


@dataclass
class App:
    """The installed app: who it is and what its manifest asks for.

    `permissions`: with ChannelMessage.Read.Group it hears of all that is said in its channels, with ChatMessage.Read.Chat in its group
    chats; without, only of what mentions it.
    """

    id: str
    secret: str
    name: str = "Deskbell"
    permissions: set[str] = field(default_factory=lambda: set(READS))
    commands: set[str] | None = None
    """The slash entries of the manifest, as the title without a slash; None lets every one through."""
    search_command: str = "ticket.find"
    search_parameter: str = "words"
    message_command: str = "ticket.from_message"
    link_domains: set[str] = field(default_factory=set)
    """Hosts of whose links the app is told while somebody pastes them."""
    names_the_card: bool = True
    """Whether task/fetch says by `replyToId` on which message the button was; the documents do not say it."""

    @property
    def bot(self) -> str:
        """The bot's id in conversations."""
        return f"28:{self.id}"


@dataclass
class User:
    """A person. `id` is the one that the connector uses for this bot; `aad` the stable one, None for who has none (anonymous people)."""

    id: str
    name: str
    real_name: str
    aad: str | None
    tenant: str
    email: str | None = None
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    guest: bool = False
    deleted: bool = False


@dataclass
class Team:
    """A team; its id is that of its General channel."""

    id: str
    name: str
    aad: str
    members: list[str] = field(default_factory=list)
    installed: bool = False


@dataclass
class TeamsFile:
    """A file that a person sends. Pictures are shown in the message, all else is a card with a link."""

    id: str
    name: str
    user: str
    mimetype: str
    data: bytes
    deleted: bool = False


@dataclass
class Message:
    """One message. `root` is the thread's first message in a reply in a channel, None else. `to`: only this person (and the bot) has it.

    `views`: what an invoke answered to one person, who sees this card in place of the message's until the message is updated.
    """

    id: str
    conversation: str
    user: str
    text: str = ""
    attachments: list[Json] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)
    summary: str = ""
    text_format: str = "typed"
    """plain, markdown or xml of the bot's; typed is what people write, with entities of HTML."""
    root: str | None = None
    to: str | None = None
    edited: bool = False
    deleted: bool = False
    """Only its place is left, because a thread hangs on it."""
    hidden: bool = False
    """Typed as a private command: in the conversation, yet left off the screens, lest it be taken for an answer."""
    trouble: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    views: dict[str, Json] = field(default_factory=dict)

    @property
    def ts(self) -> str:
        """The name that Slack's sandbox has for the id."""
        return self.id

    @property
    def card(self) -> Json | None:
        """The first Adaptive Card in it."""
        found = (one for one in self.attachments if one["contentType"] == ADAPTIVE)
        card: Json | None = next((one["content"] for one in found), None)
        return card


ADAPTIVE = "application/vnd.microsoft.card.adaptive"


@dataclass
class Conversation:
    """A conversation with its members and messages (by id, oldest first). `team` only in channels."""

    id: str
    name: str
    kind: Kind
    members: list[str] = field(default_factory=list)
    team: Team | None = None
    added: bool = False
    """Whether the app was added to this chat; in channels the team's installation counts."""
    blocked: bool = False
    """The person does not want to hear from the bot."""
    deleted: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def installed(self) -> bool:
        """Whether the app works here."""
        return self.team.installed if self.team else self.added


@dataclass
class Dialog:
    """A dialog that one person has open. `conversation` is where it was opened, with its thread; `extension` what a command adds."""

    id: str
    user: str
    conversation: str
    title: str = ""
    card: Json | None = None
    text: str = ""
    extension: Json | None = None
    drafts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
