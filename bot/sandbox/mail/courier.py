"""What people write to the desk goes to the bot as a signed webhook, one request for each letter.

    POST <bot_url>
    Content-Type: application/json
    X-Deskbell-Mail-Timestamp: 1760000000
    X-Deskbell-Mail-Signature: v1=6ab3…

    {"id": "L7", "mail_from": "joe@sparks.example", "rcpt_to": ["desk+k3x@desk.example"], "raw": "UmV0dXJu…"}

- `raw` is the whole letter (RFC 5322, base64); `mail_from` and `rcpt_to` are the envelope: who really is asked to take it, and who gave
  it in. Headers may say anything. `mail_from` is "" for letters that nobody must answer (bounces). `id` names the delivery: it is the same
  when the letter comes a second time.
- The signature is the hexadecimal HMAC-SHA256, with the secret that both sides know, of "v1:", the time stamp, ":" and the body's bytes as
  they came. The time stamp is in seconds since 1970; whoever checks it lets five minutes pass and compares in constant time.
- 2xx: taken. 404, 405, 410 and 501: nobody takes letters there. Other 3xx and 4xx: refused for good; a short plain text says why. The
  sender gets the letter back for either. 408, 425, 429, 5xx, no answer within 15 seconds or no connection: it comes again, after each
  of `PAUSES`, and goes back after the last.

It has what the inbound services have in common (Mailgun's and SendGrid's raw form, CloudMailin's and Postmark's way with statuses and
repetition, the signature as Slack makes it), so that a thin adapter in front of the bot serves each of them.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import math
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock, machine
from bot.sandbox.mail.bounces import Reason, bounce
from bot.sandbox.mail.faults import Faults
from bot.sandbox.mail.model import Letter
from bot.sandbox.mail.world import World

ANSWER_SECONDS = 15.0
PAUSES = (60.0, 300.0, 900.0, 3600.0, 14400.0)
"""Seconds after the first, second, ... try."""
NOBODY, AGAIN = (404, 405, 410, 501), (408, 425, 429)
TIMESTAMP, SIGNATURE = "X-Deskbell-Mail-Timestamp", "X-Deskbell-Mail-Signature"
NOT_THERE = Reason("5.3.2", "x-http; 404", "Nobody takes letters there yet.")
NO_ANSWER = "The desk could not be reached for more than five hours. Please try again, or tell somebody there another way."


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature's header."""
    return "v1=" + hmac.new(secret.encode(), b"v1:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Tamper:
    """How a request differs from an honest one: `age` (seconds) makes its time stamp older, `signature` replaces it ("" leaves the header
    out), `secret` signs with another one, `body` is sent in place of the signed one."""

    age: float = 0.0
    signature: str | None = None
    secret: str = ""
    body: bytes | None = None


HONEST = Tamper()


@dataclass(frozen=True)
class Delivery:
    """One request to the bot and its answer. `status` is 0 where there was none; `error` is "" when the bot took the letter."""

    letter: str
    status: int
    body: str
    error: str


@dataclass
class Courier:
    """Carries letters to the bot's webhook. `url` "": there is none."""

    world: World
    faults: Faults
    changes: Changes
    secret: str
    signing_clock: Clock = machine
    url: str = ""
    answer_within: float = ANSWER_SECONDS
    sent: list[Delivery] = field(default_factory=list)
    _session: aiohttp.ClientSession | None = None
    _background: set[asyncio.Task[None]] = field(default_factory=set)
    _under_way: set[str] = field(default_factory=set)
    _timer: asyncio.TimerHandle | None = None

    async def stop(self) -> None:
        """What is on its way is given up for now: it comes again."""
        if self._timer:
            self._timer.cancel()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._background:
            await asyncio.gather(*self._background)

    async def carry(self, letter: Letter, tamper: Tamper = HONEST) -> Delivery | None:
        """Try now; None where nothing was sent. What was not taken is put off, or comes back."""
        if letter.id in self._under_way:
            return None
        self._under_way.add(letter.id)
        try:
            return await self._carry(letter, tamper)
        finally:
            self._under_way.discard(letter.id)
            self.wind()
            self.changes.tell()

    async def _carry(self, letter: Letter, tamper: Tamper) -> Delivery | None:
        if self.faults.down:
            letter.due = self.world.clock() + PAUSES[0]
            return None
        if not self.url:
            self._returned(letter, NOT_THERE)
            return None
        letter.tries += 1
        if self.faults.doubled():
            found, _ = await asyncio.gather(self._once(letter, tamper), self._once(letter, tamper))
        else:
            found = await self._once(letter, tamper)
        self._decided(letter, found)
        return found

    def _decided(self, letter: Letter, found: Delivery) -> None:
        if not found.error:
            letter.state = "delivered"
        elif found.status in NOBODY:
            self._returned(letter, NOT_THERE)
        elif 300 <= found.status < 500 and found.status not in AGAIN:
            self._returned(letter, Reason("5.7.1", f"x-http; {found.status}", _said(found)))
        elif letter.tries > len(PAUSES):
            self._returned(letter, Reason("5.4.7", f"x-http; {found.status or found.error}", NO_ANSWER))
        else:
            letter.due = self.world.clock() + PAUSES[letter.tries - 1]

    def _returned(self, letter: Letter, reason: Reason) -> None:
        letter.state = "returned"
        self.returns(letter, letter.desk, reason)

    def returns(self, letter: Letter, refused: list[str], reason: Reason) -> None:
        """Tells the sender that it did not reach these addresses."""
        mailbox = self.world.mailbox(letter.mailbox)
        report = bounce(mailbox, letter.raw, refused, reason, at=self.world.clock(), number=self.world.new_id("B"))
        self.world.deliver(mailbox.address, report)

    async def repeat(self, *, now: bool = False) -> int:
        """Try again what is due by the office's clock, or (`now`) all that waits; how many the bot took."""
        moment = math.inf if now else self.world.clock()
        due = [one for one in self.world.letters.values() if one.state == "waiting" and one.due <= moment]
        found = await asyncio.gather(*map(self.carry, due))
        self.wind()
        return sum(one is not None and not one.error for one in found)

    def wind(self) -> None:
        """Wakes when the next letter is due, if nobody moves the clock before. Without a webhook nothing is tried by itself."""
        if self._timer:
            self._timer.cancel()
        if not self.url:
            return
        due = [one.due for one in self.world.letters.values() if one.state == "waiting" and one.id not in self._under_way]
        if due:
            wait = max(1.0, min(due) - self.world.clock())
            self._timer = asyncio.get_running_loop().call_later(wait, lambda: self.later(self.repeat()))

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _once(self, letter: Letter, tamper: Tamper) -> Delivery:
        body = json.dumps(
            {"id": letter.id, "mail_from": letter.mailbox, "rcpt_to": letter.desk, "raw": base64.b64encode(letter.raw).decode()}
        ).encode()
        headers = self._headers(body, tamper)
        status, text, error = 0, "", ""
        try:
            async with (
                asyncio.timeout(self.answer_within),
                self._open().post(self.url, data=tamper.body or body, headers=headers, allow_redirects=False) as got,
            ):
                status, text = got.status, await got.text(errors="replace") if got.content_type == "text/plain" else ""
                error = "" if 200 <= status < 300 else "http_error"
        except TimeoutError:
            error = "http_timeout"
        except aiohttp.ClientError:
            error = "connection_failed"
        self.sent.append(Delivery(letter.id, status, text, error))
        return self.sent[-1]

    def _headers(self, body: bytes, tamper: Tamper) -> dict[str, str]:
        timestamp = str(int(self.signing_clock() - tamper.age))
        signature = sign(tamper.secret or self.secret, timestamp, body) if tamper.signature is None else tamper.signature
        headers = {"Content-Type": "application/json", "User-Agent": "Deskbell-Sandbox-Mail/1", TIMESTAMP: timestamp}
        return headers | ({SIGNATURE: signature} if signature else {})

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


def _said(found: Delivery) -> str:
    words = " ".join("".join(one if one.isprintable() else " " for one in found.body).split())[:300]
    return f"The desk refused it: {words}" if words else f"The desk refused it ({found.status})."
