"""The sandbox itself: an SMTP server on loopback, the mailboxes behind it, and the way from them to the bot."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock, machine
from bot.sandbox.mail.courier import Courier, Delivery
from bot.sandbox.mail.faults import Faults
from bot.sandbox.mail.model import Mailbox
from bot.sandbox.mail.people import Actor
from bot.sandbox.mail.relay import PASSWORD, USER, Call, Relay
from bot.sandbox.mail.world import World
from bot.sandbox.watching import until

T = TypeVar("T")
HOST = "127.0.0.1"


class MailSandbox:
    """Mailboxes, in memory. `domain`: the desk's, all of whose addresses the bot answers.

    `clock` is the time in letters, and by which they are sent again; `signing_clock` that of the webhook's signatures, which the bot
    compares with the machine's; `changes` is told of all that happens. Use as an async context manager, or `start()` and `stop()`.
    """

    user, password = USER, PASSWORD
    """What the bot says to the relay (AUTH PLAIN or LOGIN)."""

    def __init__(
        self,
        *,
        domain: str,
        clock: Clock = machine,
        signing_clock: Clock = machine,
        webhook_secret: str = "sandbox-mail-webhook-secret",  # noqa: S107 a secret of nobody: it signs on loopback only
        bot_url: str = "",
        zone: str = "UTC",
        changes: Changes | None = None,
    ) -> None:
        self.world, self.zone, self.changes = World(clock, domain), zone, changes or Changes()
        self.webhook_secret = webhook_secret
        self.faults = Faults()
        self.relay = Relay(self.world, self.faults, self.changes)
        self.courier = Courier(self.world, self.faults, self.changes, webhook_secret, signing_clock, bot_url)
        self.port = 0
        """Where the relay listens, once it was started."""
        self._server: asyncio.Server | None = None

    # --- running

    async def start(self, port: int = 0) -> MailSandbox:
        """Listen on 127.0.0.1; port 0 takes any free one. aiosmtpd itself says nothing: `calls` has it all, without any letter's words."""
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        await self._listen(port)
        self.courier.wind()
        return self

    async def _listen(self, port: int) -> None:
        self._server = await asyncio.get_running_loop().create_server(self.relay.protocol, HOST, port, family=socket.AF_INET)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening; what is on its way to the bot comes again after the next start."""
        await self.courier.stop()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        self.relay.hang_up()

    async def refuse_connections(self, refuse: bool) -> None:
        """Nobody listens at the relay's port any more, or somebody does again."""
        if refuse:
            self._hang_up()
        elif self._server is None:
            await self._listen(self.port)

    async def __aenter__(self) -> MailSandbox:
        return await self.start()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    @property
    def desk(self) -> str:
        """The address that everybody knows."""
        return f"desk@{self.world.domain}"

    @property
    def bot_url(self) -> str:
        """The bot's webhook; "" while there is none."""
        return self.courier.url

    @bot_url.setter
    def bot_url(self, url: str) -> None:
        self.courier.url = url
        if self._server is not None:
            self.courier.wind()  # what is left from before a restart goes out now

    # --- the world

    def add_mailbox(self, address: str, name: str, party: str = "") -> Mailbox:
        """A new one."""
        made = Mailbox(address.lower(), name, party)
        self.world.mailboxes[made.address] = made
        return made

    def actor(self, address: str) -> Actor:
        """Its owner. Raises `LookupError`."""
        return Actor(self.world, self.courier, self.world.mailbox(address), self.zone)

    # --- watching

    @property
    def calls(self) -> list[Call]:
        """What the relay was told, and what it answered."""
        return self.relay.calls

    @property
    def deliveries(self) -> list[Delivery]:
        """What the bot was sent, and what it answered."""
        return self.courier.sent

    async def repeat(self, *, now: bool = False) -> int:
        """Send again what is due by the clock, or all that waits; how many the bot took."""
        return await self.courier.repeat(now=now)

    async def settled(self) -> None:
        """Wait until nothing is on its way to the bot."""
        await self.courier.settled()

    async def until(self, predicate: Callable[[], T], within: float = 120.0) -> T:
        """Wait until `predicate()` is true after some change, and return its value."""
        return await until(self.changes, self.calls, predicate, within)
