"""An office with two tenants of Microsoft 365, as after a merger: each has a bot of its own, and the office file names channels alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.sandbox.teams import Actor, TeamsSandbox
from storage.outbox import figures
from tests.stories.test_policy_changes import applied, queue_of
from tests.stories.world import TeamsStory, settled_in, teams_story

BRANCH = "5a0db0c5-7e40-4e5b-8a2c-0000000000b1"
BRANCH_APP = "5a0db0c5-7e40-4e5b-8a2c-00000000b001"
SLOW = "my laptop is slow"


@dataclass
class Merged:
    """The office as all others, and the tenant in which its IT department sits."""

    head: TeamsStory
    branch: TeamsSandbox
    channel: str

    @property
    def quinn(self) -> Actor:
        return self.branch.actor("quinn")

    async def settled(self) -> None:
        for _ in range(3):
            await self.branch.settled()
            await self.head.settled()

    async def moves_it(self) -> None:
        """The office file names the channel of the other tenant for IT."""
        await applied(self.head, lambda document: queue_of(document, "it").update(channel={"teams": self.channel}))
        await self.settled()

    def cards(self) -> int:
        """How many cards of tickets stand in the channel of the branch."""
        return len([one for one in self.quinn.seen() if one.channel == self.channel and one.says(SLOW)])

    async def undone(self) -> int:
        return int((await self.head.bot.store.database.read(figures, self.head.clock())).depth)


@pytest.fixture
async def merged(sqlite_url: str) -> AsyncIterator[Merged]:
    more = [{"name": "branch", "app_id": BRANCH_APP, "password": "x", "tenant": BRANCH}]
    async with (
        teams_story(sqlite_url, registrations=more) as head,
        TeamsSandbox(app_id=BRANCH_APP, app_secret="x", tenant=BRANCH, beside=head.teams) as branch,
    ):
        branch.bot_url, branch.courier.answer_within = head.teams.bot_url, 20.0
        branch.add_user("quinn", real_name="Quinn Quist", email="quinn@acme.example")
        channel = branch.add_channel("it-help", ["quinn"], team="IT", bot=False)
        yield Merged(head, branch, channel.id)


async def join(merged: Merged) -> None:
    await merged.branch.install(next(team for team in merged.branch.world.teams.values() if team.name == "IT"), by="quinn")
    await merged.settled()


async def test_a_channel_is_found_in_the_other_tenant(merged: Merged) -> None:
    await join(merged)
    await merged.moves_it()
    await merged.head.ana.says(f"/issue {SLOW}")
    await merged.settled()
    assert merged.cards() == 1
    assert not merged.head.ada.told("I cannot post")
    assert await merged.undone() == 0


async def test_what_could_not_be_posted_is_as_soon_as_the_other_tenant_has_us(merged: Merged) -> None:
    await merged.moves_it()
    await merged.head.ana.says(f"/issue {SLOW}")
    assert merged.cards() == 0
    assert merged.head.ada.told("I cannot post to")
    await join(merged)
    assert merged.cards() == 1


async def test_a_card_there_is_worked_with_and_stays_true(merged: Merged) -> None:
    await join(merged)
    await merged.moves_it()
    await merged.head.ana.says(f"/issue {SLOW}")
    await merged.settled()
    await merged.quinn.press("Take it", on=next(one for one in merged.quinn.seen() if one.channel == merged.channel and one.says("#1")))
    await merged.settled()
    assert merged.head.ana.sees("Quinn Quist is on it")
    assert merged.cards() == 1


async def test_channels_that_are_seen_where_they_are_stay(merged: Merged) -> None:
    """A new tenant takes nothing away from the first."""
    await join(merged)
    await settled_in(merged.head.teams)
    await merged.head.ana.says("/issue light above my desk flickering")
    await merged.settled()
    assert merged.head.bob.post("#1 light", "building")
