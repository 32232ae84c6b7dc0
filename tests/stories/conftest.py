"""Every story runs in an office of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stories.world import Story, story


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Story]:
    async with story(database_url) as told:
        yield told
