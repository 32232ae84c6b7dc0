"""The bodies of requests to the bot, in the shapes of learn.microsoft.com (conversation events, messages, invokes)."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.sandbox.teams.model import Conversation, Json, Message, Team, User
from bot.sandbox.teams.platform import Platform
from bot.sandbox.teams.world import World

CLIENT = {"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Windows"}


def iso(seconds: float) -> str:
    """A time as activities carry it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local(platform: Platform, user: User) -> Json:
    """The person's own time, which what they write carries."""
    there = datetime.fromtimestamp(platform.clock(), ZoneInfo(user.tz))
    return {"locale": user.locale, "localTimezone": user.tz, "localTimestamp": there.isoformat(timespec="milliseconds")}


def account(user: User) -> Json:
    """A person in an activity."""
    return {"id": user.id, "name": user.real_name, **({"aadObjectId": user.aad} if user.aad else {})}


def bot_account(world: World) -> Json:
    """The bot in an activity."""
    return {"id": world.app.bot, "name": world.app.name}


def address(conversation: Conversation, root: str | None) -> str:
    """The id of a conversation with the thread in it, where it has threads."""
    return f"{conversation.id};messageid={root}" if root and conversation.kind == "channel" else conversation.id


def conversation_json(world: World, conversation: Conversation, root: str | None = None) -> Json:
    """A conversation in an activity."""
    group = {} if conversation.kind == "personal" else {"isGroup": True}
    return {**group, "conversationType": conversation.kind, "tenantId": world.tenant_of(conversation), "id": address(conversation, root)}


def channel_data(world: World, conversation: Conversation, **more: Any) -> Json:
    """What Teams adds to an activity."""
    place: Json = {}
    if conversation.team:
        place = {"teamsChannelId": conversation.id, "teamsTeamId": conversation.team.id, "channel": {"id": conversation.id}}
        if conversation.shared:
            place["channel"]["type"] = "shared"
        place["team"] = team_json(conversation.team)
    return {**place, "tenant": {"id": world.tenant_of(conversation)}, **more}


def team_json(team: Team) -> Json:
    """A team in channelData."""
    return {"id": team.id, "name": team.name, "aadGroupId": team.aad}


def activity(platform: Platform, kind: str, who: User, conversation: Conversation, root: str | None = None, **more: Any) -> Json:
    """What all activities share; `more` goes on top."""
    world = platform.world
    return {
        "type": kind,
        "id": f"f:{world.new_guid()}",
        "timestamp": iso(platform.clock()),
        "serviceUrl": platform.service_url,
        "channelId": "msteams",
        "from": account(who),
        "recipient": bot_account(world),
        "conversation": conversation_json(world, conversation, root),
        "channelData": channel_data(world, conversation),
        **more,
    }


def message_activity(platform: Platform, message: Message, kind: str = "message", **more: Any) -> Json:
    """What a person wrote, as `message`, `messageUpdate` or `messageDelete`."""
    world = platform.world
    conversation, who = world.conversations[message.conversation], world.users[message.user]
    root = message.root or message.id
    body = activity(platform, kind, who, conversation, root, id=message.id)
    if message.root:
        body["replyToId"] = message.root
    if message.to:
        body["recipient"] = body["recipient"] | {"isTargeted": True}
    if kind != "messageDelete":
        client = CLIENT | {"timezone": who.tz}
        body |= {"text": message.text, "textFormat": "plain", **local(platform, who)}
        body["entities"] = [*message.entities, client]
        if attached := attachments(platform, message):
            body["attachments"] = attached
    return body | more


def attachments(platform: Platform, message: Message) -> list[Json]:
    """The files of a message, and after them its HTML form."""
    world = platform.world
    shown = [_file(platform, message, one) for one in message.files]
    page = _html(world, message)
    return [one for one in shown if one] + ([{"contentType": "text/html", "content": page}] if page else [])


def _file(platform: Platform, message: Message, key: str) -> Json | None:
    """Pictures come everywhere, other files only in the personal chat; of those elsewhere the bot gets no more than their place."""
    file = platform.world.files[key]
    if _is_picture(platform.world, key):
        return {"contentType": file.mimetype, "contentUrl": f"{platform.service_url}v3/attachments/{file.id}/views/original"}
    if platform.world.conversations[message.conversation].kind != "personal":
        return None
    content = {
        "downloadUrl": f"{platform.base_url}/download/{file.id}",
        "uniqueId": file.id,
        "fileType": file.name.rpartition(".")[2],
    }
    where = _lies(platform.world, "personal", key)
    return {"contentType": "application/vnd.microsoft.teams.file.download.info", "contentUrl": where, "name": file.name, "content": content}


