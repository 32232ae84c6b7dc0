"""A workspace installs the bot from a link, works with it, and removes it: the bot as `deskbell run` puts it together."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bot.app import Deskbell, opened
from bot.invitations import Invitations, Party, link
from bot.sandbox.slack import SlackSandbox
from bot.settings import Settings
from bot.slack.manifest import EVENTS, scopes
from bot.slack.wiring import NotConnected, Slack, connected
from bot.web.server import web_app
from storage.secrets import new_key
from storage.tables import installations, tickets
from tests.stories.world import StoryClock, people_of, policy

LIGHT = "light above my desk flickering"


@dataclass
class Hosted:
    """The bot with no workspace yet, and the Slack in which one will install it."""

    bot: Deskbell
    slack: SlackSandbox
    wired: Slack
    url: str
    key: str

    async def settled(self) -> None:
        for _ in range(3):
            await self.wired.chores.drain()
            await self.slack.settled()
            await self.bot.pump.drain(1)

    async def installs(self) -> str:
        """Ada opens the invitation, goes on to Slack, presses Allow, and comes back; the page she sees at the end."""
        office = (await self.bot.store.offices.list())[0]
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.get(link(self.url, Invitations([self.key]).mint(Party(office.id)))) as page:
                onwards = unescape(re.findall(r'href="([^"]+)"', await page.text())[0])
            async with browser.get(URL(self.slack.approve(onwards, "ada"), encoded=True)) as page:
                said = await page.text()
        await self.settled()
        return said

    async def count(self) -> int:
        return len(await self.bot.store.database.read(lambda connection: connection.execute(tickets.select()).all()))


@pytest.fixture
async def hosted(tmp_path: Path) -> AsyncIterator[Hosted]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackSandbox())
        slack.app.scopes, slack.app.events = {one.name for one in scopes(True)}, {one.name for one in EVENTS}
        names = people_of(slack)
        slack.add_channel("office", list(names))
        building = slack.add_channel("building", ["bob", "pat"])
        ear = socket.socket()
        ear.bind(("127.0.0.1", 0))
        url, key = f"http://127.0.0.1:{ear.getsockname()[1]}", new_key()
        slack.oauth.redirect_urls.append(url)
        settings = Settings(
            database_url=f"sqlite:///{tmp_path / 'hosted.db'}",
            public_url=url,
            slack_signing_secret=SecretStr(slack.signing_secret),
            slack_client_id=slack.oauth.client_id,
            slack_client_secret=SecretStr(slack.oauth.client_secret),
            slack_api_url=slack.base_url,
            secret_keys=SecretStr(key),
            _env_file=None,
        )
        bot = await stack.enter_async_context(opened(settings, StoryClock()))
        await policy(bot, dict.fromkeys(("front-desk", "building", "it", "people", "finance"), building.id))
        wired = await stack.enter_async_context(connected(bot))
        runner = web.AppRunner(web_app(bot, wired.routes), shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, ear).start()
        slack.bot_url = url
        await bot.start()
        stack.push_async_callback(bot.stop)
        yield Hosted(bot, slack, wired, url, key)


async def test_before_anybody_installs_it_people_are_told_what_to_do(hosted: Hosted) -> None:
    await hosted.slack.actor("ana").command("office", "/issue", LIGHT)
    assert hosted.slack.actor("ana").sees("I am not set up in this workspace yet.")
    assert await hosted.count() == 0


async def test_an_invited_workspace_works_at_once(hosted: Hosted) -> None:
    assert "Deskbell" in await hosted.installs()
    await hosted.slack.actor("ana").command("office", "/issue", LIGHT)
    await hosted.settled()
    assert hosted.slack.actor("ana").sees(f"#1 is open: {LIGHT}")
    assert hosted.slack.actor("bob").sees(f"#1 {LIGHT}")
    rows = await hosted.bot.store.database.read(lambda connection: connection.execute(installations.select()).all())
    assert "xox" not in str(rows)


async def test_a_workspace_that_removes_it_is_let_go_and_may_come_back(hosted: Hosted) -> None:
    await hosted.installs()
    hosted.slack.uninstall()
    await hosted.settled()
    await hosted.slack.actor("ana").command("office", "/issue", LIGHT)
    assert hosted.slack.actor("ana").sees("I am not set up in this workspace yet.")
    await hosted.installs()
    await hosted.slack.actor("ana").command("office", "/issue", LIGHT)
    assert hosted.slack.actor("ana").sees(f"#1 is open: {LIGHT}")


async def test_what_is_missing_is_named(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}", slack_client_id="1.2", _env_file=None)
    async with opened(settings) as bot:
        with pytest.raises(NotConnected, match="DESKBELL_SLACK_CLIENT_SECRET"):
            async with connected(bot):
                pass
