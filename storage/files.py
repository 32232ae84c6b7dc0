"""Files in a folder: one for each organisation in it, and each content once, under its hash.

A file is written beside its place and moved there when it is whole and on the disk, so what stands under a hash is always all of it. Beside
the database a folder is one more thing to back up; behind the same port an object store can stand.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import BinaryIO, cast

from handlers.ports import TooLarge

PIECE = 1 << 16
"""Bytes that are read at a time."""
COMING = ".coming-"
_HASH = re.compile("[0-9a-f]{64}")
_NAME = re.compile("[0-9a-z-]{1,64}")


class FileStore:
    """`root` is made when the first file is kept. Several replicas need the same folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, organisation: str) -> Folder:
        """Raises ValueError for what cannot be an organisation's id: it becomes the name of a folder."""
        if not _NAME.fullmatch(organisation):
            raise ValueError("this is no id of an organisation")
        return Folder(self.root / organisation)

    async def check(self) -> None:
        """Raises OSError where nothing can be written, or where the folder could not be made."""
        await asyncio.to_thread(self._check)

    def _check(self) -> None:
        """Leaves nothing behind, not even the folder."""
        folder = self.root
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"deskbell")


class Folder:
    """`handlers.ports.Files` of one organisation."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, data: bytes | AsyncIterable[bytes], most: int | None = None) -> str:
        file = await asyncio.to_thread(self._begun)
        try:
            content = await _written(file, _pieces(data), most)
            await asyncio.to_thread(self._placed, file, content)
        except BaseException:
            file.close()
            with contextlib.suppress(FileNotFoundError):
                os.unlink(file.name)
            raise
        return content

    async def size(self, content: str) -> int | None:
        return await asyncio.to_thread(_size, self._path(content))

    async def open(self, content: str) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(self._path(content).open, "rb")
        try:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece
        finally:
            file.close()

    async def contents(self) -> AsyncIterator[str]:
        for folder in await asyncio.to_thread(_names, self._root):
            for name in await asyncio.to_thread(_names, self._root / folder):
                if _HASH.fullmatch(name):
                    yield name

    async def remove(self, content: str) -> None:
        await asyncio.to_thread(self._path(content).unlink, missing_ok=True)

    def _path(self, content: str) -> Path:
        """A hash comes out of a row, yet nothing else may ever become a path."""
        if not _HASH.fullmatch(content):
            raise FileNotFoundError("this is no hash")
        return self._root / content[:2] / content

    def _begun(self) -> BinaryIO:
        """Readable by nobody but us."""
        self._root.mkdir(parents=True, exist_ok=True)
        return cast(BinaryIO, tempfile.NamedTemporaryFile(prefix=COMING, dir=self._root, delete=False))

    def _placed(self, file: BinaryIO, content: str) -> None:
        """Whole, on the disk, and only then under its name."""
        file.flush()
        os.fsync(file.fileno())
        file.close()
        path = self._path(content)
        path.parent.mkdir(exist_ok=True)
        os.replace(file.name, path)


async def _pieces(data: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    async for piece in data:
        yield piece


async def _written(file: BinaryIO, pieces: AsyncIterator[bytes], most: int | None) -> str:
    digest, size = hashlib.sha256(), 0
    async for piece in pieces:
        size += len(piece)
        if most is not None and size > most:
            raise TooLarge
        digest.update(piece)
        await asyncio.to_thread(file.write, piece)
    return digest.hexdigest()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _names(folder: Path) -> list[str]:
    """What is in a folder; nothing in what is none."""
    return sorted(os.listdir(folder)) if folder.is_dir() else []
