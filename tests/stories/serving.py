"""An office in one chat and its MSP in the other: each in a workspace of its own, and one bot between them."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bot import offices
from bot.app import Deskbell, opened
from bot.invitations import Invitations, Party, link
from bot.sandbox.slack import Seen, SlackSandbox
from bot.sandbox.teams import TeamsSandbox
from bot.settings import Settings
from bot.slack.manifest import EVENTS, scopes
from bot.slack.wiring import connected
from bot.teams import wiring as teams_wiring
from bot.web.server import serving, web_app
from handlers.office.model import Office
from storage.secrets import new_key
from tests.example import example_document
from tests.stories.world import (
    UNHURRIED,
    AcrossStory,
    StoryClock,
    names_of,
    settings,
    slack_office,
    teams_office,
    with_teams,
)

VENDOR = "northwind"
THEIRS = "acme-support"
"""The MSP's channel for this office."""
TECHNICIANS = {"dee": "Dee Diaz", "max": "Max Moss", "lou": "Lou Lang"}


class Served(AcrossStory):
    """`office.ana` works in the office's chat, `office.dee` at the MSP."""

    vendor_chat = "teams"
    returns: Callable[[], Awaitable[Any]]
    """The MSP adds the bot again."""

    async def leaves(self) -> None:
        """The MSP removes the bot."""
        await self.teams.uninstall(self.teams.world.team("Customers"), by="dee")

    def theirs(self, words: str) -> Seen:
        """The newest message with these words in the MSP's channel."""
        return self.dee.post(words, THEIRS)

    @property
    def msp(self) -> Any:
        """The sandbox in which the MSP is."""
        return self.teams if self.vendor_chat == "teams" else self.slack

    def channel_id(self, name: str) -> str:
        if name == THEIRS or self.vendor_chat == "teams":
            return str((self.msp if name == THEIRS else self.slack).world.channel(name).id)
        return str(self.teams.world.channel(name).id)


class ServedInSlack(Served):
    """The office is in Teams, its MSP in Slack."""

    chat = "teams"
    vendor_chat = "slack"

    async def leaves(self) -> None:
        self.slack.uninstall()

    @property
    def platform(self) -> SlackSandbox:
        return self.teams  # type: ignore[return-value]


def _document(queues: dict[str, str], chat: str, vendor_chat: str, channel: str, threads: str) -> dict[str, Any]:
    document = example_document()
    for queue in document["queues"]:
        queue["channel"] = {chat: queues[queue["key"]]}
    for vendor in document["vendors"]:
        vendor["places"] = [{vendor_chat: channel, "threads": threads}] if vendor["key"] == VENDOR else []
    return document


async def _applied(bot: Deskbell, document: dict[str, Any]) -> Office:
    return await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())


def _staffed(sandbox: Any, **more: Any) -> str:
    for name, real in TECHNICIANS.items():
        sandbox.add_user(name, real_name=real, email=f"{name}@northwind.example", tz="America/Los_Angeles")
    return str(sandbox.add_channel(THEIRS, list(TECHNICIANS), **more).id)


