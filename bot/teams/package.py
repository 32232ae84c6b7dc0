"""The package that Teams takes: a zip of the manifest and two pictures. The same manifest gives the same bytes, whenever it is made."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bot.shipped import shipped

Json = dict[str, Any]

MANIFEST = "manifest.json"
PICTURES = ("color.png", "outline.png")
BEGIN = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""
LARGEST = 1 << 20
"""Bytes of a manifest that is read; ours has some kilobytes."""


class NoPackage(Exception):
    """No package can be made or read; the text says why, as a sentence."""


def packed(document: Json) -> bytes:
    """The zip. Raises NoPackage where the pictures are not installed."""
    files = {MANIFEST: (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(), **{name: _picture(name) for name in PICTURES}}
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as package:
        for name, content in files.items():
            package.writestr(_entry(name), content)
    return written.getvalue()


def unpacked(path: Path) -> Json:
    """The manifest of a package. Raises NoPackage."""
    try:
        with ZipFile(path) as package, package.open(MANIFEST) as file:
            found = json.loads(file.read(LARGEST))
    except (OSError, BadZipFile, KeyError, ValueError) as wrong:
        raise NoPackage(f"{path} is no package for Teams ({type(wrong).__name__}).") from wrong
    if not isinstance(found, dict):
        raise NoPackage(f"{path} has no manifest for Teams.")
    return found


def _entry(name: str) -> ZipInfo:
    """Nothing of this machine and this moment: not the time, not the system, not the rights of a file."""
    entry = ZipInfo(name, BEGIN)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _picture(name: str) -> bytes:
    found = shipped(f"teams/{name}")
    if found is None:
        raise NoPackage(f"The picture {name} is not installed here: install deskbell again.")
    return found.read_bytes()
