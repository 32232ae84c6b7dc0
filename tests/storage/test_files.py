"""Files in a folder: each content once for each organisation, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.ports import Files, TooLarge
from storage.files import FileStore, Folder

BYTES = b"the light above my desk" * 10_000


async def read(files: Files, content: str) -> bytes:
    return b"".join([piece async for piece in files.open(content)])


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for one in given:
        yield one


def there(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


@pytest.fixture
def files(tmp_path: Path) -> Folder:
    return FileStore(tmp_path / "files").of("acme")


async def test_what_is_kept_is_named_by_its_hash_and_read_again(files: Folder) -> None:
    content = await files.put(BYTES)
    assert content == hashlib.sha256(BYTES).hexdigest()
    assert await files.size(content) == len(BYTES)
    assert await read(files, content) == BYTES


async def test_the_same_bytes_are_kept_once(files: Folder, tmp_path: Path) -> None:
    first = await files.put(BYTES)
    assert await files.put(pieces(BYTES[:1000], BYTES[1000:])) == first
    assert there(tmp_path) == [first]
    assert (tmp_path / "files" / "acme" / first[:2] / first).stat().st_mode & 0o077 == 0


async def test_another_organisation_has_its_own(files: Folder, tmp_path: Path) -> None:
    content = await files.put(BYTES)
    other = FileStore(tmp_path / "files").of("beta")
    assert await other.size(content) is None
    await other.put(BYTES)
    await other.remove(content)
    assert await files.size(content) == len(BYTES)


async def test_too_much_leaves_nothing(files: Folder, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        await files.put(pieces(b"12345", b"67890"), most=9)
    assert there(tmp_path) == []
    assert await files.put(pieces(b"12345", b"67890"), most=10)


async def test_a_stream_that_breaks_off_leaves_nothing(files: Folder, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"12345"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await files.put(broken())
    assert there(tmp_path) == []


async def test_removing_is_for_good_and_may_be_repeated(files: Folder) -> None:
    content = await files.put(BYTES)
    await files.remove(content)
    await files.remove(content)
    assert await files.size(content) is None
    with pytest.raises(FileNotFoundError):
        await read(files, content)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "..", "A" * 64, "/etc/passwd"])
async def test_nothing_but_a_hash_becomes_a_path(files: Folder, name: str) -> None:
    for act in (files.size(name), files.remove(name), read(files, name)):
        with pytest.raises(FileNotFoundError):
            await act


@pytest.mark.parametrize("name", ["..", "", "a/b", "a" * 65, "a.b"])
def test_nothing_but_an_id_becomes_a_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        FileStore(tmp_path).of(name)


async def test_a_folder_that_cannot_be_written_is_found_out(tmp_path: Path) -> None:
    await FileStore(tmp_path / "made" / "when needed").check()
    (tmp_path / "in the way").write_text("")
    with pytest.raises(OSError, match="in the way"):
        await FileStore(tmp_path / "in the way").check()
