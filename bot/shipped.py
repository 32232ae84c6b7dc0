"""Files that come with the program: in the repository, or where an installed wheel put them."""

from __future__ import annotations

import sysconfig
from pathlib import Path


def shipped(name: str) -> Path | None:
    """The path of a file of `manifests/`; None where it is not installed."""
    places = (Path(__file__).parents[1] / "manifests" / name, Path(sysconfig.get_path("data")) / "share" / "deskbell" / name)
    return next((place for place in places if place.is_file()), None)
