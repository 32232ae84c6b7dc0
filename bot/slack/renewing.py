"""Tokens that expire are renewed before they do: by one process of many, and in it by one task.

https://docs.slack.dev/authentication/using-token-rotation: a refresh token is good for one use. So whoever renews claims the row first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.chores import fault
from bot.slack.grants import Refresh, Refused, Unreachable, kept_in, tokens_of
from storage.cache import Cache
from storage.installations import Installation as Row
from storage.installations import InstallationStore

log = structlog.get_logger(__name__)

CLAIM = 30.0
"""How long a process that renews keeps others from it: longer than the call to Slack may take."""
PAUSE = 15.0
"""After a renewal that failed."""
FINAL = frozenset({"invalid_refresh_token", "invalid_grant", "token_revoked", "account_inactive"})
"""Slack will not take this refresh token any more."""


class Renewals:
    """`tell` hears of a workspace that another process has renewed. `now` is machine time, `monotonic` ages failures."""

    def __init__(
        self,
        store: InstallationStore,
        refresh: Refresh,
        tell: Callable[[str], None],
        now: Callable[[], float],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._store, self._refresh, self._tell, self._now, self._sleep = store, refresh, tell, now, sleep
        self._failed: Cache[str, bool] = Cache(10_000, PAUSE, monotonic)
        self._renewing: dict[str, asyncio.Task[None]] = {}

    def begun(self, workspace: str) -> asyncio.Task[None] | None:
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
        kept = kept_in(row)
        if kept is None or not kept.is_due(self._now()):
            return await self._release(row)
        try:
            grant = await self._refresh(kept.refresh_token)
        except Unreachable as error:
            log.warning("slack token not renewed", workspace=workspace, why=str(error))
            return not await self._release(row)
        except Refused as refused:
            return await self._given_up(row, refused.error)
        return await self._swapped(row, {**row.data, **tokens_of(grant, self._now())})

    async def _renewed_elsewhere(self, workspace: str) -> bool:
        """Another process has the claim: its new token is on the way."""
        for _ in range(round(CLAIM / 2)):
            kept = kept_in(await self._store.at("slack", workspace))
            if kept is None or not kept.is_due(self._now()):
                self._tell(workspace)
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

    async def drain(self) -> None:
        """Waits for those under way: before the end, so that no token is lost."""
        await asyncio.gather(*self._renewing.values())
