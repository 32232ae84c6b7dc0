"""Links in what a person writes: the client asks the app for a card of each address whose domain its manifest names.

https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/link-unfurling
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sandbox.teams.activities import invoke
from bot.sandbox.teams.answers import WrongAnswer, extension_answer
from bot.sandbox.teams.courier import HONEST, Delivery
from bot.sandbox.teams.hand import Hand
from bot.sandbox.teams.model import Json

NEWEST = (1, 3)
"""The version of cards up to which a link is shown."""


@dataclass(frozen=True)
class Unfurling(Hand):
    """The box in which a person writes."""

    async def unfurled(self, where: str, text: str) -> list[Json]:
        """The cards that go with a text that is written in the conversation (with its thread) `where`. Whoever does not have the app for
        themselves has none, and a sentence in place of a card is not shown.
        """
        if not self.dm().installed or not self.courier.url:
            return []
        found = [await self._card(where, url) for url in dict.fromkeys(re.findall(r"https://[^\s<>]+", text)) if self._ours(url)]
        return [one for one in found if one is not None]

    def _ours(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return any(host == one or (one[:2] == "*." and host.endswith(one[1:])) for one in self.world.app.link_domains)

    async def _card(self, where: str, url: str) -> Json | None:
        asked = invoke(self.platform, self.user, where, "composeExtension/queryLink", {"url": url}, source="compose")
        _, answer = await self.asks(asked, self._preview, HONEST)
        if answer is None or answer["type"] == "message":
            return None
        return {name: answer["attachments"][0][name] for name in ("contentType", "content")}

    def _preview(self, delivery: Delivery) -> Json:
        answer = extension_answer(self.world, delivery)
        for one in answer.get("attachments", ()):
            version = str(one["content"].get("version", ""))
            if tuple(int(part) for part in version.split(".")) > NEWEST:
                raise WrongAnswer(f"a link is shown as a card of version 1.3 at most, not {version}")
        return answer
