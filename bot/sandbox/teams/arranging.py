"""Chats that a person begins, and the app that they add to places or take away."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.courier import Delivery
from bot.sandbox.teams.hand import Hand
from bot.sandbox.teams.installing import Installing
from bot.sandbox.teams.model import Conversation, Team, User


@dataclass(frozen=True)
class Arranging(Hand):
    """A person who arranges where people and the app meet."""

    def begin_chat(self, with_whom: Sequence[str], name: str = "") -> Conversation:
        """A chat with these people, without the app; named after its members unless `name` says otherwise."""
        others = [one for one in dict.fromkeys(self._colleague(one).id for one in with_whom) if one != self.user.id]
        if not others:
            raise ClientRefused("choose with whom you want to chat")
        members = [self.user.id, *others]
        title = name.strip() or ", ".join(self.world.users[one].real_name.split()[0] for one in members)
        chat = self.world.add_group_chat(title, members, bot=False)
        self.platform.changes.tell()
        return chat

    def _colleague(self, name: str) -> User:
        try:
            return self.world.user(name)
        except LookupError as nobody:
            raise ClientRefused(str(nobody)) from nobody

    async def add_app(self, where: str | Conversation) -> list[Delivery]:
        """Add the app to a chat, or to the whole team of a channel; the bot is told as Teams tells it."""
        place = self.place(where)
        if place.installed:
            raise ClientRefused(f"{self.world.app.name} is there already")
        return await Installing(self.platform, self.courier).install(self._whole(place), self.user)

    async def remove_app(self, where: str | Conversation) -> list[Delivery]:
        """Take it away again."""
        place = self.place(where)
        if not place.installed:
            raise ClientRefused(f"{self.world.app.name} is not there")
        return await Installing(self.platform, self.courier).uninstall(self._whole(place), self.user)

    def _whole(self, place: Conversation) -> Team | Conversation | User:
        if place.team:
            return place.team
        return self.user if place.kind == "personal" else place
