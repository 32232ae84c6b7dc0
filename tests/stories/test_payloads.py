"""Slack's own example payloads, really signed: each is taken politely, and none of them makes a ticket but a real command of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.sandbox.slack import Delivery, Tamper
from bot.sandbox.slack.courier import FORM_TYPE, JSON_TYPE
from storage.tables import comments, tickets
from tests.stories.forging import rows
from tests.stories.world import Story

EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "schemas" / "payloads" / "slack"
Json = dict[str, Any]
SHORTENED = ("workflow_step_edit.2.json",)
"""Without team and user: Slack's tests of one matcher need neither."""


def examples() -> dict[str, Json]:
    if not EXAMPLES.is_dir():
        pytest.skip("Slack's example payloads are not beside the checkout")
    return {path.name: json.loads(path.read_text()) for path in sorted(EXAMPLES.glob("*.json"))}


async def delivered(office: Story, name: str, payload: Json, tamper: Tamper) -> Delivery:
    """As Slack sends it: events as JSON, commands as a form, all else as a form with one field."""
    if name.startswith(("event", "url_verification")):
        return await office.slack.courier.send("event", payload, json.dumps(payload).encode(), JSON_TYPE, tamper)
    form = payload if name.startswith("slash_command") else {"payload": json.dumps(payload)}
    return await office.slack.courier.send("any", payload, urlencode(form).encode(), FORM_TYPE, tamper)


def at_home(payload: Any, office: Story) -> Any:
    """The same payload, as if it had come from this workspace and from Ana."""
    ana, team = office.ana.actor.user.id, office.slack.world.team
    names = {"team_id": team, "team": team, "user_id": ana, "user": ana, "api_app_id": office.slack.app.id, "enterprise_id": None}
    if isinstance(payload, list):
        return [at_home(part, office) for part in payload]
    if not isinstance(payload, dict):
        return payload
    moved: Json = {key: names[key] if key in names and isinstance(part, str) else at_home(part, office) for key, part in payload.items()}
    for key, own in (("team", team), ("user", ana)):
        if isinstance(moved.get(key), dict) and "id" in moved[key]:
            moved[key] |= {"id": own, "team_id": team} if key == "user" else {"id": own}
    return moved


async def test_every_example_of_slacks_is_taken_and_makes_no_ticket(office: Story) -> None:
    """Once as it is, from a workspace that we do not know, and once as if Ana had sent it here."""
    wrong = {}
    shown = [(name, payload) for name, one in examples().items() for payload in (one, at_home(one, office))]
    alone = {json.dumps(payload): (name, payload) for name, payload in shown}  # two that are alike, in one second, are a replay
    for name, payload in alone.values():
        delivery = await delivered(office, name, payload, Tamper())
        taken = 200 <= delivery.status < 300 or (delivery.status == 400 and name in SHORTENED)
        if not taken or "Traceback" in delivery.body or "went wrong" in delivery.body:
            wrong[name, delivery.status] = delivery.body[:200]
    await office.settled()
    assert len(alone) > 100
    assert not wrong
    assert await rows(office, tickets) == []
    assert await rows(office, comments) == []
    assert not any(one.says("Something went wrong") for one in office.ana.screen)


async def test_the_challenge_of_a_request_url_comes_back(office: Story) -> None:
    assert await office.slack.verify_request_url()


async def test_a_command_of_another_name_is_told_the_right_one(office: Story) -> None:
    await office.ana.says("/weather light flickering")
    assert office.ana.sees("I do not know /weather. What I do know is /issue.")
    assert await rows(office, tickets) == []
