"""The parts of the bench that are about Teams."""

from __future__ import annotations
