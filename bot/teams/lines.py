"""How each workspace of Teams is reached, and what is learnt of that from everything that comes in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.pump import Later, Permanent
from bot.reading import exists
from bot.teams.activity import Activity
from bot.teams.connector import Line
from bot.teams.registration import Registration
from handlers.core import Account
from handlers.frozen import dataclass, replace
from storage.cache import Cache
from storage.contacts import Contact, ContactStore

UNTIL_THEY_CALL = 60.0
HINTS = 86400.0


@dataclass(frozen=True, slots=True)
class Here:
    """Whence an activity comes: the registration that its token is for, the tenant, and both as a workspace."""

    registration: Registration
    tenant: str
    workspace: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What the client of somebody says of them by the way: a zone that exists, and a language without its country; "" if it does not."""

    zone: str = ""
    language: str = ""


def _hint(activity: Activity, before: Hint) -> Hint:
    """Not every kind of activity says it."""
    language = activity.language.partition("-")[0].lower()[:8]
    return Hint(activity.zone if exists(activity.zone) else before.zone, language or before.language)


class Lines:
    """`now` is business time."""

    def __init__(self, registrations: Sequence[Registration], contacts: ContactStore, now: Callable[[], datetime]) -> None:
        self._contacts, self._now = contacts, now
        self._reached = {one.workspace(tenant): (one, tenant) for one in registrations for tenant in one.tenants}
        self._hints: Cache[Account, Hint] = Cache(20_000, HINTS, time.monotonic)

    @property
    def workspaces(self) -> list[str]:
        return sorted(self._reached)

    def registration(self, workspace: str) -> Registration | None:
        found = self._reached.get(workspace)
        return found[0] if found else None

    async def of(self, workspace: str) -> Line:
        """Raises `Permanent` for a workspace that no registration has (any more), `Later` for one from which nothing has come yet."""
        found = self._reached.get(workspace)
        if found is None:
            raise Permanent("no registration for this tenant")
        known = await self._contacts.at(_itself(workspace))
        if known is None:
            raise Later(UNTIL_THEY_CALL, "the service's address is not known before something comes from there")
        return Line(*found, workspace, known.service_url)

    async def reached(self, workspace: str) -> bool:
        """Whether `of` knows it by now."""
        return workspace in self._reached and await self._contacts.at(_itself(workspace)) is not None

    async def contact(self, account: Account) -> Contact | None:
        return await self._contacts.at(account)

    async def called(self, workspace: str, remote_id: str) -> Account | None:
        """Whose account the connector means by this id."""
        return await self._contacts.called("teams", workspace, remote_id)

    def hint(self, account: Account) -> Hint:
        return self._hints.get(account) or Hint()

    async def met(self, organisation: str, here: Here, activity: Activity, who: Account | None) -> Account | None:
        """Somebody has done something: where the service answers, how they are called there, where they can be asked for. Gives their
        account if their client says something new of them. `who` None: of the person nothing is kept.
        """
        url = activity.service_url.rstrip("/") + "/"
        await self._contacts.met(Contact(organisation, _itself(here.workspace), "", "", url, self._now()))
        if who is None:
            return None
        before = self.hint(who)
        now = _hint(activity, before)
        self._hints.put(who, now, self._hints.epoch)
        await self.known(organisation, who, activity.sender, activity.channel, url, at_home=activity.direct)
        return who if now != before else None

    async def known(self, organisation: str, account: Account, remote_id: str, channel: str, url: str, *, at_home: bool = False) -> None:
        """`at_home`: the channel is their 1:1 with us, which stays the place to ask for them."""
        before = await self._contacts.at(account)
        new = Contact(organisation, account, remote_id, channel, url, self._now())
        if before is not None and before.conversation and not at_home:
            new = replace(new, conversation=before.conversation)
        await self._contacts.met(new)


def _itself(workspace: str) -> Account:
    return Account("teams", workspace, "")
