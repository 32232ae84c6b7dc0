"""Microsoft's own client gets on with the connector."""

from typing import Any

import pytest
from botbuilder.schema import Activity, Attachment, ChannelAccount, ConversationParameters, ErrorResponseException
from botframework.connector.aio import ConnectorClient
from msrest.authentication import BasicTokenAuthentication

from bot.sandbox.teams import TeamsSandbox
from tests.bot.sandbox.teams.conftest import ADAPTIVE, card


@pytest.fixture
async def client(teams: TeamsSandbox, bot: Any) -> Any:
    token = (await bot.sign_in())[1]["access_token"]
    return ConnectorClient(BasicTokenAuthentication({"access_token": token}), base_url=teams.service_url)


def says(words: str) -> Activity:
    return Activity(type="message", attachments=[Attachment(content_type=ADAPTIVE, content=card(words))])


async def test_a_message_lives(teams: TeamsSandbox, client: Any, help_channel: str) -> None:
    sent = await client.conversations.send_to_conversation(help_channel, says("Hello"))
    answer = await client.conversations.reply_to_activity(f"{help_channel};messageid={sent.id}", sent.id, says("Below"))
    assert [(one.text, one.thread_ts) for one in teams.actor("ana").seen()] == [("Hello", None), ("Below", sent.id)]
    await client.conversations.update_activity(help_channel, answer.id, says("Changed"))
    assert teams.actor("bob").sees("Changed")
    await client.conversations.delete_activity(help_channel, answer.id)
    assert not teams.actor("bob").sees("Changed")


async def test_people_and_a_new_chat(teams: TeamsSandbox, client: Any, help_channel: str) -> None:
    people = await client.conversations.get_conversation_members(help_channel)
    assert [one.name for one in people] == ["Ana Silva", "Bob Novak"]
    page = await client.conversations.get_conversation_paged_members(help_channel)
    assert len(page.members) == 2
    wanted = ConversationParameters(members=[ChannelAccount(id=people[0].id)], tenant_id=teams.tenant, activity=says("Just you"))
    made = await client.conversations.create_conversation(wanted)
    assert (made.id, made.activity_id) == (teams.actor("ana").dm().id, teams.actor("ana").find("Just you").id)


async def test_a_refusal_has_its_code(teams: TeamsSandbox, client: Any) -> None:
    with pytest.raises(ErrorResponseException) as refused:
        await client.conversations.send_to_conversation(teams.world.channel("other").id, says("x"))
    assert refused.value.error.error.code == "BotNotInConversationRoster"
