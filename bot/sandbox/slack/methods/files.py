"""files.*: an upload in three steps, what is known of a file, and its end."""

import secrets

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked
from bot.sandbox.slack.methods.chat import message_event, parent, writable
from bot.sandbox.slack.model import Json, SlackFile
from bot.sandbox.slack.shapes import file_json


def info(asked: Asked) -> Json:
    """What is known of a file; of one that was uploaded its kind is told only after a while."""
    file = _file(asked, asked.text("file"))
    if not file.completed:
        raise SlackError("file_not_found")
    told = file_json(asked.world, file)
    file.unseen -= file.unseen > 0
    return {"ok": True, "file": told, "comments": []}


def get_upload_url(asked: Asked) -> Json:
    """Step one: an id and an address for the bytes."""
    length = asked.text("length")
    if not length.isdigit() or int(length) < 1:
        raise SlackError("invalid_arguments", ["[ERROR] must be greater than 0 [json-pointer:/length]"])
    world = asked.world
    token = secrets.token_hex(8)
    facts: Json = {"size": int(length), "completed": False, "uploading": token, "unseen": world.unseen}
    file = world.add_file(world.app.user, asked.text("filename"), b"", **facts)
    return {"ok": True, "upload_url": f"{asked.platform.base_url}/upload/v1/{token}", "file_id": file.id}


def complete_upload(asked: Asked) -> Json:
    """Step three: the files may be shown, and with `channel_id` are. Done again, they are shown again."""
    files = [_uploaded(asked, one) for one in _listed(asked)]
    where = asked.maybe("channel_id")
    if where:
        _share(Asked(asked.platform, asked.world, {**asked.args, "channel": where}), files)
    for file in files:
        file.completed = True
    return {"ok": True, "files": [{"id": file.id, "title": file.title} for file in files]}


def _listed(asked: Asked) -> list[Json]:
    found = asked.structure("files")
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) and one.get("id") for one in found):
        raise SlackError("invalid_arguments", ["[ERROR] must be an array of objects with an id [json-pointer:/files]"])
    return found


def _uploaded(asked: Asked, one: Json) -> SlackFile:
    """A file of the app's own whose bytes have arrived."""
    file = _file(asked, str(one["id"]))
    if file.uploading is not None or file.user != asked.world.app.user:
        raise SlackError("file_not_found")
    file.title = str(one.get("title") or file.name)
    return file


def _share(asked: Asked, files: list[SlackFile]) -> None:
    channel = writable(asked, asked.channel())
    content = {"text": asked.maybe("initial_comment"), "subtype": "file_share"}
    message = asked.world.bot_message(channel.id, content, parent(asked, channel))
    asked.world.show(message, files)
    asked.world.post(message)
    asked.platform.emit(asked.world, message_event(asked, message))


def delete(asked: Asked) -> Json:
    """A file of the app's own; messages keep a stone in its place."""
    file = _file(asked, asked.text("file"))
    if file.user != asked.world.app.user:
        raise SlackError("cant_delete_file")
    file.deleted = True
    asked.platform.emit(asked.world, {"type": "file_deleted", "file_id": file.id, "event_ts": asked.world.new_ts()})
    return {"ok": True}


def _file(asked: Asked, key: str) -> SlackFile:
    file = asked.world.files.get(key)
    if file is None:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return file
