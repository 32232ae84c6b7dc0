"""The sandbox itself: one aiohttp server on loopback that plays Slack, and the workspace behind it."""

import json
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock, machine
from bot.sandbox.slack.api import Api
from bot.sandbox.slack.bytes import Bytes
from bot.sandbox.slack.courier import JSON_TYPE, Courier, Delivery
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.methods.oauth import OAuth
from bot.sandbox.slack.model import App, Channel, Enterprise, Json, Kind, User
from bot.sandbox.slack.people import Actor
from bot.sandbox.slack.platform import Call, Platform
from bot.sandbox.slack.seen import Seen, seen_by
from bot.sandbox.slack.sockets import APP_TOKEN, AppLevel, Sockets
from bot.sandbox.slack.tokens import Tokens
from bot.sandbox.slack.world import World
from bot.sandbox.watching import until

T = TypeVar("T")
LARGEST = 32 * 2**20
"""Bytes of a request: files are uploaded."""


class SlackSandbox:
    """A Slack platform with one workspace, in memory.

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
        self.world = World(clock, token=bot_token)
        self.signing_secret, self.bot_token = signing_secret, bot_token
        self._platform = Platform(
            clock, {bot_token: self.world}, Tokens(clock), RateLimits(clock), emit=self._emit, changes=changes or Changes()
        )
        self.courier = Courier(self._platform, signing_secret, signing_clock)
        self.sockets = Sockets(self.world.app.id, self._platform.changes, lambda: self._platform.base_url)
        self.oauth = OAuth()
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
        self._platform.base_url = self.world.home = base_url
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

    def approve(self, url: str, user: str) -> str:
        """Press Allow on the page that the app's link leads to: where the browser goes then."""
        grid = self.world.enterprise
        wide = grid.id if grid and grid.wide else ""
        return self.oauth.approve(self._platform, url, self.world.user(user).id, self.world, wide)

    def join_enterprise(self, enterprise: Enterprise) -> Enterprise:
        """The workspace is one of several of a company from now on; with `wide`, the app is installed for all of them."""
        self.world.enterprise = enterprise
        return enterprise

    def grant(self, *teams: str) -> None:
        """The enterprise's administrators add the app to these workspaces."""
        self._access(teams, "team_access_granted", set.update)

    def revoke(self, *teams: str) -> None:
        """They take it away from these."""
        self._access(teams, "team_access_revoked", set.difference_update)

    def _access(self, teams: Sequence[str], kind: str, change: Callable[[set[str], Sequence[str]], None]) -> None:
        if self.world.enterprise is None:
            raise LookupError("the workspace is in no enterprise")
        change(self.world.enterprise.granted, teams)
        self._emit(self.world, {"type": kind, "team_ids": list(teams), "event_ts": self.world.new_ts()})

    def uninstall(self) -> None:
        """Remove the app from the workspace."""
        grid = self.world.enterprise
        self.oauth.uninstall(self._platform, self.world, grid.id if grid and grid.wide else "")

    # --- the workspace

    @property
    def app(self) -> App:
        """The installed app: its scopes, events and commands can be changed."""
        return self.world.app

    def add_user(self, name: str, **facts: Any) -> User:
        """A new member; `facts` are the fields of `User` (real_name, email, tz, guest, deleted, ...)."""
        return self.world.add_user(name, **facts)

    def add_channel(self, name: str, members: list[str], *, kind: Kind = "channel", bot: bool = True) -> Channel:
        """A new channel with these members (handles or ids) and, if `bot`, the app; kind `group` is a private one."""
        return self.world.add_channel(name, members, kind=kind, bot=bot)

    def actor(self, who: str | User) -> Actor:
        """The person with this handle, id or full name."""
        return Actor(self._platform, self.world, self.courier, self.world.user(who))

    def seen_by(self, who: str | User) -> list[Seen]:
        """All that this person has on the screen."""
        return seen_by(self.world, self.world.user(who).id)

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

    def fail_next(self, method: str, error: str | int = "fatal_error", times: int = 1, *, retry_after: int = 1) -> None:
        """Let the next `times` calls of `method` ("*": any) fail with an error's name, `ratelimited`, or an HTTP status."""
        self.faults.fail_next(method, error, times, retry_after=retry_after)

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

    async def until(self, predicate: Callable[[], T], within: float = 30.0) -> T:
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
