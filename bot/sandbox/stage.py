"""The whole demonstration: both platforms, the page, and the real bot between them, on one machine and with nothing to set up.

The platforms and the page listen on one port, the bot on another, all on loopback. The bot is that of production: only addresses and
secrets are the sandbox's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import SecretStr

from bot import offices
from bot.app import Deskbell, opened
from bot.console.clock import MovedClock
from bot.sandbox import office, vendors
from bot.sandbox.changes import Changes
from bot.sandbox.keeping import Kept, restore
from bot.sandbox.mail import MailSandbox
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.teams import TeamsSandbox
from bot.settings import Settings
from bot.slack import wiring as slack_wiring
from bot.slack.wiring import Slack
from bot.teams import wiring as teams_wiring
from bot.teams.wiring import Teams
from bot.web.server import NotListening, serving
from storage.coordination import Alone
from storage.outbox import figures

HOST = "127.0.0.1"
KEY = "c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveC0="
"""A key of nobody: it seals and signs on loopback only."""
PAUSE, ROUND, UNHURRIED = 0.02, 0.5, 60.0
"""Seconds: between two looks, for which the pump is waited for in one, and for an answer while the past is told."""
BACK = timedelta(days=16)
"""So long before today a new office begins, to have a history by then."""
MORNING, EVENING, SATURDAY = 10, 16, 5
PUBLIC = "https://desk.example"
"""What the bot is called on the web of this demonstration. Links to it are opened at its address on loopback."""
INBOUND = "/mail/inbound"
"""Where the bot is given letters. It has no mail yet, so they come back to whoever wrote them."""
LARGEST = 32 * 2**20
Document = Mapping[str, Any]


@dataclass
class Platforms:
    """Slack, Teams and e-mail with the office's people in them, on one clock.

    `channels`: by chat, the channel of each queue's key. `places`: by vendor, its channels in Slack. `facts`: what the demonstration itself
    remembers.
    """

    slack: SlackSandbox
    teams: TeamsSandbox
    mail: MailSandbox
    changes: Changes
    clock: MovedClock
    document: Document
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: vendors.Places = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The office's time zone."""
        return str(self.document["office"]["time_zone"])


@dataclass
class Stage:
    """The platforms and the bot between them, at work."""

    on: Platforms
    bot: Deskbell
    slack: Slack
    teams: Teams | None = None
    """None: the office is in Slack alone."""

    async def settled(self, patience: float = 120.0) -> None:
        """Until nothing is on its way between platforms and bot, and nothing is due."""
        async with asyncio.timeout(patience):
            while True:
                await self.slack.chores.drain()
                if self.teams is not None:
                    await self.teams.chores.drain()
                await self.on.slack.settled()
                await self.on.teams.settled()
                await self.on.mail.settled()
                await self.bot.pump.drain(ROUND)
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
        await self.on.mail.repeat()
        self.on.changes.tell()


def platforms(document: Document, command: str = "/issue", before: Kept | None = None) -> Platforms:
    """New ones, with some weeks to go until today, or as they were left. They do not listen yet."""
    clock, changes = MovedClock(lambda: datetime.now(UTC) - BACK), Changes()

    def seconds() -> float:
        return clock().timestamp()

    slack = SlackSandbox(clock=seconds, signing_clock=time.time, changes=changes)
    teams = TeamsSandbox(clock=seconds, signing_clock=time.time, changes=changes)
    domain, zone = urlsplit(PUBLIC).hostname or "", document["office"]["time_zone"]
    mail = MailSandbox(domain=domain, clock=seconds, signing_clock=time.time, zone=zone, changes=changes)
    office.move_into_mail(mail, document)
    if before is not None:
        clock.move_to(clock() + timedelta(seconds=before.ahead))
    channels = {
        "slack": office.move_into_slack(slack, document, command, PUBLIC),
        "teams": office.move_into_teams(teams, document, PUBLIC),
    }
    places = vendors.move_in(slack, document, PUBLIC)
    if before is not None:
        restore(before, slack.world, teams.world, mail.world, slack.workspaces[1:])
    return Platforms(slack, teams, mail, changes, clock, document, channels, places, dict(before.facts) if before else {})


def at_work(now: datetime, zone: str) -> datetime:
    """Now, if people are at work; else the next morning of a weekday at ten, so that whoever looks at night sees an office by day."""
    here = now.astimezone(ZoneInfo(zone))
    while not (here.weekday() < SATURDAY and MORNING <= here.hour < EVENING):
        ahead = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        here = ahead if ahead > here else ahead + timedelta(days=1)
    return here.astimezone(UTC)


