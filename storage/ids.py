"""Ids made by the client: UUIDv7 (RFC 9562), so that new rows land at the end of every index."""

from __future__ import annotations

from uuid_utils import uuid7


def new_id() -> str:
    """A new id as 32 hex digits."""
    return uuid7().hex
