"""The rules of files: what is taken, what is a picture, what stands for a message without words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from handlers.core import Attached, Attachment, Place, says_nothing
from handlers.frozen import replace
from handlers.ports import LARGEST_FILE

MOST = 20
"""Files of one message; chats allow about ten."""
LONGEST_NAME = 200
NAMELESS = "file"
PICTURES = frozenset({"image/gif", "image/jpeg", "image/png"})
"""What every chat can show in a card."""
COMING, READY, GONE = "coming", "", "gone"
"""`Remote.version` of a picture that was uploaded to be shown on cards: not yet processed there, to be used, deleted."""
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SEPARATORS = re.compile(r"[/\\]")


def clean_name(name: str) -> str:
    """A file's name as it can be shown and saved: without folders, control characters and marks that turn the direction of what follows."""
    plain = _INVISIBLE.sub("", _SEPARATORS.sub("_", name)).strip().lstrip(".")
    if len(plain) <= LONGEST_NAME:
        return plain or NAMELESS
    stem, dot, ending = plain.rpartition(".")
    kept = ending[:16] if dot else ""
    return f"{(stem or plain)[: LONGEST_NAME - len(kept) - 2]}….{kept}" if kept else plain[: LONGEST_NAME - 1] + "…"


def taken(files: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Each file of a message once."""
    return tuple({one.remote_id: one for one in files}.values())[:MOST]


def is_large(size: int) -> bool:
    return size > LARGEST_FILE


def is_picture(file: Attached) -> bool:
    """Whether it can be shown on a card."""
    return file.state == "kept" and file.mime in PICTURES


def pictured(files: Sequence[Attached]) -> Attached | None:
    """The one of these that a card shows: the first picture."""
    return next((file for file in files if is_picture(file)), None)


def seen_from(place: Place | None, files: Iterable[Attached]) -> tuple[Attached, ...]:
    """As a place may link to them: another chat's own address of a file that we have opens for nobody there, nor one of another workspace
    where a vendor reads.
    """
    return tuple(replace(one, link="") if place and _is_foreign(one, place) and one.state in ("coming", "kept") else one for one in files)


def _is_foreign(file: Attached, place: Place) -> bool:
    return file.chat != place.chat or (place.vendor is not None and file.workspace != place.workspace)


def only_files(text: str, files: Sequence[Attachment]) -> bool:
    """Whether a message says something with its files alone."""
    return bool(files) and says_nothing(text)


def in_words(text: str, files: Sequence[Attachment]) -> str:
    """What a report says; without words the names of its files stand for them."""
    return ", ".join(clean_name(one.name) for one in taken(files)) if only_files(text, files) else text


def size_of(size: int) -> str:
    """Bytes as people read them: "1.2 MB"."""
    if size < 1000:
        return f"{size} B"
    if size < 999_500:
        return f"{round(size / 1000)} kB"
    return f"{size / 1_000_000:.1f} MB"


def packed(files: Sequence[Attachment]) -> str:
    """Files that wait with their words until somebody says what these are."""
    return json.dumps([[one.remote_id, one.name, one.mime, one.size, one.link, one.elsewhere] for one in taken(files)]) if files else ""


def unpacked(text: str) -> tuple[Attachment, ...]:
    return tuple(Attachment(*row) for row in json.loads(text)) if text else ()
