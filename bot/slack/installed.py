"""Which workspaces have installed us, and with which token we speak there. While an old token is good nobody waits for the next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.pump import Later
from bot.slack.grants import Installation, Kept, Refresh, Works, kept_in, text_in
from bot.slack.renewing import PAUSE, Renewals
from storage.cache import Cache
from storage.installations import Installation as Row
from storage.installations import InstallationStore

log = structlog.get_logger(__name__)

SPARE = 60.0
"""A token must last this much longer to be used without waiting for the new one."""


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
        self._store, self._works, self._now = store, works, now
        self._known: Cache[str, tuple[Kept | None]] = Cache(10_000, seconds, monotonic)
        self._renewals = Renewals(store, refresh, self._forget, now, monotonic, sleep)
        store.listeners.append(self._forget)

    async def find(self, workspace: str) -> Installation | None:
        """None: not installed, or it must be installed again. Raises `Later` if its token has ended and Slack gives no new one just now,
        and `storage.secrets.Unopened` if there is no key for it.
        """
        kept = await self._read(workspace)
        if kept is None or not kept.is_due(self._now()):
            return self._usable(kept)
        renewing = self._renewals.begun(workspace)
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
        await self._renewals.drain()

    def _usable(self, kept: Kept | None) -> Installation | None:
        return kept.installation if kept and kept.lasts(self._now()) else None

    async def _read(self, workspace: str) -> Kept | None:
        known = self._known.get(workspace)
        if known is None:
            epoch = self._known.epoch
            known = (kept_in(await self._store.at("slack", workspace)),)
            self._known.put(workspace, known, epoch)
        return known[0]

    def _forget(self, workspace: str) -> None:
        if workspace == "*":
            self._known.clear()
        else:
            self._known.forget(workspace)

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
        if row is not None and row.data.get("token") and await self._works(text_in(row.data, "token")):
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


__all__ = ["Fixed", "Installation", "Installations", "Stored", "Together"]
