"""Whole messages and views: each block by itself, and what holds across blocks."""

import copy
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.sandbox.rules import Faults, tagged
from bot.sandbox.slack.blockkit.layout import HOME, MESSAGE_BLOCKS, MODAL

Json = dict[str, Any]
_VIEW = tagged({"modal": MODAL, "home": HOME})
_numbers = itertools.count(1)


def message_faults(blocks: Any, path: str = "/blocks") -> list[str]:
    """What Slack would say against these blocks in a message; empty if they are right."""
    faults = Faults()
    MESSAGE_BLOCKS(blocks, path, faults)
    if not faults.messages:
        _across(blocks, path, faults)
        _whole_message(blocks, path, faults)
    return faults.messages


def view_faults(view: Any) -> list[str]:
    """What Slack would say against this modal or home tab; empty if it is right."""
    faults = Faults()
    _VIEW(view, "/view", faults)
    if not faults.messages:
        _across(view["blocks"], "/view/blocks", faults)
        _whole_view(view, faults)
    return faults.messages


def attachment_faults(attachments: Any) -> list[str]:
    """What is wrong with the old-style attachments: a list of objects whose blocks are right."""
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        return ["[ERROR] must be an array of objects [json-pointer:/attachments]"]
    found = (message_faults(one.get("blocks", []), f"/attachments/{n}/blocks") for n, one in enumerate(attachments))
    return list(itertools.chain.from_iterable(found))


def elements_of(block: Json) -> list[Json]:
    """The block's elements that a person can use."""
    inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [one for one in inside if isinstance(one, dict)] if block["type"] != "rich_text" else []


def _across(blocks: list[Json], path: str, faults: Faults) -> None:
    for block_id in _twice(block.get("block_id") for block in blocks):
        faults.add(path, f'block_id "{block_id}" already exists')
    for index, block in enumerate(blocks):
        for action_id in _twice(element.get("action_id") for element in elements_of(block)):
            faults.add(f"{path}/{index}", f'action_id "{action_id}" already exists for another element in the block')
    if sum(bool(element.get("focus_on_load")) for block in blocks for element in elements_of(block)) > 1:
        faults.add(path, "only one element can have focus_on_load set to true")


def _twice(names: Iterator[str | None]) -> list[str]:
    return [name for name, times in Counter(names).items() if name is not None and times > 1]


def _whole_message(blocks: list[Json], path: str, faults: Faults) -> None:
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > 12_000:
        faults.add(path, "the markdown blocks of a message must be less than 12001 characters in total")
    if sum(block["type"] == "table" for block in blocks) > 1:
        faults.add(path, "only_one_table_allowed")


def _whole_view(view: Json, faults: Faults) -> None:
    if view["type"] == "modal" and "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        faults.add("/view", "missing required field: submit")


def weight(value: Any) -> int:
    """The characters of all texts inside: the sum that Slack holds against a message as a whole."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(weight(inner) for inner in value.values())
    return sum(weight(inner) for inner in value) if isinstance(value, list) else 0


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which each block has a `block_id` and each element that can be used an `action_id`, as the platform stores them."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", _made_up())
        for element in elements_of(block):
            if element["type"] not in ("image", "plain_text", "mrkdwn"):
                element.setdefault("action_id", _made_up())
    return blocks


def _made_up() -> str:
    return f"b{next(_numbers):05x}"
