"""The published schema of Teams' cards, where the folder with the schemas stands beside the checkout."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCHEMA = Path(__file__).resolve().parents[3].parent / "shared/schemas/adaptivecards/teams-cards.schema.2025-04.patched.json"


@cache
def _validator() -> Any:
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def check(card: Any) -> None:
    """Raises where the card breaks the schema; skips the test where there is no schema."""
    if not SCHEMA.is_file():
        pytest.skip("the published schema of Teams' cards is not beside this checkout")
    _validator().validate(card)
