"""The relay that a bot sends by: what each command of SMTP is answered."""

from __future__ import annotations

import asyncio
import hmac
import weakref
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.sandbox.changes import Changes
from bot.sandbox.mail.checking import check
from bot.sandbox.mail.faults import Faults, Refusal
from bot.sandbox.mail.reading import addresses
from bot.sandbox.mail.world import World

HOSTNAME = "mail.sandbox.example"
LARGEST = 10_240_000
"""Bytes of a letter: what Postfix takes if nobody says otherwise."""
MOST = 100
"""Recipients of a letter (RFC 5321, 4.5.3.1.8)."""
USER, PASSWORD = "desk", "sandbox-mail-password"
"""Of nobody: good on loopback only."""
AWAY = "421 4.3.2 The service is not available, please come back later"
TAKEN = "250 2.0.0 Ok: queued as {}"


@dataclass(frozen=True)
class Call:
    """One command and its answer. `error` is "" when it was done."""

    method: str
    argument: str
    reply: str

    @property
    def error(self) -> str:
        return "" if self.reply.startswith("250") else self.reply


@dataclass
class Relay:
    """The handler that aiosmtpd asks. `needs_login`: as every relay outside does, it takes letters only from whom it knows."""

    world: World
    faults: Faults
    changes: Changes
    largest: int = LARGEST
    most: int = MOST
    needs_login: bool = True
    calls: list[Call] = field(default_factory=list)
    _open: weakref.WeakSet[SMTP] = field(default_factory=weakref.WeakSet)

    def hang_up(self) -> None:
        """The end of all connections."""
        for server in list(self._open):
            if isinstance(server.transport, asyncio.WriteTransport):
                server.transport.abort()

    def protocol(self) -> asyncio.BaseProtocol:
        """For one connection."""
        if self.faults.down:
            return _Away("" if self.faults.down_how == "close" else AWAY)
        server = SMTP(
            self,
            data_size_limit=self.largest,
            hostname=HOSTNAME,
            ident="sandbox",
            auth_require_tls=False,  # loopback only
            authenticator=self._login,
            loop=asyncio.get_running_loop(),
        )
        self._open.add(server)
        return server

    def _login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        known = isinstance(given, LoginPassword) and _same(given.login, USER) and _same(given.password, PASSWORD)
        self._told("AUTH", mechanism, "250" if known else "535 5.7.8 Authentication credentials invalid")
        return AuthResult(success=known, handled=False)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        try:
            await self._trouble(server, "MAIL")
            self._may_send(session, address)
        except Refusal as refusal:
            return self._told("MAIL", address, str(refusal))
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._told("MAIL", address, "250 2.1.0 Ok")

    def _may_send(self, session: Session, address: str) -> None:
        if self.needs_login and not session.authenticated:
            raise Refusal("530 5.7.0 Authentication required")
        if address != "<>" and not self.world.is_desk(address):
            raise Refusal(f"553 5.7.1 Sender address rejected: {USER} sends as {self.world.domain} only")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        try:
            await self._trouble(server, "RCPT")
            if len(envelope.rcpt_tos) >= self.most:
                raise Refusal("452 4.5.3 Too many recipients")
            self._is_there(address)
        except Refusal as refusal:
            return self._told("RCPT", address, str(refusal))
        envelope.rcpt_tos.append(address)
        return self._told("RCPT", address, "250 2.1.5 Ok")

    def _is_there(self, address: str) -> None:
        if self.world.is_desk(address):
            raise Refusal("550 5.4.6 Mail of the desk to itself goes round in circles")
        if not self.world.has_domain(address):
            raise Refusal("550 5.1.2 Recipient address rejected: domain not found")
        if address.lower() not in self.world.mailboxes:
            raise Refusal("550 5.1.1 Recipient address rejected: no such mailbox here")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.faults.take("DATA")
        raw = envelope.original_content or b""
        try:
            await _suffer(server, fault)
            message = check(raw, eight_bit="BODY=8BITMIME" in envelope.mail_options)
            if not self.world.is_desk(addresses(message, "From")[0].address):
                raise Refusal(f"550 5.7.1 The header From is not of {self.world.domain}")
        except Refusal as refusal:
            return self._told("DATA", "", str(refusal))
        number = self._deliver(envelope, raw)
        if fault is not None and fault.lose_answer:
            await _hang_up(server)
        return self._told("DATA", "", TAKEN.format(number))

    def _deliver(self, envelope: Envelope, raw: bytes) -> str:
        """A copy for each recipient, with the lines on top that every delivery adds."""
        number = self.world.new_id("Q")
        sender = (envelope.mail_from or "").strip("<>")
        when = formatdate(self.world.clock(), usegmt=True)
        for address in dict.fromkeys(one.lower() for one in envelope.rcpt_tos):
            trace = (
                f"Return-Path: <{sender}>\r\nDelivered-To: {address}\r\nReceived: by {HOSTNAME} with ESMTPA id {number};\r\n\t{when}\r\n"
            )
            self.world.deliver(address, trace.encode() + raw)
        return number

    async def handle_exception(self, error: Exception) -> str:
        """A fault of our own is no word about the letter. Its text might be, so only its kind is told."""
        return self._told("?", "", f"451 4.3.0 {type(error).__name__} in the sandbox")

    async def _trouble(self, server: SMTP, method: str) -> None:
        if self.faults.down:
            raise Refusal(AWAY)
        await _suffer(server, self.faults.take(method))

    def _told(self, method: str, argument: str, reply: str) -> str:
        self.calls.append(Call(method, argument, reply))
        self.changes.tell()
        return reply


async def _suffer(server: SMTP, fault: Any) -> None:
    """Whatever was ordered for before a command."""
    if fault is None:
        return
    if fault.gate is not None:
        await fault.gate.wait()
    if fault.seconds:
        await asyncio.sleep(fault.seconds)
    if fault.cut:
        await _hang_up(server)
    if fault.error is not None:
        raise fault.error


async def _hang_up(server: SMTP) -> None:
    """The end of the connection ends whoever waits here."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    await asyncio.Event().wait()


def _same(given: bytes | str, wanted: str) -> bool:
    return hmac.compare_digest(given if isinstance(given, bytes) else given.encode(), wanted.encode())


class _Away(asyncio.Protocol):
    """Says one thing at most, and hangs up."""

    def __init__(self, words: str) -> None:
        self._words = words

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        if self._words:
            transport.write(f"{self._words}\r\n".encode())
            transport.close()
        else:
            transport.abort()
