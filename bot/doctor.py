"""Is everything set up? Each finding is a line, with what to do where something is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import aiohttp

from bot.app import machine_clock
from bot.settings import Settings
from handlers.office.model import Office
from storage.coordination import connect
from storage.database import open_database
from storage.ids import new_id
from storage.migrate import newest, revision
from storage.store import Store

SECONDS = 10.0
SKEW = 300.0
"""Slack refuses, and we refuse, what was signed more than five minutes ago: https://docs.slack.dev/authentication/verifying-requests-from-slack"""
NEEDED = ("chat:write", "commands", "im:write", "users:read", "users:read.email")
LOOKING = ("channels:read", "groups:read")
"""Without these the bot works, but it cannot look whether the queues' channels are there."""

Level = Literal["ok", "warn", "fail"]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` was examined; the sentence says how it is, and what to do if it is not ok."""

    level: Level
    what: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.level.ljust(4)}  {self.what}: {self.sentence}"


async def examined(settings: Settings, clock: Clock = machine_clock) -> list[Finding]:
    """Everything, in the order in which it is set up. Never raises; needs no running bot and changes nothing."""
    findings = [finding async for finding in _database(settings)]
    findings.append(await _redis(settings))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as http:
        offices = await _offices(settings) if findings[0].level == "ok" else []
        findings += _applied(offices)
        findings += [finding async for finding in Slack(settings, http, clock).examined(offices)]
        findings += [finding async for finding in _public(settings, http)]
    return findings


# ---------------------------------------------------------------- what it remembers


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        have = await _revision(settings.database_url)
    except Exception as error:  # noqa: BLE001 - whatever the database says is the finding
        said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        yield Finding("fail", "database", f"cannot be opened ({said[0]}). Check DATABASE_URL, and that the database runs.")
        return
    if have == newest():
        yield Finding("ok", "database", f"answers and is at revision {have}.")
    else:
        yield Finding("fail", "database", f"is at revision {have or 'none'}, needed is {newest()}. Run: deskbell db upgrade")


async def _revision(url: str) -> str | None:
    database = open_database(url, readers=1)
    try:
        return await asyncio.wait_for(revision(database), SECONDS)
    finally:
        await database.close()


async def _redis(settings: Settings) -> Finding:
    """What one connection puts there, another one finds: alone, each would only find its own."""
    if settings.redis_url is None:
        return Finding("ok", "redis", "is not used: one process serves alone. For several, set REDIS_URL.")
    key, (here, there) = f"doctor:{new_id()}", (connect(settings.redis_url), connect(settings.redis_url))
    try:
        await here.put(key, b"1", SECONDS)
        heard = await there.get(key)
    finally:
        await here.stop()
        await there.stop()
    if heard is not None:
        return Finding("ok", "redis", "answers.")
    return Finding("warn", "redis", "does not answer: replicas find new work by looking for it, which is slower. Check REDIS_URL.")


async def _offices(settings: Settings) -> list[Office]:
    store = await Store.open(settings.database_url, {}, machine_clock, migrated=True)
    try:
        return [await store.offices.get(one.id) for one in await store.offices.list() if one.version]
    finally:
        await store.close()


def _applied(offices: Sequence[Office]) -> list[Finding]:
    if not offices:
        return [Finding("fail", "office", "there is none yet. Write its policy and run: deskbell office apply office.yaml")]
    return [
        Finding("ok", f"office {one.head.key}", f"{len(one.people)} people and {len(one.queues)} queues, version {one.version}.")
        for one in offices
    ]


# ---------------------------------------------------------------- Slack


@dataclass(frozen=True, slots=True)
class Slack:
    """What Slack says of the token. Methods: https://docs.slack.dev/reference/methods/auth.test and .../conversations.info"""

    settings: Settings
    http: aiohttp.ClientSession
    clock: Clock

    async def examined(self, offices: Sequence[Office]) -> AsyncIterator[Finding]:
        if self.settings.slack_signing_secret is None or self.settings.slack_bot_token is None:
            yield Finding(
                "warn", "slack", "is not set up. Set DESKBELL_SLACK_SIGNING_SECRET and DESKBELL_SLACK_BOT_TOKEN, or use deskbell demo."
            )
            return
        try:
            said, headers = await self._call("auth.test")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            yield Finding("fail", "slack", f"does not answer ({type(error).__name__}). Check the way out to {self.settings.slack_api_url}")
            return
        yield self._skew(headers)
        if not said.get("ok"):
            yield Finding("fail", "slack token", f"is refused ({said.get('error')}). Copy the bot token again, or install the app anew.")
            return
        yield Finding("ok", "slack token", f"is that of {said.get('user')} in {said.get('team')}.")
        scopes = frozenset(filter(None, (one.strip() for one in headers.get("x-oauth-scopes", "").split(","))))
        yield self._scopes(scopes)
        async for finding in self._channels(self._served(offices), scopes):
            yield finding

    def _skew(self, headers: Mapping[str, str]) -> Finding:
        try:
            theirs = parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
        except (ValueError, TypeError):
            return Finding("warn", "clock", "Slack's answer has no date, so the clock cannot be compared.")
        seconds = (self.clock() - theirs).total_seconds()
        if abs(seconds) < SKEW:
            return Finding("ok", "clock", f"{abs(seconds):.0f} s away from Slack's.")
        way = "ahead of" if seconds > 0 else "behind"
        return Finding(
            "fail", "clock", f"{abs(seconds) / 60:.0f} minutes {way} Slack's, so its requests are refused. Set the machine's clock."
        )

    def _scopes(self, have: frozenset[str]) -> Finding:
        missing = [scope for scope in NEEDED if scope not in have]
        if missing:
            return Finding(
                "fail", "slack scopes", f"missing: {', '.join(missing)}. Add them under OAuth & Permissions and install the app again."
            )
        return Finding("ok", "slack scopes", "complete.")

    def _served(self, offices: Sequence[Office]) -> list[Office]:
        """The office that the workspace belongs to."""
        return [one for one in offices if self.settings.office in (None, one.head.key)]

    async def _channels(self, offices: Sequence[Office], scopes: frozenset[str]) -> AsyncIterator[Finding]:
        channels = {queue.channel["slack"]: queue.key for office in offices for queue in office.queues.values() if "slack" in queue.channel}
        if channels and not scopes.issuperset(LOOKING):
            yield Finding("warn", "slack channels", f"cannot be examined without {' and '.join(LOOKING)}.")
            return
        for office in offices:
            for queue in office.queues.values():
                if "slack" not in queue.channel:
                    yield Finding("warn", f"queue {queue.key}", "has no Slack channel: whoever is responsible is told in direct messages.")
        for channel, queue_key in channels.items():
            yield await self._channel(channel, queue_key)

    async def _channel(self, channel: str, queue: str) -> Finding:
        try:
            said, _ = await self._call("conversations.info", {"channel": channel})
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return Finding("fail", f"queue {queue}", f"its channel {channel} cannot be examined ({type(error).__name__}).")
        if not said.get("ok"):
            return Finding(
                "fail",
                f"queue {queue}",
                f"its channel {channel} cannot be seen ({said.get('error')}). Correct its id, or invite the app there.",
            )
        found = said.get("channel", {})
        if found.get("is_archived"):
            return Finding("fail", f"queue {queue}", f"its channel #{found.get('name')} is archived. Name another one in the office file.")
        if not found.get("is_member"):
            return Finding("fail", f"queue {queue}", f"the app is not in #{found.get('name')}. Write there: /invite @deskbell")
        return Finding("ok", f"queue {queue}", f"its channel is #{found.get('name')}.")

    async def _call(self, method: str, arguments: Mapping[str, str] | None = None) -> tuple[dict[str, Any], Mapping[str, str]]:
        token = self.settings.slack_bot_token
        headers = {"Authorization": f"Bearer {token.get_secret_value() if token else ''}"}
        async with self.http.post(f"{self.settings.slack_api_url}{method}", data=dict(arguments or {}), headers=headers) as answer:
            said = await answer.json(content_type=None)
            return said if isinstance(said, dict) else {}, answer.headers


# ---------------------------------------------------------------- the way in


async def _public(settings: Settings, http: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    """Whether the address under which the world sees us leads to a running bot."""
    if settings.public_url is None:
        return
    url = f"{settings.public_url.rstrip('/')}/healthz"
    try:
        async with http.get(url) as answer:
            right = answer.status == 200
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        yield Finding(
            "warn", "public address", f"{url} does not answer ({type(error).__name__}). Is the bot running, and the way to it open?"
        )
        return
    if right:
        yield Finding("ok", "public address", f"{url} answers.")
    else:
        yield Finding("warn", "public address", f"{url} answers {answer.status}. Does DESKBELL_PUBLIC_URL lead to the bot?")
