"""Speaking to the connector: what it refuses comes again, in order; what it limits is not asked for; nothing goes where it cannot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from bot.chats import Gone
from bot.pump import Later, Permanent
from bot.sandbox.teams import HandClock, TeamsSandbox
from bot.teams.connector import Blocked, Connector, Json, Line, NotAccepted, is_channel
from bot.teams.registration import Registration
from bot.teams.tokens import AppTokens
from storage.coordination import Alone


def words(text: str, size: int = 0) -> Json:
    body = [{"type": "TextBlock", "text": text + "x" * size, "wrap": True}]
    card = {"type": "AdaptiveCard", "version": "1.5", "body": body}
    return {
        "type": "message",
        "summary": text,
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def teams(clock: HandClock) -> AsyncIterator[TeamsSandbox]:
    async with TeamsSandbox(clock=clock) as sandbox:
        sandbox.add_user("ana", real_name="Ana Silva")
        sandbox.add_channel("help", ["ana"])
        yield sandbox


@pytest.fixture
def line(teams: TeamsSandbox) -> Line:
    registration = Registration("", teams.app_id, teams.app_secret, teams.tenant, frozenset({teams.tenant}))
    return Line(registration, teams.tenant, teams.tenant, teams.service_url)


@pytest.fixture
async def connector(teams: TeamsSandbox, clock: HandClock) -> AsyncIterator[Connector]:
    async with aiohttp.ClientSession() as http:
        yield Connector(http, AppTokens(http, teams.login_url, clock), Alone(clock).pace)


@pytest.fixture
def there(teams: TeamsSandbox) -> str:
    return teams.world.channel("help").id


# ---------------------------------------------------------------- what the answers mean


@pytest.mark.parametrize(
    ("error", "kind", "seconds"),
    [
        (412, Later, 2.0),
        (429, Later, 7.0),
        (500, Later, 5.0),
        (502, Later, 5.0),
        (503, Later, 5.0),
        (504, Later, 5.0),
        (403, Blocked, 0.0),
        ("MessageWritesBlocked", Blocked, 0.0),
        (404, Blocked, 0.0),
        (400, Permanent, 0.0),
        (413, Permanent, 0.0),
    ],
)
async def test_an_error_says_whether_it_may_come_again(
    teams: TeamsSandbox, connector: Connector, line: Line, there: str, error: int | str, kind: type[Exception], seconds: float
) -> None:
    teams.fail_next("createConversation", error, retry_after=7)
    with pytest.raises(kind) as why:
        await connector.send(line, there, words("light"))
    assert isinstance(why.value, Blocked) == (kind is Blocked)
    if isinstance(why.value, Later):
        assert (why.value.seconds, why.value.grows) == (seconds, error != 429)  # its Retry-After says how long
    assert await connector.send(line, there, words("light"))
    assert len(teams.calls_of("createConversation")) == 2


async def test_what_is_cut_or_unanswered_comes_again(teams: TeamsSandbox, connector: Connector, line: Line, there: str) -> None:
    teams.faults.cut_next("createConversation")
    with pytest.raises(Later):
        await connector.send(line, there, words("light"))
    assert await connector.send(line, there, words("light"))


async def test_a_retry_after_that_is_none_is_nothing_to_hold_on_to(
    teams: TeamsSandbox, connector: Connector, line: Line, there: str
) -> None:
    teams.fail_next("createConversation", 429, retry_after=10**9)
    with pytest.raises(Later) as later:
        await connector.send(line, there, words("light"))
    assert later.value.seconds == 3600


async def test_a_token_that_ended_early_is_replaced_without_a_pause(
    teams: TeamsSandbox, connector: Connector, line: Line, there: str
) -> None:
    await connector.send(line, there, words("first"))
    teams.login.revoke()
    await connector.send(line, there, words("second"))
    assert [call.status for call in teams.calls_of("createConversation")] == [201, 401, 201]
    assert len(teams.calls_of("token")) == 2


async def test_a_token_that_is_never_accepted_waits_for_somebody(teams: TeamsSandbox, connector: Connector, line: Line, there: str) -> None:
    teams.fail_next("createConversation", 401, times=2)
    with pytest.raises(NotAccepted) as later:
        await connector.send(line, there, words("light"))
    assert later.value.seconds == 30
    assert await connector.send(line, there, words("light"))


async def test_only_what_is_gone_is_gone(teams: TeamsSandbox, connector: Connector, line: Line, there: str) -> None:
    sent = await connector.send(line, there, words("light"))
    await connector.update(line, there, sent, words("changed"))
    teams.world.erase(teams.world.message(there, sent))
    with pytest.raises(Gone):
        await connector.update(line, there, sent, words("again"))
    assert await connector.member(line, there, "29:nobody") is None
    with pytest.raises(Blocked):
        await connector.member(line, "19:nowhere@thread.tacv2", "29:nobody")


async def test_too_large_a_message_is_refused_for_good(teams: TeamsSandbox, connector: Connector, line: Line, there: str) -> None:
    with pytest.raises(Permanent) as why:
        await connector.send(line, there, words("light", 120_000))
    assert "MessageSizeTooBig" in str(why.value)
    assert not isinstance(why.value, Blocked)


@pytest.mark.parametrize("hostile", ["../../v3/teams/x", "a/b?c=d#e", "19:x@thread.tacv2;messageid=1/../..", "%2e%2e", "é\n"])
async def test_an_id_is_never_a_path(teams: TeamsSandbox, connector: Connector, line: Line, hostile: str) -> None:
    with pytest.raises((Permanent, Gone)):
        await connector.send(line, hostile, words("light"))
    assert [call.method for call in teams.calls] == ["token", "sendToConversation"]
    assert teams.calls[-1].args["conversation"] == hostile


@pytest.mark.parametrize(
    ("conversation", "channel"),
    [
        ("19:abc@thread.tacv2", True),
        ("19:abc@thread.skype", True),
        ("19:abc@thread.v2", False),
        ("19:a_b@unq.gbl.spaces", False),
        ("a:1xyz", False),
        ("19:abc@thread.tacv2;messageid=5", False),
        ("", False),
    ],
)
def test_only_channels_of_teams_have_threads(conversation: str, channel: bool) -> None:
    assert is_channel(conversation) == channel


# ---------------------------------------------------------------- pace


async def paced(clock: HandClock, send: Callable[[], Awaitable[object]]) -> float:
    """Sends as the outbox does: what has to wait is tried again when it may. Returns the seconds waited."""
    began = clock()
    while True:
        try:
            await send()
        except Later as later:
            if str(later) != "pace":
                raise
            clock.move(later.seconds)
        else:
            return clock() - began


@pytest.mark.parametrize("pause", [0.0, 0.1, 0.9])
async def test_a_burst_of_posts_never_meets_the_limit_of_a_conversation(
    teams: TeamsSandbox, connector: Connector, line: Line, there: str, clock: HandClock, pause: float
) -> None:
    teams.limits.switch(True)
    sent = await connector.send(line, there, words("root"))
    waited = 0.0
    for n in range(60):
        waited += await paced(clock, lambda n=n: connector.send(line, there, words(f"{n}"), sent))  # type: ignore[misc]
        clock.move(pause)
    assert not [call for call in teams.calls if call.status == 429]
    assert len(teams.calls_of("sendToConversation")) == 60
    assert waited + 60 * pause < 60


async def test_the_first_answers_of_a_conversation_do_not_wait(
    teams: TeamsSandbox, connector: Connector, line: Line, there: str, clock: HandClock
) -> None:
    assert sum([await paced(clock, lambda: connector.send(line, there, words("now"))) for _ in range(4)]) == 0


async def test_many_conversations_never_meet_the_limit_of_a_tenant(
    teams: TeamsSandbox, connector: Connector, line: Line, clock: HandClock
) -> None:
    channels = [teams.add_channel(f"c{n}", ["ana"]).id for n in range(120)]
    await connector._tokens.token(line.registration)  # type: ignore[union-attr]
    teams.limits.switch(True)
    began = clock()
    for channel in channels:
        await paced(clock, lambda channel=channel: connector.send(line, channel, words("all")))  # type: ignore[misc]
    assert not [call for call in teams.calls if call.status == 429]
    assert clock() - began < 4
