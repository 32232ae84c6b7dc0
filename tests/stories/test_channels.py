"""The queues' channels: closed, open again, shared, known by another id.

Slack's own: a channel of Teams is never made private, public or another one's, and keeps its id.
"""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.sandbox.teams import TeamsSandbox
from storage.tables import places
from tests.stories.forging import rows
from tests.stories.world import Story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset(
    {
        "test_a_channel_made_private_or_public_is_said_and_works_on",
        "test_a_channel_that_others_read_too_is_said",
        "test_a_channel_may_get_another_id",
    }
)
LIGHT = "/issue light above my desk flickering"


async def event(office: Story, kind: str, **facts: Any) -> None:
    await office.slack.courier.event(office.slack.world, {"type": kind, "event_ts": office.slack.world.new_ts(), **facts})
    await office.settled()


async def team(office: Story, event: str) -> None:
    """Teams tells of the team that the queues' channels are in."""
    teams = cast(TeamsSandbox, office.platform)
    await teams.installing.team(event, teams.world.team("Desks"), teams.world.user("ada"))
    await office.settled()


async def archives(office: Story) -> None:
    """Somebody archives the channel of the building desk; in Teams the team that it is in."""
    if office.chat == "teams":
        await team(office, "teamArchived")
        return
    building = office.slack.world.channel("building")
    building.archived = True
    await event(office, "channel_archive", channel=building.id, user=office.bob.actor.user.id)


async def restores(office: Story) -> None:
    """And takes that back."""
    if office.chat == "teams":
        await team(office, "teamUnarchived")
        return
    building = office.slack.world.channel("building")
    building.archived = False
    await event(office, "channel_unarchive", channel=building.id, user=office.bob.actor.user.id)


async def puts_us_out(office: Story) -> None:
    """Of the channel, or of the team."""
    if office.chat == "teams":
        teams = cast(TeamsSandbox, office.platform)
        await teams.uninstall(teams.world.team("Desks"), by="ada")
    else:
        office.slack.world.channel("building").members.remove(office.slack.app.user)


async def lets_us_in(office: Story) -> None:
    if office.chat == "teams":
        teams = cast(TeamsSandbox, office.platform)
        await teams.install(teams.world.team("Desks"), by="ada")
        await office.settled()
        return
    building, bot = office.slack.world.channel("building"), office.slack.app.user
    if bot not in building.members:
        building.members.append(bot)
    await event(office, "member_joined_channel", channel=building.id, user=bot, channel_type="C", team=office.slack.world.team)


async def test_an_archived_channel_is_said_to_who_looks_after_the_desk_and_comes_back_whole(office: Story) -> None:
    await archives(office)
    await archives(office)
    told = [one for one in office.ada.screen if one.says("I cannot post to Building desk")]
    assert len(told) == 1
    assert told[0].says("The channel is archived.")
    await office.ana.says(LIGHT)
    assert not office.bob.sees("#1 light above my desk flickering [new]")
    await restores(office)
    assert office.bob.post("#1 light", "building").says("new")
    await office.bob.presses("Take it", on=office.bob.post("#1 light", "building"))
    assert office.bob.post("#1 light", "building").says("Bob Burke has it")


async def test_what_could_not_be_posted_is_posted_when_we_are_let_in(office: Story) -> None:
    await puts_us_out(office)
    await office.ana.says(LIGHT)
    assert office.ada.sees("I cannot post to Building desk")
    await lets_us_in(office)
    assert office.bob.post("#1 light", "building")


async def test_what_changed_while_it_was_closed_is_shown_as_it_is_now(office: Story) -> None:
    for n in range(3):
        await office.ana.says(f"/issue light {n} flickering")
    card = office.bob.post("#1 light 0", "building")
    await archives(office)
    await office.ana.says("/issue show 2")
    await office.ana.presses("Cancel it", on=office.ana.card("#2 light 1"))
    await office.bob.says("/issue show 1")
    await office.bob.presses("Take it", on=office.bob.card("#1 light 0"))
    assert office.bob.post("#1 light 0", "building").says("new")
    await restores(office)
    assert office.bob.post("#1 light 0", "building").id == card.id
    assert office.bob.post("#1 light 0", "building").says("Bob Burke has it")
    assert office.bob.post("#2 light 1", "building").says("cancelled")
    assert office.bob.post("#3 light 2", "building").says("new")


