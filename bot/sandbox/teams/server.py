"""The sandbox itself: one aiohttp server on loopback that plays Microsoft's side, and the tenant behind it."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock, machine
from bot.sandbox.teams.api import Api
from bot.sandbox.teams.courier import Courier, Delivery
from bot.sandbox.teams.faults import Faults
from bot.sandbox.teams.installing import Installing
from bot.sandbox.teams.keys import Issuer
from bot.sandbox.teams.limits import RateLimits
from bot.sandbox.teams.login import Login
from bot.sandbox.teams.model import App, Conversation, Message, Team, TeamsFile, User
from bot.sandbox.teams.people import Actor
from bot.sandbox.teams.platform import Call, Platform
from bot.sandbox.teams.refreshing import Refreshing
from bot.sandbox.teams.seen import Seen, seen_by
from bot.sandbox.teams.showing import Showing
from bot.sandbox.teams.world import TENANT, World
from bot.sandbox.watching import until

T = TypeVar("T")
LARGEST = 32 * 2**20
"""Bytes of a request."""
APP_ID = "5a0db0c5-7e40-4e5b-8a2c-00000000a001"


class TeamsSandbox:
    """Microsoft Teams with one tenant and one app, in memory.

    `clock` is the platform's time (messages, rate limits, access tokens); `signing_clock` the time in the tokens of requests to the bot,
    which it compares with the machine's; `changes` is told of all that happens.
    `beside` another sandbox: a second registration with its own tenant, and the same issuer and sign-in.
    Use as an async context manager, or `start()` and `stop()`.
    """

    def __init__(
        self,
        *,
        clock: Clock = machine,
        signing_clock: Clock = machine,
        app_id: str = APP_ID,
        app_secret: str = "sandbox-app-secret",  # noqa: S107 a secret of nobody: it is good on loopback only
        tenant: str = TENANT,
        beside: "TeamsSandbox | None" = None,
        changes: Changes | None = None,
    ) -> None:
        self.world = World(clock, App(app_id, app_secret), tenant=tenant)
        self._first = beside is None
        self.issuer: Issuer = beside.issuer if beside else Issuer(signing_clock)
        self.login: Login = beside.login if beside else Login(clock)
        self.login.apps[app_id] = (self.world.app, tenant)
        self._platform = Platform(
            clock,
            self.world,
            self.issuer,
            self.login,
            RateLimits(clock),
            refresh=self._shown,
            changes=changes or Changes(),
        )
        self.courier = Courier(self._platform, signing_clock)
        self.installing = Installing(self._platform, self.courier)
        self.refreshing = Refreshing(self._platform, self.courier)
        self.showing = Showing(self._platform, self.courier)
        self._runner: web.AppRunner | None = None

    def _shown(self, message: Message) -> None:
        self.refreshing.ask(message)
        self.showing.show(message)

    # --- running

    async def start(self, port: int = 0) -> "TeamsSandbox":
        """Listen on 127.0.0.1; port 0 takes any free one."""
        self._runner = web.AppRunner(self.application(), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return self.at(f"http://127.0.0.1:{self._runner.addresses[0][1]}")

    def application(self) -> web.Application:
        """All that it answers, for `start` or to be mounted in another application."""
        application = web.Application(client_max_size=LARGEST)
        application.add_routes([*Api(self._platform).routes(), *self.issuer.routes()])
        return application

    def at(self, base_url: str) -> "TeamsSandbox":
        """Where the application can be reached, without a slash at the end."""
        self._platform.base_url = base_url
        if self._first:
            self.issuer.base_url = base_url
        return self

    async def stop(self) -> None:
        """Stop listening; what is on its way to the bot is given up."""
        await self.courier.stop()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "TeamsSandbox":
        return await self.start()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    @property
    def app(self) -> App:
        """The app: its permissions and commands can be changed."""
        return self.world.app

    @property
    def app_id(self) -> str:
        """The app's id, which is also the audience of the tokens that the bot gets."""
        return self.app.id

    @property
    def app_secret(self) -> str:
        """What the bot gets its own tokens with."""
        return self.app.secret

    @property
    def tenant(self) -> str:
        """The tenant's id."""
        return self.world.tenant

    @property
    def openid_url(self) -> str:
        """The address of the issuer's metadata."""
        return f"{self.issuer.base_url}/v1/.well-known/openidconfiguration"

    @property
    def login_url(self) -> str:
        """The base of the token endpoint: POST {login_url}/{tenant}/oauth2/v2.0/token."""
        return f"{self.issuer.base_url}/login"

    @property
    def service_url(self) -> str:
        """The connector's address, with a slash at the end."""
        return self._platform.service_url

    @property
    def bot_url(self) -> str:
        """The bot's endpoint. Without a path, `/api/messages` is added."""
        return self.courier.url

    @bot_url.setter
    def bot_url(self, url: str) -> None:
        self.courier.url = url

    @property
    def public_url(self) -> str:
        """The bot's address as Teams' own machines reach it: pictures on cards are fetched below it, and from nowhere else."""
        return self.showing.public_url

    @public_url.setter
    def public_url(self, url: str) -> None:
        self.showing.public_url = url

    # --- the tenant

    def add_user(self, name: str, **facts: Any) -> User:
        """A new person; `facts` are the fields of `User` (real_name, email, tz, guest, tenant, ...).

        `aad=False`: without a stable id; `added=False`: without the app in a chat of their own.
        """
        return self.world.add_user(name, **facts)

    def add_team(self, name: str, members: Iterable[str] = (), *, installed: bool = True) -> Team:
        """A new team with its General channel and, if `installed`, the app."""
        return self.world.add_team(name, members, installed=installed)

    def add_channel(self, name: str, members: Iterable[str], *, team: str | Team = "Office", bot: bool = True) -> Conversation:
        """A new channel with these members (handles or ids) in a team, which is made if it is new; if `bot`, the team has the app."""
        return self.world.add_channel(name, members, team=team, bot=bot)

    def add_group_chat(self, name: str, members: Iterable[str], *, bot: bool = True) -> Conversation:
        """A new chat of several people and, if `bot`, the app."""
        return self.world.add_group_chat(name, members, bot=bot)

    def add_file(self, who: str | User, name: str, data: bytes, mimetype: str = "application/octet-stream") -> TeamsFile:
        """A file of this person, to be sent with a message."""
        return self.world.add_file(who, name, data, mimetype)

    def actor(self, who: str | User) -> Actor:
        """The person with this handle, id or full name."""
        return Actor(self._platform, self.world, self.courier, self.world.user(who))

    def seen_by(self, who: str | User) -> list[Seen]:
        """All that this person has on the screen."""
        return seen_by(self.world, self.world.user(who))

    async def install(self, where: Team | Conversation | User, by: str | User) -> list[Delivery]:
        """Somebody adds the app to a team, a chat, or for a person alone; the bot is told as Teams tells it."""
        return await self.installing.install(where, self.world.user(by))

    async def uninstall(self, where: Team | Conversation | User, by: str | User) -> list[Delivery]:
        """Somebody takes it away."""
        return await self.installing.uninstall(where, self.world.user(by))

    # --- trouble and limits

    @property
    def faults(self) -> Faults:
        """Trouble to order: fail_next, slow_next, hold_next, cut_next, lose_answer, deliver_twice, down_how."""
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

    def fail_next(self, method: str, error: int | str = 500, times: int = 1, *, code: str = "", retry_after: int | None = 1) -> None:
        """Let the next `times` calls of `method` ("*": any, `token`) fail with an HTTP status, or with a code of a 403."""
        self.faults.fail_next(method, error, times, code=code, retry_after=retry_after)

    # --- watching

    @property
    def calls(self) -> list[Call]:
        """Every call of the connector and of the token endpoint, in the order of arrival."""
        return self._platform.calls

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every request to the bot with its answer, in the order of the answers."""
        return self.courier.sent

    @property
    def troubles(self) -> list[str]:
        """What was wrong with the bot's answers to invokes."""
        return self._platform.troubles

    async def until(self, predicate: Callable[[], T], within: float = 120.0) -> T:
        """Wait until `predicate()` is true after some change, and return its value; `TimeoutError` says what was called last."""
        return await until(self._platform.changes, self.calls, predicate, within)

    async def settled(self) -> None:
        """Wait until nothing is on its way to the bot."""
        await self.courier.settled()

    async def repeat(self) -> int:
        """Send again the activities that took too long and are due by the clock; how many the bot took now."""
        return await self.courier.repeat()
