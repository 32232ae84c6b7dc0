"""What one person has before them in Teams, as the page needs it."""

from __future__ import annotations

import copy
from typing import Any

from bot.sandbox.teams.model import Conversation, Dialog, Message, User
from bot.sandbox.teams.seen import of_message, reaches
from bot.sandbox.teams.widgets import actions
from bot.sandbox.teams.world import World

Json = dict[str, Any]
NUMBER = "$n"
"""The key under which an action of a card has its place among all that can be pressed on it."""


def screen(world: World, me: User) -> Json:
    """`conversations` that this person is in, their `messages` by time, the `dialog` that is open, and the cards in the `composer`."""
    chats = [one for one in world.conversations.values() if me.id in one.members and not one.deleted]
    messages = [_message(world, one, me) for chat in chats for one in chat.messages.values() if reaches(world, one, me)]
    dialog = world.dialogs.get(me.id)
    return {
        "chat": "teams",
        "me": me.id,
        "zone": me.tz,
        "name": world.domain,
        "app": {"user": world.app.bot, "name": world.app.name},
        "people": {world.app.bot: {"handle": "deskbell", "name": world.app.name, "bot": True, "gone": False}}
        | {one.id: _person(one) for one in world.users.values()},
        "conversations": [_conversation(one) for one in chats],
        "messages": sorted(messages, key=lambda one: int(one["id"])),
        "dialog": _dialog(dialog) if dialog else None,
        "composer": [one["content"] for one in world.composers.get(me.id, [])],
    }


def numbered(card: Json | None) -> Json | None:
    """The card with the number of each action in it, by which the page says what was pressed."""
    marked = copy.deepcopy(card)
    for at, action in enumerate(actions(marked)):
        action[NUMBER] = at
    return marked


def _person(user: User) -> Json:
    return {"handle": user.name, "name": user.real_name, "bot": False, "gone": user.deleted, "aad": user.aad}


def _conversation(chat: Conversation) -> Json:
    team = {"id": chat.team.id, "name": chat.team.name} if chat.team else None
    return {"id": chat.id, "name": chat.name, "kind": chat.kind, "team": team, "app": chat.installed, "members": chat.members}


def _message(world: World, message: Message, me: User) -> Json:
    seen = of_message(world, message, me)
    files = [
        {"id": one.id, "name": one.name, "type": one.mimetype, "size": len(one.data), "gone": one.deleted} for one in _files(world, message)
    ]
    return {
        "kind": seen.kind,
        "id": message.id,
        "conversation": message.conversation,
        "thread": message.root,
        "at": int(message.id) / 1000,
        "author": message.user,
        "text": message.text,
        "format": message.text_format,
        "card": numbered(seen.card),
        "attachments": message.attachments,
        "summary": message.summary,
        "files": files,
        "reactions": seen.reactions,
        "edited": message.edited,
        "own": seen.own,
        "trouble": message.trouble,
        "raw": seen.raw,
    }


def _files(world: World, message: Message) -> list[Any]:
    return [world.files[one] for one in message.files]


def _dialog(dialog: Dialog) -> Json:
    """`drafts` by the field's id; `errors`, by its label, are the client's own: what the bot says of a field stands in its card."""
    facts: Json = {"id": dialog.id, "title": dialog.title, "text": dialog.text, "drafts": dialog.drafts, "trouble": dialog.trouble}
    where = dialog.conversation.partition(";")[0]
    return facts | {"card": numbered(dialog.card), "errors": dialog.errors, "conversation": where}
