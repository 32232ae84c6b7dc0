"""Where the example office is."""

from __future__ import annotations

from pathlib import Path

from bot.cli.common import Trouble
from bot.shipped import shipped


def example_office() -> Path:
    """Raises `Trouble` where there is none."""
    found = shipped("office.example.yaml")
    if found is None:
        raise Trouble("The example office is not installed here. Give an office file of your own: deskbell demo --office office.yaml")
    return found
