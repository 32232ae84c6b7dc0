"""Where the example office is: in the repository, or where an installed wheel put it."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from bot.cli.common import Trouble

NAME = "office.example.yaml"


def example_office() -> Path:
    """Raises `Trouble` where there is none."""
    places = (Path(__file__).parents[2] / "manifests" / NAME, Path(sysconfig.get_path("data")) / "share" / "deskbell" / NAME)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise Trouble("The example office is not installed here. Give an office file of your own: deskbell demo --office office.yaml")
    return found
