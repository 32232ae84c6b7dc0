"""The people: what they send, what they see, and what the bot's answers do to their screens."""

from typing import Any

import pytest

from bot.sandbox.teams import ClientRefused, HandClock, Tamper, TeamsSandbox
from tests.bot.sandbox.teams.conftest import attached, card, execute, message, row, shows, submit

Json = dict[str, Any]
CHOICES = {
    "type": "Input.ChoiceSet",
    "id": "size",
    "label": "Size",
    "choices": [{"title": "Small", "value": "s"}, {"title": "Large", "value": "l"}],
}


async def test_a_command_in_a_channel_is_for_the_bot_alone(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.actor("ana")
    delivery = await ana.command("#help", "/issue", "light flickering")
    heard = bot.heard[-1]
    assert (delivery.kind, heard["type"], heard["text"]) == ("message", "message", "issue light flickering")
    assert heard["recipient"] == {"id": f"28:{teams.app_id}", "name": "Deskbell", "isTargeted": True}
    assert heard["conversation"]["id"] == f"{help_channel};messageid={heard['id']}"
    assert heard["from"]["aadObjectId"] == ana.user.aad
    assert (ana.seen(), teams.actor("bob").seen()) == ([], [])


async def test_a_command_in_the_chat_with_the_bot_is_plain_words(teams: TeamsSandbox, bot: Any) -> None:
    await teams.actor("ana").command("dm", "/issue", "light")
    heard = bot.heard[-1]
    assert (heard["text"], heard["conversation"]["conversationType"]) == ("/issue light", "personal")
    assert "isTargeted" not in heard["recipient"]
    assert "isGroup" not in heard["conversation"]


async def test_a_command_in_a_thread(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.actor("ana")
    first = await ana.message("#help", "hi")
    await ana.command("#help", "/issue", "x", thread=first.id)
    assert bot.heard[-1]["conversation"]["id"] == f"{help_channel};messageid={first.id}"


async def test_commands_that_the_client_does_not_offer(teams: TeamsSandbox, bot: Any) -> None:
    teams.app.commands = {"issue"}
    ana = teams.actor("ana")
    for channel, command in (("#help", "/other"), ("#other", "/issue"), ("#nowhere", "/issue")):
        with pytest.raises(ClientRefused):
            await ana.command(channel, command)
    with pytest.raises(ClientRefused):
        await teams.actor("bob").command("#other", "/issue")
    assert bot.heard == []


async def test_a_message_and_a_reply(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana, bob = teams.actor("ana"), teams.actor("bob")
    first = await ana.message("#help", "AT&T <b>")
    again = await bob.message("#help", "me too", first.ts)
    root, reply = bot.heard
    assert root["text"] == "AT&amp;T &lt;b&gt;"
    assert (root["conversation"]["id"], reply["conversation"]["id"]) == (f"{help_channel};messageid={first.id}",) * 2
    assert (reply["replyToId"], "replyToId" in root) == (first.id, False)
    assert [(one.text, one.thread_ts) for one in ana.seen()] == [("AT&T <b>", None), ("me too", first.id)]
    assert (await bob.message("#help", "and", again.id)).root == first.id


async def test_a_mention_has_its_entity_and_its_page(teams: TeamsSandbox, bot: Any) -> None:
    await teams.actor("ana").mention("#help", "help @bob")
    heard = bot.heard[-1]
    assert heard["text"] == "<at>Deskbell</at> help <at>Bob Novak</at>"
    assert [one["mentioned"]["id"] for one in heard["entities"][:-1]] == [teams.app.bot, teams.world.user("bob").id]
    assert heard["entities"][-1]["type"] == "clientInfo"
    assert heard["attachments"][0]["contentType"] == "text/html"
    assert 'itemid="1">Bob Novak</span>' in heard["attachments"][0]["content"]
    assert teams.actor("bob").seen()[-1].pings == {teams.world.user("bob").id}


async def test_what_the_bot_hears_without_being_meant(teams: TeamsSandbox, bot: Any) -> None:
    ana = teams.actor("ana")
    teams.app.permissions.clear()
    await ana.message("#help", "no")
    await ana.message("lunch", "no")
    await ana.message("#other", "@deskbell no, it is not there")
    await ana.message("lunch", "@deskbell yes")
    await ana.message("dm", "yes")
    teams.app.permissions.add("ChatMessage.Read.Chat")
    await ana.message("lunch", "yes")
    assert [one["text"].endswith("yes") for one in bot.heard] == [True, True, True]
    assert "team" not in bot.heard[0]["channelData"]


async def test_only_channels_have_threads(teams: TeamsSandbox, bot: Any) -> None:
    ana = teams.actor("ana")
    said = await ana.message("lunch", "hi")
    with pytest.raises(ClientRefused):
        await ana.message("lunch", "again", said.id)
    with pytest.raises(ClientRefused):
        await ana.message("#help", "again", "123")


async def test_files_come_as_teams_gives_them(teams: TeamsSandbox, bot: Any) -> None:
    ana = teams.actor("ana")
    photo, text = teams.add_file("ana", "p.png", b"png", "image/png"), teams.add_file("ana", "n.txt", b"notes", "text/plain")
    await ana.message("dm", "look", files=[photo, text])
    await ana.message("#help", "look", files=[photo, text])
    private, public = [one["attachments"] for one in bot.heard]
    assert [one["contentType"] for one in private] == ["image/png", "application/vnd.microsoft.teams.file.download.info", "text/html"]
    assert [one["contentType"] for one in public] == ["image/png", "text/html"]
    assert f'<attachment id="{text.id}">' in public[1]["content"]
    async with bot.http.get(private[1]["content"]["downloadUrl"]) as got:
        assert (got.status, await got.read()) == (200, b"notes")
    async with bot.http.get(private[0]["contentUrl"]) as got:
        assert got.status == 401
    await bot.sign_in()
    headers = {"Authorization": f"Bearer {(await bot.sign_in())[1]['access_token']}"}
    async with bot.http.get(private[0]["contentUrl"], headers=headers) as got:
        assert (got.status, await got.read(), got.content_type) == (200, b"png", "image/png")
    photo.deleted = True
    async with bot.http.get(private[0]["contentUrl"], headers=headers) as got:
        assert got.status == 404
    assert "This file was deleted." in ana.seen()[-1].text


async def test_edits_and_deletions(teams: TeamsSandbox, bot: Any) -> None:
    ana = teams.actor("ana")
    said = await ana.message("#help", "before")
    assert await ana.edit(said, "after @bob")
    assert await ana.delete(said)
    edit, gone = bot.heard[1:]
    assert (edit["type"], edit["id"], edit["channelData"]["eventType"]) == ("messageUpdate", said.id, "editMessage")
    assert edit["text"] == "after <at>Bob Novak</at>"
    assert (gone["type"], gone["channelData"]["eventType"], "text" in gone) == ("messageDelete", "softDeleteMessage", False)
    assert ana.seen() == []
    other = await teams.actor("bob").message("#help", "mine")
    with pytest.raises(ClientRefused):
        await ana.edit(other, "x")


async def test_the_bot_is_told_of_reactions_on_its_own_messages_only(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.actor("ana")
    said = await ana.message("#help", "mine")
    await bot.post(help_channel, message("The bot's"))
    assert await ana.react(said, "like") is None
    assert await ana.react("The bot's", ":like:")
    with pytest.raises(ClientRefused):
        await ana.react("The bot's", "like")
    assert ana.find("The bot's").reactions == {"like": [ana.user.id]}
    assert await ana.unreact("The bot's", "like")
    with pytest.raises(ClientRefused):
        await ana.unreact("The bot's", "like")
    put, taken = bot.heard[-2:]
    assert (put["type"], put["reactionsAdded"], put["replyToId"]) == ("messageReaction", [{"type": "like"}], ana.find("The bot's").id)
    assert taken["reactionsRemoved"] == [{"type": "like"}]


async def test_a_press_changes_the_card_for_the_presser_alone(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana, bob = teams.actor("ana"), teams.actor("bob")
    sent = await bot.post(help_channel, message("Open", row(execute("Take it", "take", data={"t": 1}))))
    bot.says(shows(card("Yours")))
    delivery = await ana.press("Take it")
    invoke = bot.heard[-1]
    assert (delivery.kind, delivery.ok, invoke["name"], invoke["replyToId"]) == ("adaptiveCard/action", True, "adaptiveCard/action", sent)
    action = {"type": "Action.Execute", "title": "Take it", "verb": "take", "data": {"t": 1}}
    assert invoke["value"] == {"action": action, "trigger": "manual"}
    assert invoke["conversation"]["id"] == f"{help_channel};messageid={sent}"
    assert [(one.text, one.own) for one in ana.seen()] == [("Yours", True)]
    assert [(one.text, one.own) for one in bob.seen()] == [("Open\nTake it", False)]
    await bot.api("PUT", f"conversations/{help_channel}/activities/{sent}", message("Taken"))
    assert (ana.seen()[0].text, bob.seen()[0].text) == ("Taken", "Taken")


async def test_a_press_answered_with_words(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.actor("ana")
    await bot.post(help_channel, message("Open", row(execute("Take it"))))
    bot.says(
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Not yours."},
        {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"code": "BadRequest", "message": "Too old."}},
    )
    await ana.press("Take it")
    await ana.press("Take it")
    assert [(one.kind, one.text, one.trouble) for one in ana.seen()[1:]] == [
        ("ephemeral", "Not yours.", ""),
        ("ephemeral", "Too old.", "Too old."),
    ]
    assert teams.actor("bob").seen()[1:] == []
    assert teams.troubles == []


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        ("", 200, "empty"),
        ("[]", 200, "no JSON object"),
        ({}, 200, "not documented"),
        (shows(card("x")), 201, "not 200"),
        (shows({}), 200, "empty"),
        (shows(card("x", row(execute("Go", verb="")))), 200, "verb"),
        (shows(card("x")) | {"statusCode": 400}, 200, "not documented"),
        (shows(card("x")) | {"statusCode": "200"}, 200, "not documented"),
        ({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": ""}, 200, "empty"),
        ({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": {"a": 1}}, 200, "text"),
        ({"statusCode": 500, "type": "application/vnd.microsoft.error", "value": {"message": "x"}}, 200, "code"),
        ({"statusCode": 500, "type": "application/vnd.microsoft.error", "value": "x"}, 200, "object"),
    ],
)
async def test_a_wrong_answer_is_no_answer_and_the_press_comes_again(
    teams: TeamsSandbox, bot: Any, help_channel: str, answer: Any, status: int, reason: str
) -> None:
    ana = teams.actor("ana")
    await bot.post(help_channel, message("Open", row(execute("Take it"))))
    bot.says(answer, status=status)
    delivery = await ana.press("Take it")
    assert (delivery.ok, delivery.error) == (False, "invalid_answer")
    assert ana.seen()[-1].trouble == "Unable to reach app. Please try again."
    assert reason in teams.troubles[0]
    assert len(bot.invokes("adaptiveCard/action")) == 2


async def test_an_error_of_the_bot_is_shown_once(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    await bot.post(help_channel, message("Open", row(execute("Take it"))))
    bot.says("oops", status=500)
    delivery = await teams.actor("ana").press("Take it")
    assert (delivery.status, delivery.error, len(bot.heard)) == (500, "http_error", 1)
    assert teams.actor("ana").sees("Unable to reach app")


async def test_a_second_answer_may_be_right(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    await bot.post(help_channel, message("Open", row(execute("Take it"))))
    bot.says("", shows(card("Yours")))
    assert (await teams.actor("ana").press("Take it")).ok
    assert teams.actor("ana").sees("Yours")


async def test_fields_of_a_card_are_sent_with_its_button(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.actor("ana")
    field = {"type": "Input.Text", "id": "why", "label": "Why?", "isRequired": True, "errorMessage": "Say why"}
    await bot.post(help_channel, message("x", field, CHOICES, row(execute("Go", data={"a": 1}), execute("Skip", associatedInputs="none"))))
    bot.says(shows(card("ok")))
    with pytest.raises(ClientRefused, match="Why"):
        await ana.press("Go")
    await ana.press("Skip")
    assert bot.heard[-1]["value"]["action"]["data"] == {}
    before = teams.actor("bob").find("Why?")
    await teams.actor("bob").press("Go", {"Why?": "late", "Size": "Large"}, on=before)
    assert bot.heard[-1]["value"]["action"]["data"] == {"a": 1, "why": "late", "size": "l"}


async def test_a_plain_submit_is_a_message_with_a_value(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    sent = await bot.post(
        help_channel, message("x", row(submit("Send", a=1), submit("Say", msteams={"type": "messageBack", "text": "hello"})))
    )
    ana = teams.actor("ana")
    await ana.press("Send")
    heard = bot.heard[-1]
    assert (heard["type"], heard["value"], heard["replyToId"], "text" in heard) == ("message", {"a": 1}, sent, False)
    await ana.press("Say")
    assert (bot.heard[-1]["text"], bot.heard[-1]["value"]) == ("hello", {})


async def test_what_stays_in_the_client(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    link = {"type": "Action.OpenUrl", "title": "Open", "url": "https://example.com/x"}
    await bot.post(help_channel, message("x", row(link, submit("Echo", msteams={"type": "imBack"}))))
    ana = teams.actor("ana")
    assert ana.seen()[0].buttons == ["Open", "Echo"]
    for name in ("Open", "Echo", "Nothing"):
        with pytest.raises(ClientRefused):
            await ana.press(name)
    assert bot.heard == []


async def test_an_old_card_can_still_be_pressed(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.actor("ana")
    sent = await bot.post(help_channel, message("x", row(execute("Go"))))
    old = ana.find("x")
    await bot.api("DELETE", f"conversations/{help_channel}/activities/{sent}")
    bot.says(shows(card("ok")))
    assert (await ana.press("Go", on=old)).ok
    assert ana.seen() == []


async def test_single_people_get_views_of_their_own(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana, bob = teams.actor("ana"), teams.actor("bob")
    bot.says(shows(card("For Ana")))
    refresh = {"action": execute("refresh", "view", data={"t": 1}), "userIds": [ana.user.id]}
    whole = {"type": "message", "attachments": [attached(card("For all", refresh=refresh))]}
    sent = await bot.post(help_channel, whole)
    await teams.settled()
    asked = bot.heard[-1]["value"]
    assert (asked["trigger"], asked["action"]["verb"], asked["action"]["data"]) == ("automatic", "view", {"t": 1})
    assert (ana.seen()[0].text, bob.seen()[0].text) == ("For Ana", "For all")
    await bot.api("PUT", f"conversations/{help_channel}/activities/{sent}", whole)
    await teams.settled()
    assert len(bot.heard) == 2
    del refresh["userIds"]
    await bot.post(help_channel, whole)
    await teams.settled()
    assert len(bot.heard) == 4


async def test_a_wrong_answer_to_a_refresh_shows_what_all_see(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    bot.says("")
    refresh = {"action": execute("refresh", "view"), "userIds": [teams.world.user("ana").id]}
    await bot.post(help_channel, {"type": "message", "attachments": [attached(card("For all", refresh=refresh))]})
    await teams.settled()
    assert teams.actor("ana").sees("For all")
    assert "automatic" in teams.troubles[0]


async def test_somebody_joins(teams: TeamsSandbox, bot: Any) -> None:
    cy = teams.add_user("cy")
    await teams.actor("ana").invite("cy", "#help")
    heard = bot.heard[-1]
    assert (heard["type"], heard["channelData"]["eventType"]) == ("conversationUpdate", "teamMemberAdded")
    assert heard["membersAdded"] == [{"id": cy.id, "aadObjectId": cy.aad}]
    await teams.actor("cy").message("#help", "hi")
    assert await teams.actor("ana").invite("bob", "#other") is None
    assert teams.world.user("bob").id in teams.world.channel("other").members


async def test_people_of_other_tenants_write_from_there(teams: TeamsSandbox, bot: Any) -> None:
    teams.add_user("vic", tenant="elsewhere")
    teams.add_user("gus", tenant="elsewhere", guest=True)
    await teams.actor("vic").message("dm", "hi")
    await teams.actor("gus").message("dm", "hi")
    assert [one["channelData"]["tenant"]["id"] for one in bot.heard] == ["elsewhere", teams.tenant]


async def test_slow_answers_are_asked_for_again(teams: TeamsSandbox, bot: Any, clock: HandClock) -> None:
    held = teams.faults.hold_next("sendToConversation")

    async def answer(activity: Json) -> Any:
        await bot.post(activity["conversation"]["id"], message("done"))
        raise AssertionError("the platform has long given up")

    await teams.actor("ana").message("#help", "the connection is made, and nothing else is measured")
    bot.heard.clear()
    bot.answer = answer
    teams.courier.answer_within = 2.0
    await teams.actor("ana").message("#help", "hi")
    assert teams.deliveries[-1].error == "http_timeout"
    bot.says("")
    teams.courier.answer_within = 30
    assert await teams.repeat() == 0
    clock.move(15)
    assert await teams.repeat() == 1
    assert [one["text"] for one in bot.heard] == ["hi", "hi"]
    assert bot.heard[0]["id"] == bot.heard[1]["id"]
    held.set()


async def test_an_activity_can_be_delivered_twice_and_the_bot_can_be_away(teams: TeamsSandbox, bot: Any) -> None:
    teams.faults.deliver_twice()
    await teams.actor("ana").message("#help", "hi", tamper=Tamper())
    assert [one["id"] for one in bot.heard] == [bot.heard[0]["id"]] * 2
    teams.bot_url = "http://127.0.0.1:9"
    assert (await teams.actor("ana").command("dm", "/issue")).error == "connection_failed"


async def test_without_an_endpoint_nothing_is_sent(teams: TeamsSandbox) -> None:
    assert (await teams.actor("ana").message("#help", "hi")).id
    with pytest.raises(LookupError):
        await teams.actor("ana").command("#help", "/issue")


def test_what_is_not_on_the_screen_is_named(teams: TeamsSandbox) -> None:
    with pytest.raises(LookupError, match="nothing"):
        teams.actor("ana").find("x")
    with pytest.raises(LookupError):
        teams.actor("nobody")


async def test_waiting_says_what_was_called_last(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    await bot.post(help_channel, message("x"))
    await teams.until(lambda: teams.actor("ana").sees("x"))
    with pytest.raises(TimeoutError, match="sendToConversation ok"):
        await teams.until(lambda: False, within=0.01)
