"""What a response URL does: up to five answers to an interaction within thirty minutes."""

from bot.sandbox.slack.methods.asked import Asked
from bot.sandbox.slack.methods.chat import message_event
from bot.sandbox.slack.methods.content import content
from bot.sandbox.slack.model import Ephemeral, Json, Message
from bot.sandbox.slack.platform import Platform
from bot.sandbox.slack.tokens import Hook


def respond(platform: Platform, token: str, body: Json) -> Json:
    """Answer an interaction. An answer is for the person alone unless `response_type` is `in_channel`.

    `replace_original` and `delete_original` need an interaction with a message; a command has none. What is replaced stays
    as public or as private as it was. Errors: no_hook, expired_url, used_url (404), else those of a message's content.
    """
    hook = platform.tokens.usable(token)
    asked = Asked(platform, hook.world, body)
    original = _original(hook)
    if asked.flag("delete_original") and original is not None:
        _delete(hook, original)
    else:
        _write(asked, hook, original)
    hook.uses += 1
    return {"ok": True}


def _original(hook: Hook) -> Message | Ephemeral | None:
    if hook.original is None:
        return None
    for note in hook.world.ephemerals:
        if note.ts == hook.original and note.to == hook.user:
            return note
    return hook.world.channels[hook.channel].messages.get(hook.original)


def _delete(hook: Hook, original: Message | Ephemeral) -> None:
    if isinstance(original, Message):
        hook.world.erase(original)
    else:
        hook.world.ephemerals.remove(original)


def _write(asked: Asked, hook: Hook, original: Message | Ephemeral | None) -> None:
    parts = content(asked)
    private = {name: value for name, value in parts.items() if name != "metadata"}
    if asked.flag("replace_original") and original is not None:
        _replace(hook, original, parts, private)
    elif asked.maybe("response_type") == "in_channel":
        message = hook.world.post(hook.world.bot_message(hook.channel, parts, asked.maybe("thread_ts") or None))
        asked.platform.emit(hook.world, message_event(asked, message))
    else:
        hook.world.whisper(hook.channel, hook.user, private)


def _replace(hook: Hook, original: Message | Ephemeral, parts: Json, private: Json) -> None:
    if isinstance(original, Message):
        hook.world.rewrite(original, parts)
        return
    original.text, original.blocks, original.attachments = private["text"], private["blocks"], private["attachments"]
