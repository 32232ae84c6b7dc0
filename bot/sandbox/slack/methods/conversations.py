"""conversations.*"""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked, page
from bot.sandbox.slack.model import Channel, Json, Message
from bot.sandbox.slack.shapes import channel_json, message_json

READ_SCOPE = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY_SCOPE = {"channel": "channels:history", "group": "groups:history", "im": "im:history", "mpim": "mpim:history"}
TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def info(asked: Asked) -> Json:
    """One conversation; `channel_not_found` also for a private one that the app is not in."""
    channel = asked.channel()
    asked.needs(READ_SCOPE[channel.kind])
    return {"ok": True, "channel": channel_json(asked.world, channel)}


def history(asked: Asked) -> Json:
    """The messages of a conversation the app is in, newest first, without answers in threads; `not_in_channel`."""
    channel = _read(asked)
    return _between(asked, [one for one in channel.messages.values() if one.thread_ts in (None, one.ts)])


def replies(asked: Asked) -> Json:
    """A thread: the message at `ts` with the answers under it, or one answer alone; `thread_not_found`."""
    channel, ts = _read(asked), asked.text("ts")
    if ts not in channel.messages:
        raise SlackError("thread_not_found")
    return _between(asked, [channel.messages[ts], *channel.replies(ts)])


def _read(asked: Asked) -> Channel:
    channel = asked.channel()
    asked.needs(HISTORY_SCOPE[channel.kind])
    if asked.world.app.user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(asked: Asked, messages: list[Message]) -> Json:
    """Those between `oldest` and `latest`; with `inclusive` these two as well."""
    oldest, latest, inclusive = float(asked.maybe("oldest") or 0), float(asked.maybe("latest") or "inf"), asked.flag("inclusive")
    found = [one for one in messages if oldest < float(one.ts) < latest or (inclusive and float(one.ts) in (oldest, latest))]
    newest = sorted(found, key=lambda one: one.ts, reverse=True)[: int(asked.maybe("limit") or 100)]
    return {"ok": True, "messages": [message_json(asked.world, one) for one in newest], "has_more": len(newest) < len(found)}


def members(asked: Asked) -> Json:
    """The ids of those who are in it."""
    channel = asked.channel()
    asked.needs(READ_SCOPE[channel.kind])
    listed = page(asked, [{"id": member} for member in channel.members], "members")
    return listed | {"members": [one["id"] for one in listed["members"]]}


def everything(asked: Asked) -> Json:
    """The conversations of the wanted `types` (default public_channel): public ones, and those that the app is in."""
    kinds = []
    for name in (asked.maybe("types") or "public_channel").split(","):
        if name.strip() not in TYPES:
            raise SlackError("invalid_types")
        kinds.append(TYPES[name.strip()])
        asked.needs(READ_SCOPE[kinds[-1]])
    known = [one for one in asked.world.channels.values() if one.kind in kinds and _visible(asked, one)]
    return page(asked, [channel_json(asked.world, one) for one in known], "channels")


def _visible(asked: Asked, channel: Channel) -> bool:
    if channel.archived and asked.flag("exclude_archived"):
        return False
    return channel.kind == "channel" or asked.world.app.user in channel.members


def join(asked: Asked) -> Json:
    """Join a public channel: `channel_not_found`, `is_archived`, `method_not_supported_for_channel_type`."""
    channel = asked.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    answer: Json = {"ok": True}
    app = asked.world.app
    if app.user in channel.members:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    else:
        channel.members.append(app.user)
        event = {"type": "member_joined_channel", "user": app.user, "channel": channel.id, "channel_type": "C", "team": asked.world.team}
        asked.platform.emit(asked.world, event)
    return answer | {"channel": channel_json(asked.world, channel)}


def open_direct(asked: Asked) -> Json:
    """Open a direct conversation with `users` (ids, comma-separated), or find one by `channel`."""
    if asked.maybe("channel"):
        channel = asked.channel()
        if channel.kind not in ("im", "mpim"):
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(asked, channel, already=True)
    wanted = asked.args.get("users") or ""
    ids = [one.strip() for one in (wanted if isinstance(wanted, list) else str(wanted).split(",")) if one.strip()]
    if not ids:
        raise SlackError("users_list_not_supplied")
    for user_id in ids:
        _can_be_written_to(asked, user_id)
    if len(ids) > 1:
        asked.needs("mpim:write")
    before = len(asked.world.channels)
    channel = asked.world.open_im(ids)
    return _opened(asked, channel, already=len(asked.world.channels) == before)


def _can_be_written_to(asked: Asked, user_id: str) -> None:
    user = asked.world.users.get(user_id)
    if user is None:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")


def _opened(asked: Asked, channel: Channel, *, already: bool) -> Json:
    shape = channel_json(asked.world, channel) if asked.flag("return_im") else {"id": channel.id}
    return {"ok": True, "channel": shape} | ({"no_op": True, "already_open": True} if already else {})
