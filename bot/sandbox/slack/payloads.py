"""The bodies of requests to the bot, in the shapes of docs.slack.dev (events API, slash commands, interaction payloads)."""

import itertools
import json
import re
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.slack.model import Channel, Message, User
from bot.sandbox.slack.shapes import message_json
from bot.sandbox.slack.text import unescape
from bot.sandbox.slack.world import World

Json = dict[str, Any]
_events = itertools.count(1)
_UNSAFE = re.compile(rb"[^A-Za-z0-9_.~-]")
_SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}


def subscription(world: World, event: Json) -> str:
    """The name under which the app's manifest lists this event."""
    if event["type"] != "message":
        return str(event["type"])
    return _SUBSCRIPTIONS[world.channels[event["channel"]].kind]


def envelope(world: World, event: Json, now: float) -> Json:
    """The Events API's outer object."""
    number = next(_events)
    channel = world.channels.get(event["channel"]) if isinstance(event.get("channel"), str) else None
    grid, team = world.enterprise, (channel.team if channel else "") or world.team
    wide = bool(grid and grid.wide)
    who = {"enterprise_id": grid.id if grid else None, "team_id": None if wide else world.team, "user_id": world.app.user, "is_bot": True}
    return {
        "token": world.app.verification,
        "team_id": team,
        **({"enterprise_id": grid.id, "context_team_id": team, "context_enterprise_id": grid.id} if grid else {}),
        "api_app_id": world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{world.team[1:]}{number:08d}",
        "event_time": int(now),
        "authorizations": [{**who, "is_enterprise_install": wide}],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": f"4-{number:012x}",
    }


def command_fields(world: World, user: User, channel: Channel, command: str, text: str) -> dict[str, str]:
    """A slash command's form fields, still without trigger_id and response_url."""
    names = {"im": "directmessage", "group": "privategroup", "mpim": f"mpdm-{channel.id}"}
    grid = world.enterprise
    return {
        "token": world.app.verification,
        "team_id": user.team if grid and grid.wide else world.team,
        **({"enterprise_id": grid.id, "enterprise_name": grid.name} if grid else {}),
        "team_domain": world.domain,
        "channel_id": channel.id,
        "channel_name": names.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": world.app.id,
        "is_enterprise_install": "true" if grid and grid.wide else "false",
    }


def interaction(world: World, kind: str, user: User, **more: Any) -> Json:
    """What all interaction payloads share."""
    grid = world.enterprise
    enterprise = {"enterprise_id": grid.id, "enterprise_name": grid.name} if grid else {}
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "api_app_id": world.app.id,
        "token": world.app.verification,
        "team": {"id": user.team if grid and grid.wide else world.team, "domain": world.domain, **enterprise},
        "enterprise": {"id": grid.id, "name": grid.name} if grid else None,
        "is_enterprise_install": bool(grid and grid.wide),
        **more,
    }


def form_body(payload: Json) -> bytes:
    """An interaction as Slack sends it: one form field `payload` that holds JSON.

    Of a long one `urllib` looks at every letter by itself, which takes a tenth of a second for what a large form may hold.
    """
    return b"payload=" + _UNSAFE.sub(_quoted, json.dumps(payload).encode())


def _quoted(byte: re.Match[bytes]) -> bytes:
    return b"+" if byte[0] == b" " else b"%%%02X" % ord(byte[0])


def channel_stub(channel: Channel) -> Json:
    """The channel in an interaction payload."""
    names = {"im": "directmessage", "group": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def typed_event(world: World, message: Message) -> Json:
    """The `message` event for what a person wrote."""
    channel = world.channels[message.channel]
    place = {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind, "client_msg_id": f"{message.ts}-{message.user}"}
    return message_json(world, message) | place


def mention_event(world: World, message: Message) -> Json:
    """The `app_mention` event, which comes beside the `message` event and has no channel_type."""
    event = typed_event(world, message)
    del event["channel_type"]
    event.pop("subtype", None)
    return event | {"type": "app_mention"}


def link_event(world: World, user: User, text: str, message: Message | None) -> Json | None:
    """The `link_shared` event for the app's links in what was written, or (without a message) is being written; None if there are none."""
    urls = [url for url in dict.fromkeys(re.findall(r"<(https?://[^<>|]+)(?:\|[^<>]*)?>", unescape(text))) if _is_told(world, url)]
    if not urls or user.stranger:
        return None  # of what members of other organisations write, the app is not told
    ts = message.ts if message else f"{user.id}-{world.new_id('L')}"
    channel = message.channel if message else "COMPOSER"
    unfurl_id = f"{channel}.{ts}.{next(_events):016x}" if message else ts
    world.unfurl_ids[unfurl_id] = (channel, ts)
    known = world.channels.get(channel)
    thread = {"thread_ts": message.thread_ts} if message and message.thread_ts else {}
    return {
        "type": "link_shared",
        "channel": channel,
        "is_bot_user_member": message is None or (known is not None and world.app.user in known.members),
        "user": user.id,
        "message_ts": ts,
        "unfurl_id": unfurl_id,
        "source": "conversations_history" if message else "composer",
        "links": [{"domain": urlsplit(url).hostname, "url": url} for url in urls],
        "event_ts": world.new_ts(),
        **thread,
    }


def _is_told(world: World, url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in world.app.unfurl_domains)
