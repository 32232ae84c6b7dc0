"""Is everything set up? Each finding is a line, with what to do where something is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import aiohttp
from pydantic import SecretStr

from bot.app import machine_clock
from bot.settings import Settings
from bot.slack.manifest import CHANNELS, SCOPES, scopes
from handlers.office.model import Office
from storage.coordination import connect
from storage.database import open_database
from storage.files import FileStore
from storage.ids import new_id
from storage.migrate import newest, revision
from storage.store import Store

SECONDS = 10.0
SKEW = 300.0
"""Slack refuses, and we refuse, what was signed more than five minutes ago: https://docs.slack.dev/authentication/verifying-requests-from-slack"""
SET_UP = (
    "Set DESKBELL_SLACK_BOT_TOKEN, and DESKBELL_SLACK_SIGNING_SECRET or (Socket Mode) DESKBELL_SLACK_APP_TOKEN, or use deskbell demo. "
    "docs/install-slack.md tells how to get them."
)
HOW_TO_CONNECT = "Make an app-level token with the scope connections:write, under Basic Information, and set DESKBELL_SLACK_APP_TOKEN."
WAYS_IN = "Set DESKBELL_PUBLIC_URL, or use Socket Mode, which needs no address."

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
    findings.append(await _folder(settings))
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


async def _folder(settings: Settings) -> Finding:
    """Where files are kept: it must be possible to write there."""
    folder = settings.data_folder / "files"
    try:
        await FileStore(folder).check()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Finding(
            "fail", "data folder", f"{folder} cannot be written ({reason}): files of tickets are lost. Check DESKBELL_DATA_FOLDER."
        )
    if settings.public_url and settings.secret_keys is None:
        return Finding("warn", "data folder", f"{folder} can be written. Set DESKBELL_SECRET_KEYS, or people get no links to their files.")
    return Finding("ok", "data folder", f"{folder} can be written.")


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


def app_token(settings: Settings) -> str | None:
    """The app-level token, with which Socket Mode is used; None where Slack calls us."""
    found = getattr(settings, "slack_app_token", None)
    return found.get_secret_value() if isinstance(found, SecretStr) else None


