"""An app that is installed for a whole enterprise: its administrators add it to workspaces, and take it away from them.

https://docs.slack.dev/reference/events/team_access_granted, https://docs.slack.dev/reference/events/team_access_revoked
"""

from __future__ import annotations

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.chores import Chores
from bot.slack.installed import Installation
from bot.slack.listen import not_now
from bot.slack.members import Members

log = structlog.get_logger(__name__)

HEARD = frozenset({"team_access_granted", "team_access_revoked"})


class Enterprise:
    """Nothing is taken from the event but that something has changed: what we may reach now, Slack itself is asked."""

    def __init__(self, members: Members, chores: Chores) -> None:
        self._members, self._chores = members, chores

    def install(self, app: AsyncApp) -> None:
        for kind in sorted(HEARD):
            app.event(kind)(self.on_change)

    async def on_change(self, context: AsyncBoltContext) -> BoltResponse:
        found = context.get("found")
        if not_now(found):
            return BoltResponse(status=503)
        # When access was taken bolt asks nobody whose installation it is.
        enterprise = found.workspace if isinstance(found, Installation) else context.enterprise_id
        if enterprise:
            log.info("slack workspaces of an enterprise changed", enterprise=enterprise)
            self._chores.start("workspaces", self._members.looked_at(enterprise))
        return BoltResponse(status=200)
