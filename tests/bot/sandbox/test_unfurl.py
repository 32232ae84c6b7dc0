"""Links under the app's domains are told to it wherever they are written, and chat.unfurl is as strict as the platform."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.payloads import link_event

URL = "https://desk.example.com/t/1"
GOOD = {"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "Ticket 1"}}]}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}


@pytest.fixture
async def slack() -> Any:
    async with SlackSandbox() as sandbox:
        sandbox.add_user("ana")
        sandbox.add_channel("lunch", ["ana"], bot=False)
        sandbox.app.scopes.add("links:write")
        sandbox.app.unfurl_domains = {"example.com"}
        yield sandbox


async def refused(slack: SlackSandbox, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        await AsyncWebClient(slack.bot_token, slack.base_url).api_call("chat.unfurl", json=arguments)
    return str(raised.value.response["error"])


async def test_a_preview_is_put_under_the_message_and_changed_by_a_second_call(slack: SlackSandbox) -> None:
    message = await slack.actor("ana").message("lunch", f"see {URL}")
    client = AsyncWebClient(slack.bot_token, slack.base_url)
    for words in ("Ticket 1", "Ticket 1, closed"):
        block = {"type": "section", "text": {"type": "plain_text", "text": words}}
        await client.api_call("chat.unfurl", json={"channel": message.channel, "ts": message.ts, "unfurls": {URL: {"blocks": [block]}}})
    assert slack.actor("ana").find("see").says("Ticket 1, closed")
    assert len(message.attachments) == 1


async def test_what_it_refuses(slack: SlackSandbox) -> None:
    message = await slack.actor("ana").message("lunch", f"see {URL}")
    here = {"channel": message.channel, "ts": message.ts}
    assert await refused(slack, unfurls={URL: GOOD}) == "missing_channel"
    assert await refused(slack, channel=message.channel, unfurls={URL: GOOD}) == "missing_ts"
    assert await refused(slack, **here) == "missing_unfurls"
    assert await refused(slack, **here, unfurls=[GOOD]) == "invalid_unfurls_format"
    assert await refused(slack, **here, unfurls={URL: {"rows": []}}) == "invalid_unfurls_format"
    assert await refused(slack, channel="C0NONE", ts=message.ts, unfurls={URL: GOOD}) == "cannot_find_channel"
    assert await refused(slack, channel=message.channel, ts="1.2", unfurls={URL: GOOD}) == "cannot_find_message"
    assert await refused(slack, **here, unfurls={"https://other.test/1": GOOD}) == "cannot_unfurl_url"
    assert await refused(slack, **here, unfurls={f"{URL}2": GOOD}) == "cannot_unfurl_message"
    assert await refused(slack, **here, unfurls={URL: {"blocks": [RICH]}}) == "invalid_blocks"
    assert await refused(slack, unfurl_id="x", source="elsewhere", unfurls={URL: GOOD}) == "invalid_source"
    assert await refused(slack, unfurl_id="x", source="composer", unfurls={URL: GOOD}) == "cannot_find_message"
    slack.app.scopes.remove("links:write")
    assert await refused(slack, **here, unfurls={URL: GOOD}) == "missing_scope"


async def test_the_composer_has_a_name_of_its_own(slack: SlackSandbox) -> None:
    unfurl_id = await slack.actor("ana").composes(URL)
    client = AsyncWebClient(slack.bot_token, slack.base_url)
    await client.api_call("chat.unfurl", json={"unfurl_id": unfurl_id, "source": "composer", "unfurls": {URL: GOOD}})
    assert slack.world.composers[unfurl_id] == {URL: GOOD}
    assert await refused(slack, unfurl_id=unfurl_id, source="conversations_history", unfurls={URL: GOOD}) == "cannot_find_message"


async def test_the_event(slack: SlackSandbox) -> None:
    user, message = (
        slack.world.user("ana"),
        await slack.actor("ana").message("lunch", f"{URL} {URL} https://other.test/ https://a.example.com"),
    )
    event = link_event(slack.world, user, message.text, message)
    assert event is not None
    assert [one["url"] for one in event["links"]] == [URL, "https://a.example.com"]
    assert (event["source"], event["is_bot_user_member"], event["message_ts"]) == ("conversations_history", False, message.ts)
    assert link_event(slack.world, user, "<https://other.test/>", message) is None
    stranger = slack.add_user("sid", stranger=True, team="T0ELSEWHERE")
    assert link_event(slack.world, stranger, message.text, message) is None
