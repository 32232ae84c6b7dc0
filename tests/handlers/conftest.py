"""A desk with the example office, fresh for each test: a copy of one that was made once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers import harness
from tests.handlers.harness import Colleague, Desk


@pytest.fixture(scope="session")
def desk_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk") / "template.db"
    asyncio.run(harness.template(path))
    return path


@pytest.fixture
async def desk(desk_template: Path, quick_folder: Path) -> AsyncIterator[Desk]:
    async with harness.opened(desk_template, quick_folder / "desk.db") as desk:
        yield desk


@pytest.fixture
async def ana(desk: Desk) -> Colleague:
    """Works in sales and in no queue."""
    return await desk.who("ana")


@pytest.fixture
async def hal(desk: Desk) -> Colleague:
    """A colleague who has nothing to do with it."""
    return await desk.who("hal")


@pytest.fixture
async def bob(desk: Desk) -> Colleague:
    """Works at the building desk and at the front desk, and is responsible for facilities."""
    return await desk.who("bob")


@pytest.fixture
async def pat(desk: Desk) -> Colleague:
    """Works at the building desk."""
    return await desk.who("pat")


@pytest.fixture
async def eva(desk: Desk) -> Colleague:
    """Works at the IT desk."""
    return await desk.who("eva")
