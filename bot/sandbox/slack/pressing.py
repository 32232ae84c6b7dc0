"""Buttons, menus and shortcuts: what a person does with the mouse."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.slack.courier import HONEST, Delivery, Tamper
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.hand import Hand
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.payloads import channel_stub, interaction
from bot.sandbox.slack.seen import Seen
from bot.sandbox.slack.values import filled, state_of
from bot.sandbox.slack.widgets import BUTTONS, Named, Widget, find, option_names, widgets

Json = dict[str, Any]


@dataclass(frozen=True)
class Pressing(Hand):
    """A person's mouse."""

    async def press(self, name: Named, option: Any = None, *, on: Seen | Message | str | None = None, tamper: Tamper = HONEST) -> Delivery:
        """Press what carries this label, action_id or block_id (or both of these).

        Where it is a menu `option` is what is chosen: label, value, name, date, ...

        `on` is where: something seen (also long ago: it is pressed as it was then), a message, or words on it; without it, the
        newest thing that has such a button. An option's own label is enough for menus: `press("Cancel ticket")`.
        """
        seen = self._where(name, on)
        widget = find(seen.blocks, name)
        action = self._action(seen, widget, name if option is None and widget.options else option)
        return await self.interact(self._payload(seen, action), tamper)

    def _where(self, name: Named, on: Seen | Message | str | None) -> Seen:
        if isinstance(on, Seen):
            return on
        if isinstance(on, Message):
            return self.look(on)
        if isinstance(on, str):
            return self.find(on)
        for one in reversed(self._reachable()):
            if any(name in widget.names() or _offers(widget, name) for widget in widgets(one.blocks)):
                return one
        raise ClientRefused(f"{self.user.name} sees nothing to press that is called {name!r}")

    def _reachable(self) -> list[Seen]:
        """A modal covers all else; the home tab comes before messages only when nothing else fits."""
        if self.modal:
            return [self.modal]
        everything = self.seen()
        return [one for one in everything if one.kind == "home"] + [one for one in everything if one.kind != "home"]

    def _action(self, seen: Seen, widget: Widget, option: Any) -> Json:
        element = widget.element
        block_id, action_id = widget.key
        action: Json = {"type": element["type"], "block_id": block_id, "action_id": action_id, "action_ts": self.world.new_ts()}
        if element["type"] in BUTTONS:
            return action | {name: element[name] for name in ("text", "value", "url", "style") if name in element}
        value = filled(self.world, element, option)
        if element["type"] != "overflow":
            self.world.drafts.setdefault((self.user.id, seen.id), {})[widget.key] = value
        return action | value

    def _payload(self, seen: Seen, action: Json) -> Json:
        values = state_of(self.world, self.user.id, seen.id, seen.blocks)
        if seen.kind in ("modal", "home"):
            view = self._current(seen) | {"state": {"values": values}}
            place: Json = {"container": {"type": "view", "view_id": seen.id}, "view": view, **self.keys()}
        else:
            place = self._in_conversation(seen) | {"state": {"values": values}}
        return interaction(self.world, "block_actions", self.user, actions=[action], **place)

    def _current(self, seen: Seen) -> Json:
        now = self.modal if seen.kind == "modal" else self.home
        return now.raw if now and now.id == seen.id else seen.raw

    def _in_conversation(self, seen: Seen) -> Json:
        private = seen.kind == "ephemeral"
        container: Json = {"type": "message", "message_ts": seen.id, "channel_id": seen.channel, "is_ephemeral": private}
        if seen.thread_ts:
            container["thread_ts"] = seen.thread_ts
        place: Json = {
            "container": container,
            "channel": channel_stub(self.world.channels[seen.channel]),
            **self.keys(seen.channel, seen.id),
        }
        return place if private else place | {"message": self._message_now(seen)}

    def _message_now(self, seen: Seen) -> Json:
        """The message in the payload is the one that the platform has now; if it is gone, the one that was seen."""
        try:
            return self.look(self.world.message(seen.channel, seen.id)).raw
        except SlackError:
            return seen.raw

    async def shortcut(self, callback_id: str, *, tamper: Tamper = HONEST) -> Delivery:
        """Use a global shortcut."""
        payload = interaction(self.world, "shortcut", self.user, callback_id=callback_id, action_ts=self.world.new_ts(), **self.keys())
        return await self.interact(payload, tamper)

    async def message_shortcut(self, callback_id: str, on: Seen | Message | str, *, tamper: Tamper = HONEST) -> Delivery:
        """Use a shortcut from the menu of a message."""
        message = self.message_of(on)
        place = {"channel": channel_stub(self.world.channels[message.channel]), "message": self.look(message).raw, "message_ts": message.ts}
        keys = self.keys(message.channel, message.ts)
        payload = interaction(
            self.world, "message_action", self.user, callback_id=callback_id, action_ts=self.world.new_ts(), **place, **keys
        )
        return await self.interact(payload, tamper)


def _offers(widget: Widget, name: Named) -> bool:
    return any(name in option_names(option) for option in widget.options)