@asynccontextmanager
async def listening(on: Platforms, port: int, routes: list[web.RouteDef]) -> AsyncIterator[str]:
    """Both platforms, and `routes` of the page, on one port; mail on another. Gives the page's address. Raises `NotListening`."""
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
        await on.mail.start()
        yield address
    finally:
        await on.slack.stop()
        await on.teams.stop()
        await on.mail.stop()
        await runner.cleanup()


@asynccontextmanager
async def staged(
    on: Platforms, settings: Settings, *, new: bool, history: Callable[[Stage], Awaitable[None]] | None = None
) -> AsyncIterator[Stage]:
    """The bot on the platforms, which listen already. If `new`, it is added to the teams and `history` is played; else it was there."""
    async with AsyncExitStack() as stack:
        pace = Alone(lambda: on.clock().timestamp())  # in the office's time, so that its history is soon told
        bot = await stack.enter_async_context(opened(settings, on.clock, coordination=pace))
        chats = {"slack": on.channels["slack"], **({"teams": on.channels["teams"]} if settings.has_teams else {})}
        document = vendors.with_places(office.with_channels(on.document, **chats), on.places)
        await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())
        slack = await stack.enter_async_context(slack_wiring.connected(bot))
        teams = await stack.enter_async_context(teams_wiring.connected(bot)) if settings.has_teams else None
        await slack.learn_everyone()
        port = await stack.enter_async_context(serving(bot, HOST, settings.port, (*slack.routes, *(teams.routes if teams else ()))))
        on.teams.public_url = PUBLIC
        on.slack.bot_url, on.teams.bot_url = f"http://{HOST}:{port}", f"http://{HOST}:{port}/api/messages"
        on.mail.bot_url = f"http://{HOST}:{port}{INBOUND}"
        await stack.enter_async_context(slack.listening())
        await bot.start()
        stack.push_async_callback(bot.stop)
        await vendors.install(bot, on.slack, on.places)
        stage = Stage(on, bot, slack, teams)
        if new:
            await _moved_in(stage, history)
        yield stage


async def _moved_in(stage: Stage, history: Callable[[Stage], Awaitable[None]] | None) -> None:
    """The bot is added to the teams; what happens until today happens."""
    on = stage.on
    for team in on.teams.world.teams.values() if stage.teams else ():
        await on.teams.install(team, by=office.handle(on.document["office"]["owner"]))
    await stage.settled()
    if history is not None:
        usual = on.slack.courier.answer_within, on.teams.courier.answer_within
        on.slack.courier.answer_within = on.teams.courier.answer_within = UNHURRIED  # a slow machine does not spoil what took weeks
        await history(stage)
        on.slack.courier.answer_within, on.teams.courier.answer_within = usual
    await stage.move_to(at_work(datetime.now(UTC), on.zone))
    await stage.settled()


def settings_of(found: Settings, on: Platforms, database: str, port: int, *, slack_only: bool = False) -> Settings:
    """The bot's settings: those of the environment, with the sandbox's addresses and secrets instead of real ones.

    Vendors install the app from an invitation; the office's own workspace has its token in the settings.
    """
    app = (None, None, None) if slack_only else (on.teams.app_id, SecretStr(on.teams.app_secret), on.teams.tenant)
    return found.model_copy(
        update={
            "database_url": database,
            "redis_url": None,
            "host": HOST,
            "port": port,
            "public_url": PUBLIC,
            "secret_keys": SecretStr(KEY),
            "office": on.document["office"]["key"],
            "slack_signing_secret": SecretStr(on.slack.signing_secret),
            "slack_bot_token": SecretStr(on.slack.bot_token),
            "slack_app_token": None,
            "slack_client_id": on.slack.oauth.client_id if on.places else None,
            "slack_client_secret": SecretStr(on.slack.oauth.client_secret) if on.places else None,
            "slack_api_url": on.slack.base_url,
            **dict(zip(("teams_app_id", "teams_app_password", "teams_tenant_id"), app, strict=True)),
            "teams_tenants": "",
            "teams_more": None,
            "teams_anonymous": False,
            "teams_openid_url": on.teams.openid_url,
            "teams_login_url": on.teams.login_url,
            "open_signup": False,
        }
    )
