"""The channels of teams that the desk posts into: closed, open again, and those of a team that is archived or deleted as a whole."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from bot.desk import StoreDesk
from bot.pump import Later, Permanent
from bot.teams.activity import Activity, part, word
from bot.teams.lines import Here
from bot.teams.send import TeamsClient
from handlers.core import Place, Where
from handlers.frozen import replace
from handlers.notices import places

log = structlog.get_logger(__name__)

CLOSES: dict[str, places.Closed] = {
    "channelDeleted": "deleted",
    "teamArchived": "archived",
    "teamDeleted": "deleted",
    "teamHardDeleted": "deleted",
}
OPENS = frozenset({"channelRestored", "teamUnarchived", "teamRestored"})


class Channels:
    def __init__(self, desk: StoreDesk, client: TeamsClient) -> None:
        self._desk, self._client = desk, client

    async def told(self, event: str, activity: Activity, here: Here) -> None:
        """One of `CLOSES` or `OPENS`. What is told of a team is so for all its channels: Microsoft names its General channel alone."""
        if event in CLOSES:
            channels = await self._of_team(activity, here) if event.startswith("team") else ()
            await self._closed(here, {_channel(activity), *channels}, CLOSES[event])
        elif event.startswith("team"):
            await self._open_all(here)
        else:
            await self._opened(here, _channel(activity))

    async def removed(self, activity: Activity, here: Here) -> None:
        """We were taken away: from a team, so that those who look after the desk hear of it; from a 1:1, which is that person's matter."""
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        place = await self._desk.places.at(organisation, Where("teams", here.workspace, _channel(activity))) if organisation else None
        if place is not None and place.kind != "channel":
            await self._marked(place)
        else:
            await self._closed(here, {_channel(activity), *await self._left(here)}, "removed")

    async def _left(self, here: Here) -> list[str]:
        """The channels of vendors that we do not see any more: a vendor may take us away in the middle of a job. Those of queues are found
        closed when something is next posted there.
        """
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        found = await self._desk.store.places.of_vendors(organisation) if organisation else ()
        theirs = [one.channel for one in found if (one.chat, one.workspace) == ("teams", here.workspace) and not one.unreachable]
        try:
            return [channel for channel in theirs if not await self._client.sees(here.workspace, channel)]
        except Later as why:
            log.info("teams channels not told", why=str(why), workspace=here.workspace)
            return []

    async def _open_all(self, here: Here) -> None:
        """Whichever of our channels are closed may be open now: what could not be posted is, or they are closed again at the first try."""
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        for place in await self._desk.store.places.channels(organisation) if organisation else ():
            if place.unreachable and (place.chat, place.workspace) == ("teams", here.workspace):
                await self._opened(here, place.channel)

    async def heard_from(self, activity: Activity, here: Here) -> None:
        """Something is said to us in a channel, so we are in it, whatever the connector once said."""
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        place = await self._desk.places.at(organisation, Where("teams", here.workspace, activity.channel)) if organisation else None
        if place is not None and place.unreachable and place.kind == "channel":
            await self._opened(here, place.channel)

    # ------------------------------------------------------------ one by one

    async def _closed(self, here: Here, channels: Iterable[str], why: places.Closed) -> None:
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        for channel in sorted(channels) if organisation else ():
            await places.closed(self._desk, organisation or "", Where("teams", here.workspace, channel), why)

    async def _opened(self, here: Here, channel: str) -> None:
        organisation = await self._desk.people.organisation_of("teams", here.workspace)
        if organisation is not None:
            await places.opened(self._desk, organisation, Where("teams", here.workspace, channel))

    async def _marked(self, place: Place) -> None:
        if not place.unreachable:
            work = self._desk.work(place.organisation)
            work.put(replace(place, unreachable="removed"))
            await work.commit()

    async def _of_team(self, activity: Activity, here: Here) -> list[str]:
        """A team that is gone tells nothing of its channels: those are found closed when something is next posted there."""
        try:
            return await self._client.channels(here.workspace, activity.team or activity.channel)
        except (Later, Permanent) as why:
            log.info("teams channels not told", why=str(why), workspace=here.workspace)
            return []


def _channel(activity: Activity) -> str:
    return word(part(activity.data, "channel"), "id") or activity.channel
