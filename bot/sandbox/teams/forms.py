"""Dialogs: filling in, sending and closing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.activities import invoke
from bot.sandbox.teams.answers import TROUBLE, WrongAnswer, extension_answer, task_answer
from bot.sandbox.teams.courier import HONEST, Delivery, Tamper
from bot.sandbox.teams.hand import Hand
from bot.sandbox.teams.model import Dialog, Json
from bot.sandbox.teams.values import filled, refused, values_of
from bot.sandbox.teams.widgets import actions, find_action, find_input, inputs

CONTEXT = {"theme": "default"}


@dataclass(frozen=True)
class Forms(Hand):
    """A person in front of a dialog."""

    async def fetch(self, where: str, reply_to: str, data: Json, tamper: Tamper) -> Delivery:
        """Press what opens a dialog, on the message `reply_to` in the conversation (with its thread) `where`."""
        asked = {name: value for name, value in data.items() if name != "msteams"} | {"type": "task/fetch"}
        card = {"replyToId": reply_to} if self.world.app.names_the_card else {}
        activity = invoke(self.platform, self.user, where, "task/fetch", {"data": asked, "context": CONTEXT}, **card)
        return await self.opened(activity, Dialog(self.world.new_guid(), self.user.id, where), tamper)

    async def opened(self, activity: Json, dialog: Dialog, tamper: Tamper) -> Delivery:
        """Ask for a dialog and show it; where none comes, the person reads that the app cannot be reached."""
        delivery, task = await self.asks(activity, lambda one: task_answer(self.world, one, may_close=False), tamper)
        if task is None:
            self.world.whisper(dialog.conversation.partition(";")[0], self.user.id, TROUBLE, trouble=TROUBLE)
        else:
            self._show(dialog, task)
            self.world.dialogs[self.user.id] = dialog
        self.platform.changes.tell()
        return delivery

    async def fill(self, name: str, value: Any) -> None:
        """Put a value into the field of the dialog with this label or id; `ClientRefused` if the client would not take it."""
        dialog = self._open()
        field = find_input(dialog.card, name)
        dialog.drafts[field["id"]] = filled(self.world, field, value, dialog.conversation)
        self.platform.changes.tell()

    async def submit(
        self, values: Mapping[str, Any] | None = None, *, button: str | int = "", force: bool = False, tamper: Tamper = HONEST
    ) -> Delivery:
        """Fill in and send the dialog, by its only or first button unless `button` names one; `values` by label or id.

        The client holds back what is required and empty, or does not fit (`ClientRefused`), unless `force`. The answer is honoured:
        `continue` shows another card, `message` a sentence, an empty one closes the dialog.
        """
        dialog = self._open()
        action = self._sender(dialog, button)
        for name, value in (values or {}).items():
            await self.fill(name, value)
        dialog.errors, dialog.trouble = {} if force else refused(dialog.card, dialog.drafts), ""
        if dialog.errors:
            self.platform.changes.tell()
            raise ClientRefused(f"not filled in: {', '.join(dialog.errors)}")
        return await self.sends(dialog, action, tamper)

    def _sender(self, dialog: Dialog, button: str | int) -> Json:
        if button != "":
            return sending(find_action(dialog.card, button))
        found = [one for one in actions(dialog.card) if one["type"] in ("Action.Submit", "Action.Execute")]
        if not found:
            raise ClientRefused("this dialog has nothing to send")
        return sending(found[0])

    async def sends(self, dialog: Dialog, action: Json, tamper: Tamper) -> Delivery:
        """Press an Action.Submit of the dialog, with all that is filled in."""
        data = action.get("data", {})
        value = (data if isinstance(data, dict) else {"data": data}) | values_of(dialog.card, dialog.drafts)
        delivery, answered = await self.asks(self._submission(dialog, value), lambda one: (self._read(dialog, one),), tamper)
        if answered is None:
            dialog.trouble = TROUBLE
        elif answered[0] is None:
            self.world.dialogs.pop(self.user.id, None)
        else:
            self._show(dialog, answered[0])
        self.platform.changes.tell()
        return delivery

    def _submission(self, dialog: Dialog, data: Json) -> Json:
        if dialog.extension is None:
            return invoke(self.platform, self.user, dialog.conversation, "task/submit", {"data": data, "context": CONTEXT})
        value = {**dialog.extension, "data": data, "context": CONTEXT}
        return invoke(self.platform, self.user, dialog.conversation, "composeExtension/submitAction", value, source="compose")

    def _read(self, dialog: Dialog, delivery: Delivery) -> Json | None:
        """The task; the answer to an extension may also be a card for the message that the person writes."""
        if dialog.extension is None or "composeExtension" not in delivery.json():
            return task_answer(self.world, delivery, may_close=True)
        answer = extension_answer(self.world, delivery)
        if answer["type"] != "result":
            return {"type": "message", "value": answer["text"]}
        if len(answer["attachments"]) != 1:
            raise WrongAnswer("the result of an action is one card")
        self.world.composers[self.user.id] = answer["attachments"]
        return None

    def _show(self, dialog: Dialog, task: Json) -> None:
        dialog.errors, dialog.trouble, dialog.drafts = {}, "", {}
        if task["type"] == "message":
            dialog.card, dialog.text = None, task["value"]
        else:
            value = task["value"]
            dialog.title, dialog.text = value.get("title", ""), value.get("url", "")
            dialog.card = value["card"]["content"] if "card" in value else None

    async def close(self) -> None:
        """Close the dialog. The bot does not hear of it."""
        self._open()
        del self.world.dialogs[self.user.id]
        self.platform.changes.tell()

    close_modal = close

    def _open(self) -> Dialog:
        dialog = self.world.dialogs.get(self.user.id)
        if dialog is None:
            raise ClientRefused(f"{self.user.name} has no dialog open")
        return dialog

    def finished(self) -> bool:
        """Whether the dialog is one that only says something, which people close without a thought."""
        dialog = self.world.dialogs.get(self.user.id)
        return dialog is not None and not inputs(dialog.card)


def sending(action: Json) -> Json:
    """What a dialog sends for this action: dialogs know Action.Submit only, so of others it is the alternative for older clients."""
    if action["type"] == "Action.Submit":
        return action
    other = action.get("fallback")
    if isinstance(other, dict) and other.get("type") == "Action.Submit":
        return other
    raise ClientRefused(f"a dialog cannot do {action['type']}")
