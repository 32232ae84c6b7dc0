"""The Web API: what it does, and each documented way in which it refuses."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

import aiohttp
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


@pytest.fixture
def ids(slack: SlackSandbox) -> dict[str, str]:
    world = slack.world
    people = {name: world.user(name).id for name in ("ana", "bob", "eve")}
    return people | {name: world.channel(name).id for name in ("help", "other", "board")}


# --- who asks


async def test_auth_test_names_the_app_and_its_scopes(slack: SlackSandbox, web_client: AsyncWebClient) -> None:
    answer = await web_client.auth_test()
    assert (answer["user_id"], answer["team_id"]) == (slack.app.user, slack.world.team)
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_a_call_without_token_or_with_a_wrong_one_is_refused(slack: SlackSandbox) -> None:
    assert await error_of(AsyncWebClient(base_url=slack.base_url).auth_test()) == "not_authed"
    assert await error_of(AsyncWebClient(token="xoxb-other", base_url=slack.base_url).auth_test()) == "invalid_auth"


async def test_a_form_may_carry_the_token(slack: SlackSandbox) -> None:
    async with aiohttp.ClientSession() as session, session.post(slack.base_url + "auth.test", data={"token": slack.bot_token}) as got:
        assert (await got.json())["ok"]


async def test_a_missing_scope_says_which(slack: SlackSandbox, web_client: AsyncWebClient) -> None:
    slack.app.scopes.remove("users:read")
    with pytest.raises(SlackApiError) as refused:
        await web_client.users_list()
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "users:read"


async def test_an_unknown_method_is_refused(web_client: AsyncWebClient) -> None:
    assert await error_of(web_client.api_call("chat.shout")) == "unknown_method"


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [("{", "application/json", "invalid_json"), ("[]", "application/json", "json_not_object"), ("x", "text/plain", "invalid_post_type")],
)
async def test_a_broken_body_is_refused(slack: SlackSandbox, body: str, content_type: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": content_type}
    async with aiohttp.ClientSession() as session, session.post(slack.base_url + "chat.postMessage", data=body, headers=headers) as got:
        assert (await got.json())["error"] == error


async def test_reading_methods_see_nothing_in_json(web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    assert await error_of(web_client.api_call("users.info", json={"user": ids["ana"]})) == "invalid_arguments"


# --- people


async def test_a_person_has_a_name_an_address_and_a_time_zone(web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    user = (await web_client.users_info(user=ids["ana"]))["user"]
    assert (user["real_name"], user["tz"], user["profile"]["email"]) == ("Ana Silva", "Europe/Lisbon", "ana@example.com")
    assert (await web_client.users_lookupByEmail(email="ANA@example.com"))["user"]["id"] == ids["ana"]


async def test_the_address_needs_its_own_scope(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    slack.app.scopes.remove("users:read.email")
    assert "email" not in (await web_client.users_info(user=ids["ana"]))["user"]["profile"]


async def test_guests_bots_and_the_deactivated_are_marked(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    guest = slack.add_user("gus", guest="single")
    shown = {user["id"]: user for user in (await web_client.users_list())["members"]}
    assert shown[guest.id]["is_restricted"]
    assert shown[guest.id]["is_ultra_restricted"]
    assert shown[ids["eve"]]["deleted"]
    assert shown[slack.app.user]["is_bot"]


async def test_nobody_is_found_where_nobody_is(web_client: AsyncWebClient) -> None:
    assert await error_of(web_client.users_info(user="U0NOBODY")) == "user_not_found"
    assert await error_of(web_client.users_lookupByEmail(email="no@example.com")) == "users_not_found"
    assert await error_of(web_client.users_lookupByEmail(email="eve@sandbox.example")) == "users_not_found"


async def test_lists_come_in_pages(web_client: AsyncWebClient) -> None:
    found: list[str] = []
    cursor = None
    while True:
        answer = await web_client.users_list(limit=2, cursor=cursor)
        found += [user["id"] for user in answer["members"]]
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert len(found) == len(set(found)) == 5
    assert await error_of(web_client.users_list(limit=0)) == "invalid_limit"
    assert await error_of(web_client.users_list(cursor="rubbish")) == "invalid_cursor"


# --- conversations


async def test_private_conversations_of_others_do_not_exist_for_the_app(web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    assert await error_of(web_client.conversations_info(channel=ids["board"])) == "channel_not_found"
    assert await error_of(web_client.conversations_members(channel="C0NONE")) == "channel_not_found"
    listed = (await web_client.conversations_list(types="public_channel,private_channel"))["channels"]
    assert {channel["name"] for channel in listed} == {"help", "other"}
    assert await error_of(web_client.conversations_list(types="rooms")) == "invalid_types"


async def test_a_conversation_lists_its_members(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    assert (await web_client.conversations_members(channel=ids["help"]))["members"] == [ids["ana"], ids["bob"], slack.app.user]
    assert (await web_client.conversations_info(channel=ids["help"]))["channel"]["is_member"]


async def test_the_app_joins_public_channels_only(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    assert await error_of(web_client.conversations_join(channel=ids["board"])) == "channel_not_found"
    await web_client.conversations_join(channel=ids["other"])
    assert (await web_client.conversations_join(channel=ids["other"]))["warning"] == "already_in_channel"
    slack.world.channel("help").archived = True
    assert await error_of(web_client.conversations_join(channel=ids["help"])) == "is_archived"
    slack.add_channel("secret", ["ana"], kind="group")
    secret = slack.world.channel("secret").id
    assert await error_of(web_client.conversations_join(channel=secret)) == "method_not_supported_for_channel_type"


async def test_a_direct_conversation_opens_once(web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    first = await web_client.conversations_open(users=[ids["ana"]])
    again = await web_client.conversations_open(users=ids["ana"])
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["already_open"]
    assert first["channel"]["id"].startswith("D")


async def test_not_everybody_can_be_written_to(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    for users, error in {ids["eve"]: "user_disabled", "U0NOBODY": "user_not_found", "": "users_list_not_supplied"}.items():
        assert await error_of(web_client.conversations_open(users=users)) == error
    assert await error_of(web_client.conversations_open(users=slack.app.user)) == "cannot_dm_bot"
    assert await error_of(web_client.chat_postMessage(channel=ids["eve"], text="x")) == "channel_not_found"
    slack.app.messages_tab = False
    assert await error_of(web_client.chat_postMessage(channel=ids["ana"], text="x")) == "messages_tab_disabled"


# --- messages


async def test_a_post_is_seen_by_members_and_nobody_else(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    slack.add_user("zoe")
    answer = await web_client.chat_postMessage(channel=ids["help"], text="The light is *fixed*")
    assert answer["message"]["bot_id"] == slack.app.bot_id
    assert slack.actor("ana").sees("The light is fixed")
    assert not slack.actor("zoe").sees("The light is fixed")


async def test_a_users_id_opens_the_direct_conversation(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    answer = await web_client.chat_postMessage(channel=ids["ana"], text="for you")
    assert answer["channel"].startswith("D")
    assert slack.actor("ana").sees("for you")
    assert not slack.actor("bob").sees("for you")


async def test_where_the_app_cannot_post(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    assert await error_of(web_client.chat_postMessage(channel="C0NONE", text="x")) == "channel_not_found"
    assert await error_of(web_client.chat_postMessage(channel=ids["other"], text="x")) == "not_in_channel"
    assert await error_of(web_client.chat_postMessage(channel=ids["board"], text="x")) == "channel_not_found"
    slack.world.channel("help").archived = True
    assert await error_of(web_client.chat_postMessage(channel=ids["help"], text="x")) == "is_archived"
    slack.app.scopes.add("chat:write.public")
    assert await error_of(web_client.chat_postMessage(channel=ids["other"], text="x")) == ""


async def test_what_the_app_cannot_post(web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    async def post(**content: Any) -> str:
        return await error_of(web_client.api_call("chat.postMessage", json={"channel": ids["help"], **content}))

    long = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}
    assert await post() == "no_text"
    assert await post(text="x" * 40_000) == ""
    assert await post(text="x" * 40_001) == "msg_too_long"
    assert await post(text="x", blocks=[{"type": "paragraph"}]) == "invalid_blocks"
    assert await post(text="x", blocks=[long] * 4) == ""
    assert await post(text="x", blocks=[long] * 5) == "msg_blocks_too_long"
    assert await post(attachments=[{"text": "x"}] * 101) == "too_many_attachments"
    assert await post(attachments=[{"blocks": [{"type": "paragraph"}]}]) == "invalid_attachments"
    assert await post(text="x", metadata={"event_type": 5}) == "invalid_metadata_format"
    assert await error_of(web_client.api_call("chat.postMessage", json={"text": "x"})) == "invalid_arguments"


async def test_an_error_in_blocks_says_where(web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    with pytest.raises(SlackApiError) as refused:
        await web_client.chat_postMessage(
            channel=ids["help"], text="x", blocks=[{"type": "header", "text": {"type": "plain_text", "text": ""}}]
        )
    expected = ["[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"]
    assert refused.value.response["response_metadata"]["messages"] == expected


async def test_a_thread_counts_its_replies(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    parent = (await web_client.chat_postMessage(channel=ids["help"], text="parent"))["ts"]
    reply = await web_client.chat_postMessage(channel=ids["help"], text="reply", thread_ts=parent)
    assert reply["message"]["thread_ts"] == parent
    assert slack.actor("ana").find("parent").raw["reply_count"] == 1
    again = web_client.chat_postMessage(channel=ids["help"], text="x", thread_ts=reply["ts"])
    assert await error_of(again) == "cannot_reply_to_message"
    assert await error_of(web_client.chat_postMessage(channel=ids["help"], text="x", thread_ts="1.2")) == "thread_not_found"


async def test_time_stamps_rise_while_the_clock_stands(web_client: AsyncWebClient, clock: HandClock, ids: dict[str, str]) -> None:
    stamps = [(await web_client.chat_postMessage(channel=ids["help"], text="x"))["ts"] for _ in range(3)]
    clock.move(-10)
    stamps.append((await web_client.chat_postMessage(channel=ids["help"], text="x"))["ts"])
    clock.move(20)
    stamps.append((await web_client.chat_postMessage(channel=ids["help"], text="x"))["ts"])
    assert stamps == sorted(set(stamps))


async def test_text_alone_takes_the_blocks_away(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "in blocks"}}]
    ts = (await web_client.chat_postMessage(channel=ids["help"], text="fallback", blocks=blocks))["ts"]
    assert slack.actor("ana").sees("in blocks")
    assert not slack.actor("ana").sees("fallback")
    await web_client.chat_update(channel=ids["help"], ts=ts, text="plain words")
    assert slack.actor("ana").sees("plain words")
    assert not slack.actor("ana").sees("in blocks")
    assert slack.actor("ana").find("plain words").edited


async def test_only_own_messages_change(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    theirs = (await slack.actor("ana").message("#help", "mine")).ts
    own = (await web_client.chat_postMessage(channel=ids["help"], text="x"))["ts"]
    assert await error_of(web_client.chat_update(channel=ids["help"], ts=theirs, text="x")) == "cant_update_message"
    assert await error_of(web_client.chat_delete(channel=ids["help"], ts=theirs)) == "cant_delete_message"
    assert await error_of(web_client.chat_update(channel=ids["help"], ts="1.2", text="x")) == "message_not_found"
    assert await error_of(web_client.chat_update(channel=ids["ana"], ts=own, text="x")) == "channel_not_found"
    assert await error_of(web_client.chat_update(channel=ids["help"], ts=own, text="x" * 4001)) == "msg_too_long"
    assert await error_of(web_client.api_call("chat.update", json={"channel": ids["help"], "ts": own})) == "no_text"


async def test_a_deleted_message_is_gone_and_a_deleted_parent_a_stone(
    slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]
) -> None:
    lone = (await web_client.chat_postMessage(channel=ids["help"], text="lone"))["ts"]
    parent = (await web_client.chat_postMessage(channel=ids["help"], text="parent"))["ts"]
    await web_client.chat_postMessage(channel=ids["help"], text="reply", thread_ts=parent)
    for ts in (lone, parent):
        await web_client.chat_delete(channel=ids["help"], ts=ts)
        assert await error_of(web_client.chat_delete(channel=ids["help"], ts=ts)) == "message_not_found"
    assert not slack.actor("ana").sees("lone")
    assert slack.actor("ana").sees("This message was deleted.")
    assert slack.actor("ana").sees("reply")


async def test_an_ephemeral_is_for_one_member(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    await web_client.chat_postEphemeral(channel=ids["help"], user=ids["ana"], text="only you")
    assert slack.actor("ana").find("only you").kind == "ephemeral"
    assert not slack.actor("bob").sees("only you")
    slack.add_user("zoe")
    zoe = slack.world.user("zoe").id
    assert await error_of(web_client.chat_postEphemeral(channel=ids["help"], user=zoe, text="x")) == "user_not_in_channel"
    assert await error_of(web_client.chat_postEphemeral(channel=ids["other"], user=ids["ana"], text="x")) == "not_in_channel"
    ts = slack.world.ephemerals[0].ts
    assert await error_of(web_client.chat_update(channel=ids["help"], ts=ts, text="x")) == "message_not_found"


async def test_an_ephemeral_in_a_silent_thread_is_never_seen(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    parent = (await web_client.chat_postMessage(channel=ids["help"], text="parent"))["ts"]
    note = {"channel": ids["help"], "user": ids["ana"], "thread_ts": parent}
    assert (await web_client.chat_postEphemeral(text="lost", **note))["ok"]
    await web_client.chat_postMessage(channel=ids["help"], text="reply", thread_ts=parent)
    await web_client.chat_postEphemeral(text="shown", **note)
    assert not slack.actor("ana").sees("lost")
    assert slack.actor("ana").sees("shown")


async def test_a_message_has_an_address(web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    parent = (await web_client.chat_postMessage(channel=ids["help"], text="parent"))["ts"]
    reply = (await web_client.chat_postMessage(channel=ids["help"], text="reply", thread_ts=parent))["ts"]
    link = (await web_client.chat_getPermalink(channel=ids["help"], message_ts=reply))["permalink"]
    assert link == f"https://sandbox.slack.com/archives/{ids['help']}/p{reply.replace('.', '')}?thread_ts={parent}&cid={ids['help']}"
    assert await error_of(web_client.chat_getPermalink(channel=ids["help"], message_ts="1.2")) == "message_not_found"


async def test_reactions(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    ts = (await slack.actor("ana").message("#help", "broken")).ts
    on = {"channel": ids["help"], "timestamp": ts}
    await web_client.reactions_add(name="eyes", **on)
    assert slack.actor("bob").find("broken").reactions == {"eyes": [slack.app.user]}
    assert await error_of(web_client.reactions_add(name="eyes", **on)) == "already_reacted"
    assert await error_of(web_client.reactions_add(name="No Such", **on)) == "invalid_name"
    assert await error_of(web_client.reactions_add(name="eyes", channel=ids["help"], timestamp="1.2")) == "message_not_found"
    assert await error_of(web_client.api_call("reactions.add", json={"name": "eyes"})) == "no_item_specified"
    await web_client.reactions_remove(name="eyes", **on)
    assert await error_of(web_client.reactions_remove(name="eyes", **on)) == "no_reaction"


async def test_only_marked_up_names_ping(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    await web_client.chat_postMessage(channel=ids["help"], text=f"calls <@{ids['bob']}> and <!here>")
    await web_client.chat_postMessage(channel=ids["help"], text="says &lt;!channel&gt; and `<!channel>`")
    seen = slack.actor("ana")
    assert seen.find("calls @Bob Novak and @here").pings == {ids["bob"], "here"}
    assert seen.find("says <!channel>").pings == set()


async def test_the_log_keeps_calls_in_order(slack: SlackSandbox, web_client: AsyncWebClient, clock: HandClock, ids: dict[str, str]) -> None:
    await web_client.chat_postMessage(channel=ids["help"], text="one")
    clock.move(5)
    await error_of(web_client.chat_postMessage(channel="C0NONE", text="two"))
    assert [(call.method, call.args["text"], call.error) for call in slack.calls] == [
        ("chat.postMessage", "one", ""),
        ("chat.postMessage", "two", "channel_not_found"),
    ]
    assert slack.calls[1].at - slack.calls[0].at == 5


# --- limits and trouble


async def refused_for(web_client: AsyncWebClient, channel: str) -> int:
    """The seconds of Retry-After if the message was refused as one too many; 0 if it was taken."""
    try:
        await web_client.chat_postMessage(channel=channel, text="x")
    except SlackApiError as refused:
        if (refused.response.status_code, refused.response["error"]) != (429, "ratelimited"):
            raise
        return int(refused.response.headers["Retry-After"])
    return 0


async def test_a_channel_takes_one_message_a_second_after_a_burst(
    slack: SlackSandbox, web_client: AsyncWebClient, clock: HandClock, ids: dict[str, str]
) -> None:
    slack.limits.per_channel = True
    assert [await refused_for(web_client, ids["help"]) for _ in range(4)] == [0, 0, 0, 1]
    assert await refused_for(web_client, ids["ana"]) == 0
    clock.move(1)
    assert [await refused_for(web_client, ids["help"]) for _ in range(2)] == [0, 1]
    slack.limits.switch(False)
    assert await refused_for(web_client, ids["help"]) == 0


async def test_a_method_has_its_tier(slack: SlackSandbox, web_client: AsyncWebClient, clock: HandClock) -> None:
    slack.limits.switch(True)
    errors = [await error_of(web_client.users_list()) for _ in range(21)]
    assert errors == [""] * 20 + ["ratelimited"]
    clock.move(3)
    assert await error_of(web_client.users_list()) == ""


async def test_trouble_to_order_is_used_up(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    slack.fail_next("chat.postMessage", "fatal_error", times=2)
    slack.fail_next("chat.postMessage", "ratelimited", retry_after=7)
    slack.fail_next("*", 500)
    assert await error_of(web_client.chat_postMessage(channel=ids["help"], text="x")) == "fatal_error"
    assert await error_of(web_client.chat_postMessage(channel=ids["help"], text="x")) == "fatal_error"
    assert await refused_for(web_client, ids["help"]) == 7
    with pytest.raises(SlackApiError) as refused:
        await web_client.auth_test()
    assert refused.value.response.status_code == 500
    assert await refused_for(web_client, ids["help"]) == 0
    assert len(slack.world.channel("help").messages) == 1


async def test_down_is_down_until_it_is_up(slack: SlackSandbox, web_client: AsyncWebClient) -> None:
    slack.down = True
    with pytest.raises(SlackApiError) as refused:
        await web_client.auth_test()
    assert refused.value.response.status_code == 503
    slack.faults.down_how = "close"
    with pytest.raises(aiohttp.ClientError):
        await web_client.auth_test()
    slack.down = False
    assert (await web_client.auth_test())["ok"]


async def test_a_lost_answer_is_a_message_posted_all_the_same(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await web_client.chat_postMessage(channel=ids["help"], text="posted")
    assert slack.actor("ana").sees("posted")


async def test_a_call_can_be_held_and_slowed(slack: SlackSandbox, web_client: AsyncWebClient, ids: dict[str, str]) -> None:

    gate = slack.faults.hold_next("chat.postMessage")
    held = asyncio.create_task(web_client.chat_postMessage(channel=ids["help"], text="held"))
    await web_client.auth_test()
    assert not held.done()
    gate.set()
    await held
    slack.faults.slow_next("auth.test", 0.05)
    started = time.monotonic()
    await web_client.auth_test()
    assert time.monotonic() - started >= 0.05
