"""Everybody in the workspaces that have installed us, learnt; a workspace that cannot be read stops no other."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot import homing
from bot.app import Deskbell
from bot.chores import fault
from bot.doorkeeper import learn
from bot.pump import Permanent
from bot.slack.managers import Managers
from bot.slack.send import SlackClient
from handlers.core import Account, Where
from handlers.notices import places
from storage.installations import Installation

log = structlog.get_logger(__name__)


class Members:
    """The members of an office's own workspaces. Those of its vendors are not of the office, and are not learnt."""

    def __init__(self, bot: Deskbell, client: SlackClient) -> None:
        self._bot, self._client = bot, client

    async def everyone(self) -> None:
        """Learns the members of all workspaces, and then who their managers are, one person a second. Never raises."""
        learnt = [(one.workspace, await self._learnt(one)) for one in await self._bot.store.installations.all("slack")]
        for workspace, accounts in learnt:
            await self._managers(workspace, accounts)

    async def _of(self, installation: Installation) -> None:
        await self._managers(installation.workspace, await self._learnt(installation))

    async def _learnt(self, installation: Installation) -> list[Account]:
        """The members of one workspace. Where we may not speak any more its channels are marked, and administrators hear of it."""
        learnt = list[Account]()
        if installation.vendor is not None:
            return learnt
        where = {"workspace": installation.workspace, "organisation": installation.organisation}
        try:
            async for account, profile in self._client.members(installation.workspace):
                if await learn(self._bot.desk, installation.organisation, account, profile) is not None:
                    learnt.append(account)
            log.info("slack members learnt", count=len(learnt), **where)
        except Permanent as why:
            log.error("slack workspace left out", why=str(why), **where)
            await self._closed(installation)
        except Exception as error:  # noqa: BLE001 - the other workspaces go on; a first word of somebody unknown asks again
            log.error("slack members not learnt", **where, **fault(error))
        return learnt

    async def _managers(self, workspace: str, accounts: Sequence[Account]) -> None:
        managers = Managers(self._bot.desk, self._client, self._bot.settings.slack_manager_field)
        try:
            await managers.learn(workspace, accounts)
        except Exception as error:  # noqa: BLE001 - as above
            log.error("slack managers not learnt", workspace=workspace, **fault(error))

    async def _closed(self, installation: Installation) -> None:
        for where in await self._channels(installation):
            await places.closed(self._bot.desk, installation.organisation, where, "removed")

    async def begun(self, workspace: str) -> None:
        """A workspace was added, or added again: its channels are places of the office, or of the vendor whose workspace it is, and take
        messages; and its members are known.
        """
        await self._bot.settle()
        installation = await self._bot.store.installations.known("slack", workspace)
        if installation is None:
            return
        if installation.vendor is None:
            await homing.come(self._bot.desk, self._client, installation.organisation, "slack", workspace)
        for where in await self._channels(installation):
            await places.opened(self._bot.desk, installation.organisation, where)
        await self._of(installation)

    async def looked_at(self, workspace: str) -> None:
        """What we may reach there has changed: channels that are seen take messages, the others do not."""
        installation = await self._bot.store.installations.known("slack", workspace)
        if installation is None:
            return
        await homing.come(self._bot.desk, self._client, installation.organisation, "slack", workspace)
        for where in await self._channels(installation):
            if await self._client.sees(workspace, where.channel):
                await places.opened(self._bot.desk, installation.organisation, where)
            else:
                await places.closed(self._bot.desk, installation.organisation, where, "removed")
        await self._of(installation)

    async def _channels(self, installation: Installation) -> list[Where]:
        """Those of the office's queues, or in a vendor's workspace those of the vendor."""
        known = self._bot.store.places
        found = await (known.of_vendors if installation.vendor else known.of_queues)(installation.organisation)
        return [
            Where("slack", one.workspace, one.channel) for one in found if (one.chat, one.workspace) == ("slack", installation.workspace)
        ]
