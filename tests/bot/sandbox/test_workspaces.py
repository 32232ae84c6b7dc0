"""Several workspaces of one Slack: the same app in each, and a wall between them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import ClientRefused, HandClock, SlackSandbox
from bot.sandbox.slack.workspace import Workspace

Json = dict[str, Any]
SCOPES = "channels:history,channels:read,chat:write,im:history,im:write,users:read,users:read.email,files:read"
VIEW: Json = {"type": "home", "blocks": [{"type": "divider"}]}
MODAL: Json = {"type": "modal", "title": {"type": "plain_text", "text": "A"}, "blocks": [{"type": "divider"}]}


@pytest.fixture
def north(slack: SlackSandbox) -> Workspace:
    slack.app.commands = {"/issue"}
    made = slack.add_workspace("T0NORTH", "north", "North Ltd")
    made.add_user("ana", real_name="Ana North", email="ana@north.example")
    made.add_channel("help", ["ana"], bot=False)
    return made


async def installed(slack: SlackSandbox, where: Workspace) -> AsyncWebClient:
    """The app is let into a workspace; a client with the token for it."""
    slack.oauth.redirect_urls = ["https://bot.example"]
    asked = {"client_id": slack.oauth.client_id, "scope": SCOPES, "redirect_uri": "https://bot.example/back"}
    back = where.approve(f"https://slack.com/oauth/v2/authorize?{urlencode(asked)}", "ana")
    code = parse_qs(urlsplit(back).query)["code"][0]
    fields = {"client_id": slack.oauth.client_id, "client_secret": slack.oauth.client_secret, "code": code}
    said = await AsyncWebClient(base_url=slack.base_url).api_call(
        "oauth.v2.access", params={**fields, "redirect_uri": asked["redirect_uri"]}
    )
    assert said["team"] == {"id": where.world.team, "name": where.world.team_name}
    assert said["bot_user_id"] == where.app.user
    return AsyncWebClient(token=said["access_token"], base_url=slack.base_url, retry_handlers=[])


async def error_of(call: Awaitable[Any]) -> str:
    try:
        await call
    except SlackApiError as refused:
        return str(refused.response["error"])
    return ""


# --- before, while and after the app is there


async def test_each_is_one_of_its_own(slack: SlackSandbox, north: Workspace) -> None:
    there = await installed(slack, north)
    said = await there.auth_test()
    assert (said["team_id"], said["team"], said["url"]) == ("T0NORTH", "North Ltd", "https://north.slack.com/")
    assert (said["user_id"], said["bot_id"]) == (north.app.user, north.app.bot_id)
    assert {north.app.user, north.app.bot_id}.isdisjoint({slack.app.user, slack.app.bot_id})
    assert slack.workspaces == [slack, north]
    assert slack.workspace("north") is north
    assert slack.workspace("sandbox") is slack
    with pytest.raises(LookupError):
        slack.workspace("south")


async def test_what_an_installation_may_do_is_what_was_agreed_to(slack: SlackSandbox, north: Workspace) -> None:
    there = await installed(slack, north)
    assert north.app.scopes == set(SCOPES.split(","))
    assert await error_of(there.reactions_add(channel=north.world.channel("help").id, name="eyes", timestamp="1.2")) == "missing_scope"


async def test_where_the_app_is_not_nothing_of_it_can_be_used(slack: SlackSandbox, north: Workspace, bot: Any) -> None:
    ana = north.actor("ana")
    for act in (ana.command("#help", "/issue", "x"), ana.shortcut("report"), ana.invite("deskbell", "#help")):
        with pytest.raises(ClientRefused):
            await act
    await ana.message("#help", "hello")
    assert await ana.opens_home() is None
    assert bot.heard == []
    assert not north.installed
    assert slack.installed


async def test_removed_from_one_it_stays_in_the_other(slack: SlackSandbox, north: Workspace, bot: Any, web_client: AsyncWebClient) -> None:
    slack.app.events |= {"app_uninstalled", "tokens_revoked"}
    there = await installed(slack, north)
    north.uninstall()
    await slack.settled()
    assert [(one["team_id"], one["event"]["type"]) for one in bot.heard] == [("T0NORTH", "tokens_revoked"), ("T0NORTH", "app_uninstalled")]
    assert await error_of(there.auth_test()) == "invalid_auth"
    assert await error_of(web_client.auth_test()) == ""
    with pytest.raises(ClientRefused):
        await north.actor("ana").command("#help", "/issue")
    again = await installed(slack, north)
    assert await error_of(again.auth_test()) == ""


async def test_a_token_of_before_a_restart_is_good(slack: SlackSandbox, north: Workspace, bot: Any) -> None:
    there = await installed(slack, north)
    (token,) = north.tokens
    async with SlackSandbox() as restarted:
        workspace = restarted.add_workspace("T0NORTH", "north")
        workspace.remember([token])
        assert (await AsyncWebClient(token=there.token, base_url=restarted.base_url).auth_test())["team_id"] == "T0NORTH"
        workspace.uninstall()
        assert not workspace.installed


# --- the bot hears whose it is


async def test_all_that_people_do_carries_their_workspace(slack: SlackSandbox, north: Workspace, bot: Any) -> None:
    await installed(slack, north)
    ana = north.actor("ana")
    await ana.command("#help", "/issue", "light")
    await ana.shortcut("report")
    await ana.invite("deskbell", "#help")
    await ana.message("#help", "hello")
    command, shortcut, joined, message = bot.heard
    assert (command["team_id"], command["team_domain"], command["user_id"]) == ("T0NORTH", "north", ana.user.id)
    assert (shortcut["team"]["id"], shortcut["user"]["team_id"]) == ("T0NORTH", "T0NORTH")
    for event in (joined, message):
        assert (event["team_id"], event["authorizations"][0]["team_id"]) == ("T0NORTH", "T0NORTH")
        assert event["authorizations"][0]["user_id"] == north.app.user
    assert {one["api_app_id"] for one in bot.heard} == {slack.app.id}


async def test_what_happens_in_one_is_seen_in_no_other(slack: SlackSandbox, north: Workspace, bot: Any, web_client: AsyncWebClient) -> None:
    there = await installed(slack, north)
    await north.actor("ana").invite("deskbell", "#help")
    await there.chat_postMessage(channel=north.world.channel("help").id, text="for the north")
    await web_client.chat_postMessage(channel=slack.world.channel("help").id, text="for the sandbox")
    assert north.actor("ana").sees("for the north")
    assert not north.actor("ana").sees("for the sandbox")
    assert not slack.actor("ana").sees("for the north")


# --- the wall


@pytest.mark.parametrize("way", ["in", "out"])
async def test_a_token_sees_nothing_of_another_workspace(
    slack: SlackSandbox, north: Workspace, web_client: AsyncWebClient, way: str
) -> None:
    there = await installed(slack, north)
    client, other = (there, slack) if way == "in" else (web_client, north)
    ana, help_ = other.world.user("ana").id, other.world.channel("help").id
    message = other.world.post(other.world.bot_message(help_, {"text": "x"}))
    file = other.world.add_file("ana", "a.png", b"1", "image/png")
    for call in (
        client.conversations_info(channel=help_),
        client.conversations_history(channel=help_),
        client.conversations_members(channel=help_),
        client.chat_postMessage(channel=help_, text="x"),
        client.chat_postMessage(channel=ana, text="x"),
        client.chat_postEphemeral(channel=help_, user=ana, text="x"),
        client.chat_update(channel=help_, ts=message.ts, text="y"),
        client.chat_delete(channel=help_, ts=message.ts),
        client.chat_getPermalink(channel=help_, message_ts=message.ts),
    ):
        assert await error_of(call) == "channel_not_found"
    for call in (client.users_info(user=ana), client.conversations_open(users=[ana]), client.views_publish(user_id=ana, view=VIEW)):
        assert await error_of(call) == "user_not_found"
    assert await error_of(client.users_lookupByEmail(email=str(other.world.user("ana").email))) == "users_not_found"
    assert await error_of(client.files_info(file=file.id)) == "file_not_found"
    assert ana not in {one["id"] for one in (await client.users_list())["members"]}
    assert help_ not in {one["id"] for one in (await client.conversations_list())["channels"]}
    assert other.world.channel("help").messages[message.ts].text == "x"


async def test_a_press_in_one_opens_nothing_in_another(slack: SlackSandbox, north: Workspace, bot: Any, web_client: AsyncWebClient) -> None:
    there = await installed(slack, north)
    await north.actor("ana").shortcut("report")
    trigger = bot.heard[-1]["trigger_id"]
    assert await error_of(web_client.views_open(trigger_id=trigger, view=MODAL)) == "invalid_trigger_id"
    assert await error_of(there.views_open(trigger_id=trigger, view=MODAL)) == ""


async def test_a_private_address_opens_for_its_own_workspace(slack: SlackSandbox, north: Workspace) -> None:
    there = await installed(slack, north)
    file = north.world.add_file("ana", "a.png", b"bytes", "image/png")
    url = (await there.files_info(file=file.id))["file"]["url_private"]
    async with aiohttp.ClientSession() as session:
        statuses = []
        for token in (there.token, slack.bot_token):
            async with session.get(url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False) as got:
                statuses.append(got.status)
    assert statuses == [200, 404]


# --- limits and trouble


async def test_each_has_limits_of_its_own(slack: SlackSandbox, north: Workspace, web_client: AsyncWebClient) -> None:
    there = await installed(slack, north)
    slack.limits.switch(True)
    help_ = slack.world.channel("help").id
    errors = [await error_of(web_client.chat_postMessage(channel=help_, text="x")) for _ in range(4)]
    assert errors == ["", "", "", "ratelimited"]
    await north.actor("ana").invite("deskbell", "#help")
    assert await error_of(there.chat_postMessage(channel=north.world.channel("help").id, text="x")) == ""
    while not await error_of(web_client.users_list()):
        pass
    assert await error_of(there.users_list()) == ""


@pytest.mark.parametrize("method", ["auth.test", "*"])
async def test_trouble_of_one_spares_the_other(slack: SlackSandbox, north: Workspace, web_client: AsyncWebClient, method: str) -> None:
    there = await installed(slack, north)
    slack.fail_next(method, "internal_error", team="T0NORTH")
    assert await error_of(web_client.auth_test()) == ""
    assert await error_of(there.auth_test()) == "internal_error"
    assert await error_of(there.auth_test()) == ""


async def test_time_stamps_rise_in_each(slack: SlackSandbox, north: Workspace, clock: HandClock) -> None:
    ours, theirs = [slack.world.new_ts() for _ in range(3)], [north.world.new_ts() for _ in range(3)]
    assert ours == theirs == sorted(set(ours))
