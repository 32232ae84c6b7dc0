"""Sending, changing and taking back activities."""

from typing import Any

from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.methods.asked import Asked
from bot.sandbox.teams.methods.content import MESSAGES, checked, content
from bot.sandbox.teams.model import Conversation, Json, Message


def send(asked: Asked) -> tuple[int, Any]:
    """Post into a conversation, or into the thread that its id names."""
    conversation, root = asked.conversation()
    return 201, deliver(asked, conversation, root, asked.object())


def reply(asked: Asked) -> tuple[int, Any]:
    """Answer an activity. In a channel only the conversation's id decides about the thread, as on the platform."""
    conversation, root = asked.conversation()
    asked.world.message(conversation.id, asked.parts["activity"])
    return 201, deliver(asked, conversation, root, asked.object())


def update(asked: Asked) -> tuple[int, Any]:
    """Replace a message of the bot's own."""
    message = _own(asked)
    _writable(asked.world.conversations[message.conversation])
    activity = asked.object()
    checked(asked, asked.world.conversations[message.conversation], activity)
    if activity["type"] not in MESSAGES:
        raise TeamsError(400, "BadSyntax", "Only messages can be updated.")
    asked.world.rewrite(message, content(activity))
    asked.platform.refresh(message)
    return 200, {"id": message.id}


def delete(asked: Asked) -> tuple[int, Any]:
    """Take back a message of the bot's own."""
    asked.world.erase(_own(asked))
    return 200, None


def deliver(asked: Asked, conversation: Conversation, root: str | None, activity: Json) -> Json:
    """Put an activity into a conversation; the answer with its id.

    Words beside a card become two messages, and then the answer has no id, as on the platform.
    """
    _writable(conversation)
    checked(asked, conversation, activity)
    if activity["type"] not in MESSAGES:
        return {"id": asked.world.new_id()}
    to = _target(asked, conversation, activity)
    if root is not None:
        _in_thread(asked, conversation, root, to)
    parts = _parts(content(activity))
    messages = [_posted(asked, conversation, root, to, one) for one in parts]
    return {"id": messages[0].id} if len(messages) == 1 else {}


def _writable(conversation: Conversation) -> None:
    if conversation.archived:
        raise TeamsError(403, "Forbidden", "The team is archived.")


def _posted(asked: Asked, conversation: Conversation, root: str | None, to: str | None, parts: Json) -> Message:
    message = Message(asked.world.new_id(), conversation.id, asked.world.app.bot, root=root, to=to, **parts)
    asked.world.post(message)
    asked.platform.refresh(message)
    return message


def _parts(whole: Json) -> list[Json]:
    if not (whole["text"] and whole["attachments"]):
        return [whole]
    return [whole | {"attachments": []}, whole | {"text": "", "entities": []}]


def _target(asked: Asked, conversation: Conversation, activity: Json) -> str | None:
    """The only person who shall see it, if the message is a targeted one."""
    if not asked.flag("isTargetedActivity"):
        return None
    if conversation.kind == "personal":
        raise TeamsError(400, "BadArgument", "Targeted messages are not supported in personal chats.")
    user = asked.member(conversation, str((activity.get("recipient") or {}).get("id", "")))
    if user is None:
        raise TeamsError(400, "BadArgument", "The recipient of a targeted message must be a member of the conversation.")
    return user.id


def _in_thread(asked: Asked, conversation: Conversation, root: str, to: str | None) -> None:
    """A thread begins with a message in the channel that is still there; under a private one only that person gets answers."""
    first = conversation.messages.get(root)
    if conversation.kind != "channel" or first is None or first.root is not None:
        raise TeamsError(404, "ConversationNotFound", "The thread does not exist.")
    private = first.to if first.to != asked.world.app.bot else first.user
    if private is not None and to != private:
        raise TeamsError(400, "BadArgument", "A targeted message cannot be replied to in public.")


def _own(asked: Asked) -> Message:
    conversation, root = asked.conversation()
    message = asked.world.message(conversation.id, asked.parts["activity"])
    if root not in (None, message.id, message.root):
        raise TeamsError(404, "ActivityNotFoundInConversation", "The activity is not in this thread.")
    if message.user != asked.world.app.bot:
        raise TeamsError(403, "NotEnoughPermissions", "The bot may change its own messages only.")
    if asked.flag("isTargetedActivity") != (message.to is not None):
        raise TeamsError(404, "ActivityNotFoundInConversation", "Targeted messages are changed with isTargetedActivity, others without.")
    return message
