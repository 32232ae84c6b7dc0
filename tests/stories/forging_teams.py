"""The same for Teams: invokes with made-up data, really signed, and what the person is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from bot.sandbox.teams import Actor
from bot.sandbox.teams.activities import invoke
from bot.teams.buttons import OURS

if TYPE_CHECKING:
    from bot.sandbox.slack import Delivery
    from tests.stories.world import Colleague, Story

Json = dict[str, Any]
SHOWN = ("text", "title", "value", "label", "message")


def facts(carried: object) -> Any:
    """What stands in the data in place of our own facts: JSON where it is some, else the thing itself."""
    if not isinstance(carried, str):
        return carried
    try:
        return json.loads(carried)
    except (ValueError, RecursionError):
        return carried


async def pressed(office: Story, who: Colleague, carried: object) -> tuple[Delivery, str]:
    """Presses a made-up button in the office's channel: what opens a form asks for a dialog."""
    actor, about = cast(Actor, who.actor), facts(carried)
    there = office.channel_id("office")
    data = {OURS: about}
    before = {(one.id, one.text) for one in who.screen}
    if isinstance(about, dict) and about.get("f"):
        activity = invoke(actor.platform, actor.user, there, "task/fetch", {"data": data, "context": {"theme": "default"}})
    else:
        action = {"type": "Action.Execute", "verb": "made up", "data": data}
        activity = invoke(actor.platform, actor.user, there, "adaptiveCard/action", {"action": action, "trigger": "manual"})
    delivery = await actor.courier.send(activity)
    await office.settled()
    after = [one.text for one in who.screen if (one.id, one.text) not in before]
    return cast("Delivery", delivery), "\n".join((said(delivery.json()), *after))


async def sent(office: Story, who: Colleague, private: object, values: Mapping[str, object]) -> Delivery:
    """Sends a made-up form; `values` are texts, or elements of Slack's state of which the value is taken."""
    actor = cast(Actor, who.actor)
    data = {OURS: facts(private), **{name: _value(one) for name, one in values.items()}}
    there = office.channel_id("office")
    activity = invoke(actor.platform, actor.user, there, "task/submit", {"data": data, "context": {"theme": "default"}})
    return cast("Delivery", await actor.courier.send(activity))


def _value(one: object) -> object:
    if not isinstance(one, dict):
        return one
    found = next((value for name, value in one.items() if name != "type"), None)
    return found.get("value") if isinstance(found, dict) else found


def said(part: object) -> str:
    """All words of an answer."""
    return "\n".join(word for word in _words(part) if word)


def _words(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for inner in part:
            yield from _words(inner)
    elif isinstance(part, dict):
        runs = part.get("inlines")
        if isinstance(runs, list):
            yield "".join(str(run.get("text", "")) if isinstance(run, dict) else str(run) for run in runs)
        for name, inner in part.items():
            if isinstance(inner, str) and name in SHOWN:
                yield inner
            elif name not in ("data", "inlines"):
                yield from _words(inner)
