"""The one address that Teams calls: lets in what Microsoft has signed for one of our registrations, from a tenant that may talk to it.

The token names no tenant (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication), so the
activity's own is held against the list of the registration.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import structlog
from aiohttp import web

from bot.answering import Count
from bot.chores import Chores, fault
from bot.desk import StoreDesk
from bot.doorkeeper import moved
from bot.settings import loopback
from bot.teams.activity import Activity
from bot.teams.arrivals import Broken
from bot.teams.invoked import Invoked
from bot.teams.lines import Here, Lines
from bot.teams.registration import PLAYGROUND_TENANT, Registration
from bot.teams.tokens import Doorkeys, NotLetIn
from handlers.core import Account

if TYPE_CHECKING:
    from bot.teams.sdk import Turns

log = structlog.get_logger(__name__)

PATH = "/api/messages"
LARGEST = 1 << 20
UNNOTED = 0.2
"""Seconds after which an invoke is taken before it is written down who made it."""
KINDS = frozenset(
    {
        "contactRelationUpdate", "conversationUpdate", "endOfConversation", "event", "handoff", "installationUpdate", "invoke", "message",
        "messageDelete", "messageReaction", "messageUpdate", "trace", "typing",
    }
)  # fmt: skip
"""Kinds as labels of what is counted; others are "other"."""


class Door:
    """`events` is the aiohttp handler of `/api/messages`. `keys` None: the Playground on this machine, which signs nothing."""

    def __init__(
        self,
        turns: Turns,
        keys: Doorkeys | None,
        lines: Lines,
        desk: StoreDesk,
        registrations: Sequence[Registration],
        count: Count,
        chores: Chores,
    ) -> None:
        self._turns, self._keys, self._lines, self._desk, self._chores = turns, keys, lines, desk, chores
        self._registrations, self._count = registrations, count

    async def events(self, request: web.Request) -> web.Response:
        activity = await self._read(request)
        if not isinstance(activity, Activity):
            return activity
        try:
            here = await self._here(request, activity)
        except NotLetIn as why:
            return self._refused(why.why, why.status)
        return await self._taken(activity, here)

    async def _read(self, request: web.Request) -> Activity | web.Response:
        """The activity, or the refusal of what is none."""
        if (request.content_length or 0) > LARGEST:
            return self._refused("size", 413)
        try:
            raw = _loaded(await request.read())
        except web.HTTPRequestEntityTooLarge:
            return self._refused("size", 413)
        except (ValueError, RecursionError, web.RequestPayloadError):  # no JSON, or packed otherwise than it says
            return self._refused("payload", 400)
        if not isinstance(raw, dict) or not isinstance(raw.get("type"), str) or not raw["type"]:
            return self._refused("payload", 400)
        return Activity(raw)

    async def _here(self, request: web.Request, activity: Activity) -> Here:
        """Raises `NotLetIn`."""
        if self._keys is None:
            return self._local(request, activity)
        registration = await self._keys.check(request.headers.get("Authorization", ""), activity.service_url)
        tenants = activity.tenants
        if len(tenants) != 1 or not tenants <= registration.tenants:
            raise NotLetIn("tenant", 403)
        (tenant,) = tenants
        return Here(registration, tenant, registration.workspace(tenant))

    def _local(self, request: web.Request, activity: Activity) -> Here:
        """The Playground, which has no token: it answers on this machine, and is no page in a browser (these name their origin)."""
        if "Origin" in request.headers:
            raise NotLetIn("origin", 403)
        if not on_this_machine(activity.service_url):
            raise NotLetIn("service url", 403)
        (one,) = self._registrations
        return Here(one, PLAYGROUND_TENANT, one.workspace(PLAYGROUND_TENANT))

    async def _taken(self, activity: Activity, here: Here) -> web.Response:
        try:
            await self._noted(activity, here)
            answer = await self._turns.turn(activity, here)
        except Broken as broken:
            self._count("broken", str(broken))
            return web.Response(status=400)
        except Exception as error:  # noqa: BLE001 - Teams shows people nothing of it; whoever runs us finds the line
            self._count("fault", type(error).__name__)
            log.error("teams activity failed", kind=known(activity.kind), **fault(error))
            return web.Response(status=503)
        return said(answer)

    async def _noted(self, activity: Activity, here: Here) -> None:
        """Who it was, is written down. An invoke neither waits for a slow database because of that nor goes without an answer where it
        fails: a status of ours is "Unable to reach app" to people.
        """
        noting = asyncio.ensure_future(self._met(activity, here))
        if activity.kind != "invoke":
            await noting
            return
        done, _ = await asyncio.wait((noting,), timeout=UNNOTED)
        if not done or noting.exception() is not None:
            self._chores.start("who it was", _after(noting))

    async def _met(self, activity: Activity, here: Here) -> None:
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        if organisation is not None and activity.service_url:
            who = Account("teams", here.workspace, activity.person) if activity.person and activity.sender else None
            if who is not None and await self._desk.people.of_account(who) is None and await self._forgotten(organisation, who):
                who = None
            account = await self._lines.met(organisation, here, activity, who)
            if account is not None:
                hint = self._lines.hint(account)
                await moved(self._desk, account, hint.zone, hint.language)

    async def _forgotten(self, organisation: str, who: Account) -> bool:
        """Of somebody who was forgotten here nothing is kept again because they write."""
        return await self._desk.people.is_forgotten(organisation, who, None)

    def _refused(self, why: str, status: int) -> web.Response:
        self._count("refused", why)
        return web.Response(status=status)


def on_this_machine(url: str) -> bool:
    """Nothing of the office is sent anywhere else while nobody has to prove who they are."""
    try:
        return not url or loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _loaded(body: bytes) -> Any:
    """Half of a character, as clients send it where somebody cuts an emoji in two, is JSON only for Python's own reader."""
    try:
        return orjson.loads(body)
    except ValueError:
        return json.loads(body)


async def _after(noting: Awaitable[None]) -> None:
    await noting


def said(answer: Invoked | None) -> web.Response:
    if answer is None or answer.body is None:
        return web.Response(status=200 if answer is None else answer.status)
    return web.Response(status=answer.status, body=orjson.dumps(answer.body), content_type="application/json")


def known(kind: str) -> str:
    return kind if kind in KINDS else "other"
