"""conversations.*"""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked, page
from bot.sandbox.slack.model import Channel, Json
from bot.sandbox.slack.shapes import channel_json

READ_SCOPE = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def info(asked: Asked) -> Json:
    """One conversation; `channel_not_found` also for a private one that the app is not in."""
    channel = asked.channel()
    asked.needs(READ_SCOPE[channel.kind])
    return {"ok": True, "channel": channel_json(asked.world, channel)}


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
