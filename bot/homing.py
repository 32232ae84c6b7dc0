"""In which of an office's workspaces the channel of a queue is. The policy names one channel for each chat, and an office may have several
workspaces there: the place is where the channel is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import structlog

from bot.desk import StoreDesk
from bot.pump import Later
from handlers.core import Chat, Place, Where
from handlers.frozen import replace
from handlers.notices import places

log = structlog.get_logger(__name__)


class Sees(Protocol):
    async def sees(self, workspace: str, channel: str) -> bool:
        """Whether a channel is there for us, and open. Raises `Later` when that cannot be told now."""
        ...


async def sought(desk: StoreDesk, chat: Sees, place: Place) -> bool:
    """Nothing can be posted into this place of a queue: whether its channel was found in another workspace of the office."""
    for workspace in await _others(desk, place):
        if await _seen(chat, workspace, place.channel):
            await _moved(desk, place, workspace)
            return True
    return False


async def come(desk: StoreDesk, chat: Sees, organisation: str, name: Chat, workspace: str) -> None:
    """A workspace can be reached: it gets the channels of queues that are there, and are not seen where they were thought to be."""
    for place in await desk.store.places.of_queues(organisation):
        elsewhere = place.chat == name and place.workspace != workspace and workspace in await _others(desk, place)
        if elsewhere and await _seen(chat, workspace, place.channel) and not await chat.sees(place.workspace, place.channel):
            await _moved(desk, place, workspace)


async def _others(desk: StoreDesk, place: Place) -> Sequence[str]:
    """The office's own other workspaces of the same chat; those of its vendors are not looked into."""
    installed = await desk.store.installations.of(place.organisation) if place.queue else ()
    return [one.workspace for one in installed if one.chat == place.chat and one.vendor is None and one.workspace != place.workspace]


async def _seen(chat: Sees, workspace: str, channel: str) -> bool:
    try:
        return await chat.sees(workspace, channel)
    except Later as why:
        log.info("channel not looked for", workspace=workspace, why=str(why))
        return False


async def _moved(desk: StoreDesk, place: Place, workspace: str) -> None:
    """The same place with all that stands in it; is that channel a place already, for other reasons, then the queue goes over to that."""
    known = await desk.places.at(place.organisation, Where(place.chat, workspace, place.channel))
    work = desk.work(place.organisation)
    if known is None:
        work.put(replace(place, workspace=workspace, unreachable=None))
    elif known.id != place.id:  # else somebody was faster
        work.put(replace(known, queue=place.queue, unreachable=None))
        work.put(replace(place, queue=None))
    await work.commit()
    log.info("channel found in another workspace", queue=place.queue, workspace=workspace)
    await places.opened(desk, place.organisation, Where(place.chat, workspace, place.channel))
