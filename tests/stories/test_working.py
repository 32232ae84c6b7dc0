"""Working on tickets in Slack: forms and their mistakes, waiting, talking, privacy, looking things up."""

from __future__ import annotations

import pytest

from bot.sandbox.slack import ClientRefused
from tests.stories.world import Story

CHATS = ("slack", "teams")


async def test_the_form_asks_for_words_and_keeps_what_was_typed(office: Story) -> None:
    await office.ana.opens_form()
    await office.ana.sends({"What is wrong, or what do you need?": "   ", "Where?": "3rd floor"}, force=True)
    modal = office.ana.actor.modal
    assert modal is not None
    assert "Please say in a few words" in " ".join(modal.errors.values())
    await office.ana.sends({"What is wrong, or what do you need?": "light flickering", "Whom does it touch?": "Several of us"})
    assert office.ana.sees("#1 is open: light flickering")
    assert office.bob.post("#1 light flickering", "building").says("3rd floor")


async def test_an_unsure_category_is_settled_by_one_press_and_moves_the_card(office: Story) -> None:
    await office.ana.says("/issue I need a new headset for calls")
    assert office.oli.sees("#1 I need a new headset")
    await office.ana.presses("Hardware")
    assert office.ana.sees("IT › Hardware")
    assert office.eva.post("#1 I need a new headset", "it-help").says("IT › Hardware")
    assert office.oli.post("#1 has moved to IT desk", "desk")


async def test_how_much_it_slows_in_one_press_raises_the_priority(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.ana.presses("A little")
    assert office.bob.post("#1", "building").says("Facilities › Electrical · low")
    assert not [one for one in office.ana.screen if "A little" in one.buttons]


async def test_what_a_category_needs_to_know_is_asked_before_anybody_starts(office: Story) -> None:
    await office.ana.says("/issue please buy a licence of the drawing program")
    assert office.ana.sees("Before anybody starts I need: About how much?")
    assert office.cy.post("#1", "finance-desk").says("on hold")
    await office.ana.presses("Fill in…")
    await office.ana.sends({"About how much?": "350"})
    card = office.cy.post("#1", "finance-desk")
    assert card.says("350")
    assert card.says("· new")


async def test_a_private_ticket_is_found_by_nobody_else(office: Story) -> None:
    await office.ana.says("/issue private my chair was damaged by a colleague")
    await office.hal.says("/issue show 1")
    assert office.hal.sees("There is no ticket #1 that you can see.")
    await office.hal.says("/issue find chair")
    assert office.hal.sees("No ticket that you can see has “chair” in it.")
    await office.ana.says("/issue show 1")
    assert office.ana.sees("private")


async def test_on_hold_until_a_day_and_back_in_the_morning(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.bob.presses("Take it")
    await office.bob.presses("Put on hold…")
    await office.bob.sends({"Until when?": "2026-11-10"})
    modal = office.bob.actor.modal
    assert modal is not None
    assert "Please choose a day after today." in modal.errors.values()
    await office.bob.sends({"Until when?": "2026-11-18", "Why?": "the part comes then"})
    assert office.bob.post("#1", "building").says("On hold until Wed")
    assert office.bob.post("#1", "building").says("the part comes then")
    await office.later(days=2)
    assert office.bob.post("#1", "building").says("in progress")
    assert office.bob.sees("the day it was put aside for has come")


async def test_a_question_waits_for_its_answer(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.bob.presses("Take it")
    await office.bob.presses("Ask the requester…")
    await office.bob.sends({"Your question": "Which lamp?"})
    assert office.ana.sees("A question about #1: light above my desk flickering")
    await office.ana.presses("Answer…")
    await office.ana.sends({"Your answer": "The left one"})
    assert office.ana.sees("This is settled, thank you.")
    assert office.bob.sees("The left one")
    assert office.bob.post("#1", "building").says("in progress")


async def test_a_saved_answer_is_read_once_more_before_it_goes_out(office: Story) -> None:
    await office.ana.says("/issue my laptop screen is black")
    await office.eva.presses("Reply…")
    titles = [answer.title for answer in office.office.answers.values() if not answer.categories or "it.hardware" in answer.categories]
    await office.eva.sends({"Start from a saved answer": titles[0]})
    modal = office.eva.actor.modal
    assert modal is not None
    assert "{number}" not in str(modal.raw)
    await office.eva.sends({})
    assert office.ana.sees("Eva Ekman on #1 my laptop screen is black")


async def test_a_work_note_stays_inside(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.bob.presses("Work note…")
    await office.bob.sends({"Only those who work on it read this": "the landlord pays"})
    assert office.bob.sees("the landlord pays")
    assert not office.ana.sees("the landlord pays")
    await office.ana.says("/issue show 1")
    assert not office.ana.sees("the landlord pays")


async def test_a_comment_of_the_requester_appears_in_the_thread_of_the_card(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.ana.says("/issue show 1")
    await office.ana.presses("Comment…")
    await office.ana.sends({"Your words": "it is worse in the morning"})
    card = office.bob.post("#1 light above", "building")
    copies = [one for one in office.bob.screen if one.thread_ts == card.id and one.says("it is worse in the morning")]
    assert len(copies) == 1


async def test_lists_show_what_is_mine_mine_to_do_and_late(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.ana.says("/issue list")
    assert office.ana.sees("Your open tickets")
    await office.bob.says("/issue list queue")
    assert office.bob.sees("Open in your queues, soonest due first")
    await office.bob.says("/issue list late")
    assert office.bob.sees("Nothing is late.")
    await office.later(days=5)
    await office.bob.says("/issue list late")
    assert office.bob.sees("Late, soonest due first")
    await office.ana.says("/issue list queue")
    assert office.ana.sees("You work in no queue")


async def test_the_auditor_rings_once_for_what_nobody_answered(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.later(days=1)
    for _ in range(2):
        await office.bot.audit()
        await office.settled()
    rings = [one for one in office.bob.screen if one.says("nobody has answered yet")]
    assert len(rings) == 1


async def test_whoever_cannot_be_reached_is_mentioned_in_the_thread(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    card = office.bob.post("#1 light above", "building")
    what, why = ("conversations.open", "user_disabled") if office.chat == "slack" else ("createConversation", "BotDisabledByAdmin")
    office.platform.fail_next(what, why, 1)
    await office.bob.presses("Take it")
    told = [one for one in office.bob.screen if one.thread_ts == card.id and one.says("Bob Burke is on it")]
    assert len(told) == 1
    assert office.ana.actor.user.id in told[0].pings


async def test_every_button_of_every_card_gets_an_answer(office: Story) -> None:
    """Whatever a card offers can be pressed: something is said or the card changes, and nothing is an apology."""
    await office.ana.says("/issue light above my desk flickering")
    for label in ("Reply…", "Fixed…", "Put on hold…", "Ask the requester…", "Give to…", "Work note…", "Category…", "Details…", "Decline…"):
        await office.bob.presses(label, on=office.bob.post("#1 light", "building"))
        assert office.bob.actor.modal is not None, label
        await office.bob.actor.close()
    await office.bob.presses("Follow", on=office.bob.post("#1 light", "building"))
    await office.bob.presses("Follow", on=office.bob.post("#1 light", "building"))
    assert office.bob.sees("You already follow it.")
    assert not any(one.says("Something went wrong") for one in office.bob.screen)


async def test_a_colleague_may_not_press_what_is_not_theirs(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.cy.presses("Take it", on=office.cy.post("#1 light", "building"))
    assert office.cy.sees("Only Bob Burke, Pat Perez")
    with pytest.raises(ClientRefused):
        await office.cy.actor.press("Yes, fixed")
