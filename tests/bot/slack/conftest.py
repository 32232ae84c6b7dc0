"""The desk's Slack side as it runs: a real AsyncApp behind its door, people who sign requests, and a desk that answers as it is told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.chats import Answer, Arrival
from bot.chores import Chores
from bot.reading import Reading
from bot.sandbox.slack import Actor, SlackSandbox
from bot.slack.answers import Answers
from bot.slack.door import Door
from bot.slack.installed import Fixed, Installation
from bot.slack.listen import Listener, build_app
from bot.slack.send import SlackClient, session
from handlers.cards import Card
from handlers.core import Person
from handlers.forms import Form, Invalid
from handlers.words import words

Reply = Card | Form | Invalid | None
ANA = Person("p-ana", "o", "Ana")


async def at_once(key: str, per_second: float, burst: int) -> float:
    """A pace that lets everything through."""
    return 0.0


@dataclass
class Desk:
    """Keeps what arrived and answers with `reply` once it is `ready`; an exception in `reply` is raised."""

    heard: list[Arrival] = field(default_factory=list)
    reply: Reply | Exception = field(default_factory=lambda: Card(words("Noted.")))
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    quiet: bool = False

    async def hear(self, arrival: Arrival) -> Answer:
        self.heard.append(arrival)
        await self.ready.wait()
        if isinstance(self.reply, Exception):
            raise self.reply
        return Answer(self.reply, Reading(), self.quiet)

    def messages(self) -> list[object]:
        """What arrived, as the handlers get it."""
        return [one.build(key=one.key, actor=ANA, where=one.where) for one in self.heard]


@dataclass
class Bench:
    """Everything that a test of the Slack side needs."""

    slack: SlackSandbox
    desk: Desk
    client: SlackClient
    chores: Chores
    counted: Counter[tuple[str, str]]
    app: AsyncApp
    url: str

    @property
    def ana(self) -> Actor:
        return self.slack.actor("ana")

    async def done(self) -> None:
        """Until nothing runs in the background any more."""
        assert await self.chores.drain(5)


def grammar(text: str) -> tuple[str, str]:
    first, _, rest = text.partition(" ")
    return (first, rest) if first in ("help", "show") else ("report", text)


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox() as sandbox:
        sandbox.add_user("ana", real_name="Ana Silva", email="Ana@Example.com", tz="Europe/Lisbon")
        sandbox.add_user("bob", real_name="Bob Novak")
        sandbox.add_channel("help", ["ana", "bob"])
        sandbox.app.events.clear()
        yield sandbox


@pytest.fixture
async def client(slack: SlackSandbox) -> AsyncIterator[SlackClient]:
    async with session() as http:
        yield SlackClient(
            http,
            Fixed(Installation(slack.world.team, slack.bot_token)),
            at_once,
            base=slack.base_url,
            hooks=slack.base_url,
            through=slack.world.team,
        )


@pytest.fixture(params=[False, True], ids=["polled", "inline"])
def inline(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
async def bench(slack: SlackSandbox, client: SlackClient, inline: bool) -> AsyncIterator[Bench]:
    desk, chores, counted = Desk(), Chores(), Counter[tuple[str, str]]()
    desk.ready.set()

    def count(what: str, why: str) -> None:
        counted[what, why] += 1

    installations = Fixed(Installation(slack.world.team, slack.bot_token, slack.world.app.user, slack.world.app.bot_id))
    answers = Answers(client, desk.hear, count, sleep=lambda seconds: asyncio.sleep(0))
    listener = Listener(desk.hear, answers, chores, count, grammar, installations, patience=1.0)
    app = build_app(slack.signing_secret, installations, listener, inline=inline)
    server = web.Application()
    server.router.add_post("/slack/events", Door(app, listener.commanded, slack.signing_secret, count).events)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    slack.bot_url = url
    yield Bench(slack, desk, client, chores, counted, app, url)
    await chores.drain(5)
    await runner.cleanup()
