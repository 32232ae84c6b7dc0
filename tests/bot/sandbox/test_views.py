"""Modals and home tabs: trigger ids, versions, stacking."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import HandClock, SlackSandbox

Json = dict[str, Any]


async def error_of(call: Awaitable[Any]) -> str:
    """The error's name that a call of the client got; "" if it went well."""
    try:
        await call
    except SlackApiError as refused:
        return str(refused.response["error"])
    return ""


def modal(words: str = "Hello", **more: Any) -> Json:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]
    return {"type": "modal", "title": {"type": "plain_text", "text": "A form"}, "blocks": blocks, **more}


def home(words: str = "Hello") -> Json:
    return {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]}


@pytest.fixture
def trigger(slack: SlackSandbox) -> Any:
    return lambda who="ana": slack.actor(who).keys()["trigger_id"]


async def test_a_trigger_opens_one_modal_for_its_person(slack: SlackSandbox, web_client: AsyncWebClient, trigger: Any) -> None:
    key = trigger()
    answer = await web_client.views_open(trigger_id=key, view=modal())
    assert answer["view"]["id"] == answer["view"]["root_view_id"]
    assert answer["view"]["hash"]
    seen = slack.actor("ana").modal
    assert seen is not None
    assert seen.says("A form Hello")
    assert slack.actor("bob").modal is None
    assert await error_of(web_client.views_open(trigger_id=key, view=modal())) == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(web_client: AsyncWebClient, clock: HandClock, trigger: Any) -> None:
    in_time, late = trigger(), trigger()
    clock.move(3)
    assert await error_of(web_client.views_open(trigger_id=in_time, view=modal())) == ""
    clock.move(0.1)
    assert await error_of(web_client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await error_of(web_client.views_open(trigger_id="1.2.three", view=modal())) == "invalid_trigger_id"


async def test_a_wrong_view_does_not_use_the_trigger_up(web_client: AsyncWebClient, trigger: Any) -> None:
    key = trigger()
    with pytest.raises(SlackApiError) as refused:
        await web_client.views_open(trigger_id=key, view=modal(submit={"type": "mrkdwn", "text": "x"}))
    assert refused.value.response["error"] == "invalid_arguments"
    assert "/view/submit/type" in refused.value.response["response_metadata"]["messages"][0]
    assert await error_of(web_client.views_open(trigger_id=key, view=modal())) == ""


@pytest.mark.parametrize("view", [home(), {"type": "dialog"}, modal(blocks=[])])
async def test_what_is_no_modal_does_not_open(web_client: AsyncWebClient, trigger: Any, view: Json) -> None:
    assert await error_of(web_client.views_open(trigger_id=trigger(), view=view)) == "invalid_arguments"


async def test_a_view_weighs_at_most_250_kilobytes(web_client: AsyncWebClient, trigger: Any) -> None:
    option = {"text": {"type": "plain_text", "text": "é" * 75}, "value": "v" * 150}
    selects = [{"type": "static_select", "action_id": f"a{n}", "options": [option] * 100} for n in range(9)]
    heavy = modal(blocks=[{"type": "actions", "elements": selects}])
    assert await error_of(web_client.views_open(trigger_id=trigger(), view=heavy)) == "view_too_large"


async def test_three_modals_lie_on_each_other(slack: SlackSandbox, web_client: AsyncWebClient, trigger: Any) -> None:
    assert await error_of(web_client.views_push(trigger_id=trigger(), view=modal())) == "not_found"
    first = (await web_client.views_open(trigger_id=trigger(), view=modal("one")))["view"]
    second = (await web_client.views_push(trigger_id=trigger(), view=modal("two")))["view"]
    assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])
    await web_client.views_push(trigger_id=trigger(), view=modal("three"))
    assert await error_of(web_client.views_push(trigger_id=trigger(), view=modal("four"))) == "push_limit_reached"
    assert slack.actor("ana").sees("three")
    assert not slack.actor("ana").sees("two")


async def test_an_update_needs_the_hash_that_it_names(slack: SlackSandbox, web_client: AsyncWebClient, trigger: Any) -> None:
    view = (await web_client.views_open(trigger_id=trigger(), view=modal("loading")))["view"]
    new = (await web_client.views_update(view_id=view["id"], hash=view["hash"], view=modal("loaded")))["view"]
    assert new["hash"] != view["hash"]
    assert slack.actor("ana").sees("loaded")
    assert await error_of(web_client.views_update(view_id=view["id"], hash=view["hash"], view=modal())) == "hash_conflict"
    assert await error_of(web_client.views_update(view_id=view["id"], view=modal())) == ""
    assert await error_of(web_client.views_update(view_id=view["id"], view=home())) == "invalid_arguments"


async def test_a_closed_view_is_not_found(slack: SlackSandbox, web_client: AsyncWebClient, trigger: Any) -> None:
    view = (await web_client.views_open(trigger_id=trigger(), view=modal()))["view"]
    await slack.actor("ana").close()
    assert await error_of(web_client.views_update(view_id=view["id"], view=modal())) == "not_found"
    assert await error_of(web_client.api_call("views.update", json={"view": modal()})) == "invalid_arguments"


async def test_an_external_id_is_used_once(slack: SlackSandbox, web_client: AsyncWebClient, trigger: Any) -> None:
    await web_client.views_open(trigger_id=trigger(), view=modal(external_id="mine"))
    await web_client.views_update(external_id="mine", view=modal("found", external_id="mine"))
    assert slack.actor("ana").sees("found")
    other = web_client.views_open(trigger_id=trigger("bob"), view=modal(external_id="mine"))
    assert await error_of(other) == "duplicate_external_id"


async def test_a_home_tab_is_published_for_one_person(slack: SlackSandbox, web_client: AsyncWebClient) -> None:
    ana = slack.world.user("ana").id
    view = (await web_client.views_publish(user_id=ana, view=home("one")))["view"]
    await web_client.views_publish(user_id=ana, view=home("two"), hash=view["hash"])
    assert slack.actor("ana").home is not None
    assert slack.actor("ana").sees("two")
    assert slack.actor("bob").home is None
    assert await error_of(web_client.views_publish(user_id=ana, view=home(), hash=view["hash"])) == "hash_conflict"
    assert await error_of(web_client.views_publish(user_id=ana, view=modal())) == "invalid_arguments"
    assert await error_of(web_client.views_publish(user_id="U0NOBODY", view=home())) == "user_not_found"
    slack.app.home_tab = False
    assert await error_of(web_client.views_publish(user_id=ana, view=home())) == "not_enabled"
