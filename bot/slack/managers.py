"""Who somebody's manager is, as far as the workspace's profiles say so.

Slack itself knows no manager: a workspace may have a field of its own for it, of the type "user", which team.profile.get lists by its label
and users.profile.get fills (scope users.profile:read). Slack tells nobody when such a field changes, so it is read when somebody is learnt,
and again at most once a day when anything else about them changes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

import structlog

from bot.desk import StoreDesk
from bot.pump import Later, Permanent
from bot.slack.send import SlackClient
from handlers.core import Account, Person, Standing
from handlers.frozen import replace
from storage.cache import Cache

log = structlog.get_logger(__name__)

BELIEVED = 3600.0
"""Seconds for which the workspace's fields are believed."""
TRIES = 30


class Managers:
    """`label`: what the workspace calls the field, in any case; "" where nobody wants it read. `seconds`: the machine's monotonic clock."""

    def __init__(
        self,
        desk: StoreDesk,
        client: SlackClient,
        label: str,
        *,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._desk, self._client, self._label, self._sleep = desk, client, label.strip().casefold(), sleep
        self._fields: Cache[str, str] = Cache(1000, BELIEVED, seconds)

    async def learn(self, workspace: str, accounts: Iterable[Account]) -> None:
        """Of all these people, one after the other, as slowly as Slack wants it. What Slack does not tell stays as it was."""
        field = await self._field(workspace)
        for account in accounts if field else ():
            for _ in range(TRIES):
                try:
                    await self._learn_one(account, field)
                except Later as later:
                    await self._sleep(later.seconds)
                except Permanent as why:
                    log.info("slack manager unknown", reason=str(why))
                    break
                else:
                    break

    async def look_again(self, workspace: str, account: Account) -> None:
        """Something about somebody has changed: perhaps this too."""
        if self._label and await self._client.first_today(account):
            try:
                if field := await self._field(workspace):
                    await self._learn_one(account, field)
            except (Later, Permanent) as why:
                log.info("slack manager unknown", reason=str(why))

    async def _field(self, workspace: str) -> str:
        """The id of the field; "" if the workspace has none, or does not let us see it."""
        if not self._label:
            return ""
        known = self._fields.get(workspace)
        if known is None:
            try:
                known = next((field for field, label in await self._client.people_fields(workspace) if label.casefold() == self._label), "")
            except (Later, Permanent) as why:
                log.info("slack profile fields unknown", reason=str(why))
                known = ""
            self._fields.put(workspace, known, self._fields.epoch)
        return known

    async def _learn_one(self, account: Account, field: str) -> None:
        person = await self._desk.people.of_account(account)
        if person is None or person.standing is not Standing.member or await self._named_by_policy(person):
            return
        named = await self._client.in_profile(account, field)
        manager = await self._desk.people.of_account(Account(account.chat, account.workspace, named)) if named else None
        if _of_same(person, manager) != person.manager and (manager is not None or not named):
            work = self._desk.store.work(person.organisation)
            work.put(replace(person, manager=_of_same(person, manager)))
            await work.commit()

    async def _named_by_policy(self, person: Person) -> bool:
        """Whether the office's policy says who it is: that counts, whatever Slack tells."""
        office = await self._desk.office(person.organisation)
        colleague = office.person(person.email) if person.email else None
        return colleague is not None and colleague.manager is not None


def _of_same(person: Person, manager: Person | None) -> str | None:
    """The manager's id, if they are of the same office; nobody is their own."""
    ours = manager is not None and manager.organisation == person.organisation and manager.id != person.id
    return manager.id if manager is not None and ours else None
