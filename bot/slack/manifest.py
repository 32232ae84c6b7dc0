"""The app's manifest: what Deskbell asks of a Slack workspace, each thing with its reason, and the document that Slack takes.

`METHODS` and `EVENTS` say what needs which scope; `SCOPES` is their union, with the reason for whoever has to agree to it. Fields:
https://docs.slack.dev/reference/app-manifest - scopes: https://docs.slack.dev/reference/methods and https://docs.slack.dev/reference/events.
Where a page names one scope for each kind of conversation, only those of the kinds that the desk works in are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any, Literal
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from bot.public import NoAddress, address

Json = dict[str, Any]

NAME = "Deskbell"
DESCRIPTION = "Ring once for anything that needs doing. It does not stop until you say that it is done."
LONG_DESCRIPTION = (
    "Deskbell is the bell on your office's front desk. Say in a few words what is wrong or what you need: with the command, in a "
    "message to it, or with the shortcut of somebody's message. It finds out whose it is, tells them in their channel, keeps one card "
    "true from the first word to the last, promises when you hear of it, and asks you at the end whether it is really done. It hears "
    "the channels it was invited to, what is said to it and what mentions it, and nothing else. It posts nowhere uninvited and pings "
    "no channel; what it reads stays on your own server, and nothing is trained with it."
)
COLOUR = "#1f4e5f"

EVENTS_PATH = "/slack/events"
"""Commands, presses, shortcuts and events all come to this one path."""
REDIRECT_PATH = "/slack/oauth_redirect"

WIDTH = 4096
"""Of a line of YAML: every text stays on one line."""


@dataclass(frozen=True, slots=True)
class Need:
    """A method that is called, or an event that is heard, the scopes it needs, and why. `link`: only with a web address of our own."""

    name: str
    scopes: tuple[str, ...]
    why: str
    link: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Why it is asked for. `vital`: without it nobody can report anything or is told anything; without others the desk can do less."""

    name: str
    why: str
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: its name is the setting `slack_command`."""

    description: str
    usage_hint: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    kind: Literal["message", "global"]
    callback_id: str
    name: str
    description: str


CHANNELS = ("channels:read", "groups:read")
WORDS = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS: tuple[Need, ...] = (
    Need("apps.connections.open", (), "to listen by a connection of our own (Socket Mode), with the app-level token"),
    Need("auth.teams.list", (), "installed for a whole enterprise: to learn which of its workspaces we were added to"),
    Need("auth.test", (), "to learn who the token belongs to"),
    Need("chat.getPermalink", (), "to link to the message that a ticket came from"),
    Need("chat.postEphemeral", ("chat:write",), "to answer one person in a channel without disturbing the others"),
    Need("chat.postMessage", ("chat:write",), "to post cards into channels, threads and direct messages"),
    Need("chat.unfurl", ("links:write",), "to show what is behind a link to a ticket", link=True),
    Need("chat.update", ("chat:write",), "to keep a card up to date instead of posting it again"),
    Need("conversations.history", WORDS, "to read the one message that somebody makes a ticket of with a reaction"),
    Need("conversations.info", CHANNELS, "to look whether a queue's channel is there and who shares it"),
    Need("conversations.open", ("im:write",), "to ask and tell somebody in a direct message"),
    Need("conversations.replies", WORDS, "the same, where that message stands in a thread"),
    Need("files.completeUploadExternal", ("files:write",), "to show a ticket's picture where the ticket is shown, and to hand over a file"),
    Need("files.delete", ("files:write",), "to take back what it handed over, when the file is deleted where it came from"),
    Need("files.getUploadURLExternal", ("files:write",), "the first half of the same"),
    Need("files.info", ("files:read",), "to take a picture or a file from a message into its ticket"),
    Need("oauth.v2.access", (), "to get the token for a workspace in which somebody agreed to the installation"),
    Need("team.profile.get", ("users.profile:read",), "to find the profile field that names somebody's manager, where there is one"),
    Need("users.info", ("users:read", "users:read.email"), "to know the name, time zone and e-mail address of who reports"),
    Need("users.list", ("users:read", "users:read.email"), "to join the members of the workspace to the people of the office's policy"),
    Need("users.profile.get", ("users.profile:read",), "to read that field"),
    Need("views.open", (), "to open a form"),
    Need("views.publish", (), "to show everybody their own start page"),
    Need("views.update", (), "to change a form that is open"),
)

EVENTS: tuple[Need, ...] = (
    Need("app_home_opened", (), "somebody opens their start page"),
    Need("app_mention", ("app_mentions:read",), "somebody mentions the desk"),
    Need("app_uninstalled", (), "the app was removed: nothing is sent there any more"),
    Need("channel_archive", ("channels:read",), "a queue's channel was archived"),
    Need("channel_deleted", ("channels:read",), "a queue's channel was deleted"),
    Need("channel_id_changed", (), "a channel has another id from now on"),
    Need("channel_shared", CHANNELS, "another organisation can read along in a channel"),
    Need("channel_unarchive", ("channels:read",), "a queue's channel is back"),
    Need("file_deleted", ("files:read",), "a file was deleted: what the desk keeps of it goes too"),
    Need("group_archive", ("groups:read",), "a queue's private channel was archived"),
    Need("group_deleted", ("groups:read",), "a queue's private channel was deleted"),
    Need("group_unarchive", ("groups:read",), "a queue's private channel is back"),
    Need("link_shared", ("links:read",), "somebody pastes a link to a ticket", link=True),
    Need("member_joined_channel", CHANNELS, "the desk is brought into a channel that it could not post into"),
    Need("message.channels", ("channels:history",), "words in a channel it was invited to, and in a ticket's thread there"),
    Need("message.groups", ("groups:history",), "the same in a private channel"),
    Need("message.im", ("im:history",), "words said to the desk alone"),
    Need("message.mpim", ("mpim:history",), "words in a conversation of several people with the desk"),
    Need("reaction_added", ("reactions:read",), "a reaction that stands for “make this a ticket”"),
    Need("team_access_granted", (), "installed for a whole enterprise: we were added to more of its workspaces"),
    Need("team_access_revoked", (), "and taken from some of them"),
    Need("team_join", ("users:read",), "a new colleague"),
    Need("tokens_revoked", (), "access was withdrawn: nothing is sent there any more"),
    Need("user_change", ("users:read",), "a colleague has another name or time zone, or has left"),
)

SCOPES: tuple[Scope, ...] = (
    Scope("app_mentions:read", "hear when somebody mentions the desk"),
    Scope("channels:history", "hear reports and follow threads in public channels it was invited to"),
    Scope("channels:read", "know whether a queue's public channel is there, its name, and whether outsiders share it"),
    Scope("chat:write", "post and update cards, and answer", vital=True),
    Scope("commands", "the slash command and the two shortcuts", vital=True),
    Scope("files:read", "take pictures and files from messages into their tickets"),
    Scope("files:write", "show the pictures of a ticket, and hand over files"),
    Scope("groups:history", "the same as channels:history, in private channels it was invited to"),
    Scope("groups:read", "the same as channels:read, for private channels it was invited to"),
    Scope("im:history", "hear what people say to the desk in direct messages"),
    Scope("im:write", "begin a direct message: “is it fixed?”, “please approve”", vital=True),
    Scope("links:read", "hear when a link to a ticket is pasted; other addresses are never told to it"),
    Scope("links:write", "show what is behind a link to a ticket"),
    Scope("mpim:history", "hear what is said in direct messages of several people that the desk is in"),
    Scope("reactions:read", "hear the reaction that stands for “make this a ticket”"),
    Scope("users.profile:read", "know who somebody's manager is, where the workspace's profiles say so"),
    Scope("users:read", "names and time zones of those who report and those who help", vital=True),
    Scope("users:read.email", "join a member of the workspace to the person in the office's policy", vital=True),
)

COMMANDS: tuple[Command, ...] = (
    Command("Report something that needs doing, or look after what was reported", "light above my desk flickers | list | help"),
)

SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("message", "ticket.from_message", "Make this a ticket", "Open a ticket from this message, for whoever wrote it"),
    Shortcut("global", "ticket.report", "Report something", "Say in a form what is wrong or what you need"),
)

FEATURES = frozenset({"commands"})
"""Scopes that come with commands and shortcuts themselves, not with a method or an event: https://docs.slack.dev/reference/scopes/commands"""


