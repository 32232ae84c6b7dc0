"""What a workspace holds, as plain data."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import Base64Bytes

Json = dict[str, Any]
Kind = Literal["channel", "group", "im", "mpim"]
"""Slack's words for a public channel, a private channel, a direct message and a direct message among several."""

DEFAULT_SCOPES = (
    "app_mentions:read,channels:history,channels:join,channels:read,chat:write,commands,files:read,files:write,groups:history,"
    "groups:read,im:history,im:read,im:write,mpim:read,reactions:read,reactions:write,users:read,users:read.email"
)
DEFAULT_EVENTS = (
    "app_home_opened,app_mention,app_uninstalled,member_joined_channel,message.channels,message.groups,message.im,message.mpim,"
    "reaction_added,tokens_revoked"
)


@dataclass
class Enterprise:
    """Several workspaces of one company. People and channels have ids that are good in all of them, and a home workspace each.

    `wide`: the app is installed for all of it, and may work in the workspaces that were `granted`; else it is installed in one of them.
    """

    id: str
    name: str
    teams: dict[str, str]
    """Its workspaces: id and name."""
    wide: bool = True
    granted: set[str] = field(default_factory=set)


@dataclass
class App:
    """The installed app: who it is, what it may do and what it hears of."""

    id: str = "A0DESKBELL"
    name: str = "Deskbell"
    bot_id: str = "B0DESKBELL"
    user: str = "U0DESKBELL"
    verification: str = "verification-token"
    scopes: set[str] = field(default_factory=lambda: set(DEFAULT_SCOPES.split(",")))
    events: set[str] = field(default_factory=lambda: set(DEFAULT_EVENTS.split(",")))
    commands: set[str] | None = None
    """The slash commands of the manifest; None lets every command through."""
    should_escape: bool = True
    unfurl_domains: set[str] = field(default_factory=set)
    """The manifest's: addresses below them are told to the app and may get previews from it."""
    home_tab: bool = True
    messages_tab: bool = True

    def elsewhere(self, number: int) -> "App":
        """The same app in another workspace: a bot of its own there, and no scopes until it is installed."""
        return replace(self, user=f"{self.user}{number}", bot_id=f"{self.bot_id}{number}", scopes=set())


@dataclass
class User:
    """A member of the workspace. `guest` is "" for a full member, "multi" or "single" for the two kinds of guest."""

    id: str
    name: str
    real_name: str
    team: str
    email: str | None = None
    tz: str = "Europe/Berlin"
    tz_offset: int = 3600
    locale: str = "en-US"
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False
    guest: Literal["", "multi", "single"] = ""
    stranger: bool = False
    """Of another company."""
    fields: dict[str, str] = field(default_factory=dict)
    """What their profile says in the workspace's own fields, by field id."""


@dataclass
class SlackFile:
    """A file of the workspace. `size` is what the platform says of it, `data` what it hands out.

    `unseen`: so many times it still answers that it is not processed. `uploading`: the token of the address to which its bytes are posted
    (None once they are there); `completed`: it may be shown. `shares`: the ts of the messages that show it, by channel.
    """

    id: str
    name: str
    user: str
    mimetype: str = ""
    data: Base64Bytes = b""
    size: int = 0
    title: str = ""
    created: int = 0
    mode: str = "hosted"
    is_external: bool = False
    stub: bool = False
    """From another workspace: messages only carry its id, and say that files.info tells the rest."""
    deleted: bool = False
    unseen: int = 0
    uploading: str | None = None
    completed: bool = True
    shares: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Message:
    """One message. `thread_ts` is the parent's ts in a reply, None else."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    edited: str | None = None
    metadata: Json | None = None
    broadcast: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    by_typing: Json | None = None
    """The blocks that a person's client makes of typed words (rich text)."""


@dataclass
class Ephemeral:
    """A message that only `to` sees. `shown` is False where the platform answers ok and yet shows nothing."""

    ts: str
    channel: str
    to: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    shown: bool = True
    from_slackbot: bool = False


@dataclass
class Channel:
    """A conversation with its members and messages (by ts, oldest first)."""

    id: str
    name: str
    kind: Kind
    members: list[str] = field(default_factory=list)
    archived: bool = False
    is_ext_shared: bool = False
    is_org_shared: bool = False
    """In an enterprise: with members of several of its workspaces."""
    team: str = ""
    """In an enterprise: whose channel it is; "" for the first workspace's."""
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)

    def replies(self, ts: str) -> list[Message]:
        """The answers in the thread under `ts`, oldest first."""
        return [message for message in self.messages.values() if message.thread_ts == ts and message.ts != ts]


@dataclass
class View:
    """A modal or a home tab as one person sees it. `errors` (by block_id) and `trouble` are what the platform shows in it."""

    id: str
    user: str
    body: Json
    root: str
    hash: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def blocks(self) -> list[Json]:
        """The view's blocks, with the ids that the platform gave them."""
        blocks: list[Json] = self.body["blocks"]
        return blocks