@asynccontextmanager
async def msp_in_teams(database: str, redis: str | None = None, threads: str = "shared", **more: Any) -> AsyncIterator[Served]:
    """The office is in Slack, its MSP in a tenant of Microsoft 365 with a registration of its own."""
    clock = StoryClock()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackSandbox())
        teams = await stack.enter_async_context(TeamsSandbox())
        queues = slack_office(slack, more.get("public_url"))
        teams.courier.answer_within = UNHURRIED
        document = _document(queues, "slack", "teams", _staffed(teams, team="Customers"), threads)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="desk")))
        theirs = (
            f'[{{"name": "msp", "app_id": "{teams.app_id}", "password": "{teams.app_secret}", "tenant": "{teams.tenant}", '
            f'"vendor": "acme/{VENDOR}"}}]'
        )
        addresses = {key: value for key, value in with_teams(teams).items() if key in ("teams_openid_url", "teams_login_url")}
        chosen = settings(database, redis, slack, data_folder=folder, teams_more=SecretStr(theirs), **addresses, **more)
        bot = await stack.enter_async_context(opened(chosen, clock))
        office = await _applied(bot, document)
        wired = await stack.enter_async_context(connected(bot))
        there = await stack.enter_async_context(teams_wiring.connected(bot))
        await wired.learn_everyone()
        port = await stack.enter_async_context(serving(bot, "127.0.0.1", 0, (*wired.routes, *there.routes)))
        slack.bot_url, teams.bot_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/api/messages"
        teams.public_url = more.get("public_url") or ""
        told = Served(bot, slack, wired, teams, there, office, clock)
        for name in names_of():
            told.joins(name, slack.actor(name))
        for name in TECHNICIANS:
            told.joins(name, teams.actor(name))  # type: ignore[arg-type]
        await bot.start()
        stack.push_async_callback(bot.stop)
        for team in teams.world.teams.values():
            await teams.install(team, by="dee")
        told.returns = partial(teams.install, teams.world.team("Customers"), by="dee")
        await told.settled()
        yield told


@asynccontextmanager
async def msp_in_slack(database: str, redis: str | None = None, threads: str = "shared", **more: Any) -> AsyncIterator[Served]:
    """The office is in Teams; its MSP has opened the invitation and added the bot to its own Slack."""
    clock = StoryClock()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackSandbox())
        teams = await stack.enter_async_context(TeamsSandbox())
        queues = teams_office(teams)
        slack.courier.answer_within = UNHURRIED
        slack.app.scopes, slack.app.events = {one.name for one in scopes(True)}, {one.name for one in EVENTS}
        document = _document(queues, "teams", "slack", _staffed(slack), threads)
        ear = socket.socket()
        ear.bind(("127.0.0.1", 0))
        url, key = f"http://127.0.0.1:{ear.getsockname()[1]}", new_key()
        slack.oauth.redirect_urls.append(url)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="desk")))
        chosen = Settings(
            database_url=database,
            redis_url=redis,
            public_url=url,
            data_folder=folder,
            slack_signing_secret=SecretStr(slack.signing_secret),
            slack_client_id=slack.oauth.client_id,
            slack_client_secret=SecretStr(slack.oauth.client_secret),
            slack_api_url=slack.base_url,
            secret_keys=SecretStr(key),
            stop_seconds=5,
            _env_file=None,
            **with_teams(teams),
            **more,
        )
        bot = await stack.enter_async_context(opened(chosen, clock))
        office = await _applied(bot, document)
        wired = await stack.enter_async_context(connected(bot))
        there = await stack.enter_async_context(teams_wiring.connected(bot))
        await _listening(stack, bot, ear, (*wired.routes, *there.routes))
        slack.bot_url, teams.bot_url, teams.public_url = url, f"{url}/api/messages", url
        told = ServedInSlack(bot, slack, wired, teams, there, office, clock)
        for name in names_of():
            told.joins(name, teams.actor(name))  # type: ignore[arg-type]
        for name in TECHNICIANS:
            told.joins(name, slack.actor(name))
        await bot.start()
        stack.push_async_callback(bot.stop)
        for team in teams.world.teams.values():
            await teams.install(team, by="ada")
        told.returns = partial(_installed, url, key, slack, Party(office.organisation, VENDOR))
        await told.returns()
        await told.settled()
        yield told


async def _listening(stack: AsyncExitStack, bot: Deskbell, ear: socket.socket, routes: Any) -> None:
    """On a socket that is bound already: the bot must know its address before it starts."""
    runner = web.AppRunner(web_app(bot, routes), shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, ear).start()


async def _installed(url: str, key: str, slack: SlackSandbox, party: Party) -> None:
    """Dee opens the invitation, goes on to Slack, presses Allow, and comes back."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(link(url, Invitations([key]).mint(party))) as page:
            (onwards,) = re.findall(r'href="([^"]+)"', await page.text())
        async with browser.get(URL(slack.approve(unescape(onwards), "dee"), encoded=True)) as page:
            assert page.status == 200, await page.text()