def _is_picture(world: World, key: str) -> bool:
    return world.files[key].mimetype.startswith("image/")


def _html(world: World, message: Message) -> str:
    kind = world.conversations[message.conversation].kind
    links = [f'<attachment id="{one}"></attachment>' for one in message.files if kind != "personal" and not _is_picture(world, one)]
    return f"<p>{_with_mentions(message)}</p>{''.join(links)}" if message.entities or message.files else ""


def _with_mentions(message: Message) -> str:
    pieces = re.split(r"<at>(.*?)</at>", message.text)
    span = '<span itemtype="http://schema.skype.com/Mention" itemscope="" itemid="{}">{}</span>'
    shown = [span.format(n // 2, one) if n % 2 else one for n, one in enumerate(pieces)]
    return "".join(shown).replace("</span> ", "</span>&nbsp;")


def value_activity(platform: Platform, who: User, where: str, reply_to: str, **more: Any) -> Json:
    """What a plain Action.Submit sends: a message that carries the card's data as its `value`."""
    conversation, root = _place(platform, where)
    told = {"id": platform.world.new_id(), "replyToId": reply_to, **local(platform, who), **more}
    return activity(platform, "message", who, conversation, root, **told)


def _place(platform: Platform, where: str) -> tuple[Conversation, str | None]:
    key, _, root = where.partition(";messageid=")
    return platform.world.conversations[key], root or None


def invoke(platform: Platform, who: User, where: str, name: str, value: Json, **more: Any) -> Json:
    """An invoke; `where` is the conversation's id with its thread."""
    conversation, root = _place(platform, where)
    data = channel_data(platform.world, conversation, source={"name": more.pop("source", "message")})
    client = CLIENT | {"timezone": who.tz}
    body = activity(platform, "invoke", who, conversation, root, name=name, value=value, locale=who.locale, entities=[client])
    return body | {"channelData": data} | more


def card_action(platform: Platform, who: User, where: str, reply_to: str, action: Json, trigger: str = "manual") -> Json:
    """The invoke of an Action.Execute; `action` has type, verb and data, and id and title where the card gives them."""
    return invoke(platform, who, where, "adaptiveCard/action", {"action": action, "trigger": trigger}, replyToId=reply_to)


def message_payload(platform: Platform, message: Message) -> Json:
    """The message that a message extension's action was used on."""
    world = platform.world
    author = world.users.get(message.user)
    person = {"userIdentityType": "aadUser", "id": author.aad, "displayName": author.real_name} if author else None
    app = None if author else {"applicationIdentityType": "bot", "id": world.app.id, "displayName": world.app.name}
    made = iso(int(message.id) / 1000)
    return {
        "linkToMessage": f"https://teams.microsoft.com/l/message/{quote(message.conversation, safe=':@.')}/{message.id}",
        "id": message.id,
        "replyToId": message.root,
        "createdDateTime": made,
        "lastModifiedDateTime": made if message.edited else None,
        "deleted": False,
        "subject": None,
        "summary": message.summary or None,
        "importance": "normal",
        "locale": "en-us",
        "body": {"contentType": "html", "content": f"<div><div>{_with_mentions(message)}</div></div>"},
        "from": {"device": None, "conversation": None, "user": person, "application": app},
        "reactions": [],
        "mentions": [_mention(world, n, one) for n, one in enumerate(message.entities)],
        "attachments": [_reference(world, one) for one in message.files if not _is_picture(world, one)],
    }


def _mention(world: World, number: int, entity: Json) -> Json:
    """A name in a message that somebody points at."""
    named = entity["mentioned"]
    user = world.users.get(named["id"])
    person = {"userIdentityType": "aadUser", "id": user.aad, "displayName": user.real_name} if user else None
    app = None if user else {"applicationIdentityType": "bot", "id": world.app.id, "displayName": world.app.name}
    return {"id": number, "mentionText": named["name"], "mentioned": {"user": person, "application": app}}


def _reference(world: World, key: str) -> Json:
    """A file of a channel, as the message that has it tells of it: what is in it is for Graph."""
    where = _lies(world, "sites/Office", key)
    return {
        "id": key,
        "contentType": "reference",
        "contentUrl": where,
        "content": None,
        "name": world.files[key].name,
        "thumbnailUrl": None,
    }


def _lies(world: World, folder: str, key: str) -> str:
    """Where a file is."""
    return f"https://{world.domain}.sharepoint.com/{folder}/Documents/{quote(world.files[key].name)}"