# ---------------------------------------------------------------- what is needed


def needs(linked: bool) -> tuple[Need, ...]:
    """Every method and event; without a web address of our own (`linked`), links to tickets do not exist and nothing is asked for them."""
    return tuple(need for need in (*METHODS, *EVENTS) if linked or not need.link)


def scopes(linked: bool) -> tuple[Scope, ...]:
    """Exactly what `needs` and the features need, in alphabetical order."""
    wanted = FEATURES.union(*(need.scopes for need in needs(linked)))
    return tuple(scope for scope in SCOPES if scope.name in wanted)


# ---------------------------------------------------------------- the document


def manifest(command: str, public_url: str | None, *, socket: bool, rotate_tokens: bool = False) -> Json:
    """The manifest as plain data. `socket`: Slack is called by us (Socket Mode), else it calls `public_url`. Raises NoAddress."""
    base = address(public_url, "Slack") if public_url else None
    if base is None and not socket:
        raise NoAddress("Without Socket Mode, Slack has to reach the desk: it needs an address that begins with https://.")
    called = None if socket else base
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "background_color": COLOUR,
            "long_description": LONG_DESCRIPTION,
        },
        "features": _features(command, base, called),
        "oauth_config": _oauth(base, called),
        "settings": _settings(base, called, rotate_tokens),
    }


def _features(command: str, base: str | None, called: str | None) -> Json:
    unfurled = {"unfurl_domains": [urlsplit(base).hostname]} if base else {}
    return {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": NAME, "always_online": True},
        "shortcuts": [
            {"name": one.name, "type": one.kind, "callback_id": one.callback_id, "description": one.description} for one in SHORTCUTS
        ],
        "slash_commands": [
            {
                "command": command,
                **_called("url", called),
                "description": one.description,
                "usage_hint": one.usage_hint,
                "should_escape": True,
            }
            for one in COMMANDS
        ],
        **unfurled,
    }


def _oauth(base: str | None, called: str | None) -> Json:
    redirect = {"redirect_urls": [f"{called}{REDIRECT_PATH}"]} if called else {}
    return {**redirect, "scopes": {"bot": [scope.name for scope in scopes(base is not None)]}}


def _settings(base: str | None, called: str | None, rotate_tokens: bool) -> Json:
    heard = [need.name for need in EVENTS if base or not need.link]
    return {
        "event_subscriptions": {**_called("request_url", called), "bot_events": heard},
        "interactivity": {"is_enabled": True, **_called("request_url", called), **_called("message_menu_options_url", called)},
        "org_deploy_enabled": True,
        "socket_mode_enabled": called is None,
        "token_rotation_enabled": rotate_tokens,
    }


def _called(field: str, called: str | None) -> Mapping[str, str]:
    return {field: f"{called}{EVENTS_PATH}"} if called else {}


def as_yaml(document: Json) -> str:
    """As YAML text, in the order of the document."""
    yaml, written = YAML(), StringIO()
    yaml.width = WIDTH
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(document, written)
    return written.getvalue()
