"""What an activity of the bot's may hold."""

import json
import re
from typing import Any

from bot.sandbox.rules import Check, Faults, at_least_one, many, one_of, string
from bot.sandbox.teams.cards import card_faults
from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.methods.asked import Asked
from bot.sandbox.teams.model import ADAPTIVE, Conversation, Json

MESSAGES = ("message",)
TYPES = (*MESSAGES, "typing")
LARGEST = 28 * 1024
"""Bytes of a whole message as UTF-8 JSON."""
CARDS = {f"application/vnd.microsoft.card.{name}" for name in ("hero", "thumbnail", "signin", "oauth")}
OTHERS = {"application/vnd.microsoft.teams.card.file.consent", "application/vnd.microsoft.teams.card.file.info"}


def checked(asked: Asked, conversation: Conversation, activity: Json) -> None:
    """Refuse what the platform refuses: 413 for too much, 400 for a wrong shape, with the reason."""
    if len(json.dumps(activity, ensure_ascii=False, separators=(",", ":")).encode()) > LARGEST:
        raise TeamsError(413, "MessageSizeTooBig", "Message size too large.")
    faults = activity_faults(asked, activity)
    if activity.get("suggestedActions") and conversation.kind != "personal":
        faults.append("suggestedActions: only in personal chats")
    if faults:
        raise TeamsError(400, "BadArgument", "; ".join(faults))


def content(activity: Json) -> Json:
    """The parts of a message that are kept."""
    return {
        "text": activity.get("text") or "",
        "attachments": activity.get("attachments") or [],
        "entities": activity.get("entities") or [],
        "summary": activity.get("summary") or "",
        "text_format": activity.get("textFormat") or "markdown",
    }


def activity_faults(asked: Asked, activity: Json) -> list[str]:
    """What is wrong with an activity. Fields that nobody knows are left alone, as on the platform."""
    faults = Faults()
    for name, check in _FIELDS.items():
        if name in activity and activity[name] is not None:
            check(activity[name], f"/{name}", faults)
    if activity.get("type") not in TYPES:
        faults.add("/type", f"must be one of: {', '.join(TYPES)}")
    elif activity["type"] == "message" and not faults.messages:
        if not (activity.get("text") or activity.get("attachments")):
            at_least_one("text", "attachments")({}, "", faults)
        _attached(asked, activity, faults)
        _mentions(asked, activity, faults)
    return faults.messages


def _object(value: Any, path: str, faults: Faults) -> None:
    if not isinstance(value, dict):
        faults.add(path, "must provide an object")


_FIELDS: dict[str, Check] = {
    "type": string(1),
    "text": string(),
    "summary": string(),
    "textFormat": one_of("plain", "markdown", "xml"),
    "attachmentLayout": one_of("list", "carousel"),
    "importance": one_of("low", "normal", "high", "urgent"),
    "attachments": many(_object, 0, 10),
    "entities": many(_object),
    "channelData": _object,
    "from": _object,
    "recipient": _object,
    "conversation": _object,
    "suggestedActions": _object,
    "replyToId": string(),
    "locale": string(),
}


def _attached(asked: Asked, activity: Json, faults: Faults) -> None:
    for index, one in enumerate(activity.get("attachments") or []):
        path, kind = f"/attachments/{index}", one.get("contentType")
        if not isinstance(kind, str) or not kind:
            faults.add(path, "missing required field: contentType")
        elif kind == ADAPTIVE:
            faults.messages += card_faults(one.get("content"), lambda who: _known(asked, who), f"{path}/content")
        elif kind in CARDS | OTHERS:
            _object(one.get("content"), f"{path}/content", faults)
        elif not (kind.startswith("image/") and str(one.get("contentUrl", "")).startswith(("https://", "http://", "data:"))):
            faults.add(path, f"unsupported contentType: {kind}")


def _mentions(asked: Asked, activity: Json, faults: Faults) -> None:
    """What is said of a mention stands in the text, and all `<at>` in the text are said of."""
    text = activity.get("text") or ""
    mentions = [one for one in activity.get("entities") or [] if one.get("type") == "mention"]
    for one in mentions:
        if one.get("text", "") not in text or not re.fullmatch(r"<at>.+?</at>", str(one.get("text", "")), re.DOTALL):
            faults.add("/entities", "the text of a mention must stand in the message's text")
        if not _known(asked, str((one.get("mentioned") or {}).get("id", ""))):
            faults.add("/entities", "the mentioned id is not known in this tenant")
    texts = {one.get("text") for one in mentions}
    for found in re.findall(r"<at>.*?</at>", text, re.DOTALL):
        if found not in texts:
            faults.add("/text", f"no entity says whom {found} mentions")


def _known(asked: Asked, who: str) -> bool:
    return who == asked.world.app.bot or any(who in (one.id, one.aad, one.email) for one in asked.world.users.values())
