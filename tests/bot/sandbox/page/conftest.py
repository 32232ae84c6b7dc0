"""One office with its page for all tests of a module, and a browser to look at it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.cli.example import example_office
from bot.cli.offices import checked
from bot.sandbox.page.control import Controls
from bot.sandbox.page.server import Page as Served
from bot.sandbox.stage import Stage, listening, platforms, settings_of, staged
from bot.settings import Settings
from storage.migrate import upgrade

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 30_000
"""Milliseconds: CI is slow, and nothing here is about speed."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"No browser is installed ({', '.join(BROWSERS)}), so the page was NOT tried in one.")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        await found.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[str, Stage]]:
    """The page's address, and what stands behind it: the example office with the real bot."""
    folder = tmp_path_factory.mktemp("office")
    document, _ = await checked(example_office(), None)
    on = platforms(document)
    page = Served(on.slack, on.teams, on.changes)
    async with listening(on, 0, page.routes()) as address:
        settings = settings_of(Settings(_env_file=None), on, f"sqlite:///{folder / 'desk.db'}", 0)
        await upgrade(settings.database_url)
        async with staged(on, settings.model_copy(update={"data_folder": folder}), new=True) as stage:
            page.control = Controls(stage)
            yield address, stage
