"""What every act of a person on the bot needs."""

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.slack.courier import FORM_TYPE, Courier, Delivery, Tamper
from bot.sandbox.slack.model import Channel, Message, User
from bot.sandbox.slack.payloads import form_body
from bot.sandbox.slack.platform import Platform
from bot.sandbox.slack.seen import Seen, of_message, of_view, seen_by
from bot.sandbox.slack.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Hand:
    """One person in front of one workspace."""

    platform: Platform
    world: World
    courier: Courier
    user: User

    # --- looking

    def seen(self) -> list[Seen]:
        """All that is on this person's screen: messages and notes by time, then the modal, then the home tab."""
        return seen_by(self.world, self.user.id)

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
        """The uppermost modal."""
        view = self.world.modal(self.user.id)
        return of_view(self.world, view) if view else None

    @property
    def home(self) -> Seen | None:
        """The app's home tab."""
        view = self.world.homes.get(self.user.id)
        return of_view(self.world, view) if view else None

    # --- places

    def place(self, where: str | Channel) -> Channel:
        """A conversation this person is in: an id, `#name`, or `dm` for the one with the app. `ClientRefused` for all others."""
        channel = self.dm() if where == "dm" else self._known(where)
        if self.user.deleted or self.user.id not in channel.members:
            raise ClientRefused(f"{self.user.name} is not in #{channel.name}")
        if channel.archived:
            raise ClientRefused(f"#{channel.name} is archived")
        return channel

    def _known(self, where: str | Channel) -> Channel:
        try:
            return self.world.channel(where)
        except LookupError as nowhere:
            raise ClientRefused(str(nowhere)) from nowhere

    def dm(self) -> Channel:
        """The direct conversation with the app."""
        return self.world.open_im([self.user.id])

    def message_of(self, on: "Seen | Message | str") -> Message:
        """The message meant by what is on the screen or by words in it."""
        if isinstance(on, Message):
            return on
        seen = self.find(on) if isinstance(on, str) else on
        if seen.kind != "message":
            raise ClientRefused(f"this is no message but a {seen.kind}")
        return self.world.message(seen.channel, seen.id)

    def look(self, message: Message) -> Seen:
        """The message as it is on the screen now."""
        return of_message(self.world, message)

    # --- sending

    def needs_app(self) -> None:
        """`ClientRefused` in a workspace that does not have the app."""
        if not self.platform.serves(self.world):
            raise ClientRefused(f"{self.world.app.name} is not installed in this workspace")

    def keys(self, channel: str = "", original: str | None = None) -> Json:
        """A fresh trigger id, and with a channel a response URL."""
        keys: Json = {"trigger_id": self.platform.tokens.trigger(self.world, self.user.id).id}
        if channel:
            keys["response_url"] = self.platform.response_url(self.platform.tokens.hook(self.world, self.user.id, channel, original))
        return keys

    async def interact(self, payload: Json, tamper: Tamper) -> Delivery:
        """Send an interaction payload. `ClientRefused` where the app is not installed."""
        self.needs_app()
        return await self.courier.send("interaction", json.loads(json.dumps(payload)), form_body(payload), FORM_TYPE, tamper)
