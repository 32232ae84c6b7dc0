"""What one person has before them in Slack, as the page needs it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.sandbox.slack.model import Channel, Ephemeral, Message, SlackFile, User, View
from bot.sandbox.slack.seen import of_ephemeral, of_message
from bot.sandbox.slack.values import state_of
from bot.sandbox.slack.world import World

Json = dict[str, Any]


def screen(world: World, me: User) -> Json:
    """`conversations` that this person is in, their `messages` by time, the uppermost `modal` and the app's `home`."""
    channels = [one for one in world.channels.values() if me.id in one.members]
    modal, home = world.modal(me.id), world.homes.get(me.id)
    notes = [_note(world, one) for one in world.ephemerals if one.to == me.id and one.shown]
    messages = [_message(world, one) for channel in channels for one in channel.messages.values()]
    return {
        "chat": "slack",
        "me": me.id,
        "name": world.team_name,
        "app": {"user": world.app.user, "name": world.app.name},
        "people": {one.id: _person(one) for one in world.users.values()},
        "conversations": [_conversation(world, one) for one in channels],
        "messages": sorted(messages + notes, key=lambda one: str(one["id"])),
        "modal": _view(world, modal) if modal else None,
        "home": _view(world, home) if home else None,
    }


def _person(user: User) -> Json:
    return {"handle": user.name, "name": user.real_name, "bot": user.is_bot, "gone": user.deleted}


def _conversation(world: World, channel: Channel) -> Json:
    app = channel.kind == "im" and world.app.user in channel.members
    facts = {"id": channel.id, "name": channel.name, "kind": channel.kind, "archived": channel.archived, "app": app}
    return facts | {"members": [one for one in channel.members if one in world.users]}


def _message(world: World, message: Message) -> Json:
    seen = of_message(world, message)
    files = [_file(world.files[one]) for one in message.files]
    more = {"files": files, "reactions": seen.reactions, "edited": seen.edited, "gone": message.subtype == "tombstone"}
    return _common(message) | more | {"broadcast": message.broadcast, "kind": "message", "author": message.user, "raw": seen.raw}


def _note(world: World, note: Ephemeral) -> Json:
    seen = of_ephemeral(world, note)
    return _common(note) | {"kind": "ephemeral", "author": seen.author, "raw": seen.raw}


def _common(message: Message | Ephemeral) -> Json:
    """`blocks` and `attachments` are as the bot sent them; a person's words have no blocks. `at` in seconds since 1970."""
    facts: Json = {"id": message.ts, "conversation": message.channel, "thread": message.thread_ts, "at": float(message.ts)}
    return facts | {"text": message.text, "blocks": message.blocks, "attachments": message.attachments}


def _file(file: SlackFile) -> Json:
    return {"id": file.id, "name": file.title or file.name, "type": file.mimetype, "size": file.size, "gone": file.deleted}


def _view(world: World, view: View) -> Json:
    """`values` are what is in the fields, by block_id and action_id; `errors` by block_id."""
    values = state_of(world, view.user, view.id, view.blocks)
    facts = asdict(view)
    return {name: facts[name] for name in ("id", "body", "errors", "trouble")} | {"values": values}
