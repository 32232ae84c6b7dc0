"""How users, conversations, messages and views look on the wire."""

from urllib.parse import quote

from bot.sandbox.slack.model import Channel, Json, Message, SlackFile, User, View
from bot.sandbox.slack.world import World


def user_json(world: World, user: User) -> Json:
    """A user object; the e-mail is there only with the scope `users:read.email`."""
    profile: Json = {"real_name": user.real_name, "display_name": user.name, "team": user.team}
    if user.email and "users:read.email" in world.app.scopes and not user.is_bot:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"bot_id": world.app.bot_id, "api_app_id": world.app.id}
    head: Json = {"id": user.id, "team_id": user.team, "name": user.name, "deleted": user.deleted, "profile": profile, "updated": 0}
    if user.deleted:
        return head | {"is_bot": user.is_bot}
    return head | _living(user) | _in_enterprise(world, user)


def _in_enterprise(world: World, user: User) -> Json:
    """What binds the accounts of an enterprise's people together; strangers have none of it."""
    grid = world.enterprise
    if grid is None or user.team not in grid.teams:
        return {}
    who = {"id": user.id, "enterprise_id": grid.id, "enterprise_name": grid.name, "is_admin": False, "is_owner": False}
    return {"enterprise_user": {**who, "teams": [user.team]}}


def _living(user: User) -> Json:
    return {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": user.tz_offset,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.guest != "",
        "is_ultra_restricted": user.guest == "single",
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_stranger": user.stranger,
    }


def channel_json(world: World, channel: Channel) -> Json:
    """A conversation object as the app sees it."""
    head: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_shared": channel.is_ext_shared or channel.is_org_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": channel.is_org_shared,
        "is_member": world.app.user in channel.members,
        "context_team_id": channel.team or world.team,
    }
    if channel.kind == "im":
        return head | {"user": next((one for one in channel.members if one != world.app.user), world.app.user)}
    return head | {"name": channel.name, "name_normalized": channel.name, "num_members": len(channel.members), "is_general": False}


def message_json(world: World, message: Message) -> Json:
    """A message as events, interactions and answers of the Web API carry it."""
    shape: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": world.team}
    if message.subtype:
        shape["subtype"] = message.subtype
    if message.bot_id:
        shape |= {"bot_id": message.bot_id, "app_id": message.app_id, "bot_profile": bot_profile(world)}
    for name in ("blocks", "attachments", "metadata"):
        if value := getattr(message, name):
            shape[name] = value
    if message.files:
        shape["files"] = [file_in_message(world, world.files[one]) for one in message.files]
    if message.by_typing and not message.blocks:
        shape["blocks"] = [message.by_typing]
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        shape["reactions"] = [{"name": name, "users": who, "count": len(who)} for name, who in message.reactions.items()]
    return shape | _threading(world, message)


def file_json(world: World, file: SlackFile) -> Json:
    """A file object (docs.slack.dev/reference/objects/file-object). Before it is processed it has no kind and nothing to download."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    if file.mode == "hidden_by_limit":
        return {"id": file.id, "mode": file.mode}
    head: Json = {"id": file.id, "created": file.created, "timestamp": file.created, "name": file.name, "title": file.title}
    facts: Json = {"user": file.user, "size": file.size, "mode": file.mode, "is_external": file.is_external, "editable": False}
    seen = file.unseen <= 0
    kind: Json = {"mimetype": file.mimetype if seen else "", "filetype": file.name.rpartition(".")[2] if seen else ""}
    return head | facts | kind | _addresses(world, file)


def _addresses(world: World, file: SlackFile) -> Json:
    permalink = f"https://{world.domain}.slack.com/files/{file.user}/{file.id}/{quote(file.name)}"
    if file.is_external:
        return {"permalink": permalink, "url_private": f"https://elsewhere.example/{file.id}", "external_type": "gdrive"}
    base = f"{world.home}/files-pri/{world.team}-{file.id}"
    address = {"url_private": f"{base}/{quote(file.name)}", "url_private_download": f"{base}/download/{quote(file.name)}"}
    return {"permalink": permalink, "external_type": "", "file_access": "visible", **address, "shares": _shares(world, file)}


def _shares(world: World, file: SlackFile) -> Json:
    found: Json = {}
    for channel, stamps in file.shares.items():
        kind = "public" if world.channels[channel].kind == "channel" else "private"
        found.setdefault(kind, {})[channel] = [{"ts": ts} for ts in stamps]
    return found


def file_in_message(world: World, file: SlackFile) -> Json:
    """The file as events carry it: one from another workspace is a stub."""
    if file.stub and not file.deleted:
        return {"id": file.id, "created": file.created, "timestamp": file.created, "mode": "file_access", "file_access": "check_file_info"}
    return {name: value for name, value in file_json(world, file).items() if name != "shares"}


def _threading(world: World, message: Message) -> Json:
    channel = world.channels[message.channel]
    if message.thread_ts:
        parent = channel.messages.get(message.thread_ts)
        return {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else ""}
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    writers = list(dict.fromkeys(reply.user for reply in replies))
    count = {"reply_count": len(replies), "reply_users": writers, "reply_users_count": len(writers)}
    return {"thread_ts": message.ts, "latest_reply": replies[-1].ts, **count}


def bot_profile(world: World) -> Json:
    """The app's face beside its messages."""
    return {"id": world.app.bot_id, "app_id": world.app.id, "name": world.app.name, "deleted": False, "updated": 0, "team_id": world.team}


def view_json(world: World, view: View, values: Json | None = None) -> Json:
    """A view object; `values` is its `state.values`."""
    body: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False, "notify_on_close": False}
    body |= view.body
    if body["type"] == "modal":
        body = {"submit": None, "close": None} | body
    place: Json = {"id": view.id, "team_id": world.team, "hash": view.hash, "root_view_id": view.root, "previous_view_id": view.previous}
    owner: Json = {"app_id": world.app.id, "app_installed_team_id": world.installed_in, "bot_id": world.app.bot_id}
    return body | place | owner | {"state": {"values": values or {}}}
