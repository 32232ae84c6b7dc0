"""Modals: filling in, sending and closing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.slack.courier import HONEST, Delivery, Tamper
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.hand import Hand
from bot.sandbox.slack.methods.views import checked, rewrite, stack
from bot.sandbox.slack.model import View
from bot.sandbox.slack.payloads import interaction
from bot.sandbox.slack.shapes import view_json
from bot.sandbox.slack.values import filled, is_empty, state_of
from bot.sandbox.slack.widgets import Named, Widget, find, pick, widgets

Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"
REQUIRED = "Please complete this required field."


@dataclass(frozen=True)
class Forms(Hand):
    """A person in front of a modal."""

    async def fill(self, name: Named, value: Any) -> None:
        """Put a value into the field with this label, action_id or block_id (or both of these).

        `ClientRefused` if the client would not take it.
        """
        view = self._open()
        widget = find(view.blocks, name)
        if "external_select" in widget.element["type"] and isinstance(value, str):
            value = pick(await self.suggestions(name, value), value)
            value = [value] if widget.element["type"].startswith("multi") else value
        self.world.drafts.setdefault((self.user.id, view.id), {})[widget.key] = filled(self.world, widget.element, value)
        self.platform.changes.tell()

    async def suggestions(self, name: Named, typed: str) -> list[Json]:
        """The options that the bot offers for what was typed into a menu of external data."""
        view = self._open()
        block_id, action_id = find(view.blocks, name).key
        place = {"container": {"type": "view", "view_id": view.id}, "view": self._json(view)}
        payload = interaction(self.world, "block_suggestion", self.user, action_id=action_id, block_id=block_id, value=typed, **place)
        answer = (await self.interact(payload, HONEST)).json()
        groups = answer.get("option_groups", [])
        return [*answer.get("options", []), *(one for group in groups for one in group["options"])]

    async def submit(self, values: Mapping[str, Any] | None = None, *, force: bool = False, tamper: Tamper = HONEST) -> Delivery:
        """Fill in and send the uppermost modal; `values` by label, action_id or block_id.

        The client holds back a form with an empty required field (`ClientRefused`) unless `force`. The answer is honoured:
        `errors` stay on the modal, `update` and `push` change it, `clear` closes all, an empty answer closes this one.
        """
        view = self._open()
        if "submit" not in view.body:
            raise ClientRefused("this modal has nothing to send")
        for name, value in (values or {}).items():
            await self.fill(name, value)
        view.errors, view.trouble = {} if force else self._missing(view), ""
        if view.errors:
            self.platform.changes.tell()
            raise ClientRefused(f"still empty: {', '.join(find(view.blocks, one).label for one in view.errors)}")
        payload = interaction(self.world, "view_submission", self.user, view=self._json(view), response_urls=[], **self.keys())
        delivery = await self.interact(payload, tamper)
        self._obey(view, delivery)
        self.platform.changes.tell()
        return delivery

    async def close(self, *, everything: bool = False, tamper: Tamper = HONEST) -> Delivery | None:
        """Close the uppermost modal, or all of them (the cross). The bot hears of it if the view has `notify_on_close`."""
        view = self._open()
        views = self.world.modals[self.user.id]
        cleared = everything or bool(view.body.get("clear_on_close"))
        payload = interaction(self.world, "view_closed", self.user, view=self._json(view), is_cleared=cleared, response_urls=[])
        views.pop()
        if cleared:
            views.clear()
        self.platform.changes.tell()
        return await self.interact(payload, tamper) if view.body.get("notify_on_close") else None

    def _open(self) -> View:
        view = self.world.modal(self.user.id)
        if view is None:
            raise ClientRefused(f"{self.user.name} has no modal open")
        return view

    def _json(self, view: View) -> Json:
        return view_json(self.world, view, state_of(self.world, self.user.id, view.id, view.blocks))

    def _missing(self, view: View) -> dict[str, str]:
        values = state_of(self.world, self.user.id, view.id, view.blocks)
        required = [one for one in widgets(view.blocks) if one.is_input and not one.block.get("optional")]
        return {one.key[0]: REQUIRED for one in required if is_empty(values[one.key[0]][one.key[1]])}

    def _obey(self, view: View, delivery: Delivery) -> None:
        answer = delivery.json()
        try:
            if not delivery.ok or (delivery.body.strip() and not answer and delivery.body.strip() != "{}"):
                raise SlackError("no_answer")
            self._act(view, answer)
        except SlackError:
            view.trouble = TROUBLE

    def _act(self, view: View, answer: Json) -> None:
        views = self.world.modals[self.user.id]
        match answer.get("response_action"):
            case None:
                if view in views:
                    del views[views.index(view) :]
            case "clear":
                views.clear()
            case "errors":
                view.errors = self._errors(view, answer.get("errors"))
            case "update":
                rewrite(self.world, view, checked(self.world, answer.get("view"), "modal", view))
            case "push":
                stack(self.world, self.user.id, checked(self.world, answer.get("view"), "modal"))
            case other:
                raise SlackError(f"invalid response_action {other}")

    def _errors(self, view: View, errors: Any) -> dict[str, str]:
        """Errors must name input blocks of this view, or the platform shows none of them."""
        inputs: list[Widget] = [one for one in widgets(view.blocks) if one.is_input]
        known = {one.key[0] for one in inputs}
        if not isinstance(errors, dict) or not errors or not set(errors) <= known:
            raise SlackError("invalid errors")
        return {str(block_id): str(sentence) for block_id, sentence in errors.items()}
