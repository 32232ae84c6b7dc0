"""Small pictures for stories: whole enough for whoever reads their head."""

from __future__ import annotations

import struct
import zlib


def jpeg(width: int = 640, height: int = 480, more: bytes = b"") -> bytes:
    """The frame of a JPEG, with `more` bytes behind it."""
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xc0" + frame + b"\xff\xd9" + more


def png(width: int = 2, height: int = 2) -> bytes:
    """A white PNG."""
    rows = zlib.compress((b"\x00" + b"\xff" * width) * height)
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    chunks = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def gif(width: int = 3, height: int = 5) -> bytes:
    """The head of a GIF."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00;"


PHOTO = jpeg()
