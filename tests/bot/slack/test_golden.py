"""What samples look like does not change unnoticed, and Slack would take all of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.sandbox.slack.blockkit import message_faults, view_faults, weight
from tests.bot.slack import goldens

SCHEMAS = Path(__file__).parents[4] / "shared" / "schemas" / "slack"
DRAWN = goldens.drawn()
MODALS = {name for name, payload in DRAWN.items() if payload.get("type") == "modal"}


@pytest.mark.parametrize("name", DRAWN)
def test_a_sample_looks_as_before(name: str) -> None:
    assert DRAWN[name] == goldens.kept(name)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in goldens.FOLDER.glob("*.json")} == set(DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_the_sandbox_takes_it(name: str) -> None:
    faults = view_faults(DRAWN[name]) if name in MODALS else message_faults(DRAWN[name]["blocks"])
    assert faults == []
    assert weight(DRAWN[name]["blocks"]) < 12_000


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    if not SCHEMAS.is_dir():
        pytest.skip("the published Block Kit schemas are not beside this checkout")
    return {kind: json.loads((SCHEMAS / f"blockkit.{kind}.schema.json").read_text(encoding="utf-8")) for kind in ("message", "modal")}


@pytest.mark.parametrize("name", DRAWN)
def test_the_published_schema_takes_it(name: str, schemas: dict[str, Any]) -> None:
    if name in MODALS:
        jsonschema.validate(DRAWN[name], schemas["modal"])
    else:
        jsonschema.validate({"channel": "C0", **DRAWN[name]}, schemas["message"])
