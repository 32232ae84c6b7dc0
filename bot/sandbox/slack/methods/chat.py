"""chat.*"""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked
from bot.sandbox.slack.methods.content import content
from bot.sandbox.slack.model import Channel, Json, Message
from bot.sandbox.slack.shapes import message_json


def post_message(asked: Asked) -> Json:
    """Post into a conversation, a thread of it, or (with a user's id as `channel`) the direct conversation with that person."""
    channel = writable(asked, _direct(asked) or asked.channel())
    parts = content(asked)
    message = asked.world.bot_message(channel.id, parts, parent(asked, channel))
    message.broadcast = asked.flag("reply_broadcast") and message.thread_ts is not None
    asked.world.post(message)
    asked.platform.emit(asked.world, message_event(asked, message))
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message_json(asked.world, message)}


def post_ephemeral(asked: Asked) -> Json:
    """Show a message to one member of a conversation; `user_not_in_channel` for all others."""
    channel = writable(asked, asked.channel())
    user = asked.user()
    if user.deleted or user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    parts = {name: value for name, value in content(asked).items() if name != "metadata"}
    note = asked.world.whisper(channel.id, user.id, parts, thread_ts=parent(asked, channel))
    return {"ok": True, "message_ts": note.ts}


def update(asked: Asked) -> Json:
    """Rewrite a message of the app's own. Text without blocks takes the blocks away."""
    channel, message = _own(asked, "cant_update_message")
    before = asked.world.rewrite(message, content(asked, update=True))
    shape = message_json(asked.world, message)
    shown = {"message": shape, "previous_message": message_json(asked.world, before)}
    asked.platform.emit(asked.world, changed(asked, channel, "message_changed", shown))
    return {"ok": True, "channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


def delete(asked: Asked) -> Json:
    """Delete a message of the app's own."""
    channel, message = _own(asked, "cant_delete_message")
    before = {"deleted_ts": message.ts, "previous_message": message_json(asked.world, message)}
    asked.world.erase(message)
    asked.platform.emit(asked.world, changed(asked, channel, "message_deleted", before))
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def get_permalink(asked: Asked) -> Json:
    """The address of a message."""
    channel = asked.channel()
    message = asked.world.message(channel.id, asked.text("message_ts"))
    link = f"https://{asked.world.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def message_event(asked: Asked, message: Message) -> Json:
    """The `message` event that tells of a new message."""
    channel = asked.world.channels[message.channel]
    place = {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
    return message_json(asked.world, message) | place


def changed(asked: Asked, channel: Channel, subtype: str, more: Json) -> Json:
    """The hidden `message` event that tells of a change."""
    ts = asked.world.new_ts()
    head = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id, "channel_type": channel.kind}
    return head | {"ts": ts, "event_ts": ts} | more


def _direct(asked: Asked) -> Channel | None:
    user = asked.world.users.get(asked.text("channel"))
    if user is None:
        return None
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deleted:
        raise SlackError("channel_not_found")
    if not asked.world.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return asked.world.open_im([user.id])


def writable(asked: Asked, channel: Channel) -> Channel:
    """The channel, if the app may write there."""
    if channel.archived:
        raise SlackError("is_archived")
    public = channel.kind == "channel" and "chat:write.public" in asked.world.app.scopes
    if asked.world.app.user not in channel.members and not public:
        raise SlackError("not_in_channel")
    return channel


def parent(asked: Asked, channel: Channel) -> str | None:
    """The thread to write in. Slack's pages say to name the parent, never a reply; both mistakes are errors here."""
    ts = asked.maybe("thread_ts")
    if not ts:
        return None
    parent = channel.messages.get(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.thread_ts and parent.thread_ts != ts:
        raise SlackError("cannot_reply_to_message")
    return ts


def _own(asked: Asked, error: str) -> tuple[Channel, Message]:
    channel = asked.channel()
    message = asked.world.message(channel.id, asked.text("ts"))
    if message.bot_id != asked.world.app.bot_id:
        raise SlackError(error)
    return channel, message
