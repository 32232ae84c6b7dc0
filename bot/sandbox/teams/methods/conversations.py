"""New conversations, teams and their channels."""

from typing import Any

from bot.sandbox.rules import Faults, flag, many, string
from bot.sandbox.teams.activities import address, team_json
from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.methods.asked import Asked
from bot.sandbox.teams.methods.sending import deliver
from bot.sandbox.teams.model import Conversation, Json, Team


def create(asked: Asked) -> tuple[int, Any]:
    """Begin a thread in a channel (`isGroup`, `channelData.channel.id`, `activity`), or open the chat with one person (`members`)."""
    body = asked.object()
    _shaped(body)
    channel = ((body.get("channelData") or {}).get("channel") or {}).get("id")
    if channel is not None:
        return _thread(asked, body, str(channel))
    return _chat(asked, body)


def _thread(asked: Asked, body: Json, channel: str) -> tuple[int, Any]:
    if not body.get("isGroup") or not isinstance(body.get("activity"), dict):
        raise TeamsError(400, "BadArgument", "A new thread needs isGroup and an activity.")
    conversation = asked.usable(channel)
    if conversation.kind != "channel":
        raise TeamsError(400, "BadArgument", "Only channels have threads.")
    sent = deliver(asked, conversation, None, body["activity"]).get("id")
    return 201, _resource(asked, address(conversation, sent), sent)


def _chat(asked: Asked, body: Json) -> tuple[int, Any]:
    members = body.get("members") or []
    if body.get("isGroup") or len(members) != 1:
        raise TeamsError(400, "BadArgument", "A bot can open a chat with exactly one person only.")
    named = {name.lower(): value for name, value in body.items()}  # botbuilder writes tenantID, and capitals do not matter to the service
    tenant = named.get("tenantid") or ((body.get("channelData") or {}).get("tenant") or {}).get("id")
    who = next((one for one in asked.world.users.values() if members[0].get("id") in (one.id, one.aad) and not one.deleted), None)
    if who is None:
        raise TeamsError(403, "Forbidden", "The user is not known to the bot.")
    conversation = asked.usable(asked.world.personal(who).id)
    if tenant != asked.world.tenant_of(conversation):
        raise TeamsError(400, "BadArgument", "The tenant is missing or is not that of the person.")
    sent = deliver(asked, conversation, None, body["activity"]).get("id") if body.get("activity") else None
    return 201, _resource(asked, conversation.id, sent)


def _resource(asked: Asked, key: str, sent: str | None) -> Json:
    return {"id": key, "serviceUrl": asked.platform.service_url, **({"activityId": sent} if sent else {})}


def _shaped(body: Json) -> None:
    faults = Faults()
    checks = {"isGroup": flag, "members": many(_account), "tenantId": string(1), "topicName": string(), "bot": _account}
    for name, check in checks.items():
        if body.get(name) is not None:
            check(body[name], f"/{name}", faults)
    for name in ("channelData", "activity"):
        if body.get(name) is not None and not isinstance(body[name], dict):
            faults.add(f"/{name}", "must provide an object")
    if faults.messages:
        raise TeamsError(400, "BadSyntax", "; ".join(faults.messages))


def _account(value: Any, path: str, faults: Faults) -> None:
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        faults.add(path, "must be an account with an id")


def team(asked: Asked) -> tuple[int, Any]:
    """A team's name and group."""
    found = _team(asked)
    return 200, team_json(found) | {"channelCount": len(_channels(asked, found)), "memberCount": len(found.members)}


def channels(asked: Asked) -> tuple[int, Any]:
    """The channels of a team; the General channel has no name."""
    found = _team(asked)
    named = ({"id": one.id} if one.id == found.id else {"id": one.id, "name": one.name} for one in _channels(asked, found))
    return 200, {"conversations": list(named)}


def _team(asked: Asked) -> Team:
    found = asked.world.teams.get(asked.parts["team"])
    if found is None or asked.world.conversations[found.id].deleted:
        raise TeamsError(404, "ConversationNotFound", "Team not found.")
    if not found.installed:
        raise TeamsError(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
    return found


def _channels(asked: Asked, team: Team) -> list[Conversation]:
    return [one for one in asked.world.conversations.values() if one.team is team and not one.deleted]
