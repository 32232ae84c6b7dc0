"""The example office, read once a process: reading it takes a third of a second, and hundreds of tests begin with it."""

from __future__ import annotations

import functools
from copy import deepcopy
from pathlib import Path
from typing import Any

from bot.office_file import load

EXAMPLE = Path(__file__).parents[1] / "manifests" / "office.example.yaml"


def example_document() -> dict[str, Any]:
    """A copy of one's own of the example office's document, to be changed at will."""
    return deepcopy(_read())


@functools.cache
def _read() -> dict[str, Any]:
    return load(EXAMPLE)[0]
