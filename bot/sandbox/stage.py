"""The whole demonstration: both platforms, the page, and the real bot between them, on one machine and with nothing to set up.

The platforms and the page listen on one port, the bot on another, all on loopback. The bot is that of production: only addresses and
secrets are the sandbox's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import SecretStr

from bot import offices
from bot.app import Deskbell, opened
from bot.console.clock import MovedClock
from bot.sandbox import office
from bot.sandbox.changes import Changes
from bot.sandbox.keeping import Kept, restore
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.teams import TeamsSandbox
from bot.settings import Settings
from bot.slack import wiring as slack_wiring
from bot.slack.wiring import Slack
from bot.teams import wiring as teams_wiring
from bot.teams.wiring import Teams
from bot.web.server import NotListening, serving
from storage.outbox import figures

HOST = "127.0.0.1"
KEY = "c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveC0="
"""A key of nobody: it seals and signs on loopback only."""
PAUSE = 0.02
MORNING, EVENING, SATURDAY = 10, 16, 5
LARGEST = 32 * 2**20
Document = Mapping[str, Any]


@dataclass
class Platforms:
    """Slack and Teams with the office's people in them, on one clock.

    `channels`: by chat, the channel of each queue's key. `facts`: what the demonstration itself remembers.
    """

    slack: SlackSandbox
    teams: TeamsSandbox
    changes: Changes
    clock: MovedClock
    document: Document
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)


@dataclass
class Stage:
    """The platforms and the bot between them, at work."""

    on: Platforms
    bot: Deskbell
    slack: Slack
    teams: Teams

    async def settled(self, patience: float = 30.0) -> None:
        """Until nothing is on its way between platforms and bot, and nothing is due."""
        async with asyncio.timeout(patience):
            while True:
                await self.slack.chores.drain()
                await self.teams.chores.drain()
                await self.on.slack.settled()
                await self.on.teams.settled()
                await self.bot.pump.drain(PAUSE)
                if not (await self.bot.store.database.read(figures, self.bot.clock())).depth:
                    return
                await asyncio.sleep(PAUSE)

    async def move_to(self, moment: datetime) -> None:
        """The office's clock goes forwards; what is due by then happens."""
        self.on.clock.move_to(moment)
        self.bot.pump.wake()
        await self.bot.audit()
        await self.on.slack.repeat_events()
        await self.on.teams.repeat()
        self.on.changes.tell()


def platforms(document: Document, command: str = "/issue", public_url: str | None = None, before: Kept | None = None) -> Platforms:
    """New ones, or as they were left. They do not listen yet."""
    clock, changes = MovedClock(lambda: datetime.now(UTC)), Changes()

    def seconds() -> float:
        return clock().timestamp()

    slack = SlackSandbox(clock=seconds, signing_clock=time.time, changes=changes)
    teams = TeamsSandbox(clock=seconds, signing_clock=time.time, changes=changes)
    if before is not None:
        clock.move_to(clock() + timedelta(seconds=before.ahead))
    else:
        clock.move_to(at_work(clock(), document["office"]["time_zone"]))
    channels = {
        "slack": office.move_into_slack(slack, document, command, public_url),
        "teams": office.move_into_teams(teams, document),
    }
    if before is not None:
        restore(before, slack.world, teams.world)
    return Platforms(slack, teams, changes, clock, document, channels, dict(before.facts) if before else {})


def at_work(now: datetime, zone: str) -> datetime:
    """Now, if people are at work; else the next morning of a weekday at ten, so that whoever looks at night sees an office by day."""
    here = now.astimezone(ZoneInfo(zone))
    while not (here.weekday() < SATURDAY and MORNING <= here.hour < EVENING):
        ahead = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        here = ahead if ahead > here else ahead + timedelta(days=1)
    return here.astimezone(UTC)


@asynccontextmanager
async def listening(on: Platforms, port: int, routes: list[web.RouteDef]) -> AsyncIterator[str]:
    """Both platforms, and `routes` of the page, on one port; gives its address. Raises `NotListening`."""
    app = web.Application(client_max_size=LARGEST)
    app.add_routes(routes)
    app.add_subapp("/slack", on.slack.application())
    app.add_subapp("/teams", on.teams.application())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            raise NotListening(f"Port {port} on {HOST} cannot be listened on: {error.strerror or error}.") from error
        address = f"http://{HOST}:{runner.addresses[0][1]}"
        on.slack.at(f"{address}/slack")
        on.teams.at(f"{address}/teams")
        yield address
    finally:
        await on.slack.stop()
        await on.teams.stop()
        await runner.cleanup()


@asynccontextmanager
async def staged(on: Platforms, settings: Settings, *, new: bool) -> AsyncIterator[Stage]:
    """The bot on the platforms, which listen already. With `new`, somebody adds it to the teams; else it was there before."""
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(opened(settings, on.clock))
        document = office.with_channels(on.document, **on.channels)
        await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())
        slack = await stack.enter_async_context(slack_wiring.connected(bot))
        teams = await stack.enter_async_context(teams_wiring.connected(bot))
        await slack.learn_everyone()
        port = await stack.enter_async_context(serving(bot, HOST, settings.port, (*slack.routes, *teams.routes)))
        on.slack.bot_url, on.teams.bot_url = f"http://{HOST}:{port}", f"http://{HOST}:{port}/api/messages"
        await stack.enter_async_context(slack.listening())
        await bot.start()
        stack.push_async_callback(bot.stop)
        stage = Stage(on, bot, slack, teams)
        if new:
            for team in on.teams.world.teams.values():
                await on.teams.install(team, by=office.handle(on.document["office"]["owner"]))
            await stage.settled()
        yield stage


def settings_of(found: Settings, on: Platforms, database: str, port: int) -> Settings:
    """The bot's settings: those of the environment, with the sandbox's addresses and secrets instead of real ones."""
    return found.model_copy(
        update={
            "database_url": database,
            "redis_url": None,
            "host": HOST,
            "port": port,
            "public_url": f"http://{HOST}:{port}",
            "secret_keys": SecretStr(KEY),
            "office": on.document["office"]["key"],
            "slack_signing_secret": SecretStr(on.slack.signing_secret),
            "slack_bot_token": SecretStr(on.slack.bot_token),
            "slack_app_token": None,
            "slack_client_id": None,
            "slack_client_secret": None,
            "slack_api_url": on.slack.base_url,
            "teams_app_id": on.teams.app_id,
            "teams_app_password": SecretStr(on.teams.app_secret),
            "teams_tenant_id": on.teams.tenant,
            "teams_tenants": "",
            "teams_more": None,
            "teams_anonymous": False,
            "teams_openid_url": on.teams.openid_url,
            "teams_login_url": on.teams.login_url,
            "open_signup": False,
        }
    )
