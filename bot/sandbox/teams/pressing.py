"""Buttons on cards: what a person does with the mouse."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.activities import card_action, value_activity
from bot.sandbox.teams.answers import ERROR, MESSAGE, TROUBLE, card_answer
from bot.sandbox.teams.courier import HONEST, Delivery, Tamper
from bot.sandbox.teams.forms import Forms, sending
from bot.sandbox.teams.model import ADAPTIVE, Json, Message
from bot.sandbox.teams.seen import Seen
from bot.sandbox.teams.values import filled, refused, values_of
from bot.sandbox.teams.widgets import actions, find_action, find_input, names


@dataclass(frozen=True)
class Pressing(Forms):
    """A person's mouse."""

    async def press(
        self, name: str | int, values: Mapping[str, Any] | None = None, *, on: Seen | Message | str | None = None, tamper: Tamper = HONEST
    ) -> Delivery:
        """Press what carries this title, id or verb (or has this place on the card).

        `values` (by label or id) are filled in first, where the card has fields.

        `on` is where: something seen (also long ago: it is pressed as it was then), a message, or words on it; without it, the newest
        thing that has such a button. A dialog that asks for nothing is closed first if what is meant lies behind it.
        """
        seen = self._where(name, on)
        action = find_action(seen.card, name)
        if seen.kind == "modal":
            for key, value in (values or {}).items():
                await self.fill(key, value)
            return await self.sends(self._open(), sending(action), tamper)
        return await self._pressed(seen, action, self._filled(seen, values or {}), tamper)

    def _where(self, name: str | int, on: Seen | Message | str | None) -> Seen:
        if isinstance(on, Seen):
            return on
        if isinstance(on, Message):
            return self.look(on)
        if isinstance(on, str):
            return self.find(on)
        for one in reversed(self._reachable(name)):
            if any(name in names(action) for action in actions(one.card)):
                return one
        raise ClientRefused(f"{self.user.name} sees nothing to press that is called {name!r}")

    def _reachable(self, name: str | int) -> list[Seen]:
        """A dialog covers all else as long as it has something to fill in."""
        modal = self.modal
        if modal is None:
            return self.seen()
        if any(name in names(action) for action in actions(modal.card)) or not self.finished():
            return [modal]
        del self.world.dialogs[self.user.id]
        return self.seen()

    def _filled(self, seen: Seen, values: Mapping[str, Any]) -> dict[str, str]:
        drafts = self.world.drafts.setdefault((self.user.id, seen.id), {})
        for name, value in values.items():
            field = find_input(seen.card, name)
            drafts[field["id"]] = filled(self.world, field, value, seen.channel)
        return drafts

    async def _pressed(self, seen: Seen, action: Json, drafts: Mapping[str, str], tamper: Tamper) -> Delivery:
        inputs = {} if action.get("associatedInputs") == "none" else values_of(seen.card, drafts)
        if action.get("associatedInputs") != "none" and (missing := refused(seen.card, drafts)):
            raise ClientRefused(f"not filled in: {', '.join(missing)}")
        data = action.get("data", {})
        merged = (data if isinstance(data, dict) else {"data": data}) | inputs
        match action["type"]:
            case "Action.Execute":
                return await self._execute(seen, action, merged, tamper)
            case "Action.Submit":
                return await self._submit(seen, merged, tamper)
            case kind:
                raise ClientRefused(f"{kind} stays in the client: {action.get('url', '')}".rstrip(": "))

    async def _execute(self, seen: Seen, action: Json, data: Json, tamper: Tamper) -> Delivery:
        named: Json = {name: action[name] for name in ("type", "title", "id", "verb") if name in action}
        activity = card_action(self.platform, self.user, self._address(seen), seen.id, {**named, "data": data})
        delivery, answer = await self.asks(activity, lambda one: card_answer(self.world, one), tamper)
        kind: str = answer[0] if answer else ""
        value: Any = answer[1] if answer else None
        where = self.world.conversations[seen.channel]
        if kind == ADAPTIVE and seen.id in where.messages:
            where.messages[seen.id].views[self.user.id] = value
        elif kind == MESSAGE:
            self.world.whisper(where.id, self.user.id, value, root=seen.thread_ts)
        elif kind != ADAPTIVE:
            sentence = value["message"] if value and kind == ERROR else TROUBLE
            self.world.whisper(where.id, self.user.id, sentence, root=seen.thread_ts, trouble=sentence)
        self.platform.changes.tell()
        return delivery

    async def _submit(self, seen: Seen, data: Json, tamper: Tamper) -> Delivery:
        asked = data.get("msteams", {})
        match asked.get("type"):
            case "task/fetch":
                return await self.fetch(self._address(seen), seen.id, data, tamper)
            case None | "messageBack":
                words = {"text": asked["text"]} if "text" in asked else {}
                value = {name: inner for name, inner in data.items() if name != "msteams"}
                told = value_activity(self.platform, self.user, self._address(seen), seen.id, value=value, **words)
                return await self.courier.send(told, tamper)
            case other:
                raise ClientRefused(f"the sandbox does not play {other}")

    def _address(self, seen: Seen) -> str:
        where = self.world.conversations[seen.channel]
        return f"{where.id};messageid={seen.thread_ts or seen.id}" if where.kind == "channel" else where.id
