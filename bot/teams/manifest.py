"""The app's manifest: what Deskbell asks of a Microsoft Teams tenant, and the document that Teams takes, version 1.29.

Fields: https://learn.microsoft.com/microsoft-365/extensibility/schema/ - permissions in one team or chat only, agreed to by its owner:
https://learn.microsoft.com/microsoftteams/platform/graph-api/rsc/resource-specific-consent
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from bot.public import address
from bot.web.about import PRIVACY, TERMS

Json = dict[str, Any]

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json"
MANIFEST_VERSION = "1.29"
NAME = "Deskbell"
FULL_NAME = "Deskbell, the bell on your office's front desk"
DESCRIPTION = "Ring once for anything that needs doing; it stops when you say that it is done."
LONG_DESCRIPTION = (
    "Deskbell is the bell on your office's front desk. Say in a few words what is wrong or what you need: in a chat with it, by "
    "mentioning it, or from the menu of somebody's message. It finds out whose it is, tells them in their channel, keeps one card true "
    "from the first word to the last, promises when you hear of it, and asks you at the end whether it is really done. It posts nowhere "
    "uninvited and mentions nobody who is not concerned; what it reads stays on your own server, and nothing is trained with it. "
    "To begin, write to it: the light above my desk flickers. Or write: help."
)
ONLY_MENTIONS = "In channels and group chats it hears only what mentions it, and its own cards."
READING = (
    "It asks to read the messages of the channels and chats that it was added to: so it hears an answer in a ticket's thread that does "
    "not mention it. It keeps what belongs to a ticket, and nothing else."
)
COLOUR = "#1f4e5f"

FROM_MESSAGE = "ticket.from_message"
REPORT = "ticket.report"
FIND = "ticket.find"
WORDS = "words"
"""The ids of the message extension's three commands, and the name of what is searched for."""

READ_CHANNELS = ("ChannelMessage.Read.Group", "ChatMessage.Read.Chat")


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as Teams lists it: the title is put into the compose box."""

    title: str
    description: str


ISSUE = "issue"
COMMANDS: tuple[Entry, ...] = (
    Entry(ISSUE, "Say what is wrong or what you need: issue light above my desk flickers"),
    Entry("private", "Report something that only those who work on it see: private my pay is wrong"),
    Entry("list", "Your tickets"),
    Entry("list queue", "The tickets of those you work for"),
    Entry("list late", "Those of them that are late"),
    Entry("show", "One of them, by its number: show 142"),
    Entry("find", "Look tickets up: find projector"),
    Entry("who", "Who looks after something: who printers"),
    Entry("home", "What concerns you"),
    Entry("help", "What the desk can do"),
)
"""What the desk answers; `issue` stands for anything that is said to it."""


def manifest(app_id: str, public_url: str, *, read_channels: bool = False, release: str = "") -> Json:
    """The manifest as plain data. `release`: another version than the package's. Raises NoAddress.

    The app's own id is that of its bot: one registration, one app.
    """
    base = address(public_url, "Teams")
    host = urlsplit(base).hostname or ""
    return {
        "$schema": SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": release or semver(version("deskbell")),
        "id": app_id,
        "developer": {"name": NAME, "websiteUrl": base, "privacyUrl": f"{base}{PRIVACY}", "termsOfUseUrl": f"{base}{TERMS}"},
        "name": {"short": NAME, "full": FULL_NAME},
        "description": {"short": DESCRIPTION, "full": f"{LONG_DESCRIPTION}\n\n{READING if read_channels else ONLY_MENTIONS}"},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": COLOUR,
        "bots": [_bot(app_id)],
        "composeExtensions": [_extension(app_id, host)],
        "validDomains": [host],
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        **(_reading(app_id) if read_channels else {}),
    }


def semver(release: str) -> str:
    """The three numbers of a version of the package: Teams wants no more, and no less."""
    numbers = re.match(r"\d+(\.\d+){0,2}", release)
    found = [str(int(part)) for part in numbers[0].split(".")] if numbers else []
    return ".".join([*found, "0", "0", "0"][:3])


def _bot(app_id: str) -> Json:
    """In a chat with the desk alone there are no slash commands, and everything said there is for it anyway. Behind a mention the title
    of an entry is put into the person's own words, and "issue" would begin their report: to report something, nothing is chosen there.
    """
    commands = [{"title": one.title, "description": one.description} for one in COMMANDS]
    spoken = [one for one in commands if one["title"] != ISSUE]
    return {
        "botId": app_id,
        "scopes": ["team", "personal", "groupChat"],
        "supportsTargetedMessages": True,
        "supportsFiles": True,
        "commandLists": [
            {"triggers": ["slash"], "scopes": ["team", "groupChat"], "commands": commands},
            {"triggers": ["mention"], "scopes": ["team", "groupChat"], "commands": spoken},
            {"triggers": ["mention"], "scopes": ["personal"], "commands": spoken},
        ],
    }


def _extension(app_id: str, host: str) -> Json:
    """`host`: whose addresses are shown as what they lead to when somebody pastes one."""
    return {
        "botId": app_id,
        "commands": [
            {
                "id": FROM_MESSAGE,
                "type": "action",
                "context": ["message"],
                "title": "Make this a ticket",
                "description": "Open a ticket from this message, for whoever wrote it",
                "fetchTask": True,
            },
            {
                "id": REPORT,
                "type": "action",
                "context": ["compose", "commandBox"],
                "title": "Report something",
                "description": "Say what is wrong or what you need, from anywhere",
                "fetchTask": True,
            },
            {
                "id": FIND,
                "type": "query",
                "context": ["compose", "commandBox"],
                "title": "Find a ticket",
                "description": "Look a ticket up and put its card here",
                "initialRun": True,
                "parameters": [{"name": WORDS, "title": "Words or number", "description": "projector, or 142", "inputType": "text"}],
            },
        ],
        "messageHandlers": [{"type": "link", "value": {"domains": [host]}}],
    }


def _reading(app_id: str) -> Json:
    return {
        "webApplicationInfo": {"id": app_id, "resource": f"api://botid-{app_id}"},
        "authorization": {"permissions": {"resourceSpecific": [{"name": name, "type": "Application"} for name in READ_CHANNELS]}},
    }
