"""Requests from the platform to the bot: really signed, timed, and repeated when they took too long."""

import asyncio
import json
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.clock import Clock, machine
from bot.sandbox.teams.keys import UNENDORSED, UNKNOWN, claims, sign
from bot.sandbox.teams.model import Json
from bot.sandbox.teams.platform import Platform

ANSWER_SECONDS = 15.0
REPEAT_AFTER = 15.0
"""An activity that was not answered in time comes again after as many seconds."""


@dataclass(frozen=True)
class Tamper:
    """How a request differs from an honest one.

    `token` replaces the token ("" leaves the header out), `age` (seconds) makes all its times older, `audience`, `issuer` and
    `service_url` replace its claims. `key` signs with one that is in no document ("unknown"), one that may speak only for another channel
    ("unendorsed"), or names the right one and signs with another ("forged"); `algorithm` may be none or HS256. `tenant` is put into the
    activity, `change` goes on top of it, `headers` are added, `body` is sent in place of the activity.
    """

    token: str | None = None
    age: float = 0.0
    audience: str | None = None
    issuer: str | None = None
    service_url: str | None = None
    key: Literal["", "unknown", "unendorsed", "forged"] = ""
    algorithm: str = "RS256"
    tenant: str | None = None
    change: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


HONEST = Tamper()


@dataclass(frozen=True)
class Delivery:
    """One request to the bot and its answer. `kind` is the activity's type, or an invoke's name.

    `error` is "" when the answer was a 2xx in time (http_error, http_timeout, connection_failed); for invokes also invalid_answer.
    """

    kind: str
    payload: Json
    status: int
    body: str
    headers: Mapping[str, str]
    seconds: float
    error: str

    @property
    def ok(self) -> bool:
        """Whether the bot took it in time."""
        return not self.error

    def json(self) -> Json:
        """The answer's JSON object; {} if it is empty or is none."""
        try:
            answer = json.loads(self.body)
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}


@dataclass(frozen=True)
class Late:
    """An activity that will be sent again."""

    due: float
    payload: Json


@dataclass
class Courier:
    """Carries activities to the bot's endpoint."""

    platform: Platform
    signing_clock: Clock = machine
    url: str = ""
    answer_within: float = ANSWER_SECONDS
    sent: list[Delivery] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    _session: aiohttp.ClientSession | None = None
    _background: set[asyncio.Task[None]] = field(default_factory=set)

    async def stop(self) -> None:
        """Give up what is on its way and close the connections."""
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

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def send(self, activity: Json, tamper: Tamper = HONEST) -> Delivery:
        """Send one activity, twice if that trouble was ordered; returns the first answer. What took too long comes again (`repeat`)."""
        if self.platform.faults.doubled():
            first, _ = await asyncio.gather(self._once(activity, tamper), self._once(activity, tamper))
        else:
            first = await self._once(activity, tamper)
        if first.error == "http_timeout":
            self.late.append(Late(self.platform.clock() + REPEAT_AFTER, activity))
        return first

    async def repeat(self) -> int:
        """Send again what is due by the platform's clock; how many the bot took now."""
        due = [late for late in self.late if late.due <= self.platform.clock()]
        self.late = [late for late in self.late if late not in due]
        return sum([(await self.send(late.payload)).ok for late in due])

    async def _once(self, activity: Json, tamper: Tamper) -> Delivery:
        payload = self._changed(activity, tamper)
        kind = str(payload.get("name") if payload.get("type") == "invoke" else payload.get("type"))
        body = json.dumps(payload).encode() if tamper.body is None else tamper.body
        started = time.monotonic()
        status, text, answered, error = 0, "", {}, ""
        try:
            async with (
                asyncio.timeout(self.answer_within),
                self._open().post(self._address(), data=body, headers=self._headers(tamper)) as got,
            ):
                status, text, answered = got.status, await got.text(), dict(got.headers)
                error = "" if 200 <= status < 300 else "http_error"
        except TimeoutError:
            error = "http_timeout"
        except aiohttp.ClientError:
            error = "connection_failed"
        return self._noted(Delivery(kind, payload, status, text, answered, time.monotonic() - started, error))

    def _noted(self, delivery: Delivery) -> Delivery:
        self.sent.append(delivery)
        self.platform.changes.tell()
        return delivery

    def _changed(self, activity: Json, tamper: Tamper) -> Json:
        payload: Json = json.loads(json.dumps({**activity, **tamper.change}))
        if tamper.tenant is not None:
            payload["channelData"]["tenant"] = {"id": tamper.tenant}
            payload["conversation"]["tenantId"] = tamper.tenant
        return payload

    def _headers(self, tamper: Tamper) -> dict[str, str]:
        token = self._token(tamper) if tamper.token is None else tamper.token
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)"}
        return headers | ({"Authorization": f"Bearer {token}"} if token else {}) | dict(tamper.headers)

    def _token(self, tamper: Tamper) -> str:
        issuer, app, service_url = self.platform.issuer, self.platform.world.app.id, self.platform.service_url
        about = (tamper.age, tamper.audience, tamper.issuer, tamper.service_url, tamper.key, tamper.algorithm)
        if about == (0.0, None, None, None, "", "RS256"):
            return issuer.token(app, service_url)
        body = claims(app, service_url, self.signing_clock() - tamper.age)
        replaced = {"aud": tamper.audience, "iss": tamper.issuer, "serviceurl": tamper.service_url}
        body |= {name: value for name, value in replaced.items() if value is not None}
        key = {"unknown": UNKNOWN, "unendorsed": UNENDORSED}.get(tamper.key, issuer.current)
        return sign(key, body, number=UNKNOWN.number if tamper.key == "forged" else None, algorithm=tamper.algorithm)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    def _address(self) -> str:
        if not self.url:
            raise LookupError("the sandbox does not know the bot's endpoint yet: set bot_url")
        return self.url if urlsplit(self.url).path not in ("", "/") else self.url.rstrip("/") + "/api/messages"
