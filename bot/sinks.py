"""Where an export goes: a new folder, or one .tar.gz file. Only its owner may read either: it holds what people wrote."""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self


class Unwritable(Exception):
    """The export cannot go there; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an export: how many lines it has, how many bytes, and their SHA-256."""

    name: str
    lines: int
    size: int
    sha256: str


class Sink(Protocol):
    """Takes one file after the other. Left by an exception, it leaves nothing that looks like a whole export."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
    def write(self, name: str, lines: Iterable[bytes]) -> Entry: ...
    async def copy(self, name: str, pieces: AsyncIterator[bytes]) -> Entry: ...


def sink_to(target: Path) -> Sink:
    """By its name a folder or an archive. Raises `Unwritable` where something is in the way."""
    return Archive(target) if target.name.endswith((".tar.gz", ".tgz")) else Folder(target)


class Folder:
    """`manifest.json` is written last: a folder without it is not whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            if path.exists() and not path.is_dir():
                raise Unwritable(f"{path} is a file. Name a new folder, or a new file that ends with .tar.gz.")
            if path.exists() and any(path.iterdir()):
                raise Unwritable(f"{path} is not empty. Name a new or an empty folder: nothing is ever written over.")
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o700)
        except OSError as error:
            raise Unwritable(f"{path} cannot be written: {error.strerror}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """What was written before a fault stays, without its manifest."""

    def write(self, name: str, lines: Iterable[bytes]) -> Entry:
        with self._opened(name) as file:
            return _written(file, name, lines)

    async def copy(self, name: str, pieces: AsyncIterator[bytes]) -> Entry:
        with self._opened(name) as file:
            return await _copied(file, name, pieces)

    def _opened(self, name: str) -> IO[bytes]:
        path = self._path / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class Archive:
    """Each file is gathered beside the archive first, because an archive names a file's size before its bytes."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise Unwritable(f"{path} is there already. Name a new file: nothing is ever written over.")
        self._path, self._part = path, path.with_name(f"{path.name}.part")
        self._root = path.name.removesuffix(".tgz").removesuffix(".tar.gz")
        self._open = ExitStack()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            raw = self._open.enter_context(os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"))
        except FileExistsError:
            raise Unwritable(f"{self._part} is there already: another export runs, or one was broken off. Remove it first.") from None
        except OSError as error:
            raise Unwritable(f"{path} cannot be written: {error.strerror}.") from error
        self._tar = self._open.enter_context(tarfile.open(fileobj=raw, mode="w:gz"))  # noqa: SIM115 - closed with the rest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        try:
            self._open.close()
            if kind is None:
                os.replace(self._part, self._path)
        finally:
            self._part.unlink(missing_ok=True)

    def write(self, name: str, lines: Iterable[bytes]) -> Entry:
        with tempfile.TemporaryFile(dir=self._path.parent) as file:
            entry = _written(file, name, lines)
            self._add(file, entry)
        return entry

    async def copy(self, name: str, pieces: AsyncIterator[bytes]) -> Entry:
        with tempfile.TemporaryFile(dir=self._path.parent) as file:
            entry = await _copied(file, name, pieces)
            self._add(file, entry)
        return entry

    def _add(self, file: IO[bytes], entry: Entry) -> None:
        info = tarfile.TarInfo(f"{self._root}/{entry.name}")
        info.size, info.mode = entry.size, 0o600
        file.seek(0)
        self._tar.addfile(info, file)


def _written(file: IO[bytes], name: str, lines: Iterable[bytes]) -> Entry:
    digest, count, size = hashlib.sha256(), 0, 0
    for line in lines:
        file.write(line)
        digest.update(line)
        count, size = count + 1, size + len(line)
    return Entry(name, count, size, digest.hexdigest())


async def _copied(file: IO[bytes], name: str, pieces: AsyncIterator[bytes]) -> Entry:
    digest, size = hashlib.sha256(), 0
    async for piece in pieces:
        file.write(piece)
        digest.update(piece)
        size += len(piece)
    return Entry(name, 0, size, digest.hexdigest())
