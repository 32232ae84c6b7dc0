"""Published example payloads of Teams, really signed: each is answered as documented, and what does something does it once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.teams import Delivery
from storage.tables import comments, tickets
from tests.stories.forging import rows
from tests.stories.world import TeamsStory, teams_story

PAYLOADS = Path(__file__).resolve().parents[2].parent / "shared" / "schemas" / "payloads"
Json = dict[str, Any]
ANSWERED = frozenset(
    {
        "adaptiveCard/action",
        "task/fetch",
        "task/submit",
        "composeExtension/fetchTask",
        "composeExtension/submitAction",
        "composeExtension/query",
        "composeExtension/queryLink",
        "composeExtension/anonymousQueryLink",
    }
)


def examples(folder: str) -> dict[str, Json]:
    where = PAYLOADS / folder
    if not where.is_dir():
        pytest.skip("example payloads of Teams are not beside the checkout")
    return {path.stem: json.loads(path.read_text()) for path in sorted(where.glob("*.json")) if not path.stem.startswith("entity.")}


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[TeamsStory]:
    async with teams_story(sqlite_url) as told:
        yield told


def at_home(payload: Json, office: TeamsStory, who: str) -> Json:
    """The same activity, as if it had come from this tenant: what it leaves out that Teams never leaves out is put in."""
    actor: Any = getattr(office, who).actor
    user, told = actor.user, json.loads(json.dumps(payload))
    conversation = told.setdefault("conversation", {})
    personal = conversation.get("conversationType", "personal") == "personal"
    _, thread, root = str(conversation.get("id", "")).partition(";messageid=")
    conversation["id"] = actor.dm().id if personal else office.channel_id("office") + thread + root
    conversation |= {"tenantId": office.teams.tenant, "conversationType": conversation.get("conversationType", "personal")}
    bot = office.teams.app.bot
    if (called := str(told.get("recipient", {}).get("id", ""))).startswith("28:"):
        told = json.loads(json.dumps(told).replace(called, bot))
    told["from"] = {"id": user.id, "name": user.real_name, "aadObjectId": user.aad}
    told["recipient"] = {**told.get("recipient", {}), "id": bot}
    told["channelData"] = {**(told.get("channelData") or {}), "tenant": {"id": office.teams.tenant}}
    return {"id": f"f:{office.teams.world.new_guid()}", **told, "serviceUrl": office.teams.service_url}


def wrong(payload: Json, delivery: Delivery) -> str:
    """What is not as documented; "" if all is well."""
    if "went wrong" in delivery.body or "Traceback" in delivery.body:
        return delivery.body[:200]
    if payload["type"] != "invoke":
        return "" if (delivery.status, delivery.body) == (200, "") else f"{delivery.status} {delivery.body[:100]}"
    if payload.get("name") not in ANSWERED:
        return "" if (delivery.status, delivery.body) == (501, "") else f"{delivery.status} {delivery.body[:100]}"
    return "" if delivery.status == 200 and shaped(payload["name"], delivery.json()) else f"{delivery.status} {delivery.body[:200]}"


def shaped(name: str, said: Json) -> bool:
    """Whether an answer has the documented body of its kind of invoke, and a value."""
    if name == "adaptiveCard/action":
        kinds = {
            200: ("application/vnd.microsoft.card.adaptive", "application/vnd.microsoft.activity.message"),
            400: ("application/vnd.microsoft.error",),
        }
        return said.keys() == {"statusCode", "type", "value"} and said["type"] in kinds[said["statusCode"]] and bool(said["value"])
    if "task" in said:
        task = said["task"]
        return said.keys() == {"task"} and task["type"] in ("continue", "message") and bool(task["value"])
    found = said["composeExtension"]
    return bool(found["text"]) if found["type"] == "message" else found["type"] == "result" and bool(found["attachments"])


@pytest.mark.parametrize("folder", ["teams-wire", "teams"])
async def test_every_example_is_answered_as_documented_and_done_once(office: TeamsStory, folder: str) -> None:
    found = {}
    for name, payload in examples(folder).items():
        told = at_home(payload, office, "ana")
        first = await office.teams.courier.send(told)
        if problem := wrong(payload, first):
            found[name] = problem
        await office.settled()
        before = [len(await rows(office, table)) for table in (tickets, comments)]
        again = await office.teams.courier.send(told)
        await office.settled()
        after = [len(await rows(office, table)) for table in (tickets, comments)]
        if wrong(payload, again) or before != after:
            found[f"{name} again"] = f"{again.status} {before} {after}"
    assert not found
    assert not any(one.says("Something went wrong") for one in office.ana.screen)
    assert not office.teams.troubles


async def test_from_another_tenant_or_service_none_is_let_in(office: TeamsStory) -> None:
    for name, payload in examples("teams-wire").items():
        delivery = await office.teams.courier.send(payload)
        assert delivery.status == 403, name
    assert await rows(office, tickets) == []


async def test_answers_have_the_shapes_of_the_published_ones() -> None:
    """What is held against here is what is published: no shape of ours alone."""
    names = {"card.200": "adaptiveCard/action", "message.200": "adaptiveCard/action", "error.400": "adaptiveCard/action"}
    names |= {"task.continue": "task/fetch", "task.message": "task/submit", "composeExtension.message": "composeExtension/query"}
    names |= {"composeExtension.result": "composeExtension/query"}
    published = examples("teams-wire/responses")
    tried = [name for name in names if name in published]
    assert len(tried) >= 5
    for name in tried:
        assert shaped(names[name], published[name]), name
