"""Every story runs in an office of its own: on SQLite alone, and on PostgreSQL with Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stories.world import Story, story


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Story]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with story(database_url, redis) as told:
        yield told
