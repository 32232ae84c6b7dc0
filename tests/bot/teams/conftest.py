"""A desk with the example office, as the tests of the handlers have it: for what only the product's own forms show."""

from __future__ import annotations

from tests.handlers.conftest import desk, desk_template

__all__ = ["desk", "desk_template"]
