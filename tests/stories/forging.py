"""Requests that nobody's client would send, really signed: made-up buttons and forms, and what the person is told."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Table, select

from bot.sandbox.slack import Delivery
from bot.sandbox.slack.courier import HONEST
from bot.sandbox.slack.payloads import channel_stub, interaction
from bot.slack.buttons import packed
from bot.slack.forms import Opened, metadata
from handlers.cards import Button
from handlers.words import words
from storage.tables import history
from tests.stories import forging_teams
from tests.stories.world import Colleague, Story

_views = itertools.count(1)


def value(action: str = "", subject: str = "", version: int = 0, chosen: str = "", opens: str | None = None) -> str:
    """What a button of ours would carry."""
    return packed(Button(words("x"), action, subject, version, chosen, opens))


async def pressed(office: Story, who: Colleague, carried: object, kind: str = "button") -> tuple[Delivery, str]:
    """Presses a made-up button (or an entry of a made-up menu) in the office's channel; the answer, and the words it put on the screen."""
    if office.chat == "teams":
        return await forging_teams.pressed(office, who, carried)
    world, actor = office.slack.world, who.actor
    there = world.channel("office")
    action: dict[str, Any] = {"type": kind, "block_id": "b", "action_id": "a", "action_ts": world.new_ts()}
    action |= (
        {"value": carried} if kind == "button" else {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": carried}}
    )
    ts = world.new_ts()
    payload = interaction(
        world,
        "block_actions",
        actor.user,
        actions=[action],
        container={"type": "message", "message_ts": ts, "channel_id": there.id, "is_ephemeral": False},
        channel=channel_stub(there),
        message={"ts": ts, "type": "message", "text": "x"},
        **actor.keys(there.id),
    )
    before = {(one.id, one.text) for one in who.screen}
    delivery = await actor.interact(payload, HONEST)
    await office.settled()
    after = [one.text for one in who.screen if (one.id, one.text) not in before]
    while actor.modal:
        await actor.close()
    return delivery, "\n".join(after)


def submission(office: Story, who: Colleague, private: object, values: Mapping[str, object], fields: Sequence[str] = ()) -> dict[str, Any]:
    """A sent form. `values` are elements of Slack's state by field, or texts."""
    state = {key: {"f": one if isinstance(one, dict) else {"type": "plain_text_input", "value": one}} for key, one in values.items()}
    blocks = [{"type": "input", "block_id": key, "element": {"type": "plain_text_input", "action_id": "f"}} for key in fields or values]
    view = {"id": f"VFORGED{next(_views)}", "type": "modal", "callback_id": "x", "private_metadata": private, "blocks": blocks}
    return interaction(
        office.slack.world,
        "view_submission",
        who.actor.user,
        view=view | {"state": {"values": state}},
        response_urls=[],
        **who.actor.keys(),
    )


async def sent(office: Story, who: Colleague, opened: Opened | str, values: Mapping[str, object], settle: bool = True) -> Delivery:
    """Sends a made-up form."""
    private = metadata(opened) if isinstance(opened, Opened) else opened
    if office.chat == "teams":
        delivery = await forging_teams.sent(office, who, dialog(opened, values) if isinstance(opened, Opened) else opened, values)
    else:
        delivery = await who.actor.interact(submission(office, who, private, values), HONEST)
    if settle:
        await office.settled()
    return delivery


def dialog(opened: Opened, values: Mapping[str, object]) -> dict[str, object]:
    """What a dialog of Teams says of itself."""
    facts = {name: fact for name, fact in asdict(opened).items() if fact and name != "private"}
    return {**facts, "typed": [name for name, one in values.items() if isinstance(one, str)]}


def said(delivery: Delivery) -> str:
    """All words of an answer to a form: on the page that takes its place, and under its fields."""
    answer = delivery.json()
    if "task" in answer:
        return forging_teams.said(answer)
    view = answer.get("view", {})
    return "\n".join([*("".join(_words(block)) for block in view.get("blocks", [])), *answer.get("errors", {}).values()])


def _words(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for inner in part:
            yield from _words(inner)
    elif isinstance(part, dict):
        shown = part.get("text", part.get("fallback", ""))
        yield shown if isinstance(shown, str) else ""
        for name in ("elements", "text", "label"):
            yield from _words(part.get(name)) if not isinstance(part.get(name), str) else ()


async def rows(office: Story, table: Table) -> list[dict[str, Any]]:
    """All rows of a table, as they are now."""
    found = await office.bot.store.database.read(lambda connection: [dict(row._mapping) for row in connection.execute(select(table))])
    return sorted(found, key=lambda row: json.dumps(row, default=str, sort_keys=True))


async def happened(office: Story, subject: str) -> list[str]:
    """The kinds of all lines in a subject's history."""
    return sorted(row["kind"] for row in await rows(office, history) if row["subject"] == subject)
