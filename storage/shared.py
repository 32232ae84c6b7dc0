"""Coordination through Redis (6.2 or newer), falling back on a twin in this process while Redis is away.

Each shared decision is one script (https://redis.io/docs/latest/develop/programmability/eval-intro/), timed by the server's own clock, so
that replicas whose clocks differ agree. A command that has been sent is never cancelled: its answer would be read by the next one.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol, TypeVar

import orjson
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, ConnectionError, ReadOnlyError, TimeoutError

log = structlog.get_logger(__name__)
T = TypeVar("T")

Told = tuple[str, str]
"""Kind and key of what has changed."""
WAKE = ("", "")
EVERYTHING = ("*", "*")
"""Told to `on_changed` when messages may have been lost: forget whatever is cached."""

PREFIX = "deskbell:"
CHANNEL = PREFIX + "told"
SECONDS = 2.0
"""How long a command may take before Redis counts as away."""
LOOK_AGAIN = 1.0
AWAY = (ConnectionError, TimeoutError, BusyLoadingError, ReadOnlyError, OSError)

_PACE = """
local closed = redis.call('PTTL', KEYS[2])
if closed > 0 then return tostring(closed / 1000) end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local step, burst = 1000000 / tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + step
local wait = arrival - burst * step - now
if wait > 0 then return string.format('%.6f', wait / 1000000) end
redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000))
return '0'
"""
_COOL = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return 1
"""
_LEAD = """
local held = redis.call('GET', KEYS[1])
if held and not (string.sub(held, 1, 32) == ARGV[1]) then return false end
if held then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return string.sub(held, 33)
end
local time = redis.call('TIME')
local token = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, time[1] * 1000 + math.floor(time[2] / 1000))
local text = string.format('%.0f', token)
redis.call('SET', KEYS[2], text)
redis.call('SET', KEYS[1], ARGV[1] .. text, 'PX', ARGV[2])
return text
"""
_RESIGN = """
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 1, 32) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Twin(Protocol):
    """What answers while Redis is away."""

    async def lead(self, name: str, seconds: float) -> int | None: ...
    async def resign(self, name: str) -> None: ...
    async def pace(self, key: str, per_second: float, burst: int) -> float: ...
    async def cool(self, key: str, seconds: float) -> None: ...
    async def get(self, key: str) -> bytes | None: ...
    async def put(self, key: str, value: bytes, seconds: float) -> None: ...


class Shared:
    """Coordination through the Redis at `url`."""

    def __init__(self, url: str, twin: Twin) -> None:
        self._twin = twin
        self._redis = _client(url, retries=1)  # a connection that died while idle is replaced
        self._listening = _client(url, retries=0)  # a subscription must not be renewed unseen: messages were lost
        self._pace, self._cool, self._lead, self._resign = (self._redis.register_script(text) for text in (_PACE, _COOL, _LEAD, _RESIGN))
        self._me = uuid.uuid4().hex
        self._away = False
        self._said: set[Told] = set()
        self._something_said = asyncio.Event()
        self._commands: set[asyncio.Future[Any]] = set()
        self._loops: list[asyncio.Task[None]] = []

    async def start(self, on_wake: Callable[[], None], on_changed: Callable[[str, str], None]) -> None:
        def hear(told: Told) -> None:
            on_wake() if told == WAKE else on_changed(*told)

        self._loops = [asyncio.create_task(self._listen_forever(hear)), asyncio.create_task(self._tell_forever())]

    async def stop(self) -> None:
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await asyncio.gather(*self._commands, return_exceptions=True)
        await self._redis.aclose()
        await self._listening.aclose()

    def wake(self) -> None:
        self._say(WAKE)

    def tell_changed(self, kind: str, key: str) -> None:
        self._say((kind, key))

    async def lead(self, name: str, seconds: float) -> int | None:
        keys = [f"{PREFIX}lead:{{{name}}}", f"{PREFIX}lead:{{{name}}}:token"]
        token = await self._ask(lambda: self._lead(keys, [self._me, _milliseconds(seconds)]), lambda: self._twin.lead(name, seconds))
        return None if token is None else int(token)

    async def resign(self, name: str) -> None:
        await self._ask(lambda: self._resign([f"{PREFIX}lead:{{{name}}}"], [self._me]), lambda: self._twin.resign(name))

    async def pace(self, key: str, per_second: float, burst: int) -> float:
        keys = [f"{PREFIX}pace:{{{key}}}", f"{PREFIX}pace:{{{key}}}:closed"]
        return float(await self._ask(lambda: self._pace(keys, [per_second, burst]), lambda: self._twin.pace(key, per_second, burst)))

    async def cool(self, key: str, seconds: float) -> None:
        """Also told to the twin: what a chat has asked for holds when Redis goes away."""
        await self._twin.cool(key, seconds)
        await self._ask(lambda: self._cool([f"{PREFIX}pace:{{{key}}}:closed"], [_milliseconds(seconds)]), _nothing)

    async def get(self, key: str) -> bytes | None:
        value: bytes | None = await self._ask(lambda: self._redis.get(f"{PREFIX}value:{key}"), lambda: self._twin.get(key))
        return value

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        name = f"{PREFIX}value:{key}"
        await self._ask(lambda: self._redis.set(name, value, px=_milliseconds(seconds)), lambda: self._twin.put(key, value, seconds))

    # ------------------------------------------------------------ asking

    async def _ask(self, redis: Callable[[], Awaitable[Any]], twin: Callable[[], Awaitable[Any]]) -> Any:
        """From Redis; from the twin while it is away. It is back as soon as the subscription works again."""
        if self._away:
            return await twin()
        try:
            return await self._whole(redis())
        except AWAY as error:
            self._lost(error)
            return await twin()

    async def _whole(self, command: Awaitable[T]) -> T:
        """Runs the command to its end, even if whoever waits for it is cancelled."""
        task = asyncio.ensure_future(command)
        self._commands.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._commands.discard(task)
        if not task.cancelled():
            task.exception()  # seen, even when nobody waits for it any more

    def _lost(self, error: BaseException) -> None:
        if not self._away:
            self._away = True
            log.warning("redis is away, going on alone", error=type(error).__name__)

    # ------------------------------------------------------------ telling

    def _say(self, told: Told) -> None:
        self._said.add(told)
        self._something_said.set()

    async def _tell_forever(self) -> None:
        """Whatever was said while the last message was on its way is the next one. What cannot be told, `_came_back` makes up for."""
        while True:
            await self._something_said.wait()
            self._something_said.clear()
            said, self._said = self._said, set()
            if not self._away:
                await self._ask(partial(self._publish, said), _nothing)

    def _publish(self, said: set[Told]) -> Awaitable[Any]:
        return self._redis.publish(CHANNEL, orjson.dumps([self._me, sorted(said)]))

    # ------------------------------------------------------------ listening

    async def _listen_forever(self, hear: Callable[[Told], None]) -> None:
        first = True
        while True:
            try:
                async with self._listening.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    if self._away or not first:
                        self._came_back(hear)
                    first = False
                    await self._hear_on(subscription, hear)
            except AWAY as error:
                self._lost(error)
                await asyncio.sleep(LOOK_AGAIN)

    async def _hear_on(self, subscription: Any, hear: Callable[[Told], None]) -> None:
        """Until the connection fails, or has been silent in spite of being pinged, or a command has found Redis away."""
        silent = 0
        while silent < 3 and not self._away:
            message = await subscription.get_message(timeout=SECONDS)
            silent = 0 if message else silent + 1
            if message is None:
                await subscription.ping()
            elif message["type"] == "message":
                sender, said = orjson.loads(message["data"])
                for kind, key in said if sender != self._me else ():
                    hear((kind, key))
        raise ConnectionError("nothing is heard")

    def _came_back(self, hear: Callable[[Told], None]) -> None:
        """Nobody knows what was told meanwhile, by us or to us: all forget everything, and look for work."""
        self._away = False
        log.warning("redis is back")
        for told in (EVERYTHING, WAKE):
            hear(told)
            self._say(told)


def _client(url: str, retries: int) -> Redis:
    client: Redis = Redis.from_url(
        url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), retries), max_connections=64
    )
    return client


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


async def _nothing() -> None:
    """Nobody can be told."""
