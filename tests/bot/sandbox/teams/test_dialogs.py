"""Dialogs: opened by a button, filled in by people, honoured as Teams does."""

from typing import Any

import pytest

from bot.sandbox.teams import ClientRefused, TeamsSandbox
from tests.bot.sandbox.teams.conftest import card, dialog, execute, fetch, message, row, shows, submit

Json = dict[str, Any]
WHAT = {"type": "Input.Text", "id": "what", "label": "What?", "isRequired": True, "errorMessage": "Say what", "maxLength": 20}
WHO = {
    "type": "Input.ChoiceSet",
    "id": "who",
    "label": "Who?",
    "isMultiSelect": True,
    "choices": [],
    "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
}
FORM = card(WHAT, WHO, actions=[submit("Send", form="fix")])


@pytest.fixture
async def posted(bot: Any, help_channel: str) -> str:
    return str(await bot.post(help_channel, message("Open", row(fetch("Fixed…", deskbell={"f": "fix"}), execute("Other")))))


async def test_a_button_opens_a_dialog(teams: TeamsSandbox, bot: Any, help_channel: str, posted: str) -> None:
    bot.says(dialog(FORM, "Fixed"))
    assert (await teams.actor("ana").press("Fixed…")).ok
    heard = bot.heard[-1]
    assert heard["value"] == {"data": {"deskbell": {"f": "fix"}, "type": "task/fetch"}, "context": {"theme": "default"}}
    assert (heard["conversation"]["id"], heard["replyToId"]) == (f"{help_channel};messageid={posted}", posted)
    modal = teams.actor("ana").modal
    assert modal is not None
    assert (modal.kind, modal.text, modal.buttons) == ("modal", "Fixed\nWhat?\nWho?\nSend", ["Send"])
    assert teams.actor("bob").modal is None


