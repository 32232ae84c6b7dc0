"""reactions.*"""

import re

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked
from bot.sandbox.slack.model import Json, Message
from bot.sandbox.slack.world import World


def add(asked: Asked) -> Json:
    """Put an emoji on a message: `invalid_name`, `no_item_specified`, `message_not_found`, `already_reacted`."""
    name, message = _named(asked)
    who = message.reactions.setdefault(name, [])
    if asked.world.app.user in who:
        raise SlackError("already_reacted")
    who.append(asked.world.app.user)
    asked.platform.emit(asked.world, reaction_event(asked.world, asked.world.app.user, message, name))
    return {"ok": True}


def remove(asked: Asked) -> Json:
    """Take the app's emoji off again; `no_reaction` if it is not there."""
    name, message = _named(asked)
    who = message.reactions.get(name, [])
    if asked.world.app.user not in who:
        raise SlackError("no_reaction")
    who.remove(asked.world.app.user)
    if not who:
        del message.reactions[name]
    return {"ok": True}


def reaction_event(world: World, user: str, message: Message, name: str) -> Json:
    """The `reaction_added` event."""
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    return {"type": "reaction_added", "user": user, "item": item, "reaction": name, "item_user": message.user, "event_ts": world.new_ts()}


def _named(asked: Asked) -> tuple[str, Message]:
    name = asked.text("name").strip(":")
    if not re.fullmatch(r"[a-z0-9_'+\-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    if not asked.maybe("channel") or not asked.maybe("timestamp"):
        raise SlackError("no_item_specified")
    return name, asked.world.message(asked.channel().id, asked.text("timestamp"))
