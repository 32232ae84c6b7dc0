"""Trouble to order, and the rate limits."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.teams import HandClock, TeamsSandbox
from tests.bot.sandbox.teams.conftest import message


@pytest.mark.parametrize("status", [400, 404, 412, 429, 500, 502, 503, 504])
async def test_a_method_fails_on_order(teams: TeamsSandbox, bot: Any, help_channel: str, status: int) -> None:
    teams.fail_next("sendToConversation", status, times=2)
    assert [(await bot.send(help_channel, message("x")))[0] for _ in range(3)] == [status, status, 201]
    assert len(teams.actor("ana").seen()) == 1


async def test_a_refusal_with_its_own_code_and_any_method(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    teams.fail_next("*", "BotDisabledByAdmin")
    await bot.sign_in()
    assert teams.calls[-1].status == 403
    teams.fail_next("sendToConversation", "BotDisabledByAdmin")
    status, answer = await bot.send(help_channel, message("x"))
    assert (status, answer["error"]["code"]) == (403, "BotDisabledByAdmin")


async def test_too_many_requests_say_when_to_come_again(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    await bot.send(help_channel, message("x"))
    teams.fail_next("getConversationMembers", 429, retry_after=7)
    headers = {"Authorization": f"Bearer {bot.token}"}
    async with bot.http.get(f"{teams.service_url}v3/conversations/{help_channel}/members", headers=headers) as got:
        assert (got.status, got.headers["Retry-After"]) == (429, "7")


async def test_connections_are_cut_before_and_after(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    teams.faults.cut_next("sendToConversation")
    with pytest.raises(aiohttp.ClientError):
        await bot.send(help_channel, message("never"))
    teams.faults.lose_answer("sendToConversation")
    with pytest.raises(aiohttp.ClientError):
        await bot.send(help_channel, message("there"))
    assert [one.text for one in teams.actor("ana").seen()] == ["there"]


async def test_calls_can_be_held_and_slow(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    gate = teams.faults.hold_next("sendToConversation")
    sending = asyncio.create_task(bot.send(help_channel, message("x")))
    await teams.until(lambda: not teams.faults.waiting)
    assert teams.actor("ana").seen() == []
    gate.set()
    assert (await sending)[0] == 201
    teams.faults.slow_next("sendToConversation", 0.01)
    assert (await bot.send(help_channel, message("y")))[0] == 201


async def test_the_whole_platform_is_out_of_order(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    assert (await bot.send(help_channel, message("x")))[0] == 201
    teams.down = True
    assert (await bot.send(help_channel, message("x")))[0] == 503
    assert (await bot.sign_in())[0] == 503
    teams.faults.down_how = "close"
    with pytest.raises(aiohttp.ClientError):
        await bot.send(help_channel, message("x"))
    teams.down = False
    assert (await bot.send(help_channel, message("x")))[0] == 201


async def test_seven_a_second_in_a_conversation(teams: TeamsSandbox, bot: Any, help_channel: str, clock: HandClock) -> None:
    teams.limits.switch(True)
    found = [(await bot.send(help_channel, message("x")))[0] for _ in range(8)]
    assert found == [201] * 7 + [429]
    assert (await bot.api("GET", f"conversations/{help_channel}/members"))[0] == 200
    assert (await bot.send(teams.world.channel("lunch").id, message("x")))[0] == 201
    clock.move(1)
    assert [(await bot.send(help_channel, message("x")))[0] for _ in range(2)] == [201, 429]
    clock.move(1)
    assert (await bot.send(help_channel, message("x")))[0] == 201


async def test_new_threads_count_in_their_channel(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    teams.limits.per_conversation = True
    body = {"isGroup": True, "channelData": {"channel": {"id": help_channel}}, "activity": message("x")}
    assert [(await bot.api("POST", "conversations", body))[0] for _ in range(8)] == [201] * 7 + [429]
    assert (await bot.send(help_channel, message("x")))[0] == 429


async def test_sixty_in_half_a_minute(teams: TeamsSandbox, bot: Any, help_channel: str, clock: HandClock) -> None:
    teams.limits.per_conversation = True
    sent = 0
    while (await bot.send(help_channel, message("x")))[0] == 201:
        sent += 1
        clock.move(0.3)
    assert sent == 60


async def test_fifty_a_second_in_a_tenant(teams: TeamsSandbox, bot: Any, clock: HandClock) -> None:
    people = [teams.actor(teams.add_user(f"u{n}")).dm().id for n in range(51)]
    teams.limits.per_tenant = True
    assert [(await bot.send(one, message("x")))[0] for one in people].count(201) == 50
    clock.move(1)
    assert (await bot.send(people[0], message("x")))[0] == 201
