"""The light above Ana's desk, from the first word to "yes, fixed"."""

from __future__ import annotations

from tests.stories.world import Story

CHATS = ("slack", "teams")


async def test_a_report_is_answered_at_once_and_stands_in_its_queues_channel(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    assert office.ana.sees("#1 is open: light above my desk flickering")
    assert office.ana.sees("Facilities › Electrical")
    assert office.bob.sees("#1 light above my desk flickering")
    assert "Take it" in office.bob.post("#1 light above", "building").buttons


async def test_the_whole_life_until_the_requester_says_it_is_fixed(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.bob.presses("Take it")
    assert office.ana.sees("Bob Burke is on it")
    assert office.bob.post("#1 light above", "building").says("in progress")

    await office.bob.presses("Fixed…")
    await office.bob.sends({"What did you do?": "Socket replaced", "Minutes of work": "45", "Cost in USD": "120"})
    assert office.ana.sees("Bob Burke says #1 is fixed: light above my desk flickering. Is it?")

    await office.ana.presses("Yes, fixed")
    assert office.bob.post("#1 light above", "building").says("Closed: the requester confirmed that it is fixed.")
    assert office.ana.sees("Thank you, it is closed.")
    await office.ana.presses("5")
    assert office.ana.sees("You gave it 5 of 5.")


async def test_not_yet_reopens_it_for_the_same_people(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.bob.presses("Take it")
    await office.bob.presses("Fixed…")
    await office.bob.sends({"What did you do?": "New bulb"})
    await office.ana.presses("Not yet…")
    await office.ana.sends({"What is still wrong?": "It flickers again"})
    assert office.bob.post("#1 light above", "building").says("reopened")
    assert office.bob.sees("it is not fixed yet. It is open again.")


async def test_silence_closes_it_and_says_that_nobody_confirmed(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.bob.presses("Take it")
    await office.bob.presses("Fixed…")
    await office.bob.sends({"What did you do?": "New bulb"})
    await office.later(days=5)
    assert office.bob.post("#1 light above", "building").says("nobody confirmed that it is fixed")
