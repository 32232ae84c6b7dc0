"""The two pictures are as Teams asks for them: sizes, a ground in one, nothing but white in the other."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "manifests" / "teams"
RGB, RGBA = 2, 6
Pixel = tuple[int, ...]


def pixels(name: str) -> tuple[int, int, int, list[Pixel]]:
    """Width, height, colour type and the pixels of a PNG of eight bits a sample, row by row."""
    data = (FOLDER / name).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, packed, head = 8, b"", b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        head, packed = (body if kind == b"IHDR" else head), packed + (body if kind == b"IDAT" else b"")
        at += 12 + length
    width, height, bits, colour, *_ = struct.unpack(">IIBBBBB", head)
    assert bits == 8
    step = {RGB: 3, RGBA: 4}[colour]
    return width, height, colour, _unfiltered(zlib.decompress(packed), width * step, height, step)


def _unfiltered(raw: bytes, wide: int, height: int, step: int) -> list[Pixel]:
    """https://www.w3.org/TR/png-3/#9Filters"""
    found, above = list[Pixel](), bytearray(wide)
    for row in range(height):
        begin = row * (wide + 1)
        kind, line = raw[begin], bytearray(raw[begin + 1 : begin + 1 + wide])
        for x in range(wide):
            left, up, corner = (line[x - step] if x >= step else 0), above[x], (above[x - step] if x >= step else 0)
            line[x] = (line[x] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
        found += [tuple(line[x : x + step]) for x in range(0, wide, step)]
        above = line
    return found


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def test_the_outline_is_white_on_nothing() -> None:
    width, height, colour, found = pixels("outline.png")
    assert (width, height, colour) == (32, 32, RGBA)
    assert {pixel[:3] for pixel in found if pixel[3]} == {(255, 255, 255)}
    assert {found[0][3], found[31][3], found[-1][3]} == {0}
    seen = sum(pixel[3] > 127 for pixel in found)
    assert 100 < seen < 512, "a drawing, and mostly nothing"


def test_the_colour_picture_fills_its_square() -> None:
    width, height, colour, found = pixels("color.png")
    assert (width, height, colour) == (192, 192, RGB)
    ground = (0x1F, 0x4E, 0x5F)
    assert {found[0], found[191], found[-1], found[-192]} == {ground}
    inside = [found[y * 192 + x] for y in range(48, 144) for x in range(48, 144)]
    assert [
        pixel for y in range(192) for x, pixel in enumerate(found[y * 192 : y * 192 + 192]) if not (48 <= x < 144 and 48 <= y < 144)
    ] == [ground] * (192 * 192 - 96 * 96), "the drawing stays in the middle, where nothing cuts it"
    assert {ground, (255, 255, 255), (0xF2, 0xC1, 0x4E)} <= set(inside)


@pytest.mark.parametrize("name", ["icon.svg", "outline.svg"])
def test_the_drawing_stands_beside_it(name: str) -> None:
    drawing = (FOLDER / name).read_text(encoding="utf-8")
    assert drawing.startswith("<svg ")
    assert "href" not in drawing, "nothing from elsewhere"
