"""The methods of the Web API. A new method is a function here and a line in `METHODS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.methods import apps, chat, conversations, files, people, reactions, unfurl, views
from bot.sandbox.slack.methods.asked import Asked

Json = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """What runs, the scope it needs ("" for none), and whether it reads JSON bodies (others see no arguments in them)."""

    run: Callable[[Asked], Json]
    scope: str = ""
    json: bool = True


METHODS: Mapping[str, Method] = {
    "apps.connections.open": Method(apps.open_connection),
    "auth.teams.list": Method(people.teams, json=False),
    "auth.test": Method(people.auth_test),
    "users.info": Method(people.info, "users:read", json=False),
    "users.list": Method(people.everyone, "users:read", json=False),
    "users.lookupByEmail": Method(people.lookup_by_email, "users:read.email", json=False),
    "users.profile.get": Method(people.profile, "users.profile:read", json=False),
    "team.profile.get": Method(people.team_profile, "users.profile:read", json=False),
    "conversations.info": Method(conversations.info, json=False),
    "conversations.history": Method(conversations.history, json=False),
    "conversations.replies": Method(conversations.replies, json=False),
    "conversations.join": Method(conversations.join, "channels:join"),
    "conversations.list": Method(conversations.everything, json=False),
    "conversations.members": Method(conversations.members, json=False),
    "conversations.open": Method(conversations.open_direct, "im:write"),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.update": Method(chat.update, "chat:write"),
    "chat.delete": Method(chat.delete, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink, json=False),
    "files.completeUploadExternal": Method(files.complete_upload, "files:write"),
    "files.delete": Method(files.delete, "files:write"),
    "files.getUploadURLExternal": Method(files.get_upload_url, "files:write", json=False),
    "files.info": Method(files.info, "files:read", json=False),
    "chat.unfurl": Method(unfurl.unfurl, "links:write"),
    "reactions.add": Method(reactions.add, "reactions:write"),
    "reactions.remove": Method(reactions.remove, "reactions:write"),
    "views.open": Method(views.open_modal),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
    "views.publish": Method(views.publish),
}

__all__ = ["METHODS", "Asked", "Method"]
