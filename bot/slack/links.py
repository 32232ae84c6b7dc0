"""Links to tickets in people's messages: what everybody there may know is shown under them, in one call for each message.

https://docs.slack.dev/messaging/unfurling-links-in-messages: Slack tells of them in every conversation of the workspace, also where we are
not, and never what else stands in the message.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.answering import Hear
from bot.chats import shortened
from bot.desk import StoreDesk
from bot.pump import Later, Permanent
from bot.reading import Reading
from bot.slack import arrivals
from bot.slack.arrivals import Body
from bot.slack.installed import Installation
from bot.slack.send import SlackClient
from bot.slack.text import Json
from bot.slack.unfurl import preview
from bot.words import received
from handlers.cards import Card
from handlers.core import Where

COMPOSER = "COMPOSER"
"""The channel of a message that is still being written."""
MOST_LINKS, MOST_ADDRESSES = 10, 30
"""So many different tickets of one message get a preview, under so many addresses of theirs at most."""


class Links:
    """`hear` never raises."""

    def __init__(self, hear: Hear, desk: StoreDesk, client: SlackClient) -> None:
        self._hear, self._desk, self._client = hear, desk, client

    async def shared(self, event: Body, at: Installation) -> None:
        """Somebody has sent links of ours: each whose ticket everybody there may see gets a preview, all in one call.

        A link that is still being written has no place yet, and its preview would be sent along to wherever that is: so there is none
        before the message is sent. Of a place of which Slack does not say that it is ours alone, nothing is shown either.
        """
        if event.get("source") == "composer" or event.get("channel") == COMPOSER or event.get("bot_id"):
            return
        organisation = await self._desk.people.organisation_of("slack", at.workspace)
        found = self._tickets(event)
        if organisation is None or not found:
            return
        channel = arrivals.word(event, "channel")
        where = Where("slack", at.workspace, channel, direct=channel.startswith("D"))
        head = (await self._desk.office(organisation)).head
        inside = event.get("is_ext_shared_channel") is False and await self._is_of_one_workspace(at, channel)
        shown: dict[str, Json] = {}
        for subject in dict.fromkeys(found.values()):
            answer = await self._hear(arrivals.linked(event, where, subject, inside))
            if answer.refused:
                break  # whoever may not act here may not for the next ticket either, and each time Slack might be asked who they are
            if isinstance(answer.reply, Card):
                shown[subject] = preview(answer.reply, Reading.of(head.language, head.time_zone))
        if previews := {url: shown[subject] for url, subject in found.items() if subject in shown}:
            await self._unfurled(event, at, organisation, previews)

    async def _is_of_one_workspace(self, at: Installation, channel: str) -> bool:
        """Events do not tell whether a channel has members from other workspaces of the enterprise, which may be another office's."""
        if not at.enterprise or at.wide:
            return True
        try:
            return await self._client.is_of_one_workspace(at.workspace, channel)
        except (Later, Permanent):
            return False  # where we cannot look we show nothing

    def _tickets(self, event: Body) -> dict[str, str]:
        """The addresses of tickets in a message, with the tickets."""
        links = event.get("links")
        urls = [str(one.get("url") or "") for one in links if isinstance(one, dict)] if isinstance(links, list) else []
        found = {url: subject for url in map(received, urls) if (subject := self._desk.linked(url))}
        wanted = list(dict.fromkeys(found.values()))[:MOST_LINKS]
        return dict([(url, subject) for url, subject in found.items() if subject in wanted][:MOST_ADDRESSES])

    async def _unfurled(self, event: Body, at: Installation, organisation: str, previews: Mapping[str, Json]) -> None:
        """Into the outbox, once for each event."""
        channel, ts = arrivals.word(event, "channel"), arrivals.word(event, "message_ts")
        key = arrivals.word(event, "event_id", otherwise=f"{channel}:{ts}")
        work = self._desk.store.work(organisation, shortened(f"slack:link:{at.workspace}:{key}:answer"))
        named = {name: arrivals.word(event, name, otherwise="") for name in ("unfurl_id", "source")}
        which = named if all(named.values()) else {"channel": channel, "ts": ts}
        work.answer(
            "slack", f"unfurl:{at.workspace}:{channel}", {"workspace": at.workspace, "preview": {**which, "unfurls": dict(previews)}}
        )
        await work.commit()
