"""What may be in a message, checked once for posts, updates, ephemerals and answers to response URLs."""

from bot.sandbox.slack.blockkit import attachment_faults, message_faults, weight, with_ids
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked
from bot.sandbox.slack.model import Json, SlackFile

TEXT_CHARACTERS = 40_000
"""The platform cuts a longer text; here it is refused, so that nothing is lost unseen."""
UPDATE_BYTES = 4_000
"""chat.update takes no more in its `text` (counted in UTF-8, entities as written)."""
PICTURES = frozenset({"image/gif", "image/jpeg", "image/png"})
BLOCK_CHARACTERS = 13_000
"""All texts of a message's blocks together (`msg_blocks_too_long`, seen in slackapi/bolt-js#2509)."""


def content(asked: Asked, *, update: bool = False) -> Json:
    """The message's text, blocks, attachments and metadata.

    Errors: no_text, msg_too_long, invalid_blocks, msg_blocks_too_long, too_many_attachments, invalid_attachments, invalid_metadata.
    """
    text, blocks, attachments = asked.maybe("text"), asked.structure("blocks") or [], asked.structure("attachments") or []
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    if len(text) > TEXT_CHARACTERS or (update and len(text.encode()) > UPDATE_BYTES):
        raise SlackError("msg_too_long")
    if faults := message_faults(blocks) or _file_faults(asked, blocks):
        raise SlackError("invalid_blocks", faults)
    if weight(blocks) > BLOCK_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    parts: Json = {"text": text, "blocks": with_ids(blocks), "attachments": _attachments(attachments)}
    metadata = _metadata(asked)
    return parts if update and metadata is None else parts | {"metadata": metadata}


def _attachments(attachments: object) -> list[Json]:
    if faults := attachment_faults(attachments):
        raise SlackError("invalid_attachments", faults)
    assert isinstance(attachments, list)
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    return [one | {"blocks": with_ids(one["blocks"])} if "blocks" in one else one for one in attachments]


def _metadata(asked: Asked) -> Json | None:
    metadata: Json | None = asked.structure("metadata")
    if metadata is None:
        return None
    right = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
    if not right:
        raise SlackError("invalid_metadata_format")
    return metadata


def _file_faults(asked: Asked, blocks: list[Json]) -> list[str]:
    """Pictures of the workspace that cannot be shown: unknown, deleted, not completed, not processed yet, or no picture."""
    shown = ((at, block.get("slack_file")) for at, block in enumerate(blocks) if block.get("type") == "image")
    return [
        f"[ERROR] invalid slack file [json-pointer:/blocks/{at}/slack_file]"
        for at, file in shown
        if isinstance(file, dict) and not _can_be_shown(asked.world.files.get(str(file.get("id"))))
    ]


def _can_be_shown(file: SlackFile | None) -> bool:
    return file is not None and file.completed and not file.deleted and file.unseen <= 0 and file.mimetype in PICTURES
