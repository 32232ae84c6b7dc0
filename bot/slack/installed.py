"""Which workspaces have installed us, and with which token we speak there; tokens that expire are renewed before they do.

https://docs.slack.dev/authentication/using-token-rotation: an access token is good for 12 hours, a refresh token for one use. So only one
process renews that of a workspace (it claims the row first), and in a process only one task. While the old token is good nobody waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.pump import Later
from bot.slack.chores import fault
from storage.cache import Cache
from storage.installations import Installation as Row
from storage.installations import InstallationStore

log = structlog.get_logger(__name__)

EARLY = 2 * 3600.0
"""So many seconds before its end a token is renewed."""
SPARE = 60.0
"""A token must last this much longer to be used without waiting for the new one."""
CLAIM = 30.0
"""How long a process that renews keeps others from it: longer than the call to Slack may take."""
PAUSE = 15.0
"""After a renewal that failed."""
FINAL = frozenset({"invalid_refresh_token", "invalid_grant", "token_revoked", "account_inactive"})
"""Slack will not take this refresh token any more."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Our app in one workspace (or, installed for a whole enterprise, there). `workspace`: Slack's team or enterprise id."""

    workspace: str
    token: str = field(repr=False)
    bot_user: str = ""
    bot: str = ""


class Installations(Protocol):
    """Looked up for every request, so an implementation keeps what it found for a while."""

    async def find(self, workspace: str) -> Installation | None: ...


class Fixed:
    """Installations that the settings name: what a company needs that made its own Slack app."""

    def __init__(self, *installations: Installation) -> None:
        self._by_workspace = {one.workspace: one for one in installations}

    async def find(self, workspace: str) -> Installation | None:
        return self._by_workspace.get(workspace)


class Together:
    """Several kinds of installations: the first that knows the workspace counts."""

    def __init__(self, *each: Installations) -> None:
        self._each = each

    async def find(self, workspace: str) -> Installation | None:
        for installations in self._each:
            if found := await installations.find(workspace):
                return found
        return None


# ---------------------------------------------------------------- what Slack grants


@dataclass(frozen=True, slots=True)
class Grant:
    """An answer of oauth.v2.access. `workspace` is the enterprise's id if the app was installed for all of it, else the team's.

    `expires_in`: seconds, None where tokens do not expire. `by`: the id of the person who installed.
    """

    workspace: str
    token: str = field(repr=False)
    name: str = ""
    bot_user: str = ""
    app: str = ""
    enterprise_wide: bool = False
    scopes: tuple[str, ...] = ()
    by: str = ""
    refresh_token: str = field(default="", repr=False)
    expires_in: float | None = None


