"""Pictures under addresses of our own: what may be shown, and that nobody can make an address."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.carrying import FileLinks
from bot.invitations import NotGood
from bot.pictures import LARGEST, MAGIC, PictureLinks, extent, image, kind
from handlers.core import Attached, Person, Post
from storage.files import FileStore
from storage.secrets import new_key
from tests.stories.snapshots import gif, jpeg, png

HOST = "https://desk.example.com"
POST = Post("p1", "acme", "ticket:t1", "ticket.channel", "place1")
OLD, NEW = new_key(), new_key()
EXIF = b"\xff\xe1\x00\x06ab\x01\x02"


@pytest.mark.parametrize(
    ("data", "mime", "size"),
    [
        (png(30, 40), "image/png", (30, 40)),
        (gif(3, 5), "image/gif", (3, 5)),
        (jpeg(1024, 7), "image/jpeg", (1024, 7)),
        (b"\xff\xd8" + EXIF + b"\xff\x01\xff\xff" + jpeg(8, 9)[2:], "image/jpeg", (8, 9)),
        (b"\xff\xd8\xff\xc4\x00\x04ab\xff\xc2" + jpeg(8, 9)[4:], "image/jpeg", (8, 9)),
        (jpeg()[:9], "image/jpeg", (0, 0)),
        (b"\xff\xd8" + EXIF, "image/jpeg", (0, 0)),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "", (0, 0)),
        (b"<html>", "", (0, 0)),
        (b"", "", (0, 0)),
    ],
)
def test_what_a_picture_is_and_how_large_its_bytes_say(data: bytes, mime: str, size: tuple[int, int]) -> None:
    assert (kind(data), extent(data)) == (mime, size)


@given(some.sampled_from([b"", *MAGIC]), some.binary(max_size=300))
def test_bytes_of_any_kind_are_looked_at_without_a_fault(head: bytes, data: bytes) -> None:
    width, height = extent(head + data)
    assert width >= 0 <= height


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (png(1024, 1024), True),
        (jpeg(1025, 10), False),
        (jpeg(10, 1025), False),
        (jpeg(10, 10, bytes(LARGEST - len(jpeg()))), True),
        (jpeg(10, 10, bytes(LARGEST)), False),
        (jpeg()[:9], False),
        (b"<svg/>", False),
    ],
)
async def test_what_teams_would_not_show_is_not_offered(tmp_path: Path, data: bytes, shown: bool) -> None:
    files = FileStore(tmp_path).of("acme")
    found = await image(files, await files.put(data))
    assert (found.data if found else None) == (data if shown else None)


async def test_what_is_not_there_is_no_picture(tmp_path: Path) -> None:
    assert await image(FileStore(tmp_path).of("acme"), "f" * 64) is None


def test_an_address_says_card_and_picture_and_stays_the_same() -> None:
    links = PictureLinks(HOST, [OLD])
    address = links.to(POST, "c" * 64)
    assert address == links.to(POST, "c" * 64)
    assert address.startswith(f"{HOST}/p/")
    found = links.read(address.rpartition("/")[2])
    assert (found.organisation, found.post, found.content) == ("acme", "p1", "c" * 64)


def test_a_newer_key_signs_and_the_older_one_still_opens() -> None:
    before, after = PictureLinks(HOST, [OLD]), PictureLinks(HOST, [NEW, OLD])
    old = before.to(POST, "c" * 64)
    assert after.to(POST, "c" * 64) != old
    assert after.read(old.rpartition("/")[2]).post == "p1"
    with pytest.raises(NotGood):
        PictureLinks(HOST, [NEW]).read(old.rpartition("/")[2])


def test_nobody_else_can_make_one() -> None:
    links = PictureLinks(HOST, [OLD])
    good = links.to(POST, "c" * 64).rpartition("/")[2]
    file = Attached("f1", "acme", "t1", None, "a.png", "image/png", 1, datetime.now(UTC), "slack", "T1", "C1", "F1")
    of_a_file = FileLinks(HOST, [OLD]).to(file, Person("a", "acme", "Ana")).rpartition("/")[2]
    stranger = PictureLinks(HOST, [NEW]).to(POST, "c" * 64).rpartition("/")[2]
    swapped = good.partition(".")[0][:-2] + "AA." + good.partition(".")[2]
    for text in (of_a_file, stranger, swapped, good[:-1], "", ".", "x" * 5000, "💥", good + "." + good):
        with pytest.raises(NotGood):
            links.read(text)
