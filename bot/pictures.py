"""Pictures under addresses of our own, for chats that show a picture by its address: Teams fetches it, again and again, without a sign-in.

An address names the card that shows the picture and the picture's content, and is signed, so that nobody can guess or make one. It has no
end in time, because a card has none; it leads to the picture as long as that card, drawn anew, still shows it.
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference (inline card images)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from itsdangerous import BadData, URLSafeSerializer
from yarl import URL

from bot.invitations import LONGEST, NotGood
from handlers.core import Post
from handlers.frozen import dataclass
from handlers.ports import Files

PATH = "/p/"
LARGEST = 1_000_000
"""Bytes of a picture that Teams shows."""
WIDEST = 1024
"""Pixels of its longer side."""
MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF87a": "image/gif", b"GIF89a": "image/gif"}
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a JPEG behind which its height and width stand."""
BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Those that nothing belongs to."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address is of: a picture by its content's hash, on a post of ours."""

    organisation: str
    post: str
    content: str


class PictureLinks:
    """The same picture on the same card has the same address, so that a card is not sent again for it."""

    def __init__(self, public_url: str, keys: Sequence[str]) -> None:
        how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        self._base = URL(public_url)
        self._signed = URLSafeSerializer([*reversed(keys)], salt="deskbell.picture", signer_kwargs=how)

    def to(self, post: Post, content: str) -> str:
        return str(self._base / PATH.strip("/") / str(self._signed.dumps([post.organisation, post.id, content])))

    def read(self, text: str) -> Shown:
        """Raises `NotGood`."""
        try:
            return Shown(*self._signed.loads(text if len(text) <= LONGEST else ""))
        except BadData as bad:
            raise NotGood("wrong") from bad


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's bytes, and what they are, whatever its sender called them."""

    mime: str
    data: bytes


async def image(files: Files, content: str) -> Image | None:
    """A kept picture, if it is one that Teams shows: PNG, JPEG or GIF, up to 1 MB, and up to 1024 pixels high and wide."""
    size = await files.size(content)
    if size is None or size > LARGEST:
        return None
    try:
        data = b"".join([piece async for piece in files.open(content)])
    except FileNotFoundError:
        return None  # it went just now
    mime = kind(data)
    return Image(mime, data) if mime and 0 < max(extent(data)) <= WIDEST else None


def kind(data: bytes) -> str:
    """The media type of a PNG, JPEG or GIF by its first bytes; "" for all else."""
    return next((mime for magic, mime in MAGIC.items() if data.startswith(magic)), "")


def extent(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, as its head says; zeros where it says none."""
    match kind(data):
        case "image/png":
            return _number(data[16:20]), _number(data[20:24])
        case "image/gif":
            return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        case "image/jpeg":
            return _of_jpeg(data)
    return 0, 0


def _of_jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in FRAMES:
            return _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        # A marker may be preceded by any number of 0xFF.
        at += 1 if marker == 0xFF else 2 if marker in BARE else 2 + max(2, _number(data[at + 2 : at + 4]))
    return 0, 0


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