async def test_the_dialog_may_come_without_saying_where_its_button_was(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    teams.app.names_the_card = False
    bot.says(dialog(FORM))
    await teams.actor("ana").press("Fixed…")
    assert "replyToId" not in bot.heard[-1]


async def test_some_people_pickers_offer_the_members_only(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana, cy = teams.actor("ana"), teams.add_user("cy")
    query = {"type": "Data.Query", "dataset": "graph.microsoft.com/users?scope=currentContext"}
    bot.says(dialog(card(WHO | {"choices.data": query}, actions=[submit("Send")])), dialog(FORM))
    await ana.press("Fixed…")
    await ana.fill("Who?", "bob")
    with pytest.raises(ClientRefused):
        await ana.fill("Who?", "cy")
    await ana.close()
    await ana.press("Fixed…")
    await ana.submit({"What?": "x", "Who?": cy.real_name})
    assert bot.heard[-1]["value"]["data"]["who"] == cy.aad


async def test_a_dialog_is_sent_with_what_was_filled_in(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana = teams.actor("ana")
    bot.says(dialog(FORM), "")
    await ana.press("Fixed…")
    with pytest.raises(ClientRefused, match="What"):
        await ana.submit()
    assert ana.modal is not None
    assert ana.modal.errors == {"What?": "Say what"}
    assert (await ana.submit({"What?": "bulb", "who": ["ana", "Bob Novak"]})).ok
    people = ",".join(str(teams.world.user(one).aad) for one in ("ana", "bob"))
    assert bot.heard[-1]["value"]["data"] == {"form": "fix", "what": "bulb", "who": people}
    assert ana.modal is None


@pytest.mark.parametrize("answer", ["", "{}", '{"task": null}'])
async def test_what_closes_a_dialog(teams: TeamsSandbox, bot: Any, posted: str, answer: str) -> None:
    ana = teams.actor("ana")
    bot.says(dialog(FORM), answer)
    await ana.press("Fixed…")
    await ana.submit({"What?": "x"})
    assert (ana.modal, teams.troubles) == (None, [])


async def test_an_answer_may_be_the_same_form_with_errors(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana = teams.actor("ana")
    sentence = {"type": "TextBlock", "text": "Too short", "color": "Attention", "wrap": True}
    red = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "Nobody", "color": "Attention"}]}
    note = {"type": "TextBlock", "text": "Careful", "color": "attention"}
    again = card(note, WHAT | {"value": "x"}, sentence, WHO, red, actions=[submit("Send")])
    bot.says(dialog(FORM), dialog(again))
    await ana.press("Fixed…")
    await ana.submit({"What?": "x"})
    assert ana.modal is not None
    assert ana.modal.errors == {"What?": "Too short", "Who?": "Nobody"}
    await ana.submit()
    assert bot.heard[-1]["value"]["data"] == {"what": "x"}


async def test_an_answer_may_be_a_sentence(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana = teams.actor("ana")
    bot.says(dialog(FORM), {"task": {"type": "message", "value": "Done."}}, shows(card("ok")))
    await ana.press("Fixed…")
    await ana.submit({"What?": "x"})
    assert ana.modal is not None
    assert ana.modal.says("Done.")
    with pytest.raises(ClientRefused):
        await ana.submit()
    assert (await ana.press("Other")).ok
    assert ana.modal is None


async def test_a_dialog_covers_what_lies_behind_it(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana = teams.actor("ana")
    bot.says(dialog(FORM))
    await ana.press("Fixed…")
    with pytest.raises(ClientRefused):
        await ana.press("Other")
    await ana.close_modal()
    assert ana.modal is None
    with pytest.raises(ClientRefused):
        await ana.close()


async def test_a_button_in_a_dialog_is_sent_as_dialogs_can(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana = teams.actor("ana")
    known = execute("Undo", "undo", fallback=submit("Undo", a="undo"))
    bot.says(dialog(card("Done", row(known, execute("Never")))), "")
    await ana.press("Fixed…")
    with pytest.raises(ClientRefused):
        await ana.press("Never")
    await ana.press("Undo")
    assert (bot.heard[-1]["name"], bot.heard[-1]["value"]["data"]) == ("task/submit", {"a": "undo"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("What?", "x" * 21), ("Who?", "nobody"), ("Nothing", "x")],
)
async def test_what_the_client_does_not_take(teams: TeamsSandbox, bot: Any, posted: str, name: str, value: str) -> None:
    bot.says(dialog(FORM))
    await teams.actor("ana").press("Fixed…")
    with pytest.raises(ClientRefused):
        await teams.actor("ana").fill(name, value)


async def test_every_kind_of_field(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana = teams.actor("ana")
    fields: list[Json] = [
        {"type": "Input.Number", "id": "n", "label": "N", "min": 1, "max": 5, "isRequired": True, "errorMessage": "1 to 5"},
        {"type": "Input.Date", "id": "d", "label": "D"},
        {"type": "Input.Time", "id": "t", "label": "T"},
        {"type": "Input.Toggle", "id": "b", "title": "B", "valueOn": "yes", "valueOff": "no"},
        {"type": "Input.ChoiceSet", "id": "c", "label": "C", "choices": [{"title": "One", "value": "1"}], "value": "1"},
        {"type": "Input.Text", "id": "r", "label": "R", "regex": "^[0-9]+$", "errorMessage": "digits"},
    ]
    bot.says(dialog(card(*fields, actions=[submit("Send")])), "")
    await ana.press("Fixed…")
    for name, wrong in (("D", "soon"), ("T", "25:00"), ("N", "many"), ("C", "Two"), ("C", ["One", "One"])):
        with pytest.raises(ClientRefused):
            await ana.fill(name, wrong)
    with pytest.raises(ClientRefused, match="N, R"):
        await ana.submit({"N": "6", "R": "x"})
    await ana.submit({"N": "5", "D": "2026-01-31", "T": "08:30", "B": True, "R": "7", "C": None})
    assert bot.heard[-1]["value"]["data"] == {"n": "5", "d": "2026-01-31", "t": "08:30", "b": "yes", "r": "7"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "empty"),
        ({}, "task"),
        ({"task": {"type": "nonsense"}}, "not documented"),
        ({"task": {"type": "message", "value": ""}}, "text"),
        ({"task": {"type": "continue", "value": "x"}}, "object"),
        ({"task": {"type": "continue", "value": {"title": "x"}}}, "either"),
        ({"task": {"type": "continue", "value": {"card": {"contentType": "text/plain"}}}}, "attachment"),
        ({"task": {"type": "continue", "value": dialog(FORM)["task"]["value"] | {"height": "huge"}}}, "height"),
        ({"task": {"type": "continue", "value": dialog(FORM)["task"]["value"] | {"title": 1}}}, "title"),
        (dialog(card(WHAT, WHAT)), "twice"),
        (dialog(card()), "shows nothing"),
    ],
)
async def test_a_wrong_answer_opens_nothing(teams: TeamsSandbox, bot: Any, posted: str, answer: Any, reason: str) -> None:
    ana = teams.actor("ana")
    bot.says(answer)
    assert (await ana.press("Fixed…")).error == "invalid_answer"
    assert reason in teams.troubles[0]
    assert (ana.modal, ana.sees("Unable to reach app")) == (None, True)


async def test_a_wrong_answer_to_what_was_sent_keeps_the_dialog(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana = teams.actor("ana")
    bot.says(dialog(FORM), '{"task": 1}')
    await ana.press("Fixed…")
    await ana.submit({"What?": "x"})
    assert ana.modal is not None
    assert ana.modal.trouble
    bot.says("")
    await ana.submit()
    assert bot.heard[-1]["value"]["data"]["what"] == "x"
    assert teams.actor("ana").modal is None


async def test_whoever_forces_it_sends_what_the_client_would_hold_back(teams: TeamsSandbox, bot: Any, posted: str) -> None:
    ana = teams.actor("ana")
    bot.says(dialog(FORM), "")
    await ana.press("Fixed…")
    await ana.submit(force=True)
    assert bot.heard[-1]["value"]["data"] == {"form": "fix", "what": ""}
