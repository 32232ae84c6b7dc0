"""Slack's socket: what comes over it is answered, a connection is renewed without a loss, and a dead one is noticed and replaced."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse
from structlog.testing import capture_logs

from bot.sandbox.slack import Delivery, SlackSandbox
from bot.sandbox.slack.sockets import MOST
from bot.slack.grants import Installation
from bot.slack.installed import Fixed
from bot.slack.limits import Limits, Pauses
from bot.slack.listen import build_app
from bot.slack.socket import Socket

Json = dict[str, Any]
LONG = 30.0
QUICK = Limits(
    width=60,
    wait=0.1,
    connecting=5.0,
    pinging=2.0,
    silence=10.0,
    look=0.02,
    overlap=60.0,
    steady=0.0,
    first_pause=0.02,
    longest_pause=0.05,
    finishing=1.0,
    closing=0.1,
)
TAKE = {"type": "button", "action_id": "take", "text": {"type": "plain_text", "text": "Take it"}}
BUTTON = [{"type": "actions", "block_id": "acts", "elements": [TAKE]}]


class Desk:
    """Keeps what came. `gate` holds commands back, `fails` is the status that events get."""

    def __init__(self) -> None:
        self.commands: list[Json] = []
        self.pressed: list[Json] = []
        self.events: list[tuple[Json, str]] = []
        self.gate: asyncio.Event | None = None
        self.status = 200
        self.answer: Json | Exception = {"response_type": "ephemeral", "text": "Noted."}

    async def commanded(self, body: Json) -> Json:
        self.commands.append(body)
        if self.gate:
            await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def install(self, app: AsyncApp) -> None:
        app.block_action("take")(self.on_press)
        app.event("message")(self.on_event)

    async def on_press(self, ack: AsyncAck, body: Json) -> None:
        self.pressed.append(body)
        await ack()

    async def on_event(self, body: Json, request: Any) -> BoltResponse:
        self.events.append((body, request.headers.get("x-slack-retry-num", [""])[0]))
        return BoltResponse(status=self.status)


@dataclass
class Bench:
    slack: SlackSandbox
    desk: Desk
    counted: Counter[tuple[str, str]]
    socket: Socket

    async def command(self, text: str = "light") -> Delivery:
        return await self.slack.actor("ana").command("#help", "/issue", text)

    async def until(self, true: Callable[[], object], within: float = LONG) -> None:
        """What the bot notices by itself tells nobody, so this looks now and then."""
        end = time.monotonic() + within
        while not true():
            assert time.monotonic() < end, f"it did not come true within {within} s; counted: {dict(self.counted)}"
            await asyncio.sleep(0.01)

    def connected(self) -> bool:
        return self.socket.connected

    @property
    def connections(self) -> int:
        return len(self.slack.sockets.open)


@asynccontextmanager
async def benched(
    slack: SlackSandbox, *, token: str = "", limits: Limits = QUICK, now: Callable[[], float] = time.monotonic, **more: Any
) -> AsyncIterator[Bench]:
    desk, counted = Desk(), Counter[tuple[str, str]]()

    def count(what: str, why: str) -> None:
        counted[what, why] += 1

    installations = Fixed(Installation(slack.world.team, slack.bot_token, slack.world.app.user, slack.world.app.bot_id))
    app = build_app("unused", installations, desk, inline=True)
    own = slack.use_socket()
    socket = Socket(app, desk.commanded, token or own, count, base_url=slack.base_url, limits=limits, now=now, **more)
    await socket.start()
    try:
        yield Bench(slack, desk, counted, socket)
    finally:
        await socket.stop()


@pytest.fixture
async def bench(slack: SlackSandbox) -> AsyncIterator[Bench]:
    slack.courier.answer_within = LONG
    async with benched(slack) as made:
        assert await made.socket.ready(LONG)
        yield made


# ------------------------------------------------------------ what comes over it


async def test_it_connects(bench: Bench) -> None:
    assert bench.connected()
    assert bench.connections == 1


async def test_a_command_is_answered_in_the_acknowledgement(bench: Bench) -> None:
    delivery = await bench.command("what's with the payload={} of it")
    assert delivery.json() == {"response_type": "ephemeral", "text": "Noted."}
    assert bench.slack.actor("ana").sees("Noted.")
    body = bench.desk.commands[0]
    assert (body["command"], body["text"], body["team_id"]) == ("/issue", "what's with the payload={} of it", "T0SANDBOX")


async def test_an_empty_answer_shows_nothing(bench: Bench) -> None:
    bench.desk.answer = {}
    delivery = await bench.command()
    assert delivery.ok
    assert delivery.body == ""


async def test_a_press_goes_through_bolt(bench: Bench) -> None:
    bench.slack.world.post(bench.slack.world.bot_message(bench.slack.world.channel("help").id, {"text": "#1", "blocks": BUTTON}))
    delivery = await bench.slack.actor("ana").press("Take it")
    assert delivery.ok
    assert bench.desk.pressed[0]["actions"][0]["action_id"] == "take"


async def test_an_event_goes_through_bolt(bench: Bench) -> None:
    bench.slack.app.events.add("message.channels")
    await bench.slack.actor("ana").message("#help", "the light flickers")
    assert [(body["event"]["text"], again) for body, again in bench.desk.events] == [("the light flickers", "")]
    assert bench.slack.deliveries[-1].ok


async def test_a_fault_is_not_acknowledged_and_the_event_comes_again(bench: Bench) -> None:
    bench.slack.app.events.add("message.channels")
    bench.slack.courier.answer_within = 0.1
    bench.desk.status = 503
    await bench.slack.actor("ana").message("#help", "the light flickers")
    assert [one.error for one in bench.slack.deliveries] == ["http_timeout"] * 2
    await bench.until(lambda: bench.counted["socket", "fault"] == 2)
    assert [again for _, again in bench.desk.events] == ["", "1"]


async def test_what_nobody_listens_to_is_acknowledged_and_counted(bench: Bench) -> None:
    bench.slack.app.events.add("app_home_opened")
    delivery = await bench.slack.actor("ana").opens_home()
    assert delivery is not None
    assert delivery.ok
    assert bench.counted["unheard", "app_home_opened"] == 1


async def test_a_broken_envelope_harms_nothing(bench: Bench) -> None:
    bench.slack.courier.answer_within = 0.05
    bench.desk.answer = RuntimeError("words of a person")
    with capture_logs() as lines:
        assert not (await bench.command()).ok
    assert "words of a person" not in str(lines)
    for broken in ("[]", "null", "no json", '{"envelope_id": "e"}', '{"envelope_id": "e", "type": "interactive", "payload": 3}'):
        await bench.slack.sockets.open[0].ws.send_str(broken)
    bench.desk.answer = {"text": "Noted."}
    bench.slack.courier.answer_within = 3
    assert (await bench.command()).ok
    assert bench.connections == bench.slack.sockets.opened == 1


async def test_no_more_is_taken_than_there_are_places(slack: SlackSandbox) -> None:
    slack.courier.answer_within = LONG
    async with benched(slack, limits=replace(QUICK, width=3)) as bench:
        assert await bench.socket.ready(LONG)
        bench.desk.gate = asyncio.Event()
        waiting = [asyncio.create_task(bench.command(f"light {n}")) for n in range(3)]
        await bench.until(lambda: len(bench.desk.commands) == 3)
        slack.courier.answer_within = 0.3
        assert not any([(await bench.command(f"light {n}")).ok for n in (3, 4)])
        await bench.until(lambda: bench.counted["socket", "overload"] == 2)
        assert len(bench.desk.commands) == 3
        slack.courier.answer_within = LONG
        bench.desk.gate.set()
        assert all(one.ok for one in await asyncio.gather(*waiting))
        assert (await bench.command("after it")).ok


# ------------------------------------------------------------ staying connected


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_nothing_is_lost_and_nothing_done_twice_while_the_connection_is_renewed(bench: Bench, reason: str) -> None:
    bench.desk.gate = asyncio.Event()
    early = [asyncio.create_task(bench.command(f"light {n}")) for n in range(25)]
    await bench.until(lambda: len(bench.desk.commands) == 25)
    old = await bench.slack.sockets.disconnect(reason)
    await bench.until(lambda: bench.slack.sockets.opened == 2)
    assert bench.connections == 2  # the new one is there before the old one goes
    late = [asyncio.create_task(bench.command(f"light {n}")) for n in range(25, 50)]
    await bench.until(lambda: len(bench.desk.commands) == 50)
    assert all(one.carried for one in bench.slack.sockets.open)
    bench.desk.gate.set()
    assert all(one.ok for one in await asyncio.gather(*early, *late))
    assert sum(len(one.said) for one in bench.slack.sockets.open) == 50  # each was acknowledged once
    await bench.slack.sockets.cut(old)
    assert sorted(one["text"] for one in bench.desk.commands) == sorted(f"light {n}" for n in range(50))
    await bench.until(lambda: bench.connections == 1)
    assert (await bench.command("after it")).ok
    assert bench.counted == Counter({("socket", "refresh"): 1})


async def test_work_of_a_cut_connection_is_acknowledged_over_the_next(bench: Bench) -> None:
    bench.desk.gate = asyncio.Event()
    command = asyncio.create_task(bench.command())
    await bench.until(lambda: bench.desk.commands)
    await bench.slack.sockets.cut(list(bench.slack.sockets.open))
    await bench.until(lambda: bench.slack.sockets.opened == 2 and bench.connected())
    bench.desk.gate.set()
    assert (await command).ok
    assert bench.counted["socket", "closed"] == 1


async def test_both_connections_are_heard_until_slack_ends_the_old_one_or_for_a_while(slack: SlackSandbox) -> None:
    clock = [1000.0]
    never_silent = replace(QUICK, silence=2 * QUICK.overlap)
    async with benched(slack, limits=never_silent, now=lambda: clock[0]) as bench:
        assert await bench.socket.ready(LONG)
        await slack.sockets.disconnect()
        await bench.until(lambda: bench.connections == 2)
        assert all([(await bench.command(f"light {n}")).ok for n in range(4)])
        assert [one.carried for one in slack.sockets.open] == [2, 2]
        clock[0] += QUICK.overlap
        await bench.until(lambda: bench.connections == 1)
        assert bench.connected()


async def test_the_old_connection_stays_for_its_work(slack: SlackSandbox) -> None:
    async with benched(slack, limits=replace(QUICK, overlap=0.0, finishing=10.0)) as bench:
        assert await bench.socket.ready(LONG)
        bench.desk.gate = asyncio.Event()
        slack.courier.answer_within = LONG
        command = asyncio.create_task(bench.command())
        await bench.until(lambda: bench.desk.commands)
        old = await slack.sockets.disconnect()
        await bench.until(lambda: bench.connections == 2)
        bench.desk.gate.set()
        assert (await command).ok
        assert len(old[0].said) == 1
        await bench.until(lambda: bench.connections == 1)


async def test_a_connection_that_dies_silently_is_noticed_and_replaced(slack: SlackSandbox) -> None:
    with capture_logs() as lines:
        async with benched(slack, limits=replace(QUICK, pinging=0.5, silence=3)) as bench:
            assert await bench.socket.ready(LONG)
            dead = slack.sockets.fall_silent()
            await bench.until(lambda: slack.sockets.opened >= 2 and bench.connected())
            await bench.until(lambda: dead[0] not in slack.sockets.open)
            assert (await bench.command()).ok
    assert [line["event"] for line in lines][:3] == ["slack socket connected", "slack socket lost", "slack socket connected"]
    assert bench.counted["socket", "closed"] + bench.counted["socket", "silent"] >= 1


async def test_silence_is_measured_on_the_clock_that_was_given(slack: SlackSandbox) -> None:
    clock = [1000.0]
    slack.sockets.ping_seconds = 60
    async with benched(slack, limits=replace(QUICK, pinging=30, silence=20), now=lambda: clock[0]) as bench:
        assert await bench.socket.ready(LONG)
        await asyncio.sleep(0.1)
        clock[0] += 19
        assert bench.connected()
        await asyncio.sleep(0.1)
        assert slack.sockets.opened == 1
        clock[0] += 2
        assert not bench.connected()
        await bench.until(lambda: slack.sockets.opened == 2 and bench.connected())
        assert bench.counted == Counter({("socket", "silent"): 1})


async def test_answered_pings_keep_a_quiet_connection(slack: SlackSandbox) -> None:
    clock = [1000.0]
    async with benched(slack, limits=replace(QUICK, pinging=0.1, silence=20), now=lambda: clock[0]) as bench:
        assert await bench.socket.ready(LONG)
        for _ in range(2):
            line, before = slack.sockets.open[0], slack.sockets.open[0].pings
            await bench.until(lambda line=line, before=before: line.pings > before + 1)  # type: ignore[misc] # so the first is answered
            clock[0] += 15
            assert bench.connected()
        assert slack.sockets.opened == 1


async def test_a_wrong_token_is_told_once_and_tried_on(slack: SlackSandbox) -> None:
    with capture_logs() as lines:
        async with benched(slack, token="xapp-of-somebody-else") as bench:
            await bench.until(lambda: len(slack.calls_of("apps.connections.open")) >= 4)
            assert not bench.connected()
            assert not await bench.socket.ready(0)
            slack.use_socket("xapp-of-somebody-else")
            assert await bench.socket.ready(LONG)
    assert [(line["log_level"], line["event"], line.get("error")) for line in lines] == [
        ("error", "slack socket refused", "invalid_auth"),
        ("info", "slack socket connected", None),
    ]
    assert "DESKBELL_SLACK_APP_TOKEN" in lines[0]["advice"]
    assert "somebody-else" not in str(lines)
    assert bench.counted["socket", "refused"] >= 4


async def test_a_bots_token_is_refused(slack: SlackSandbox) -> None:
    with capture_logs() as lines:
        async with benched(slack, token=slack.bot_token) as bench:
            await bench.until(lambda: bench.counted["socket", "refused"])
    assert lines[0]["error"] == "not_allowed_token_type"


async def test_an_outage_is_told_once_and_ends_by_itself(slack: SlackSandbox) -> None:
    slack.down = True
    with capture_logs() as lines:
        async with benched(slack) as bench:
            await bench.until(lambda: bench.counted["socket", "unreachable"] >= 3)
            slack.down = False
            assert await bench.socket.ready(LONG)
            assert (await bench.command()).ok
    assert [line["event"] for line in lines] == ["slack socket unreachable", "slack socket connected"]


async def test_it_waits_as_long_as_slack_asks(slack: SlackSandbox) -> None:
    slack.fail_next("apps.connections.open", "ratelimited", retry_after=3)
    async with benched(slack) as bench:
        await bench.until(lambda: bench.counted["socket", "unreachable"] == 1)
        assert not await bench.socket.ready(0.4)
        assert await bench.socket.ready(LONG)


async def test_too_many_connections_are_no_reason_to_give_up(slack: SlackSandbox) -> None:
    slack.sockets.open.extend([object()] * MOST)  # type: ignore[list-item]
    async with benched(slack) as bench:
        await bench.until(lambda: bench.counted["socket", "unreachable"] >= 2)
        slack.sockets.open.clear()
        assert await bench.socket.ready(LONG)


async def test_socket_mode_switched_off_says_what_to_do(bench: Bench) -> None:
    with capture_logs() as lines:
        await bench.slack.sockets.disconnect("link_disabled")
        await bench.until(lambda: bench.slack.sockets.opened == 2)
    assert lines[0]["event"] == "slack socket disabled"
    assert lines[0]["log_level"] == "error"
    assert "Switch it on again" in lines[0]["advice"]
    assert bench.counted["socket", "disabled"] == 1


async def test_slack_can_be_asked_to_renew_often(slack: SlackSandbox) -> None:
    async with benched(slack, debug_reconnects=True) as bench:
        assert await bench.socket.ready(LONG)
        assert slack.sockets.quick == 1


# ------------------------------------------------------------ stopping


async def test_a_stop_finishes_what_is_under_way_and_takes_nothing_more(bench: Bench) -> None:
    bench.slack.courier.answer_within = LONG
    bench.desk.gate = asyncio.Event()
    early = asyncio.create_task(bench.command("early"))
    await bench.until(lambda: bench.desk.commands)
    bench.slack.courier.answer_within = 0.5
    stopping = asyncio.create_task(bench.socket.stop())
    await asyncio.sleep(0)
    late = asyncio.create_task(bench.command("late"))
    await asyncio.sleep(0.05)
    assert not bench.connected()
    bench.desk.gate.set()
    await stopping
    assert (await early).ok
    assert not (await late).ok
    assert [one["text"] for one in bench.desk.commands] == ["early"]
    await bench.until(lambda: bench.connections == 0)


async def test_a_stop_does_not_wait_for_ever(slack: SlackSandbox) -> None:
    slack.courier.answer_within = 0.5
    async with benched(slack, limits=replace(QUICK, finishing=0.1)) as bench:
        assert await bench.socket.ready(LONG)
        bench.desk.gate = asyncio.Event()
        command = asyncio.create_task(bench.command())
        await bench.until(lambda: bench.desk.commands)
        with capture_logs() as lines:
            async with asyncio.timeout(LONG):
                await bench.socket.stop()
        assert [(line["event"], line["count"]) for line in lines] == [("slack socket stopped with work under way", 1)]
        assert not (await command).ok


async def test_a_stop_while_connecting_ends_at_once(slack: SlackSandbox) -> None:
    gate = slack.faults.hold_next("apps.connections.open")
    async with asyncio.timeout(LONG):
        async with benched(slack) as bench:
            await bench.until(lambda: not slack.faults.waiting)
    gate.set()


def test_pauses_grow_and_begin_anew() -> None:
    pauses = Pauses(Limits(first_pause=1, longest_pause=60))
    taken = [pauses.next() for _ in range(40)]
    assert taken[0] == 0
    assert all(min(60.0, 2.0**n) / 2 <= pause <= min(60.0, 2.0**n) for n, pause in enumerate(taken[1:]))
    pauses.begin_anew()
    pauses.at_least(7)
    assert [pauses.next(), pauses.next() <= 1] == [7, True]
