"""What every act of a person on the bot needs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.answers import WrongAnswer
from bot.sandbox.teams.courier import Courier, Delivery, Tamper
from bot.sandbox.teams.model import Conversation, Json, Message, User
from bot.sandbox.teams.platform import Platform
from bot.sandbox.teams.seen import Seen, of_dialog, of_message, seen_by
from bot.sandbox.teams.world import World

T = TypeVar("T")


@dataclass(frozen=True)
class Hand:
    """One person in front of Teams."""

    platform: Platform
    world: World
    courier: Courier
    user: User

    # --- looking

    def seen(self) -> list[Seen]:
        """All that is on this person's screen: messages by time, then the dialog."""
        return seen_by(self.world, self.user)

    def sees(self, words: str) -> bool:
        """Whether these words are anywhere on the screen."""
        return any(one.says(words) for one in self.seen())

    def find(self, words: str) -> Seen:
        """The newest thing on the screen with these words; `LookupError` with all that is there if there is none."""
        for one in reversed(self.seen()):
            if one.says(words):
                return one
        there = "\n---\n".join(one.text for one in self.seen()) or "nothing"
        raise LookupError(f"{self.user.name} does not see {words!r}, but:\n{there}")

    @property
    def modal(self) -> Seen | None:
        """The dialog that is open."""
        dialog = self.world.dialogs.get(self.user.id)
        return of_dialog(self.world, dialog, self.user) if dialog else None

    # --- places

    def place(self, where: str | Conversation) -> Conversation:
        """A conversation this person is in: an id, `#name`, or `dm` for the one with the bot. `ClientRefused` for all others."""
        chat = self.dm() if where == "dm" else self._known(where)
        if self.user.deleted or self.user.id not in chat.members:
            raise ClientRefused(f"{self.user.name} is not in {chat.name}")
        if chat.deleted:
            raise ClientRefused(f"{chat.name} was deleted")
        if chat.archived:
            raise ClientRefused(f"the team of {chat.name} is archived")
        return chat

    def _known(self, where: str | Conversation) -> Conversation:
        try:
            return self.world.channel(where)
        except LookupError as nowhere:
            raise ClientRefused(str(nowhere)) from nowhere

    def dm(self) -> Conversation:
        """The chat with the bot."""
        return self.world.personal(self.user)

    def message_of(self, on: "Seen | Message | str") -> Message:
        """The message meant by what is on the screen or by words in it."""
        if isinstance(on, Message):
            return on
        seen = self.find(on) if isinstance(on, str) else on
        if seen.kind == "modal":
            raise ClientRefused("this is no message but a dialog")
        return self.world.message(seen.channel, seen.id)

    def look(self, message: Message) -> Seen:
        """The message as it is on the screen now."""
        return of_message(self.world, message, self.user)

    # --- sending

    async def asks(self, activity: Json, read: Callable[[Delivery], T], tamper: Tamper) -> tuple[Delivery, T | None]:
        """Send an invoke and read its answer. One that is none is noted as trouble and asked for a second time, as the platform does."""
        delivery = await self.courier.send(activity, tamper)
        for again in (True, False):
            try:
                return delivery, read(delivery)
            except WrongAnswer as wrong:
                self.platform.troubles.append(f"{delivery.kind}: {wrong}")
                if again and delivery.ok:
                    delivery = await self.courier.send(activity, tamper)
        return replace(delivery, error=delivery.error or "invalid_answer"), None