class Refused(Exception):
    """Slack says no, and will say so again: `error` is its word for it (https://docs.slack.dev/reference/methods/oauth.v2.access)."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Unreachable(Exception):
    """Slack does not answer, or not now."""


Refresh = Callable[[str], Awaitable[Grant]]
"""Exchanges a refresh token for a new grant. Raises `Refused` or `Unreachable`."""
Works = Callable[[str], Awaitable[bool]]
"""Whether Slack accepts a token. Raises `Unreachable`."""


def data_of(grant: Grant, bot: str, now: float) -> dict[str, object]:
    """What is stored of a new installation. `now`: machine time in seconds."""
    told: dict[str, object] = {"bot_user": grant.bot_user, "bot": bot, "app": grant.app, "by": grant.by, "scopes": list(grant.scopes)}
    return {**told, "enterprise_wide": grant.enterprise_wide, "installed_at": now, **_tokens(grant, now)}


def _tokens(grant: Grant, now: float) -> dict[str, object]:
    expires_at = None if grant.expires_in is None else now + grant.expires_in
    return {"token": grant.token, "refresh_token": grant.refresh_token, "expires_at": expires_at}


@dataclass(frozen=True, slots=True)
class _Kept:
    """An installation whose token is there. Machine time in seconds."""

    installation: Installation
    refresh_token: str = field(repr=False)
    expires_at: float | None

    def lasts(self, until: float) -> bool:
        return self.expires_at is None or until < self.expires_at

    def is_due(self, now: float) -> bool:
        return bool(self.refresh_token) and not self.lasts(now + EARLY)


def _kept(row: Row | None) -> _Kept | None:
    if row is None or not row.data.get("token"):
        return None
    expires_at = row.data.get("expires_at")
    installation = Installation(row.workspace, _text(row.data, "token"), _text(row.data, "bot_user"), _text(row.data, "bot"))
    return _Kept(installation, _text(row.data, "refresh_token"), float(expires_at) if isinstance(expires_at, int | float) else None)


def _text(data: Mapping[str, object], name: str) -> str:
    return str(data.get(name) or "")


# ---------------------------------------------------------------- those in the database


class Stored:
    """Installations made through Slack's own pages. `seconds`: how long one is believed without asking the database.

    `now` is the machine's time, in seconds since 1970, and `monotonic` ages what is kept.
    """

    def __init__(
        self,
        store: InstallationStore,
        refresh: Refresh,
        works: Works,
        *,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        seconds: float = 30.0,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._store, self._refresh, self._works, self._now, self._sleep = store, refresh, works, now, sleep
        self._known: Cache[str, tuple[_Kept | None]] = Cache(10_000, seconds, monotonic)
        self._failed: Cache[str, bool] = Cache(10_000, PAUSE, monotonic)
        self._renewing: dict[str, asyncio.Task[None]] = {}
        store.listeners.append(self._forget)

    async def find(self, workspace: str) -> Installation | None:
        """None: not installed, or it must be installed again. Raises `Later` if its token has ended and Slack gives no new one just now,
        and `storage.secrets.Unopened` if there is no key for it.
        """
        kept = await self._read(workspace)
        if kept is None or not kept.is_due(self._now()):
            return self._usable(kept)
        renewing = self._begun(workspace)
        if kept.lasts(self._now() + SPARE):
            return kept.installation
        if renewing:
            await asyncio.shield(renewing)  # whoever asked may be cancelled; half a renewal would lose the token
            kept = await self._read(workspace)
        if kept and kept.refresh_token and not kept.lasts(self._now()):
            raise Later(PAUSE, "slack: the token has ended and is not renewed yet")
        return self._usable(kept)

    async def drain(self) -> None:
        """Waits for renewals under way: before the end, so that no token is lost."""
        await asyncio.gather(*self._renewing.values())

    def _usable(self, kept: _Kept | None) -> Installation | None:
        return kept.installation if kept and kept.lasts(self._now()) else None

    async def _read(self, workspace: str) -> _Kept | None:
        known = self._known.get(workspace)
        if known is None:
            epoch = self._known.epoch
            known = (_kept(await self._store.at("slack", workspace)),)
            self._known.put(workspace, known, epoch)
        return known[0]

    def _forget(self, workspace: str) -> None:
        if workspace == "*":
            self._known.clear()
        else:
            self._known.forget(workspace)

    # ------------------------------------------------------------ renewing

    def _begun(self, workspace: str) -> asyncio.Task[None] | None:
        """The renewal under way, or a new one; None shortly after one failed."""
        if workspace not in self._renewing and not self._failed.get(workspace):
            self._renewing[workspace] = task = asyncio.create_task(self._watched(workspace))
            task.add_done_callback(lambda _: self._renewing.pop(workspace, None))
        return self._renewing.get(workspace)

    async def _watched(self, workspace: str) -> None:
        try:
            done = await self._renew(workspace)
        except Exception as error:  # noqa: BLE001 - nobody may be waiting who could take it
            log.error("slack token not renewed", workspace=workspace, **fault(error))
            done = False
        if not done:
            self._failed.put(workspace, True, self._failed.epoch)

    async def _renew(self, workspace: str) -> bool:
        """Whether there is nothing more to do."""
        row = await self._store.claim("slack", workspace, self._now(), CLAIM)
        if row is None:
            return await self._renewed_elsewhere(workspace)
        kept = _kept(row)
        if kept is None or not kept.is_due(self._now()):
            return await self._release(row)
        try:
            grant = await self._refresh(kept.refresh_token)
        except Unreachable as error:
            log.warning("slack token not renewed", workspace=workspace, why=str(error))
            return not await self._release(row)
        except Refused as refused:
            return await self._given_up(row, refused.error)
        return await self._swapped(row, {**row.data, **_tokens(grant, self._now())})

    async def _renewed_elsewhere(self, workspace: str) -> bool:
        """Another process has the claim: its new token is on the way."""
        for _ in range(round(CLAIM / 2)):
            kept = _kept(await self._store.at("slack", workspace))
            if kept is None or not kept.is_due(self._now()):
                self._forget(workspace)
                return True
            await self._sleep(0.5)
        return False

    async def _release(self, row: Row) -> bool:
        """Ends the claim with nothing changed."""
        await self._store.swap(row, row.data)
        return True

    async def _given_up(self, row: Row, error: str) -> bool:
        if error not in FINAL:
            log.error("slack refuses to renew a token: check the client id and secret", workspace=row.workspace, error=error)
            return not await self._release(row)
        if await self._store.swap(row, {**row.data, "refresh_token": "", "reinstall": error}):
            log.error("slack must be installed again", workspace=row.workspace, organisation=row.organisation, error=error)
        return True

    async def _swapped(self, row: Row, data: Mapping[str, object]) -> bool:
        """Stores the new tokens; the old refresh token is worth nothing any more, so a database that is away is waited for."""
        for pause in (0.2, 1.0, 3.0, 5.0):
            try:
                await self._store.swap(row, data)  # False: installed again meanwhile, and that token is newer
            except Exception as error:  # noqa: BLE001 - tried again, and the last time raises
                log.warning("slack token not stored yet", workspace=row.workspace, **fault(error))
                await self._sleep(pause)
            else:
                return True
        return await self._store.swap(row, data)

    # ------------------------------------------------------------ gone

    async def uninstalled(self, workspace: str, at: float | None = None) -> bool:
        """app_uninstalled: forgets the tokens. The workspace stays its party's, who may install again. False if there was nothing to do.

        `at` is the event's time in seconds: one from before the last installation came late, and says nothing about it.
        """
        return await self._ended(workspace, "uninstalled", at)

    async def revoked(self, workspace: str, at: float | None = None) -> bool:
        """tokens_revoked with a token of our bot in it: the same, unless Slack still accepts the one that is stored. The event does not say
        which token it was, and each renewal ends an older one. Raises `Unreachable` if Slack does not say.
        """
        row = await self._store.at("slack", workspace)
        if row is not None and row.data.get("token") and await self._works(_text(row.data, "token")):
            log.info("slack token revoked, but not the one in use", workspace=workspace)
            return False
        return await self._ended(workspace, "revoked", at)

    async def _ended(self, workspace: str, why: str, at: float | None) -> bool:
        while True:
            row = await self._store.at("slack", workspace)
            if row is None or not row.data.get("token") or _is_before(at, row):
                log.info("slack installation ended, nothing to forget", workspace=workspace, why=why, known=row is not None)
                return False
            gone = {name: value for name, value in row.data.items() if name not in ("token", "refresh_token", "expires_at")}
            if await self._store.swap(row, {**gone, "reinstall": why}):
                log.info("slack installation ended, tokens forgotten", workspace=workspace, organisation=row.organisation, why=why)
                return True


def _is_before(at: float | None, row: Row) -> bool:
    installed_at = row.data.get("installed_at")
    return at is not None and isinstance(installed_at, int | float) and at < int(installed_at)