async def test_a_redraw_that_was_refused_is_made_good_when_we_are_let_in_again(office: Story) -> None:
    await office.ana.says(LIGHT)
    office.platform.fail_next(office.method("edit"), {"slack": "not_in_channel", "teams": "BotNotInConversationRoster"}[office.chat])
    await office.bob.says("/issue show 1")
    await office.bob.presses("Take it", on=[one for one in office.bob.screen if one.says("#1 light")][-1])
    assert office.bob.post("#1 light", "building").says("new")
    assert office.ada.sees("I cannot post to Building desk")
    await lets_us_in(office)
    assert office.bob.post("#1 light", "building").says("Bob Burke has it")


@pytest.mark.parametrize(("subtype", "said"), [("private", "Only those who are invited can read"), ("public", "Every colleague can read")])
async def test_a_channel_made_private_or_public_is_said_and_works_on(office: Story, subtype: str, said: str) -> None:
    building = office.slack.world.channel("building")
    facts = {"channel": building.id, "user": office.bob.actor.user.id, "ts": office.slack.world.new_ts(), "text": "made this channel so"}
    await event(office, "message", subtype=f"channel_convert_to_{subtype}", channel_type="channel", **facts)
    assert office.ada.card(f"The channel of Building desk (Slack) is {subtype} now.").says(said)
    await office.ana.says(LIGHT)
    assert office.bob.post("#1 light", "building").says("new")


async def test_a_channel_that_others_read_too_is_said(office: Story) -> None:
    building = office.slack.world.channel("building")
    await event(office, "channel_shared", channel=building.id, connected_team_id="T0OTHER")
    assert office.ada.sees("The channel of Building desk (Slack) is shared with another organisation now.")


async def test_a_channel_may_get_another_id(office: Story) -> None:
    building = office.slack.world.channel("building")
    await event(office, "channel_id_changed", old_channel_id=building.id, new_channel_id="C0NEW")
    assert [row["queue"] for row in await rows(office, places) if row["channel"] == "C0NEW"] == ["building"]


async def test_other_channels_are_nothing_to_us(office: Story) -> None:
    before = await rows(office, places)
    if office.chat == "teams":
        teams = cast(TeamsSandbox, office.platform)
        elsewhere = teams.world.channel("office")
        for kind in ("channelDeleted", "channelRestored", "channelRenamed", "channelCreated"):
            await teams.installing.channel(kind, elsewhere, teams.world.user("ada"))
        for kind in ("teamArchived", "teamUnarchived", "teamDeleted"):
            await teams.installing.team(kind, teams.world.team("Office"), teams.world.user("ada"))
        await office.settled()
    else:
        for kind in ("channel_archive", "channel_deleted", "channel_unarchive", "channel_shared", "group_deleted"):
            await event(office, kind, channel=office.slack.world.channel("office").id)
    assert await rows(office, places) == before


async def test_a_renamed_channel_is_the_same_channel(office: Story) -> None:
    """Only its id counts for us, and what a person called it in their words is read anew."""
    await office.ana.says(LIGHT)
    building = office.platform.world.channel("building")
    if office.chat == "teams":
        teams = cast(TeamsSandbox, office.platform)
        await teams.installing.channel("channelRenamed", teams.world.channel("building"), teams.world.user("ada"), name="house")
        await office.settled()
    else:
        facts = {"channel": building.id, "name": "house", "old_name": "building", "ts": "1.2", "user": "U1", "text": "x"}
        building.name = "house"
        await event(office, "message", subtype="channel_name", **facts)
    await office.bob.presses("Take it", on=office.bob.post("#1 light", "house"))
    assert office.bob.post("#1 light", "house").says("Bob Burke has it")
    assert len(await rows(office, places)) == len({row["channel"] for row in await rows(office, places)})


async def test_a_channel_that_is_deleted_takes_nothing_until_it_is_restored(office: Story) -> None:
    if office.chat == "slack":
        await event(office, "channel_deleted", channel=office.channel_id("building"))
    else:
        teams = cast(TeamsSandbox, office.platform)
        building = teams.world.channel("building")
        await teams.installing.channel("channelDeleted", building, teams.world.user("ada"))
        await office.ana.says(LIGHT)
        await teams.installing.channel("channelRestored", building, teams.world.user("ada"))
        await office.settled()
        assert office.bob.post("#1 light", "building").says("new")
    told = [one for one in office.ada.screen if one.says("I cannot post to Building desk")]
    assert [one.says("The channel was deleted.") for one in told] == [True]
