"""A whole office in a browser, for a test: both platforms, the page, and the bot between them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.cli.example import example_office
from bot.office_file import load
from bot.sandbox.keeping import Kept
from bot.sandbox.page.control import Controls
from bot.sandbox.page.guard import MARK
from bot.sandbox.page.server import Page
from bot.sandbox.stage import Stage, listening, platforms, settings_of, staged
from bot.settings import Settings
from storage.migrate import upgrade

Json = dict[str, Any]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 120_000
"""Milliseconds: CI is slow, and nothing here is about speed."""


@dataclass
class Shown:
    """The page as a browser reaches it. `refusal` is the sentence of an act that was not done, "" if it was."""

    stage: Stage
    url: str
    http: aiohttp.ClientSession

    async def get(self, path: str) -> Json:
        async with self.http.get(self.url + path) as said:
            assert said.status == 200, (path, said.status)
            found: Json = await said.json()
            return found

    async def post(self, path: str, **values: Any) -> tuple[int, Json]:
        async with self.http.post(self.url + path, json=values, headers={MARK: "1"}) as said:
            return said.status, await said.json() if said.content_type == "application/json" else {}

    async def does(self, chat: str, who: str, deed: str, **values: Any) -> Json:
        """A deed that is done, and all that follows from it."""
        status, said = await self.post(f"/do/{chat}/{who}/{deed}", **values)
        assert status == 200, said
        await self.stage.settled()
        return said

    async def messages(self, chat: str, who: str) -> list[Json]:
        found: list[Json] = (await self.get(f"/screen/{chat}/{who}"))["messages"]
        return found

    def channel(self, chat: str, name: str) -> str:
        here: Any = self.stage.on.slack if chat == "slack" else self.stage.on.teams
        return str(here.world.channel(name).id)


def example() -> Mapping[str, Any]:
    """The example office's document."""
    return load(example_office())[0]


@asynccontextmanager
async def shown(
    database: str, folder: Path, before: Kept | None = None, document: Mapping[str, Any] | None = None, *, slack_only: bool = False
) -> AsyncIterator[Shown]:
    """The example office, or that of another `document`, on a database, new or as it was left."""
    on = platforms(document or example(), before=before)
    on.slack.courier.answer_within = on.teams.courier.answer_within = 20.0  # a busy machine fails no test
    page = Page(on.slack, on.teams, on.mail, on.changes)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(listening(on, 0, page.routes()))
        settings = settings_of(Settings(_env_file=None, stop_seconds=5), on, database, 0, slack_only=slack_only)
        chosen = settings.model_copy(update={"data_folder": folder})
        stage = await stack.enter_async_context(staged(on, chosen, new=before is None))
        page.control = Controls(stage)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Shown(stage, url, http)


@pytest.fixture
async def page(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Shown]:
    async with shown(sqlite_url, tmp_path) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[str, Stage]]:
    """One office for all tests of a module: the page's address, and what stands behind it."""
    folder = tmp_path_factory.mktemp("office")
    database = f"sqlite:///{folder / 'desk.db'}"
    await upgrade(database)
    async with shown(database, folder) as found:
        yield found.url, found.stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """The machine's own, one for all tests of a module."""
    async with launched() as found:
        yield found


@pytest.fixture
async def fresh_browser() -> AsyncIterator[Browser]:
    """The same for one test."""
    async with launched() as found:
        yield found


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"NO BROWSER on this machine ({', '.join(BROWSERS)}): the page was not tried in one.")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        await found.close()
