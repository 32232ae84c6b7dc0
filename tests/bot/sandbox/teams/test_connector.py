"""The connector: what each method does, and what it refuses with which code."""

from typing import Any

import pytest

from bot.sandbox.teams import HandClock, TeamsSandbox
from tests.bot.sandbox.teams.conftest import attached, card, execute, message, row

Json = dict[str, Any]


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


async def test_a_post_in_a_channel_begins_a_thread(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    root = await bot.post(help_channel, message("Hello", summary="Hi"))
    await bot.post(f"{help_channel};messageid={root}", message("And more"))
    first, second = teams.actor("ana").seen()
    assert (first.text, first.kind, first.thread_ts, first.notification, first.channel) == ("Hello", "message", None, "Hi", help_channel)
    assert (second.text, second.thread_ts) == ("And more", root)


async def test_only_the_conversations_id_decides_about_the_thread(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    root = await bot.post(help_channel, message("Hello"))
    path = f"conversations/{help_channel}/activities/{root}"
    assert (await bot.api("POST", path, message("Beside")))[0] == 201
    path = f"conversations/{help_channel};messageid={root}/activities/{root}"
    assert (await bot.api("POST", path, message("Below")))[0] == 201
    assert [one.thread_ts for one in teams.actor("ana").seen()] == [None, None, root]


async def test_messages_are_updated_and_taken_back(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    sent = await bot.post(help_channel, message("Before"))
    path = f"conversations/{help_channel};messageid={sent}/activities/{sent}"
    assert await bot.api("PUT", path, message("After")) == (200, {"id": sent})
    assert [(one.text, one.edited) for one in teams.actor("ana").seen()] == [("After", True)]
    assert await bot.api("DELETE", path) == (200, None)
    assert teams.actor("ana").seen() == []
    assert code(await bot.api("PUT", path, message("x"))) == (404, "ActivityNotFoundInConversation")
    assert code(await bot.api("DELETE", path)) == (404, "ActivityNotFoundInConversation")


async def test_a_thread_goes_on_when_its_first_message_was_deleted(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    said = await teams.actor("ana").message("#help", "hi")
    await teams.actor("ana").delete(said)
    await bot.post(f"{help_channel};messageid={said.id}", message("Still here"))
    assert [one.text for one in teams.actor("bob").seen()] == ["Still here"]


async def test_only_its_own_messages_are_changed(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    said = await teams.actor("ana").message("#help", "hi")
    path = f"conversations/{help_channel}/activities/{said.id}"
    assert code(await bot.api("PUT", path, message("x"))) == (403, "NotEnoughPermissions")
    assert code(await bot.api("DELETE", path)) == (403, "NotEnoughPermissions")


async def test_a_message_is_in_one_thread_only(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    one, two = [await bot.post(help_channel, message(words)) for words in ("one", "two")]
    path = f"conversations/{help_channel};messageid={one}/activities/{two}"
    assert code(await bot.api("PUT", path, message("x"))) == (404, "ActivityNotFoundInConversation")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("nonsense", (400, "BadSyntax")),
        ("19:gone@thread.tacv2", (404, "ConversationNotFound")),
        ("HELP;messageid=12", (404, "ConversationNotFound")),
        ("OTHER", (403, "BotNotInConversationRoster")),
    ],
)
async def test_where_it_cannot_post(teams: TeamsSandbox, bot: Any, where: str, expected: tuple[int, str]) -> None:
    for name in ("help", "other"):
        where = where.replace(name.upper(), teams.world.channel(name).id)
    assert code(await bot.send(where, message("x"))) == expected


async def test_a_chat_that_is_blocked_or_without_the_app(teams: TeamsSandbox, bot: Any) -> None:
    chat = teams.actor("ana").dm()
    chat.blocked = True
    assert code(await bot.send(chat.id, message("x"))) == (403, "MessageWritesBlocked")
    stranger = teams.actor(teams.add_user("cy", added=False))
    assert code(await bot.send(stranger.dm().id, message("x"))) == (403, "MessageWritesBlocked")


async def test_a_targeted_message_is_on_one_screen_only(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana, bob = teams.actor("ana"), teams.actor("bob")
    sent = await bot.post(help_channel, message("Only you", recipient={"id": ana.user.id}), isTargetedActivity="true")
    assert [(one.kind, one.text) for one in ana.seen()] == [("ephemeral", "Only you")]
    assert bob.seen() == []
    path = f"conversations/{help_channel}/activities/{sent}"
    assert code(await bot.api("PUT", path, message("x"))) == (404, "ActivityNotFoundInConversation")
    assert (await bot.api("PUT", path, message("Changed"), isTargetedActivity="true"))[0] == 200
    assert ana.sees("Changed")
    assert (await bot.api("DELETE", path, isTargetedActivity="true"))[0] == 200
    assert ana.seen() == []


async def test_a_targeted_message_vanishes_after_a_day(teams: TeamsSandbox, bot: Any, help_channel: str, clock: HandClock) -> None:
    ana = teams.actor("ana")
    await bot.post(help_channel, message("Only you", recipient={"id": ana.user.id}), isTargetedActivity="true")
    clock.move(24 * 3600)
    assert ana.sees("Only you")
    clock.move(1)
    assert not ana.sees("Only you")


async def test_whom_no_targeted_message_reaches(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    cy = teams.add_user("cy")
    for recipient in ({}, {"recipient": {"id": cy.id}}, {"recipient": {"id": teams.world.user("eve").id}}):
        assert code(await bot.send(help_channel, message("x", **recipient), isTargetedActivity="true")) == (400, "BadArgument")
    chat = teams.actor("ana").dm().id
    assert code(await bot.send(chat, message("x", recipient={"id": cy.id}), isTargetedActivity="true")) == (400, "BadArgument")


async def test_under_a_private_command_there_is_no_public_thread(teams: TeamsSandbox, bot: Any) -> None:
    ana = teams.actor("ana")
    await ana.command("#help", "/issue", "x")
    where = bot.heard[-1]["conversation"]["id"]
    assert code(await bot.send(where, message("x"))) == (400, "BadArgument")
    await bot.post(where, message("Thanks", recipient={"id": ana.user.id}), isTargetedActivity="true")
    assert ana.sees("Thanks")
    assert not teams.actor("bob").sees("Thanks")


async def test_a_new_thread(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    body = {"isGroup": True, "channelData": {"channel": {"id": help_channel}}, "activity": message("Hello")}
    status, answer = await bot.api("POST", "conversations", body)
    assert status == 201
    assert answer["id"] == f"{help_channel};messageid={answer['activityId']}"
    assert answer["serviceUrl"] == teams.service_url
    assert teams.actor("bob").sees("Hello")


@pytest.mark.parametrize("by", ["id", "aad"])
async def test_a_new_chat_with_one_person(teams: TeamsSandbox, bot: Any, by: str) -> None:
    ana = teams.actor("ana")
    body = {"members": [{"id": getattr(ana.user, by)}], "tenantId": teams.tenant, "bot": {"id": teams.app.bot}}
    assert await bot.api("POST", "conversations", body) == (201, {"id": ana.dm().id, "serviceUrl": teams.service_url})


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"members": "ana"},
        {"members": [{"name": "Ana"}], "tenantId": "TENANT"},
        {"members": [{"id": "ANA"}]},
        {"members": [{"id": "ANA"}], "tenantId": "elsewhere"},
        {"members": [{"id": "ANA"}, {"id": "ANA"}], "tenantId": "TENANT"},
        {"isGroup": True, "members": [{"id": "ANA"}], "tenantId": "TENANT"},
        {"isGroup": True, "channelData": {"channel": {"id": "HELP"}}},
        {"channelData": {"channel": {"id": "HELP"}}, "activity": {"type": "message", "text": "x"}},
        {"isGroup": True, "channelData": {"channel": {"id": "LUNCH"}}, "activity": {"type": "message", "text": "x"}},
        {"isGroup": True, "channelData": 1, "activity": {"type": "message", "text": "x"}},
    ],
)
async def test_what_is_no_new_conversation(teams: TeamsSandbox, bot: Any, body: Any) -> None:
    names = {"ANA": teams.world.user("ana").id, "TENANT": teams.tenant}
    names |= {name.upper(): teams.world.channel(name).id for name in ("help", "lunch")}

    def named(thing: Any) -> Any:
        if isinstance(thing, dict):
            return {key: named(inner) for key, inner in thing.items()}
        return [named(one) for one in thing] if isinstance(thing, list) else names.get(thing, thing) if isinstance(thing, str) else thing

    assert (await bot.api("POST", "conversations", named(body)))[0] == 400


async def test_who_is_in_a_conversation(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.world.user("ana")
    status, people = await bot.api("GET", f"conversations/{help_channel}/members")
    assert (status, [one["name"] for one in people]) == (200, ["Ana Silva", "Bob Novak"])
    assert people[0]["objectId"] == ana.aad
    for key in (ana.id, ana.aad):
        status, one = await bot.api("GET", f"conversations/{help_channel}/members/{key}")
        assert (status, one["email"], one["tenantId"], one["userRole"]) == (200, "ana@example.com", teams.tenant, "user")
    gone = teams.world.user("eve").id
    assert code(await bot.api("GET", f"conversations/{help_channel}/members/{gone}")) == (404, "MemberNotFoundInConversation")


async def test_people_without_a_stable_id_and_guests(teams: TeamsSandbox, bot: Any) -> None:
    teams.add_user("nobody", aad=False)
    teams.add_user("gus", guest=True, tenant="elsewhere")
    chat = teams.add_group_chat("odd", ["nobody", "gus"])
    _, people = await bot.api("GET", f"conversations/{chat.id}/members")
    assert "aadObjectId" not in people[0]
    assert "objectId" not in people[0]
    assert (people[1]["userRole"], people[1]["tenantId"]) == ("guest", "elsewhere")


async def test_the_members_of_a_large_channel_come_in_pages(teams: TeamsSandbox, bot: Any) -> None:
    names = [teams.add_user(f"u{n}").name for n in range(120)]
    channel = teams.add_channel("crowd", names).id
    found: list[str] = []
    query = {"pageSize": "10"}
    for _ in range(3):
        _, page = await bot.api("GET", f"conversations/{channel}/pagedmembers", **query)
        found += [one["name"] for one in page["members"]]
        query["continuationToken"] = page.get("continuationToken", "")
    assert len(found) == len(set(found)) == 120
    assert query["continuationToken"] == ""
    chat = teams.add_group_chat("all", names).id
    _, page = await bot.api("GET", f"conversations/{chat}/pagedmembers", pageSize="50")
    assert (len(page["members"]), "continuationToken" in page) == (120, False)
    for wrong in ({"pageSize": "x"}, {"continuationToken": "x"}):
        assert code(await bot.api("GET", f"conversations/{channel}/pagedmembers", **wrong)) == (400, "BadArgument")


async def test_a_team_and_its_channels(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    office = teams.world.team("Office")
    status, answer = await bot.api("GET", f"teams/{office.id}")
    assert (status, answer["name"], answer["aadGroupId"]) == (200, "Office", office.aad)
    _, answer = await bot.api("GET", f"teams/{office.id}/conversations")
    assert answer == {"conversations": [{"id": office.id}, {"id": help_channel, "name": "help"}]}
    assert code(await bot.api("GET", f"teams/{teams.world.team('Elsewhere').id}")) == (403, "BotNotInConversationRoster")
    assert code(await bot.api("GET", "teams/nothing")) == (404, "ConversationNotFound")


@pytest.mark.parametrize(
    "activity",
    [
        {},
        {"type": "message"},
        {"type": "message", "text": ""},
        {"type": "invoke", "text": "x"},
        {"type": "message", "text": 1},
        {"type": "message", "text": "x", "textFormat": "html"},
        {"type": "message", "attachments": [{"content": {}}]},
        {"type": "message", "attachments": [{"contentType": "text/x-unknown", "content": {}}]},
        {"type": "message", "attachments": [{"contentType": "image/png", "contentUrl": "file:///etc/passwd"}]},
        {"type": "message", "attachments": {}},
        {"type": "message", "text": "<at>Ana</at> hi"},
        {"type": "message", "text": "hi", "entities": [{"type": "mention", "text": "<at>Ana</at>", "mentioned": {"id": "x"}}]},
        {
            "type": "message",
            "text": "<at>A</at>",
            "entities": [{"type": "mention", "text": "<at>A</at>", "mentioned": {"id": "29:nobody"}}],
        },
        {"type": "message", "text": "x", "suggestedActions": {"actions": []} | {"to": []}},
        [],
        "x",
    ],
)
async def test_activities_that_are_refused(teams: TeamsSandbox, bot: Any, help_channel: str, activity: Any) -> None:
    status, answer = await bot.send(help_channel, activity)
    assert (status, answer["error"]["code"]) in ((400, "BadArgument"), (400, "BadSyntax"))
    assert answer["error"]["message"]
    assert teams.actor("ana").seen() == []


async def test_a_broken_body_and_a_wrong_type_of_it(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    await bot.sign_in()
    address = f"{teams.service_url}v3/conversations/{help_channel}/activities"
    headers = {"Authorization": f"Bearer {(await bot.sign_in())[1]['access_token']}"}
    for body, kind, status in (("{", "application/json", 400), ("text=x", "text/plain", 415)):
        async with bot.http.post(address, data=body, headers=headers | {"Content-Type": kind}) as got:
            assert got.status == status


async def test_somebody_is_mentioned(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.world.user("ana")
    entity = {"type": "mention", "text": "<at>Ana</at>", "mentioned": {"id": ana.id, "name": "Ana"}}
    await bot.post(help_channel, {"type": "message", "text": "<at>Ana</at> please look", "entities": [entity]})
    there = {"type": "mention", "text": "<at>Bob</at>", "mentioned": {"id": teams.world.user("bob").aad, "name": "Bob"}}
    await bot.post(help_channel, {"type": "message", "attachments": [attached(card("<at>Bob</at> too", msteams={"entities": [there]}))]})
    words, in_card = teams.actor("ana").seen()
    assert (words.text, words.pings) == ("Ana please look", {ana.id})
    assert (in_card.text, in_card.pings) == ("Bob too", {teams.world.user("bob").id})


async def test_more_than_28_kilobytes_are_too_much(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    assert code(await bot.send(help_channel, message("ä" * (14 * 1024)))) == (413, "MessageSizeTooBig")
    assert (await bot.send(help_channel, message("x" * (27 * 1024))))[0] == 201


async def test_words_beside_a_card_are_split_and_have_no_id(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    assert await bot.send(help_channel, message("A card", text="Words")) == (201, {})
    assert [one.text for one in teams.actor("ana").seen()] == ["Words", "A card"]


async def test_typing_is_not_a_message(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    assert (await bot.send(help_channel, {"type": "typing"}))[0] == 201
    assert teams.actor("ana").seen() == []


async def test_a_wrong_card_is_refused_with_its_reason(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    status, answer = await bot.send(help_channel, message("x", row(execute("Go", verb=""))))
    assert status == 400
    assert "/attachments/0/content/body/1/actions/0/verb" in answer["error"]["message"]


async def test_calls_are_kept(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    sent = await bot.post(help_channel, message("x"))
    await bot.api("PUT", f"conversations/{help_channel}/activities/{sent}", message("y"))
    await bot.send("nonsense", message("z"))
    first, wrong = teams.calls_of("sendToConversation")
    assert (first.ok, first.status, first.answer["id"], first.args["conversation"]) == (True, 201, sent, help_channel)
    assert first.body["attachments"]
    assert (wrong.ok, wrong.error) == (False, "BadSyntax")
    assert teams.calls_of("updateActivity")[0].args["activity"] == sent
