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
from handlers.core import Place, Post
from handlers.frozen import replace
from storage.ids import new_id
from storage.store import Store
from storage.tables import tickets
from tests.stories.test_kill import process
from tests.stories.world import QUEUE_CHANNELS, UNHURRIED, Story, people_of, policy, settings, story, teams_story

CHANNELS, PER_SECOND = 300, 30
NEWS = "the lift is out of order"
Telling = Callable[..., AbstractAsyncContextManager[Story]]


def copies(slack: SlackSandbox) -> list[int]:
    """How often the card stands in each of the channels."""
    wide = [one for one in slack.world.channels.values() if one.name.startswith("wide-")]
    return [len(channel.messages) for channel in wide]


async def spread(store: Store, slack: SlackSandbox, organisation: str, channels: list[str]) -> None:
    """Has the ticket's card shown in all of them."""
    ticket = await store.database.read(lambda connection: connection.execute(select(tickets.c.id)).scalar_one())
    places = [Place(new_id(), organisation, "slack", slack.world.team, "channel", channel) for channel in channels]
    posts = [Post(new_id(), organisation, f"ticket:{ticket}", "ticket.channel", place.id, broadcast=True) for place in places]
    work = store.work(organisation)
    work.add(*places, *posts)
    work.deliver(*posts)
    await work.commit()


@pytest.mark.slow
async def test_one_card_reaches_300_channels(database_url: str) -> None:
    async with SlackSandbox() as slack:
        slack.courier.answer_within = UNHURRIED
        names = people_of(slack)
        slack.add_channel("office", list(names))
        made = {queue: slack.add_channel(channel, ["bob", "eva"]).id for queue, channel in QUEUE_CHANNELS.items()}
        wide = [slack.add_channel(f"wide-{number}", ["ana"]).id for number in range(CHANNELS)]
        slack.limits.per_channel, slack.limits.posts_per_second = True, PER_SECOND * 1.5
        pace = {"DESKBELL_BROADCASTS_PER_SECOND": str(PER_SECOND)}
        async with opened(settings(database_url, None, slack)) as bot:
            organisation = (await policy(bot, made)).organisation
            async with process(slack, database_url, **pace) as running:
                await slack.actor("ana").command("office", "/issue", NEWS)
                await slack.until(lambda: slack.actor("bob").sees(NEWS))
                await spread(bot.store, slack, organisation, wide)
                await slack.until(lambda: sum(copies(slack)) >= 40)
                await slack.actor("ana").command("office", "/issue", "my laptop screen is black")
                await slack.until(lambda: slack.actor("eva").sees("my laptop screen is black"))
                assert sum(copies(slack)) < CHANNELS
                running.kill()
                await running.wait()
        before = sum(copies(slack))
        assert copies(slack) == sorted(copies(slack), reverse=True)  # one after the other, not all at once
        async with process(slack, database_url, **pace):
            await slack.until(lambda: all(copies(slack)), within=120)
        assert before < CHANNELS
        assert sum(copies(slack)) <= CHANNELS + 1
        assert not [call.error for call in slack.calls_of("chat.postMessage") if call.error]


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
