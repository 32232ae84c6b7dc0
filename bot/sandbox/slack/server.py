"""The sandbox itself: one aiohttp server on loopback that plays Slack, and the workspaces behind it."""

import json
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from aiohttp import web

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock, machine
from bot.sandbox.slack.api import Api
from bot.sandbox.slack.bytes import Bytes
from bot.sandbox.slack.courier import JSON_TYPE, Courier, Delivery
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.methods.oauth import OAuth
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.platform import Call, Platform
from bot.sandbox.slack.sockets import APP_TOKEN, AppLevel, Sockets
from bot.sandbox.slack.tokens import Tokens
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import World
from bot.sandbox.watching import until

T = TypeVar("T")
LARGEST = 32 * 2**20
"""Bytes of a request: files are uploaded."""
APART = 100_000
"""So far apart are the numbers in the ids of two workspaces: no id is good in both."""


class SlackSandbox(Workspace):
    """A Slack platform in memory, and its first workspace, in which the app is installed with `bot_token`. `add_workspace` makes others.

    `clock` is the platform's time (trigger ids, response URLs, rate limits, message time stamps); `signing_clock` the time in
    signatures, which the bot compares with the machine's; `changes` is told of all that happens.
    Use as an async context manager, or `start()` and `stop()`.
    """

    def __init__(
        self,
        *,
        clock: Clock = machine,
        signing_clock: Clock = machine,
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107 a secret of nobody: it signs on loopback only
        bot_token: str = "xoxb-sandbox",  # noqa: S107 the same
        changes: Changes | None = None,
    ) -> None:
        world = World(clock, token=bot_token)
        platform = Platform(clock, {bot_token: world}, Tokens(clock), RateLimits(clock), emit=self._emit, changes=changes or Changes())
        super().__init__(platform, Courier(platform, signing_secret, signing_clock), OAuth(), world)
        self.workspaces: list[Workspace] = [self]
        self.signing_secret, self.bot_token = signing_secret, bot_token
        self.sockets = Sockets(world.app.id, platform.changes, lambda: platform.base_url)
        self._runner: web.AppRunner | None = None

    def _emit(self, world: World, event: Json) -> None:
        self.courier.emit(world, event)

    # --- running

    async def start(self, port: int = 0) -> "SlackSandbox":
        """Listen on 127.0.0.1; port 0 takes any free one."""
        self._runner = web.AppRunner(self.application(), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return self.at(f"http://127.0.0.1:{self._runner.addresses[0][1]}")

    def application(self) -> web.Application:
        """All that it answers, for `start` or to be mounted in another application."""
        application = web.Application(client_max_size=LARGEST)
        application.add_routes([*Api(self._platform, self.oauth).routes(), *Bytes(self._platform).routes(), self.sockets.route()])
        return application

    def at(self, base_url: str) -> "SlackSandbox":
        """Where the application can be reached, without a slash at the end."""
        self._platform.base_url = base_url
        for one in self.workspaces:
            one.world.home = base_url
        return self

    async def stop(self) -> None:
        """Stop listening; what is on its way to the bot is given up."""
        await self.courier.stop()
        await self.sockets.stop()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "SlackSandbox":
        return await self.start()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    @property
    def base_url(self) -> str:
        """For `AsyncWebClient(base_url=...)`, with the slash that it needs at the end."""
        return f"{self._platform.base_url}/api/"

    @property
    def bot_url(self) -> str:
        """The bot's request URL. Without a path, `/slack/events` is added."""
        return self.courier.url

    @bot_url.setter
    def bot_url(self, url: str) -> None:
        self.courier.url = url

    def use_socket(self, app_token: str = APP_TOKEN) -> str:
        """Socket Mode: from now on all goes over the connections that a bot opens with this app-level token, which is returned."""
        self._platform.worlds[app_token] = AppLevel(self.world, app_token, self.sockets.address)
        self.courier.sockets = self.sockets
        return app_token

    # --- the workspaces

    def add_workspace(self, team: str, domain: str, name: str = "") -> Workspace:
        """One more, with ids of its own and nobody in it. The app is the same, as its manifest is now, and is not installed there."""
        count = len(self.workspaces)
        world = World(
            self._platform.clock, token="", team=team, domain=domain, name=name, app=self.app.elsewhere(count), first_number=count * APART
        )
        world.home = self.world.home
        self.workspaces.append(Workspace(self._platform, self.courier, self.oauth, world))
        return self.workspaces[-1]

    def workspace(self, domain: str) -> Workspace:
        """The one with this domain; `LookupError` if there is none."""
        for one in self.workspaces:
            if one.world.domain == domain:
                return one
        raise LookupError(f"there is no workspace {domain!r}")

    # --- trouble and limits

    @property
    def faults(self) -> Faults:
        """Trouble to order: fail_next, slow_next, hold_next, lose_answer, deliver_twice, down_how."""
        return self._platform.faults

    @property
    def limits(self) -> RateLimits:
        """The rate limits, off at first."""
        return self._platform.limits

    @property
    def down(self) -> bool:
        """Whether the platform is out of order."""
        return self.faults.down

    @down.setter
    def down(self, value: bool) -> None:
        self.faults.down = value

    def fail_next(self, method: str, error: str | int = "fatal_error", times: int = 1, *, retry_after: int = 1, team: str = "") -> None:
        """Let the next `times` calls of `method` ("*": any) fail with an error's name, `ratelimited`, or an HTTP status.

        With a `team` only those with a token of that workspace.
        """
        self.faults.fail_next(f"{team}:{method}" if team else method, error, times, retry_after=retry_after)

    # --- watching

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API and of response URLs, in the order of arrival."""
        return self._platform.calls

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every request to the bot with its answer, in the order of the answers."""
        return self.courier.sent

    async def until(self, predicate: Callable[[], T], within: float = 120.0) -> T:
        """Wait until `predicate()` is true after some change, and return its value; `TimeoutError` says what was called last."""
        return await until(self._platform.changes, self.calls, predicate, within)

    async def settled(self) -> None:
        """Wait until no event is on its way to the bot."""
        await self.courier.settled()

    async def repeat_events(self) -> int:
        """Send again the events that the bot did not take and that are due by the clock; how many it took now."""
        return await self.courier.repeat()

    async def verify_request_url(self) -> bool:
        """What Slack does when a request URL is entered: send a challenge that must come back."""
        payload = {"type": "url_verification", "token": self.app.verification, "challenge": f"challenge-{self.world.new_ts()}"}
        delivery = await self.courier.send("event", payload, json.dumps(payload).encode(), JSON_TYPE)
        return delivery.ok and payload["challenge"] in delivery.body
