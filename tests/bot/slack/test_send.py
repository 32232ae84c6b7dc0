"""Speaking to Slack: what is sent, who people are, and what an error means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.chats import Gone, Profile
from bot.pump import Later, Permanent
from bot.sandbox.slack import SlackSandbox
from bot.slack.faults import meaning, retry_after
from bot.slack.installed import Fixed, Installation
from bot.slack.modal import Modal
from bot.slack.people import profile_of, standing_of
from bot.slack.render import render
from bot.slack.send import SlackClient
from handlers.cards import Card, Text
from handlers.core import Account, Place, Standing
from handlers.words import say, words
from tests.bot.slack.conftest import at_once
from tests.bot.slack.samples import BERLIN, NASTY

CARD = render(Card(say("A light flickers"), (Text(words(NASTY)),)), BERLIN)


def channel(slack: SlackSandbox, name: str = "help") -> Place:
    return Place("p", "o", "slack", slack.world.team, "channel", slack.world.channel(name).id)


async def test_a_post_stands_in_its_channel_and_pings_nobody(slack: SlackSandbox, client: SlackClient) -> None:
    sent = await client.post(channel(slack), CARD, "")
    seen = slack.actor("ana").find("A light flickers")
    assert (seen.id, seen.channel) == (sent.message_id, sent.channel)
    assert seen.pings == set()
    assert "<!channel> <@U1> @here *bold*" in seen.text
    (call,) = slack.calls_of("chat.postMessage")
    assert call.args["mrkdwn"] is False
    assert call.args["unfurl_links"] is False


async def test_a_post_can_stand_in_a_thread(slack: SlackSandbox, client: SlackClient) -> None:
    root = await client.post(channel(slack), CARD, "")
    reply = await client.post(channel(slack), render(Card(say("Bob is on it")), BERLIN), root.message_id)
    assert slack.actor("ana").find("Bob is on it").thread_ts == root.message_id
    assert reply.message_id != root.message_id


async def test_a_direct_conversation_is_opened_when_it_is_first_used(slack: SlackSandbox, client: SlackClient) -> None:
    ana = slack.world.user("ana")
    sent = await client.post(Place("p", "o", "slack", slack.world.team, "dm", "", user=ana.id), CARD, "")
    assert sent.channel == slack.actor("ana").dm().id
    assert slack.actor("ana").sees("A light flickers")


async def test_a_post_is_redrawn(slack: SlackSandbox, client: SlackClient) -> None:
    sent = await client.post(channel(slack), CARD, "")
    await client.update(channel(slack), sent.message_id, render(Card(say("The light is fixed")), BERLIN))
    assert slack.actor("ana").find("The light is fixed").id == sent.message_id
    assert not slack.actor("ana").sees("A light flickers")


async def test_what_was_deleted_is_gone(slack: SlackSandbox, client: SlackClient) -> None:
    with pytest.raises(Gone):
        await client.update(channel(slack), "1.000100", CARD)


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel", "is_archived", "restricted_action"])
async def test_what_does_not_pass_is_permanent(slack: SlackSandbox, client: SlackClient, error: str) -> None:
    slack.fail_next("chat.postMessage", error)
    with pytest.raises(Permanent, match=error):
        await client.post(channel(slack), CARD, "")


@pytest.mark.parametrize(
    "error", [500, 503, "fatal_error", "internal_error", "service_unavailable", "ratelimited", "invalid_auth", "token_revoked"]
)
async def test_what_passes_is_later(slack: SlackSandbox, client: SlackClient, error: str | int) -> None:
    slack.fail_next("chat.postMessage", error)
    with pytest.raises(Later):
        await client.post(channel(slack), CARD, "")


async def test_a_limit_says_how_long(slack: SlackSandbox, client: SlackClient) -> None:
    slack.fail_next("chat.postMessage", 429, retry_after=17)
    with pytest.raises(Later) as later:
        await client.post(channel(slack), CARD, "")
    assert later.value.seconds == 17


async def test_slack_down_is_later(slack: SlackSandbox, client: SlackClient) -> None:
    slack.down = True
    with pytest.raises(Later):
        await client.post(channel(slack), CARD, "")


async def test_nobody_there_is_later() -> None:
    async with aiohttp.ClientSession() as http:
        client = SlackClient(http, Fixed(Installation("T0", "xoxb-1")), at_once, base="http://127.0.0.1:9/api/")
        with pytest.raises(Later):
            await client.post(Place("p", "o", "slack", "T0", "channel", "C1"), CARD, "")


async def test_the_pace_decides_when(slack: SlackSandbox) -> None:
    asked: list[tuple[str, float, int]] = []

    async def slow(key: str, per_second: float, burst: int) -> float:
        asked.append((key, per_second, burst))
        return 0.7

    async with aiohttp.ClientSession() as http:
        client = SlackClient(http, Fixed(Installation(slack.world.team, slack.bot_token)), slow, base=slack.base_url)
        with pytest.raises(Later) as later:
            await client.post(channel(slack), CARD, "")
    assert later.value.seconds == 0.7
    assert asked == [(f"slack:post:{slack.world.team}:{channel(slack).channel}", 1.0, 2)]
    assert slack.calls_of("chat.postMessage") == []


async def test_a_workspace_that_left_is_permanent(slack: SlackSandbox, client: SlackClient) -> None:
    with pytest.raises(Permanent, match="not installed"):
        await client.post(Place("p", "o", "slack", "T0GONE", "channel", "C1"), CARD, "")


# ---------------------------------------------------------------- answers that are no JSON


@pytest.fixture
async def odd() -> AsyncIterator[str]:
    """A server in between that answers in its own way."""

    async def answer(request: web.Request) -> web.Response:
        status, kind, _, text = request.match_info["how"].split(",", 3)
        return web.Response(status=int(status), content_type=kind.replace("-", "/"), text=text)

    application = web.Application()
    application.router.add_post("/{how}/{method}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    "how", ["502,text-html,,oops", "200,text-html,,oops", "200,application-json,,oops", "503,text-plain,,oops", "200,text-plain,,oops"]
)
async def test_an_answer_of_a_machine_in_between_is_later(odd: str, how: str) -> None:
    async with aiohttp.ClientSession() as http:
        client = SlackClient(http, Fixed(Installation("T0", "xoxb-1")), at_once, base=f"{odd}/{how}/")
        with pytest.raises(Later) as later:
            await client.post(Place("p", "o", "slack", "T0", "channel", "C1"), CARD, "")
    assert "oops" not in str(later.value)


def test_the_wait_is_what_slack_says_within_reason() -> None:
    assert retry_after({"Retry-After": "3"}) == 3
    assert retry_after({"retry-after": "999999"}) == 3600
    assert retry_after({"Retry-After": "soon"}) == retry_after({}) == 30
    assert isinstance(meaning("m", 200, {}, "message_not_found"), Gone)
    assert isinstance(meaning("m", 200, {}, "msg_too_long"), Permanent)


# ---------------------------------------------------------------- answers and modals


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "https://user:pw@hooks.slack.com/x",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "//hooks.slack.com/x",
        "file:///etc/passwd",
        "",
        "https://[",
    ],
)
async def test_answers_go_to_slack_only(address: str) -> None:
    async with aiohttp.ClientSession() as http:
        client = SlackClient(http, Fixed(), at_once)
        with pytest.raises(Permanent, match="not one of Slack's"):
            await client.respond(address, CARD)


async def test_an_answer_is_not_carried_on_elsewhere(odd: str) -> None:
    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect("http://127.0.0.1:9/")

    application = web.Application()
    application.router.add_post("/hook", elsewhere)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as http:
        with pytest.raises(Permanent, match="307"):
            await SlackClient(http, Fixed(), at_once, hooks=base).respond(f"{base}/hook", CARD)
    await runner.cleanup()


async def test_a_modal_that_changed_meanwhile_is_left_alone(slack: SlackSandbox, client: SlackClient) -> None:
    with pytest.raises(Permanent):
        await client.update_view(slack.world.team, Modal("V1", "1.a"), {"type": "modal"})


# ---------------------------------------------------------------- people


async def test_who_somebody_is(slack: SlackSandbox, client: SlackClient) -> None:
    ana = slack.world.user("ana")
    found = await client.profile(Account("slack", slack.world.team, ana.id))
    assert found == Profile("Ana Silva", "ana@example.com", "Europe/Lisbon", "en", Standing.member)
    assert await client.profile(Account("slack", slack.world.team, "U0NOBODY")) is None


async def test_a_stranger_is_looked_up_by_the_workspace_that_meets_them(slack: SlackSandbox, client: SlackClient) -> None:
    dee = slack.add_user("dee", team="T0OTHER", stranger=True)
    found = await client.profile(Account("slack", "T0OTHER", dee.id))
    assert found is not None
    assert found.standing is Standing.outsider


@pytest.mark.parametrize("error", [503, "ratelimited", "invalid_auth"])
async def test_slack_that_cannot_tell_is_a_timeout(slack: SlackSandbox, client: SlackClient, error: str | int) -> None:
    slack.fail_next("users.info", error)
    with pytest.raises(TimeoutError):
        await client.profile(Account("slack", slack.world.team, slack.world.user("ana").id))


async def test_everybody_is_learnt_page_by_page(slack: SlackSandbox) -> None:
    for n in range(450):
        slack.add_user(f"user{n}")
    slack.fail_next("users.list", 429, retry_after=3)
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    async with aiohttp.ClientSession() as http:
        client = SlackClient(http, Fixed(Installation(slack.world.team, slack.bot_token)), at_once, base=slack.base_url, sleep=sleep)
        found = {account.user: profile async for account, profile in client.members(slack.world.team)}
    assert set(found) == set(slack.world.users)
    assert found[slack.world.app.user].standing is Standing.bot
    assert waited[0] == 3


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({}, Standing.member),
        ({"deleted": True, "is_bot": True}, Standing.gone),
        ({"is_bot": True}, Standing.bot),
        ({"id": "USLACKBOT"}, Standing.bot),
        ({"is_restricted": True}, Standing.guest),
        ({"is_ultra_restricted": True}, Standing.guest),
        ({"is_stranger": True}, Standing.outsider),
        ({"team_id": "T0OTHER"}, Standing.outsider),
        ({"team_id": "T0OTHER", "is_restricted": True}, Standing.outsider),
        ({"team_id": "E0", "enterprise_user": {"enterprise_id": "E0", "teams": ["T0"]}}, Standing.member),
    ],
)
def test_what_somebody_may_be_to_us(facts: dict[str, object], standing: Standing) -> None:
    assert standing_of({"id": "U1", "team_id": "T0", **facts}, "T0") is standing


def test_a_profile_without_anything_has_its_id() -> None:
    assert profile_of({"id": "U1", "team_id": "T0"}, "T0") == Profile("U1")
