"""Plain words: 1:1, by name in a channel, in the thread of a card."""

from __future__ import annotations

from storage.tables import comments, tickets
from tests.stories.forging import rows
from tests.stories.world import Story

CHATS = ("slack", "teams")


async def test_a_problem_told_1_to_1_is_a_ticket(office: Story) -> None:
    await office.ana.tells("the light above my desk is flickering")
    assert office.ana.sees("#1 is open: the light above my desk is flickering")
    assert office.bob.post("#1 the light", "building").says("Ana Alvarez")


async def test_the_buttons_of_an_answer_work_and_the_answer_says_what_they_did(office: Story) -> None:
    await office.ana.tells("the light above my desk is flickering")
    await office.ana.presses("It slows me down")
    (answer,) = [one for one in office.ana.screen if one.says("#1") and one.kind == "message"]
    assert "It slows me down" not in answer.buttons
    (ticket,) = await rows(office, tickets)
    assert ticket["slowed"] == 40


async def test_a_mention_in_a_channel_is_one_ticket_and_one_answer(office: Story) -> None:
    await office.ana.tells("@deskbell the light in the hall is flickering", "office")
    (ticket,) = await rows(office, tickets)
    assert ticket["body"] == "the light in the hall is flickering"
    answers = [one for one in office.ana.screen if one.says("#1 is open")]
    assert [one.kind for one in answers] == ["ephemeral"]


async def test_an_event_told_again_is_answered_once(office: Story) -> None:
    office.platform.faults.deliver_twice(2)
    await office.ana.tells("the light above my desk is flickering")
    office.platform.faults.deliver_twice(2)
    await office.ana.tells("@deskbell no hot water in the kitchen", "office")
    assert sorted(ticket["number"] for ticket in await rows(office, tickets)) == [1, 2]
    assert len([one for one in office.ana.screen if one.says("is open:")]) == 2


async def test_talk_among_colleagues_is_nobodys_ticket(office: Story) -> None:
    message = await office.ana.tells("the light is flickering again, is it not?", "office")
    await office.bob.tells("it is", "office", thread=message.ts)
    await office.bob.tells("see <@U0NOBODY> and :tada:", "office", raw=True)
    assert await rows(office, tickets) == []


async def test_words_in_the_thread_of_a_card_are_notes_of_agents_and_comments_of_others(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    card = office.bob.post("#1 light", "building")
    await office.bob.tells("needs a new ballast", "building", thread=card.id)
    await office.bob.tells("needs a new ballast", "building", thread=card.id, raw=True)
    notes = await rows(office, comments)
    assert [(one["text"], one["audience"]) for one in notes] == [("needs a new ballast", ["inside"])] * 2


async def test_a_mention_under_a_card_is_a_command(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    card = office.bob.post("#1 light", "building")
    await office.bob.tells("@deskbell list queue", "building", thread=card.id)
    assert office.bob.sees("light above my desk flickering")
    assert await rows(office, comments) == []
    assert len(await rows(office, tickets)) == 1


async def test_a_number_1_to_1_shows_that_ticket_and_small_talk_is_asked_about(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.later(minutes=20)
    await office.ana.tells("1")
    assert office.ana.sees("#1 light above my desk flickering")
    await office.ana.tells("hello there my friend")
    assert office.ana.sees("Shall I open a ticket for this?")
    await office.ana.presses("No")
    assert len(await rows(office, tickets)) == 1


async def test_what_one_adds_soon_after_a_report_is_a_comment_on_it(office: Story) -> None:
    await office.ana.tells("the light above my desk is flickering")
    await office.ana.tells("the left one")
    (comment,) = await rows(office, comments)
    assert comment["text"] == "the left one"
    assert office.ana.sees("the left one")


async def test_our_own_posts_joins_and_other_bots_are_no_words(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.ana.actor.edit(await office.ana.tells("hi all", "office"), "hi everybody")
    await office.settled()
    assert len(await rows(office, tickets)) == 1
    assert await rows(office, comments) == []


async def test_slack_down_keeps_the_answer_until_it_is_up_again(office: Story) -> None:
    office.platform.faults.down = True
    await office.ana.actor.message("dm", "the light above my desk is flickering")
    office.platform.faults.down = False
    await office.later(minutes=5)
    assert office.ana.sees("#1 is open: the light above my desk is flickering")
