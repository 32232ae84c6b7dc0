"""The channels that the office names: is each there, open, and are we in it?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.findings import Finding
from bot.slack.asking import NO_ANSWER, Asking
from bot.slack.manifest import CHANNELS
from handlers.office.model import Office


@dataclass(frozen=True, slots=True)
class Channels:
    """Of one workspace; `at` names it where there are several (" of T123")."""

    ask: Asking
    at: str = ""

    async def examined(self, offices: Sequence[Office], granted: frozenset[str]) -> AsyncIterator[Finding]:
        queues = [queue for office in offices for queue in office.queues.values()]
        channels = {queue.channel["slack"]: queue.key for queue in queues if "slack" in queue.channel}
        if channels and not granted.issuperset(CHANNELS):
            yield Finding("warn", f"slack channels{self.at}", f"cannot be examined without {' and '.join(CHANNELS)}.")
            return
        for queue in queues:
            if "slack" not in queue.channel:
                what = f"queue {queue.key}{self.at}"
                yield Finding("warn", what, "has no Slack channel: whoever is responsible is told in direct messages.")
        for channel, key in channels.items():
            yield await self._channel(channel, f"queue {key}{self.at}")

    async def _channel(self, channel: str, what: str) -> Finding:
        try:
            said, _ = await self.ask("conversations.info", channel=channel)
        except NO_ANSWER as error:
            return Finding("fail", what, f"its channel {channel} cannot be examined ({type(error).__name__}).")
        if not said.get("ok"):
            error_ = said.get("error")
            return Finding("fail", what, f"its channel {channel} cannot be seen ({error_}). Correct its id, or invite the app there.")
        found = said.get("channel", {})
        name = f"#{found.get('name')}"
        if found.get("is_archived"):
            return Finding("fail", what, f"its channel {name} is archived. Name another one in the office file.")
        if not found.get("is_member"):
            return Finding("fail", what, f"the app is not in {name}. Write there: /invite @deskbell")
        if found.get("is_ext_shared"):
            return Finding("warn", what, f"its channel {name} is shared with another organisation, which reads along.")
        return Finding("ok", what, f"its channel is {name}.")
