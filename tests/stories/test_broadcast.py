"""One card for 300 channels: paced, in nobody's way, and gone on with after the process was killed.

Time is compressed: what is one message a second in an office is thirty a second here, for the bot and for the platform, which refuses more.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from sqlalchemy import select

from bot.app import opened
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.teams import TeamsSandbox
from bot.settings import Settings
from handlers.core import Chat, Place, Post
from handlers.frozen import replace
from storage.ids import new_id
from storage.store import Store
from storage.tables import tickets
from tests.stories.test_kill import process
from tests.stories.world import METHODS, Story, policy, settings, slack_office, story, teams_office, teams_story, with_teams

CHATS = ("slack", "teams")
CHANNELS, PER_SECOND = 300, 30
NEWS = "the lift is out of order"
Sandbox = SlackSandbox | TeamsSandbox
Telling = Callable[..., AbstractAsyncContextManager[Story]]


def copies(platform: Sandbox) -> list[int]:
    """How often the card stands in each of the channels."""
    if isinstance(platform, SlackSandbox):
        return [len(one.messages) for one in platform.world.channels.values() if one.name.startswith("wide-")]
    return [len(one.messages) for one in platform.world.conversations.values() if one.name.startswith("wide-")]


def made(platform: Sandbox) -> tuple[dict[str, str], list[str]]:
    """An office whose channels take no more than the platform lets them: those of its queues, and many more."""
    if isinstance(platform, TeamsSandbox):
        queues = teams_office(platform)
        platform.limits.switch(True)
        return queues, [platform.add_channel(f"wide-{number}", ["ana"], team="Wide").id for number in range(CHANNELS)]
    queues = slack_office(platform, None)
    platform.limits.per_channel, platform.limits.posts_per_second = True, PER_SECOND * 1.5
    return queues, [platform.add_channel(f"wide-{number}", ["ana"]).id for number in range(CHANNELS)]


async def spread(store: Store, platform: Sandbox, organisation: str, channels: list[str]) -> None:
    """Has the ticket's card shown in all of them."""
    ticket = await store.database.read(lambda connection: connection.execute(select(tickets.c.id)).scalar_one())
    chat: Chat = "teams" if isinstance(platform, TeamsSandbox) else "slack"
    workspace = platform.tenant if isinstance(platform, TeamsSandbox) else platform.world.team
    places = [Place(new_id(), organisation, chat, workspace, "channel", channel) for channel in channels]
    posts = [Post(new_id(), organisation, f"ticket:{ticket}", "ticket.channel", place.id, broadcast=True) for place in places]
    work = store.work(organisation)
    work.add(*places, *posts)
    work.deliver(*posts)
    await work.commit()


def refused(platform: Sandbox) -> list[str]:
    """Why posts were refused."""
    method = METHODS["teams" if isinstance(platform, TeamsSandbox) else "slack"]["post"]
    return [call.error for call in platform.calls_of(method) if call.error]


@pytest.mark.slow
async def test_one_card_reaches_300_channels(database_url: str, chat: str) -> None:
    async with TeamsSandbox() if chat == "teams" else SlackSandbox() as platform:
        queues, wide = made(platform)
        pace = {"DESKBELL_BROADCASTS_PER_SECOND": str(PER_SECOND)}
        chosen = settings_of(database_url, platform)
        async with opened(chosen) as bot:
            organisation = (await policy(bot, queues, chat)).organisation
            async with process(platform, database_url, **pace) as running:
                await platform.actor("ana").command("office", "/issue", NEWS)
                await platform.until(lambda: platform.actor("bob").sees(NEWS))
                await spread(bot.store, platform, organisation, wide)
                await platform.until(lambda: sum(copies(platform)) >= 40)
                await platform.actor("ana").command("office", "/issue", "my laptop screen is black")
                await platform.until(lambda: platform.actor("eva").sees("my laptop screen is black"))
                assert sum(copies(platform)) < CHANNELS
                running.kill()
                await running.wait()
        before = sum(copies(platform))
        assert copies(platform) == sorted(copies(platform), reverse=True)  # one after the other, not all at once
        async with process(platform, database_url, **pace):
            await platform.until(lambda: all(copies(platform)), within=120)
        assert before < CHANNELS
        assert sum(copies(platform)) <= CHANNELS + 1
        assert not refused(platform)


def settings_of(database: str, platform: Sandbox) -> Settings:
    if isinstance(platform, SlackSandbox):
        return settings(database, None, platform)
    return Settings(database_url=database, port=0, _env_file=None, **with_teams(platform))


@pytest.mark.parametrize("told", [story, teams_story])
async def test_what_changes_meanwhile_is_shown_everywhere(database_url: str, told: Telling) -> None:
    """Cards that are drawn together are drawn once; who takes the ticket while they go out stands on each of them in the end."""
    async with told(database_url, broadcasts_per_second=40) as office:
        wide = [office.platform.add_channel(f"wide-{number}", ["bob"]).id for number in range(20)]
        await office.ana.says("/issue light above my desk flickering")

        def shown(words: str) -> int:
            return sum(one.channel in wide and one.says(words) for one in office.bob.screen)

        await stand(office, wide)
        await office.platform.until(lambda: shown("#1") >= 3)
        await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
        await office.platform.until(lambda: shown("in progress") == len(wide))
        assert shown("#1") == len(wide)


async def stand(office: Story, channels: list[str]) -> None:
    """Has the ticket's card shown in all of these channels, as in its queue's own."""
    store = office.bot.store
    organisation, ticket = (
        await store.database.read(lambda connection: connection.execute(select(tickets.c.organisation, tickets.c.id)).all())
    )[0]
    (home,) = await store.places.of_queue(organisation, "building")
    places = [replace(home, id=new_id(), channel=channel) for channel in channels]
    posts = [Post(new_id(), organisation, f"ticket:{ticket}", "ticket.channel", place.id, broadcast=True) for place in places]
    work = store.work(organisation)
    work.add(*places, *posts)
    work.deliver(*posts)
    await work.commit()
