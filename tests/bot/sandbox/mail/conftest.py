"""Two mailboxes, a letter as the desk would send it, and a small receiver of the webhook."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import smtplib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.clock import HandClock
from bot.sandbox.mail import MailSandbox

JOE, ANA = "joe@sparks.example", "ana@acme.example"
SENDER = "desk+k3x@desk.example"
Json = dict[str, Any]


@dataclass
class Receiver:
    """A bot of a few lines: checks the signature as its documentation says, keeps what it was given, answers `statuses` one after the
    other, then 200."""

    secret: str
    heard: list[Json] = field(default_factory=list)
    stamps: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    words: str = ""
    refused: int = 0

    async def listen(self, request: web.Request) -> web.Response:
        body, stamp = await request.read(), request.headers["X-Deskbell-Mail-Timestamp"]
        wanted = hmac.new(self.secret.encode(), f"v1:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("X-Deskbell-Mail-Signature", ""), f"v1={wanted}"):
            self.refused += 1
            return web.Response(status=401)
        self.stamps.append(int(stamp))
        self.heard.append(json.loads(body))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200, text=self.words)

    def raw(self, number: int = -1) -> bytes:
        return base64.b64decode(self.heard[number]["raw"], validate=True)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def mail(clock: HandClock) -> AsyncIterator[MailSandbox]:
    async with MailSandbox(domain="desk.example", clock=clock) as sandbox:
        sandbox.add_mailbox(JOE, "Joe Sparks", "Sparks Ltd")
        sandbox.add_mailbox(ANA, "Ana Álvarez", "Acme Ltd")
        yield sandbox


@pytest.fixture
async def desk(mail: MailSandbox) -> AsyncIterator[Receiver]:
    receiver = Receiver(mail.webhook_secret)
    application = web.Application(client_max_size=32 * 2**20)
    application.router.add_post("/mail/inbound", receiver.listen)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    mail.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}/mail/inbound"
    yield receiver
    await runner.cleanup()


def letter(subject: str = "[#142] Light flickering", text: str = "The light flickers.", **headers: str) -> EmailMessage:
    """As the desk would write one; a header of "" is left out, underscores are hyphens."""
    made = EmailMessage()
    facts = {
        "From": f"Deskbell <{SENDER}>",
        "To": JOE,
        "Subject": subject,
        "Date": format_moment(),
        "Message-ID": "<one@desk.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in facts.items():
        if value:
            made[name] = value
    made.set_content(text)
    return made


def format_moment() -> str:
    return datetime(2026, 11, 16, 10, 2, tzinfo=UTC).strftime("%a, %d %b %Y %H:%M:%S %z")


Talk = Callable[[smtplib.SMTP], Any]


async def talk(mail: MailSandbox, work: Talk, *, login: bool = True) -> Any:
    """What a client of the standard library makes of the relay, in a thread of its own."""

    def run() -> Any:
        with smtplib.SMTP("127.0.0.1", mail.port, local_hostname="bot.example", timeout=30) as client:
            client.ehlo()
            if login:
                client.login(mail.user, mail.password)
            return work(client)

    return await asyncio.to_thread(run)


async def send(mail: MailSandbox, message: EmailMessage | bytes, to: str | list[str] = JOE, sender: str = SENDER) -> Any:
    raw = message if isinstance(message, bytes) else bytes(message).replace(b"\n", b"\r\n")
    return await talk(mail, lambda client: client.sendmail(sender, to, raw))
