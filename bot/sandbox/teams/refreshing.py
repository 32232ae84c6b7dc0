"""Views of a card for single people: their clients ask for them when it comes and when it changes."""

from dataclasses import dataclass

from bot.sandbox.teams.activities import address, card_action
from bot.sandbox.teams.answers import WrongAnswer, card_answer
from bot.sandbox.teams.courier import Courier
from bot.sandbox.teams.model import ADAPTIVE, Json, Message, User
from bot.sandbox.teams.platform import Platform

SMALL = 60
"""Members up to which a card without `userIds` is refreshed for everybody."""


@dataclass(frozen=True)
class Refreshing:
    """The clients of those whom a card's `refresh` means."""

    platform: Platform
    courier: Courier

    def ask(self, message: Message) -> None:
        """A message is new or changed: each of them asks in the background."""
        self.platform.changes.tell()
        refresh = (message.card or {}).get("refresh")
        if refresh is None or not self.courier.url:
            return
        members = self.platform.world.conversations[message.conversation].members
        wanted = refresh.get("userIds") or (members if len(members) <= SMALL else [])
        for one in members:
            user = self.platform.world.users[one]
            if {user.id, user.aad} & set(wanted) and message.to in (None, user.id):
                self.courier.later(self._fetch(message, user, refresh["action"]))

    async def _fetch(self, message: Message, user: User, action: Json) -> None:
        world = self.platform.world
        where, before = address(world.conversations[message.conversation], message.root or message.id), message.card
        asked = card_action(self.platform, user, where, message.id, {**action, "data": action.get("data", {})}, "automatic")
        delivery = await self.courier.send(asked)
        try:
            kind, value = card_answer(world, delivery)
        except WrongAnswer as wrong:
            self.platform.troubles.append(f"{delivery.kind} (automatic): {wrong}")
            return
        if kind == ADAPTIVE and message.card is before:
            message.views[user.id] = value
        self.platform.changes.tell()
