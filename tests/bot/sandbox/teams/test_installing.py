"""What the bot is told when the app comes and goes, and what it may do then."""

from typing import Any

import pytest

from bot.sandbox.teams import ClientRefused, TeamsSandbox
from tests.bot.sandbox.teams.conftest import message


async def test_into_a_team(teams: TeamsSandbox, bot: Any) -> None:
    team = teams.world.team("Elsewhere")
    assert all(one.ok for one in await teams.install(team, "ana"))
    added, member = bot.heard
    assert (added["type"], added["action"], added["channelData"]["settings"]["selectedChannel"]["id"]) == (
        "installationUpdate",
        "add",
        team.id,
    )
    assert (member["type"], member["membersAdded"]) == ("conversationUpdate", [{"id": teams.app.bot}])
    assert member["channelData"]["team"] == {"id": team.id, "name": "Elsewhere", "aadGroupId": team.aad}
    assert (await bot.send(teams.world.channel("other").id, message("Hello")))[0] == 201


async def test_and_out_of_it(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    await teams.uninstall(teams.world.team("Office"), "ana")
    assert [one.get("action", "member") for one in bot.heard] == ["remove", "member"]
    assert bot.heard[1]["membersRemoved"] == [{"id": teams.app.bot}]
    status, answer = await bot.send(help_channel, message("x"))
    assert (status, answer["error"]["code"]) == (403, "BotNotInConversationRoster")
    await teams.actor("ana").message("#help", "@deskbell?")
    assert len(bot.heard) == 2


async def test_for_one_person(teams: TeamsSandbox, bot: Any) -> None:
    cy = teams.add_user("cy", added=False)
    await teams.install(cy, cy)
    assert [one["type"] for one in bot.heard] == ["installationUpdate", "conversationUpdate"]
    assert bot.heard[0]["conversation"] == {"conversationType": "personal", "tenantId": teams.tenant, "id": teams.actor(cy).dm().id}
    await teams.uninstall(cy, cy)
    assert [one["type"] for one in bot.heard[2:]] == ["installationUpdate"]
    status, answer = await bot.send(teams.actor(cy).dm().id, message("x"))
    assert (status, answer["error"]["code"]) == (403, "MessageWritesBlocked")


async def test_into_a_chat_and_a_new_version(teams: TeamsSandbox, bot: Any) -> None:
    chat = teams.add_group_chat("plans", ["ana"], bot=False)
    assert (await bot.send(chat.id, message("x")))[0] == 403
    await teams.install(chat, "ana")
    assert (await bot.send(chat.id, message("x")))[0] == 201
    assert "eventType" not in bot.heard[1]["channelData"]
    await teams.installing.upgrade(chat, teams.world.user("ana"))
    assert bot.heard[-1]["action"] == "add-upgrade"


async def test_a_person_leaves(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana, bob = teams.world.user("ana"), teams.world.user("bob")
    await teams.installing.leaves(bob, teams.world.channel("help"), ana)
    assert bot.heard[-1]["membersRemoved"] == [{"id": bob.id, "aadObjectId": bob.aad}]
    assert bot.heard[-1]["channelData"]["eventType"] == "teamMemberRemoved"
    assert (await bot.api("GET", f"conversations/{help_channel}/members/{bob.id}"))[0] == 404


async def test_channels_come_and_go(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana, channel = teams.world.user("ana"), teams.world.channel("help")
    await teams.installing.channel("channelRenamed", channel, ana, name="desk")
    heard = bot.heard[-1]
    assert (heard["channelData"]["eventType"], heard["channelData"]["channel"]) == ("channelRenamed", {"id": help_channel, "name": "desk"})
    assert heard["conversation"]["id"] == teams.world.team("Office").id
    await teams.installing.channel("channelDeleted", channel, ana)
    status, answer = await bot.send(help_channel, message("x"))
    assert (status, answer["error"]["code"]) == (404, "ConversationNotFound")
    await teams.installing.channel("channelRestored", channel, ana)
    assert (await bot.send(help_channel, message("x")))[0] == 201
    with pytest.raises(LookupError):
        await teams.installing.channel("channelRenamed", teams.world.channel("lunch"), ana)


async def test_what_becomes_of_teams(teams: TeamsSandbox, bot: Any) -> None:
    ana, team = teams.world.user("ana"), teams.world.team("Office")
    await teams.installing.team("teamRenamed", team, ana, name="Head office")
    assert bot.heard[-1]["channelData"]["team"]["name"] == "Head office"
    await teams.installing.team("teamArchived", team, ana)
    assert bot.heard[-1]["channelData"]["eventType"] == "teamArchived"


async def test_in_an_archived_team_nobody_writes(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    team, ana = teams.world.team("Office"), teams.world.user("ana")
    sent = (await bot.send(help_channel, message("Hello")))[1]["id"]
    await teams.installing.team("teamArchived", team, ana)
    status, answer = await bot.send(help_channel, message("x"))
    assert (status, answer["error"]["code"]) == (403, "Forbidden")
    assert (await bot.api("PUT", f"conversations/{help_channel}/activities/{sent}", message("x")))[0] == 403
    with pytest.raises(ClientRefused):
        await teams.actor("ana").message("#help", "hello?")
    await teams.installing.team("teamUnarchived", team, ana)
    assert (await bot.send(help_channel, message("x")))[0] == 201


async def test_a_deleted_team_takes_its_channels_with_it(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    team, ana = teams.world.team("Office"), teams.world.user("ana")
    await teams.installing.team("teamDeleted", team, ana)
    assert (await bot.send(help_channel, message("x")))[1]["error"]["code"] == "ConversationNotFound"
    await teams.installing.team("teamRestored", team, ana)
    assert (await bot.send(help_channel, message("x")))[0] == 201
