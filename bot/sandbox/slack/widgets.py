"""The things in a message or view that a person can press, choose or fill in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.slack.text import unescape

Json = dict[str, Any]
BUTTONS = ("button", "workflow_button", "icon_button")
STATELESS = (*BUTTONS, "overflow", "feedback_buttons", "image")


@dataclass(frozen=True)
class Widget:
    """One element with the block that it stands in."""

    block: Json
    element: Json

    @property
    def key(self) -> tuple[str, str]:
        """(block_id, action_id)."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def is_input(self) -> bool:
        """Whether it is the field of an `input` block."""
        return bool(self.block["type"] == "input")

    @property
    def label(self) -> str:
        """What stands on it or above it."""
        text = self.block["label"] if self.is_input else self.element.get("text") or self.element.get("placeholder") or {}
        return unescape(text.get("text", ""))

    @property
    def options(self) -> list[Json]:
        """What can be chosen."""
        groups = self.element.get("option_groups", [])
        return [*self.element.get("options", []), *(one for group in groups for one in group["options"])]

    def names(self) -> set[str]:
        """All by which a test or a person may call it."""
        return {self.label, *self.key}


def widgets(blocks: list[Json]) -> Iterator[Widget]:
    """All elements that can be used, from the top down."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element and block["type"] != "rich_text":
                yield Widget(block, element)


Named = str | tuple[str, str]
"""How a widget is called: by its label, action_id or block_id, or by (block_id, action_id), of which there is one."""


def find(blocks: list[Json], name: Named) -> Widget:
    """The widget of this name; then one that offers an option so named. `ClientRefused` if none does."""
    everything = list(widgets(blocks))
    for widget in everything:
        if name == widget.key or name in widget.names():
            return widget
    for widget in everything:
        if any(name in option_names(option) for option in widget.options):
            return widget
    there = ", ".join(sorted(repr(widget.label) for widget in everything)) or "nothing"
    raise ClientRefused(f"there is no {name!r} to press here; there is {there}")


def option_names(option: Json) -> tuple[str, str]:
    """(label, value) of an option."""
    return unescape(option["text"]["text"]), option.get("value", "")


def pick(options: list[Json], name: str | Json) -> Json:
    """The option with this label or value, or this very option; `ClientRefused` if there is none."""
    for option in options:
        if name == option or name in option_names(option):
            return option
    raise ClientRefused(f"{name!r} is not offered; there is {', '.join(option_names(one)[0] for one in options)}")


def button_labels(blocks: list[Json]) -> list[str]:
    """What stands on the buttons, including the entries of overflow menus."""
    labels: list[str] = []
    for widget in widgets(blocks):
        if widget.element["type"] in BUTTONS:
            labels.append(widget.label)
        elif widget.element["type"] == "overflow":
            labels += [option_names(option)[0] for option in widget.options]
    return labels
