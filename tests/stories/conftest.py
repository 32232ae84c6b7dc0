"""Every story runs in an office of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.world import Story, story


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Story]:
    async with story(f"sqlite:///{tmp_path}/story.db") as told:
        yield told
