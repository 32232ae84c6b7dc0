"""The message extension: an action on a message, and a search."""

from typing import Any

import pytest

from bot.sandbox.teams import ClientRefused, TeamsSandbox
from tests.bot.sandbox.teams.conftest import attached, card, dialog, execute, message, row, shows, submit

Json = dict[str, Any]
FORM = card({"type": "Input.Text", "id": "title", "label": "Title"}, actions=[submit("Make it", form="ticket")])


def result(*titles: str) -> Json:
    """An answer with one card for each title."""
    found = [
        attached(card(one, row(execute("Open", "open"))))
        | {"preview": {"contentType": "application/vnd.microsoft.card.thumbnail", "content": {"title": one, "text": "open"}}}
        for one in titles
    ]
    return {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": found}}


async def test_a_message_becomes_a_ticket(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.actor("ana")
    said = await teams.actor("bob").message("#help", "the printer <2> is jammed @ana")
    bot.says(dialog(FORM), "")
    await ana.make_ticket(said)
    asked = bot.heard[-1]
    assert (asked["name"], asked["conversation"]["id"]) == ("composeExtension/fetchTask", f"{help_channel};messageid={said.id}")
    payload = asked["value"]["messagePayload"]
    assert (asked["value"]["commandId"], asked["value"]["commandContext"]) == ("ticket.from_message", "message")
    assert payload["from"]["user"] == {
        "userIdentityType": "aadUser",
        "id": teams.world.user("bob").aad,
        "displayName": "Bob Novak",
    }
    assert "the printer &lt;2&gt; is jammed <span" in payload["body"]["content"]
    assert payload["linkToMessage"].startswith("https://teams.microsoft.com/l/message/19:")
    await ana.submit({"Title": "Printer"})
    sent = bot.heard[-1]
    assert (sent["name"], sent["value"]["data"]) == ("composeExtension/submitAction", {"form": "ticket", "title": "Printer"})
    assert sent["value"]["messagePayload"] == payload
    assert ana.modal is None


async def test_the_bots_own_message_has_an_application_for_its_author(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    await bot.post(help_channel, message("Hello"))
    bot.says(dialog(FORM))
    await teams.actor("ana").make_ticket("Hello", command="other")
    value = bot.heard[-1]["value"]
    assert (value["commandId"], value["messagePayload"]["from"]["user"]) == ("other", None)
    assert value["messagePayload"]["from"]["application"]["id"] == teams.app_id


async def test_an_action_may_end_with_a_card_for_what_one_writes(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.actor("ana")
    said = await ana.message("#help", "x")
    bot.says(dialog(FORM), result("T-1"))
    await ana.make_ticket(said)
    await ana.submit()
    assert ana.modal is None
    await ana.send_draft("#help", "look")
    assert teams.actor("bob").seen()[-1].text == "look\nT-1\nOpen"
    with pytest.raises(ClientRefused):
        await ana.send_draft("#help")


async def test_an_action_may_end_with_a_sentence_or_a_wrong_answer(teams: TeamsSandbox, bot: Any) -> None:
    ana = teams.actor("ana")
    said = await ana.message("#help", "x")
    bot.says(dialog(FORM), {"composeExtension": {"type": "message", "text": "Already one."}}, dialog(FORM), result("T-1", "T-2"))
    await ana.make_ticket(said)
    await ana.submit()
    assert ana.modal is not None
    assert ana.modal.says("Already one.")
    await ana.make_ticket(said)
    await ana.submit()
    assert "one card" in teams.troubles[0]


async def test_a_search_and_what_is_inserted(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana, bob = teams.actor("ana"), teams.actor("bob")
    bot.says(result("T-1 light", "T-2 door"))
    first = await ana.search()
    assert bot.heard[-1]["value"]["parameters"] == [{"name": "initialRun", "value": "true"}]
    assert [one.title for one in first] == ["T-1 light", "T-2 door"]
    await ana.search("door", "#help")
    asked = bot.heard[-1]
    assert (asked["name"], asked["value"]["parameters"]) == ("composeExtension/query", [{"name": "words", "value": "door"}])
    assert asked["value"]["queryOptions"] == {"skip": 0, "count": 25}
    picked = await ana.pick(first[1], "#help")
    assert bob.find("T-2 door").author == ana.user.id
    bot.says(shows(card("Opened")))
    await bob.press("Open", on=picked)
    assert (bot.heard[-1]["replyToId"], bob.sees("Opened"), ana.sees("Opened")) == (picked.id, True, False)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({}, "composeExtension"),
        ({"composeExtension": {"type": "message", "text": ""}}, "text"),
        ({"composeExtension": {"type": "nonsense"}}, "not documented"),
        ({"composeExtension": {"type": "result"}}, "attachments"),
        ({"composeExtension": {"type": "result", "attachmentLayout": "x", "attachments": []}}, "attachmentLayout"),
        ({"composeExtension": {"type": "result", "attachments": [attached(card("x"))]}}, "preview"),
    ],
)
async def test_a_wrong_answer_finds_nothing(teams: TeamsSandbox, bot: Any, answer: Json, reason: str) -> None:
    bot.says(answer)
    assert await teams.actor("ana").search("x") == []
    assert reason in teams.troubles[0]
    assert teams.actor("ana").sees("Unable to reach app")


async def test_a_sentence_in_place_of_results(teams: TeamsSandbox, bot: Any) -> None:
    bot.says({"composeExtension": {"type": "message", "text": "No ticket matches."}})
    assert await teams.actor("ana").search("x") == []
    assert teams.actor("ana").find("No ticket matches.").kind == "ephemeral"


# ---------------------------------------------------------------- from anywhere


async def test_an_action_without_a_message(teams: TeamsSandbox, bot: Any) -> None:
    ana = teams.actor("ana")
    bot.says(dialog(FORM), "")
    await ana.shortcut("ticket.report")
    value = bot.heard[-1]["value"]
    assert (value["commandId"], value["commandContext"], "messagePayload" in value) == ("ticket.report", "compose", False)
    await ana.submit({"Title": "Printer"})
    assert bot.heard[-1]["name"] == "composeExtension/submitAction"


async def test_whom_a_message_names_comes_along(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    said = await teams.actor("bob").message("#help", "ask @ana and @deskbell")
    bot.says(dialog(FORM))
    await teams.actor("ana").make_ticket(said)
    person, app = bot.heard[-1]["value"]["messagePayload"]["mentions"]
    assert (person["mentioned"]["user"]["id"], person["mentionText"]) == (teams.world.user("ana").aad, teams.world.user("ana").real_name)
    assert (app["mentioned"]["user"], app["mentioned"]["application"]["id"]) == (None, teams.app_id)


# ---------------------------------------------------------------- links


LINK = "https://desk.example.com/t/1"


def previewed(version: str) -> Json:
    """What may be shown for a link."""
    answer = result("T-1")
    shown = answer["composeExtension"]["attachments"][0]
    shown["content"] = {**card("T-1"), "version": version}
    return answer


async def test_a_link_of_the_apps_is_asked_about_while_it_is_written(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    teams.app.link_domains = {"desk.example.com", "*.wide.example"}
    bot.says(previewed("1.3"))
    said = await teams.actor("ana").message("#help", f"see {LINK} and https://other.example/x")
    asked = bot.heard[0]
    assert (asked["name"], asked["value"], asked["conversation"]["id"]) == ("composeExtension/queryLink", {"url": LINK}, help_channel)
    assert "T-1" in teams.actor("bob").look(said).text
    assert len([one for one in bot.heard if one["type"] == "invoke"]) == 1


async def test_a_sentence_in_place_of_a_card_is_not_shown(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    teams.app.link_domains = {"desk.example.com"}
    bot.says({"composeExtension": {"type": "message", "text": "Nothing."}})
    said = await teams.actor("ana").message("#help", LINK)
    assert said.attachments == []
    assert not teams.actor("ana").sees("Nothing.")


async def test_a_card_that_is_too_new_for_a_link_is_trouble(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    teams.app.link_domains = {"desk.example.com"}
    bot.says(previewed("1.5"), previewed("1.5"))
    said = await teams.actor("ana").message("#help", LINK)
    assert said.attachments == []
    assert "version 1.3 at most" in teams.troubles[0]


async def test_whoever_does_not_have_the_app_has_no_preview(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    teams.app.link_domains = {"desk.example.com"}
    await teams.uninstall(teams.world.user("ana"), "ana")
    await teams.actor("ana").message("#help", LINK)
    assert [one for one in bot.heard if one["type"] == "invoke"] == []
