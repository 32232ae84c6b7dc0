"""Killed with SIGKILL at random moments under load: what was acknowledged is there afterwards, and its card stands in the channel."""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from bot.app import opened
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.teams import TeamsSandbox
from bot.settings import Settings
from storage.database import open_database
from storage.tables import tickets
from tests.example import example_document
from tests.stories.world import QUEUE_CHANNELS, people_of, policy, settings

KILLS = 4
MOST_AT_A_LIFE = 9
PROBLEMS = ("light flickering", "wifi is down", "coffee is empty", "payslip is wrong", "quote for a chair")


def of_slack(slack: SlackSandbox) -> dict[str, str]:
    return {
        "DESKBELL_SLACK_SIGNING_SECRET": slack.signing_secret,
        "DESKBELL_SLACK_BOT_TOKEN": slack.bot_token,
        "DESKBELL_SLACK_API_URL": slack.base_url,
    }


def of_teams(teams: TeamsSandbox) -> dict[str, str]:
    return {
        "DESKBELL_TEAMS_APP_ID": teams.app_id,
        "DESKBELL_TEAMS_APP_PASSWORD": teams.app_secret,
        "DESKBELL_TEAMS_TENANT_ID": teams.tenant,
        "DESKBELL_TEAMS_OPENID_URL": teams.openid_url,
        "DESKBELL_TEAMS_LOGIN_URL": teams.login_url,
    }


@asynccontextmanager
async def process(slack: SlackSandbox | TeamsSandbox, database: str, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`deskbell run` as a process of its own; killed at the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database,
        "DESKBELL_PORT": "0",
        **(of_slack(slack) if isinstance(slack, SlackSandbox) else of_teams(slack)),
        "DESKBELL_LEASE_SECONDS": "15",
        "DESKBELL_LOG_LEVEL": "error",
        **more,
    }
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment, stdout=asyncio.subprocess.PIPE)
    try:
        assert running.stdout is not None
        line = (await asyncio.wait_for(running.stdout.readline(), 180)).decode()
        slack.bot_url = line.split()[-1]
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def report(slack: SlackSandbox, who: str, acknowledged: dict[str, int], stop: asyncio.Event) -> None:
    """One person who reports again and again, and remembers what was acknowledged."""
    actor, n = slack.actor(who), 0
    while not stop.is_set():
        n += 1
        title = f"{PROBLEMS[n % len(PROBLEMS)]} {who} {n} {random.getrandbits(40):x}"
        delivery = await actor.command("office", "/issue", title)
        found = re.search(r"#(\d+) is open", delivery.body)
        if found:
            acknowledged[title] = int(found[1])
        await asyncio.sleep(0.12)


async def reached(acknowledged: dict[str, int], many: int) -> None:
    async with asyncio.timeout(120):
        while len(acknowledged) < many:
            await asyncio.sleep(0.01)


async def stored(database: str) -> dict[str, int]:
    source = open_database(database)
    try:
        query = select(tickets.c.title, tickets.c.number)
        return await source.read(lambda connection: {row.title: row.number for row in connection.execute(query)})
    finally:
        await source.close()


def posted(slack: SlackSandbox) -> Counter[str]:
    """How often each ticket's card stands in the queues' channels."""
    titles = (one.text.split("  ·  ")[0].partition(" ")[2] for one in slack.actor("bob").seen() if one.kind == "message")
    return Counter(titles)


async def killed(running: asyncio.subprocess.Process, people: Sequence[asyncio.Task[None]], stop: asyncio.Event) -> None:
    running.kill()
    await running.wait()
    stop.set()
    await asyncio.gather(*people)


@pytest.mark.slow
async def test_what_was_acknowledged_survives(database_url: str) -> None:
    chance = random.Random(7)
    async with SlackSandbox() as slack:
        names = people_of(slack)
        slack.add_channel("office", list(names))
        made = {queue: slack.add_channel(channel, ["bob"]) for queue, channel in QUEUE_CHANNELS.items()}
        async with opened(settings(database_url, None, slack)) as bot:
            await policy(bot, {queue: channel.id for queue, channel in made.items()})
        acknowledged: dict[str, int] = {}
        for _ in range(KILLS):
            async with process(slack, database_url) as running:
                stop = asyncio.Event()
                people = [asyncio.create_task(report(slack, who, acknowledged, stop)) for who in ("ana", "hal", "ida")]
                await reached(acknowledged, len(acknowledged) + chance.randint(3, MOST_AT_A_LIFE))
                await asyncio.sleep(chance.uniform(0, 0.1))
                await killed(running, people, stop)
        assert len(acknowledged) >= 3 * KILLS
        kept = await stored(database_url)
        assert {title: kept.get(title) for title in acknowledged} == acknowledged
        assert len(set(kept.values())) == len(kept)
        async with process(slack, database_url):
            await slack.until(lambda: posted(slack).keys() >= kept.keys(), within=120)
        twice = {title: n for title, n in posted(slack).items() if n > 1}
        assert sum(n - 1 for n in twice.values()) <= KILLS * len(made), twice


async def asks(teams: TeamsSandbox, who: str, acknowledged: set[str], stop: asyncio.Event) -> None:
    """One person who writes to the bot again and again: what was taken with 200 is acknowledged."""
    actor, n = teams.actor(who), 0
    while not stop.is_set():
        n += 1
        title = f"{PROBLEMS[n % len(PROBLEMS)]} {who} {n} {random.getrandbits(40):x}"
        await actor.message("dm", title)
        if teams.deliveries[-1].payload.get("text") == title and teams.deliveries[-1].ok:
            acknowledged.add(title)
        await asyncio.sleep(0.12)


def shown_in_teams(teams: TeamsSandbox) -> Counter[str]:
    titles = (one.text.split("\n")[0].split("  ·  ")[0].partition(" ")[2] for one in teams.actor("bob").seen() if one.kind == "message")
    return Counter(titles)


@pytest.mark.slow
async def test_what_teams_was_told_survives_as_well(database_url: str) -> None:
    chance = random.Random(8)
    async with TeamsSandbox() as teams:
        document = example_document()
        names = [person["email"].partition("@")[0] for person in document["people"]]
        for name, person in zip(names, document["people"], strict=True):
            teams.add_user(name, real_name=person["name"], email=person["email"])
        teams.add_channel("office", names)
        made = {queue: teams.add_channel(channel, ["bob"], team="Desks") for queue, channel in QUEUE_CHANNELS.items()}
        async with opened(Settings(database_url=database_url, _env_file=None)) as bot:
            await policy(bot, {queue: channel.id for queue, channel in made.items()}, "teams")
        acknowledged: set[str] = set()
        for _ in range(KILLS // 2):
            async with process(teams, database_url) as running:
                stop, before = asyncio.Event(), len(acknowledged)
                people = [asyncio.create_task(asks(teams, who, acknowledged, stop)) for who in ("ana", "hal", "ida")]
                async with asyncio.timeout(120):
                    while len(acknowledged) < before + chance.randint(3, MOST_AT_A_LIFE):
                        await asyncio.sleep(0.01)
                await asyncio.sleep(chance.uniform(0, 0.1))
                await killed(running, people, stop)
        kept = await stored(database_url)
        assert acknowledged <= kept.keys()
        assert len(set(kept.values())) == len(kept)
        async with process(teams, database_url):
            await teams.until(lambda: shown_in_teams(teams).keys() >= kept.keys(), within=120)
        twice = {title: n for title, n in shown_in_teams(teams).items() if n > 1 and title in kept}
        assert sum(n - 1 for n in twice.values()) <= KILLS * len(made), twice
