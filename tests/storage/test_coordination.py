"""What replicas share: told and heard, one leader, exact rates. The twin and a real Redis keep the same rules."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.coordination import EVERYTHING, Alone, Coordination, connect
from tests.storage.redis_server import RedisServer


@pytest.fixture
async def replicas(redis: RedisServer) -> AsyncIterator[Callable[[], Coordination]]:
    """Opens replicas of one deployment; all are stopped at the end."""
    opened: list[Coordination] = []

    def another() -> Coordination:
        opened.append(connect(redis.url))
        return opened[-1]

    yield another
    for replica in opened:
        await replica.stop()


@pytest.fixture(params=["alone", "redis"])
def coordination(request: pytest.FixtureRequest) -> Coordination:
    if request.param == "alone":
        return connect(None)
    open_replica: Callable[[], Coordination] = request.getfixturevalue("replicas")
    return open_replica()


class Ears:
    def __init__(self) -> None:
        self.woken = 0
        self.changed: list[tuple[str, str]] = []

    def wake(self) -> None:
        self.woken += 1

    def change(self, kind: str, key: str) -> None:
        self.changed.append((kind, key))


async def listening(replica: Coordination) -> Ears:
    ears = Ears()
    await replica.start(ears.wake, ears.change)
    return ears


async def soon(condition: Callable[[], bool], seconds: float = 120.0) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        await asyncio.sleep(0.01)
    return condition()


# ---------------------------------------------------------------- told and heard


async def test_the_others_hear_what_one_tells(replicas: Callable[[], Coordination]) -> None:
    one, two = replicas(), replicas()
    mine, theirs = await listening(one), await listening(two)
    await asyncio.sleep(0.1)
    one.tell_changed("people", "ana")
    one.wake()
    assert await soon(lambda: theirs.woken == 1 and theirs.changed == [("people", "ana")])
    assert mine.woken == 0
    assert mine.changed == []


async def test_a_burst_of_wakes_is_few_messages(replicas: Callable[[], Coordination]) -> None:
    one, two = replicas(), replicas()
    await listening(one)
    theirs = await listening(two)
    await asyncio.sleep(0.1)
    for _ in range(500):
        one.wake()
    assert await soon(lambda: theirs.woken > 0)
    await asyncio.sleep(0.1)
    assert theirs.woken <= 2


# ---------------------------------------------------------------- one leader


async def test_one_leads_until_it_resigns(replicas: Callable[[], Coordination]) -> None:
    one, two = replicas(), replicas()
    token = await one.lead("audit", 30)
    assert token is not None
    assert await two.lead("audit", 30) is None
    assert await one.lead("audit", 30) == token  # remains
    await two.resign("audit")  # not its own to give up
    assert await two.lead("audit", 30) is None
    await one.resign("audit")
    after = await two.lead("audit", 30)
    assert after is not None
    assert after > token


async def test_of_many_candidates_one_leads(replicas: Callable[[], Coordination]) -> None:
    tokens = await asyncio.gather(*(replicas().lead("many", 30) for _ in range(8)))
    assert sum(token is not None for token in tokens) == 1


async def test_a_silent_leader_is_followed(coordination: Coordination) -> None:
    first = await coordination.lead("silent", 0.05)
    await asyncio.sleep(0.1)
    second = await coordination.lead("silent", 30)
    assert first is not None
    assert second is not None
    assert second > first


# ---------------------------------------------------------------- rates


async def test_the_burst_goes_and_the_next_one_waits(coordination: Coordination) -> None:
    waits = [await coordination.pace("burst", 0.1, 3) for _ in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert 5 < waits[3] <= 10
    assert await coordination.pace("another channel", 0.1, 3) == 0


async def test_waiting_as_told_is_enough_and_necessary(coordination: Coordination) -> None:
    while not (wait := await coordination.pace("told", 4, 1)):
        pass  # a machine that took a quarter of a second over it asks again
    await asyncio.sleep(wait + 0.005)
    assert await coordination.pace("told", 0.01, 1) == 0
    assert await coordination.pace("told", 0.01, 1) > 0


async def test_a_cooled_key_is_closed(coordination: Coordination) -> None:
    await coordination.cool("hot", 100)
    await coordination.cool("hot", 0.05)  # never shorter
    assert 0.05 < await coordination.pace("hot", 100, 100) <= 100
    await coordination.cool("warm", 0.1)
    await asyncio.sleep(0.11)
    assert await coordination.pace("warm", 100, 100) == 0


async def test_the_rate_is_exact_among_replicas(replicas: Callable[[], Coordination]) -> None:
    """Twenty ask as fast as they can, through two replicas: what gets through is the burst and the rate, not one more."""
    one, two = replicas(), replicas()
    began = time.monotonic()
    went = 0

    async def ask(replica: Coordination) -> None:
        nonlocal went
        while time.monotonic() - began < 1.0:
            if await replica.pace("exact", 20, 5) == 0:
                went += 1
            await asyncio.sleep(0.002)

    await asyncio.gather(*(ask(replica) for replica in (one, two) * 10))
    assert 5 < went <= 5 + 20 * (time.monotonic() - began) + 1


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60), st.integers(1, 5))
def test_no_span_of_time_sees_more_than_burst_and_rate(pauses: list[float], burst: int) -> None:
    now = 1_000.0
    alone = Alone(lambda: now)
    went: list[float] = []
    for pause in pauses:
        now += pause
        if asyncio.run(alone.pace("k", 2, burst)) == 0:
            went.append(now)
    for first in range(len(went)):
        for last in range(first, len(went)):
            assert last - first + 1 <= burst + 2 * (went[last] - went[first]) + 1e-3


# ---------------------------------------------------------------- values


async def test_values_last_as_long_as_told(coordination: Coordination) -> None:
    await coordination.put("k", b"v", 30)
    await coordination.put("brief", b"v", 0.02)
    assert await coordination.get("k") == b"v"
    assert await coordination.get("nothing") is None
    await asyncio.sleep(0.05)
    assert await coordination.get("brief") is None


async def test_the_twin_drops_what_is_over() -> None:
    now = 0.0
    alone = Alone(lambda: now)
    for at in range(5_000):
        now = float(at)
        await alone.pace(f"channel {at}", 1, 1)
        await alone.put(f"key {at}", b"", 1)
    assert len(alone._arrivals) + len(alone._values) < 2_000


# ---------------------------------------------------------------- without Redis


async def test_losing_redis_loses_nothing_and_it_comes_back(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="desk") as folder:
        server = RedisServer(Path(folder))
        server.start()
        one, two = connect(server.url), connect(server.url)
        mine, theirs = await listening(one), await listening(two)
        token = await one.lead("audit", 30)
        assert token is not None
        server.kill()
        assert [await one.pace("k", 1, 2) for _ in range(2)] == [0, 0]
        assert await one.pace("k", 1, 2) > 0
        assert await two.lead("audit", 30) is not None  # each leads itself: what leaders do is safe to do twice
        one.tell_changed("people", "ana")  # lost
        server.start()
        assert await soon(lambda: EVERYTHING in theirs.changed and EVERYTHING in mine.changed)
        assert theirs.woken > 0
        theirs.changed.clear()
        one.tell_changed("people", "bob")
        assert await soon(lambda: ("people", "bob") in theirs.changed)
        again = await one.lead("audit", 30)
        assert again is not None
        assert again > token
        assert await two.lead("audit", 30) is None
        await one.stop()
        await two.stop()
        server.kill()


async def test_a_deployment_starts_without_redis(tmp_path: Path) -> None:
    replica = connect(f"unix://{tmp_path}/nobody.sock")
    await listening(replica)
    assert await replica.pace("k", 1, 1) == 0
    assert await replica.get("k") is None
    replica.wake()
    await replica.stop()


async def test_a_command_is_carried_out_though_its_caller_is_cancelled(replicas: Callable[[], Coordination]) -> None:
    """Cut off halfway, a connection would be of no use to the next command, or give it somebody else's answer."""
    replica = replicas()
    for n in range(20):
        task = asyncio.ensure_future(replica.put(f"cancelled {n}", str(n).encode(), 30))
        for _ in range(n % 5 + 1):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await replica.put("last", b"", 30)
    await asyncio.sleep(0.05)
    assert [await replica.get(f"cancelled {n}") for n in range(20)] == [str(n).encode() for n in range(20)]
