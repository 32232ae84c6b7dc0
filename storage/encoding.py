"""JSON as both databases are given it."""

from __future__ import annotations

from typing import Any

import orjson


def to_json(value: Any) -> str:
    """JSON text; moments become ISO 8601, mappings other than dict become objects."""
    return orjson.dumps(value, default=dict).decode()