@dataclass(frozen=True, slots=True)
class Slack:
    """What Slack says of the tokens. Methods: https://docs.slack.dev/reference/methods/auth.test, .../apps.connections.open and
    .../conversations.info"""

    settings: Settings
    http: aiohttp.ClientSession
    clock: Clock

    async def examined(self, offices: Sequence[Office]) -> AsyncIterator[Finding]:
        if self._is_not_set_up():
            yield Finding("warn", "slack", f"is not set up. {SET_UP}")
            return
        try:
            said, headers = await self._call("auth.test")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            yield Finding("fail", "slack", f"does not answer ({type(error).__name__}). Check the way out to {self.settings.slack_api_url}")
            return
        yield self._skew(headers)
        if not said.get("ok"):
            yield self._refused(str(said.get("error")))
            return
        yield Finding("ok", "slack token", f"is that of {said.get('user')} in {said.get('team')}.")
        granted = frozenset(filter(None, (one.strip() for one in headers.get("x-oauth-scopes", "").split(","))))
        async for finding in self._equipped(granted, offices):
            yield finding

    async def _equipped(self, granted: frozenset[str], offices: Sequence[Office]) -> AsyncIterator[Finding]:
        """What stops everything comes first, then the channels, then what is only less than it could be."""
        yield self._vital(granted)
        if token := app_token(self.settings):
            yield await self._socket(token)
        async for finding in self._channels(self._served(offices), granted):
            yield finding
        for finding in self._less_and_more(granted):
            yield finding

    def _is_not_set_up(self) -> bool:
        proof = self.settings.slack_signing_secret or app_token(self.settings)
        return self.settings.slack_bot_token is None or proof is None

    def _refused(self, error: str) -> Finding:
        if self._bot_token.startswith("xapp-"):
            return Finding("fail", "slack token", "is an app-level token. DESKBELL_SLACK_BOT_TOKEN is the one that begins with xoxb-.")
        return Finding("fail", "slack token", f"is refused ({error}). Copy the bot token again, or install the app anew.")

    async def _socket(self, token: str) -> Finding:
        """apps.connections.open gives an address for a connection; unused, it lapses."""
        if not token.startswith("xapp-"):
            return Finding("fail", "slack socket", f"the app-level token does not begin with xapp-. {HOW_TO_CONNECT}")
        try:
            said, _ = await self._call("apps.connections.open", token=token)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return Finding("fail", "slack socket", f"no connection is given ({type(error).__name__}). Check the way out to Slack.")
        if said.get("ok"):
            return Finding("ok", "slack socket", "Slack gives a connection for Socket Mode.")
        return Finding("fail", "slack socket", f"Slack gives no connection ({said.get('error')}). Is Socket Mode on? {HOW_TO_CONNECT}")

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

    def _vital(self, granted: frozenset[str]) -> Finding:
        missing = [scope.name for scope in SCOPES if scope.vital and scope.name not in granted]
        if missing:
            return Finding("fail", "slack scopes", f"missing: {', '.join(missing)}. Nothing works without. {self._anew}")
        return Finding("ok", "slack scopes", "nothing is missing that the desk cannot work without.")

    def _less_and_more(self, granted: frozenset[str]) -> Iterator[Finding]:
        """Scopes without which the desk can do less, and those that it has no use for."""
        wanted = scopes(linked=self.settings.public_url is not None)
        less = [f"{scope.name} ({scope.why})" for scope in wanted if not scope.vital and scope.name not in granted]
        if less:
            yield Finding("warn", "slack scopes, less", f"the desk could do more with {', '.join(less)}. {self._anew}")
        more = sorted(granted - {scope.name for scope in SCOPES})
        if more:
            yield Finding(
                "warn",
                "slack scopes, more",
                f"not needed: {', '.join(more)}. Take them away under OAuth & Permissions, or so: {self._anew}",
            )

    @property
    def _anew(self) -> str:
        way = "--socket" if app_token(self.settings) else "--http"
        return (
            f"Print the manifest (deskbell manifest slack {way}), paste it under App Manifest at api.slack.com/apps, save it, "
            "and reinstall the app under Install App."
        )

    def _served(self, offices: Sequence[Office]) -> list[Office]:
        """The office that the workspace belongs to."""
        return [one for one in offices if self.settings.office in (None, one.head.key)]

    async def _channels(self, offices: Sequence[Office], granted: frozenset[str]) -> AsyncIterator[Finding]:
        channels = {queue.channel["slack"]: queue.key for office in offices for queue in office.queues.values() if "slack" in queue.channel}
        if channels and not granted.issuperset(CHANNELS):
            yield Finding("warn", "slack channels", f"cannot be examined without {' and '.join(CHANNELS)}.")
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
        if found.get("is_ext_shared"):
            return Finding(
                "warn", f"queue {queue}", f"its channel #{found.get('name')} is shared with another organisation, which reads along."
            )
        return Finding("ok", f"queue {queue}", f"its channel is #{found.get('name')}.")

    @property
    def _bot_token(self) -> str:
        return self.settings.slack_bot_token.get_secret_value() if self.settings.slack_bot_token else ""

    async def _call(
        self, method: str, arguments: Mapping[str, str] | None = None, *, token: str = ""
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        headers = {"Authorization": f"Bearer {token or self._bot_token}"}
        async with self.http.post(f"{self.settings.slack_api_url}{method}", data=dict(arguments or {}), headers=headers) as answer:
            said = await answer.json(content_type=None)
            return said if isinstance(said, dict) else {}, answer.headers


# ---------------------------------------------------------------- the way in


async def _public(settings: Settings, http: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    """Whether the address under which the world sees us leads to a running bot."""
    if settings.public_url is None:
        if settings.has_slack and app_token(settings) is None:
            yield Finding("warn", "public address", f"is not told, so whether Slack reaches the desk is not examined. {WAYS_IN}")
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
