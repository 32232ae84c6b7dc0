"""The people and channels that Slack's words name: ids become what people read, and who of the office is meant.

Slack writes a person as <@U123> (in a command, where the manifest asks to escape, also <@U123|ada>) and a channel as <#C123|office>, whose
label may be missing: https://docs.slack.dev/messaging/formatting-message-text. Whoever is not known yet is looked up once.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import field

import structlog

from bot.desk import StoreDesk
from bot.doorkeeper import learn
from bot.pump import Later, Permanent
from bot.slack.send import SlackClient
from handlers.core import Account, Person, Standing
from handlers.frozen import dataclass
from storage.cache import Cache

log = structlog.get_logger(__name__)

MOST = 20
"""So many different people and channels of one text are looked at; of the others only a label is shown."""
PATIENCE = 1.0
"""Seconds that looking up may take: the answer to a command is due in three."""
BELIEVED, TRIED = 600.0, 60.0
"""Seconds for which a stranger's or a channel's name is believed, and for which a look-up that failed is not made again."""
_NAMED = re.compile(r"<@([UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>|<#([CG][A-Z0-9]{2,20})\|?>")


@dataclass(frozen=True, slots=True)
class Named:
    """What the ids in a text are called, and the people of the office among them, in the order of the text."""

    names: Mapping[str, str] = field(default_factory=dict)
    people: tuple[Person, ...] = ()


NOBODY = Named()
ReadNames = Callable[..., Awaitable[Named]]
"""(workspace, texts) -> who is named in them: what `Namer.read` does."""


async def nobody(workspace: str, *texts: object) -> Named:
    """Where names are of no matter."""
    return NOBODY


class Namer:
    """`seconds` is the machine's monotonic clock."""

    def __init__(self, desk: StoreDesk, client: SlackClient, seconds: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._client = desk, client
        self._strangers: Cache[tuple[str, str], str] = Cache(10_000, BELIEVED, seconds)
        self._failed: Cache[tuple[str, str], bool] = Cache(10_000, TRIED, seconds)

    async def read(self, workspace: str, *texts: object) -> Named:
        """Who is named in these texts of a workspace. Never raises: what cannot be found out stays without a name."""
        ids = list(dict.fromkeys(_ids(texts)))[:MOST]
        if not ids:
            return NOBODY
        organisation = await self._desk.people.organisation_of("slack", workspace)
        if organisation is None:
            return NOBODY
        found = dict(zip(ids, await asyncio.gather(*(self._one(organisation, workspace, one) for one in ids)), strict=True))
        names = {one: who.name if isinstance(who, Person) else who for one, who in found.items() if who}
        members = [who for who in found.values() if isinstance(who, Person) and _is_of(who, organisation)]
        return Named(names, tuple({who.id: who for who in members}.values()))

    async def _one(self, organisation: str, workspace: str, one: str) -> Person | str | None:
        if one[0] in "CG":
            return await self._told(workspace, one, lambda: self._channel(workspace, one))
        account = Account("slack", workspace, one)
        known = await self._desk.people.of_account(account)
        return known or await self._told(workspace, one, lambda: self._somebody(organisation, account))

    async def _told(self, workspace: str, one: str, ask: Callable[[], Awaitable[Person | str | None]]) -> Person | str | None:
        """What Slack tells, asked once for a while."""
        key = (workspace, one)
        if (known := self._strangers.get(key)) or self._failed.get(key):
            return known
        found = await ask()
        if found is None:
            self._failed.put(key, True, self._failed.epoch)
        elif isinstance(found, str):
            self._strangers.put(key, found, self._strangers.epoch)
        return found

    async def _somebody(self, organisation: str, account: Account) -> Person | str | None:
        """A colleague whom nobody has heard of yet is known from now on. Of others there is only the name, of the forgotten nothing."""
        try:
            profile = await asyncio.wait_for(self._client.profile(account), PATIENCE)
        except (TimeoutError, Later, Permanent) as error:
            log.info("slack name unknown", why=type(error).__name__)
            return None
        if profile is None:
            return None
        if profile.standing is Standing.member:
            return await learn(self._desk, organisation, account, profile)
        return None if await self._desk.people.is_forgotten(organisation, account, profile.email) else profile.name

    async def _channel(self, workspace: str, channel: str) -> str | None:
        """The name of a public channel. That of a private one is nobody's business where the text will be read."""
        try:
            return await asyncio.wait_for(self._client.channel_name(workspace, channel), PATIENCE) or None
        except (TimeoutError, Later, Permanent):
            return None


def _ids(texts: Iterable[object]) -> Iterable[str]:
    for text in texts:
        if isinstance(text, str) and "<" in text:
            yield from (found[1] or found[2] for found in _NAMED.finditer(text))


def _is_of(person: Person, organisation: str) -> bool:
    return person.organisation == organisation and person.standing is Standing.member and person.vendor is None
