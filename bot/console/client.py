"""The terminal as a chat that can be posted to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.chats import Payload, Profile, Sent
from bot.console.render import render
from bot.console.roster import handle
from bot.console.screen import DIRECT, Screen, Spot
from bot.pump import Permanent
from bot.reading import Reading
from handlers.cards import Card
from handlers.core import Account, Place, Post
from handlers.office.model import Office


def direct(email: str) -> str:
    """The id of somebody's conversation with the desk."""
    return f"@{email}"


@dataclass(frozen=True, slots=True)
class ConsoleClient:
    """`bot.chats.ChatClient` for one office. A terminal is always there, so nothing it is asked to do fails."""

    screen: Screen
    office: Callable[[], Awaitable[Office]]
    new_id: Callable[[], str]

    def render(
        self,
        card: Card,
        reading: Reading,
        users: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        *,
        link: str = "",
    ) -> Payload:
        """A terminal pings nobody and shows no pictures, so it needs no `users` and no `files`."""
        return render(card, reading)

    async def personal(self, post: Post, place: Place, payload: Payload) -> Payload:
        return payload

    async def post(self, place: Place, payload: Payload, thread: str) -> Sent:
        message = self.new_id()
        self.screen.post(message, await self._spot(place), payload, thread)
        return Sent(message, direct(place.user) if place.kind == "dm" else place.channel)

    async def reply(self, payload: Payload) -> None:
        raise Permanent("a terminal is answered at once, never later")

    async def update(self, place: Place, message_id: str, payload: Payload) -> None:
        self.screen.edit(message_id, await self._spot(place), payload)

    async def sees(self, workspace: str, channel: str) -> bool:
        return True

    async def profile(self, account: Account) -> Profile | None:
        """People are their e-mail here; whom the office does not name, the terminal does not know."""
        office = await self.office()
        colleague = office.person(account.user)
        return Profile(colleague.name, colleague.email, office.head.time_zone, office.head.language) if colleague else None

    async def _spot(self, place: Place) -> Spot:
        office = await self.office()
        if place.kind == "dm":
            return Spot(f"to {handle(office, place.user)}", frozenset({place.user}), DIRECT)
        return Spot(f"#{place.channel}", frozenset(office.agents(place.queue or "")))
