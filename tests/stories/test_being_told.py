"""Who is told what, how often, and what they can do there: each piece of news once, with its words, and no button that says no."""

from __future__ import annotations

from tests.stories.world import Story

CHATS = ("slack", "teams")

LIGHT = "/issue light above my desk flickering"


async def fixed(office: Story) -> None:
    await office.bob.presses("Fixed…", on=office.bob.post("#1 light above", "building"))
    await office.bob.sends({"What did you do?": "New bulb"})


async def test_a_follower_hears_what_its_requester_hears(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.hal.says("/issue show 1")
    await office.hal.presses("Follow")
    await office.bob.presses("Take it", on=office.bob.post("#1 light above", "building"))
    await fixed(office)
    await office.ana.presses("Not yet…")
    await office.ana.sends({"What is still wrong?": "it hums now"})
    for words in ("Bob Burke is on it", "it is marked as fixed", "It is open again"):
        assert len(office.hal.told(words)) == 1, words
    assert not any("Yes, fixed" in one.buttons for one in office.hal.screen)


async def test_not_yet_is_told_with_the_words(office: Story) -> None:
    await office.ana.says(LIGHT)
    await fixed(office)
    await office.ana.presses("Not yet…")
    await office.ana.sends({"What is still wrong?": "it hums now"})
    (told,) = office.bob.told("It is open again")
    assert told.says("it hums now")


async def test_who_reopens_it_tells_the_requester(office: Story) -> None:
    await office.ana.says(LIGHT)
    await fixed(office)
    await office.pat.presses("Reopen…", on=office.pat.post("#1 light above", "building"))
    await office.pat.sends({"What is still wrong?": "wrong lamp"})
    (told,) = office.ana.told("It is open again")
    assert told.says("wrong lamp")


async def test_an_agent_can_answer_complete_and_cancel_their_own_report(office: Story) -> None:
    await office.cy.says("/issue please buy a licence of the drawing program")
    await office.cy.says("/issue show 1")
    assert {"Fill in…", "Cancel it"} <= set(office.cy.card("Before anybody starts I need").buttons)
    await office.cy.presses("Cancel it")
    assert office.cy.post("#1 please buy", "finance-desk").says("cancelled")


async def test_a_form_that_comes_too_late_gives_the_words_back(office: Story) -> None:
    await office.ana.says(LIGHT)
    card = office.bob.post("#1 light above", "building")
    await office.bob.presses("Fixed…", on=card)
    await office.pat.presses("Decline…", on=card)
    await office.pat.sends({"Why? The requester reads this.": "not ours"})
    await office.bob.sends({"What did you do?": "Rewired the whole floor, three hours of work"})
    shown = office.bob.actor.modal
    assert shown is not None
    assert shown.says("already closed")
    assert shown.says("Rewired the whole floor, three hours of work")


async def test_a_refusal_names_only_those_who_can(office: Story) -> None:
    await office.ana.says(LIGHT)
    card = office.cy.post("#1 light above", "building")
    await office.cy.presses("Take it", on=card)
    assert office.cy.sees("Only Bob Burke, Pat Perez can do that with #1.")
    await office.cy.presses("Details…", on=card)
    assert office.cy.sees("Only Bob Burke, Pat Perez or the requester can do that with #1.")


async def test_nobody_is_told_the_same_thing_twice(office: Story) -> None:
    """A whole life with everybody involved: no two direct messages of one person say the same."""
    await office.ana.says(LIGHT)
    card = office.bob.post("#1 light above", "building")
    await office.pat.presses("Follow", on=card)
    await office.bob.presses("Take it", on=card)
    await office.bob.presses("Reply…", on=office.bob.post("#1 light above", "building"))
    await office.bob.sends({"Your words": "I come at noon"})
    await fixed(office)
    await office.ana.presses("Yes, fixed")
    await office.ana.presses("4")
    for who in (office.ana, office.bob, office.pat):
        titles = [one.text for one in who.screen if one.channel.startswith("D")]
        assert len(titles) == len(set(titles))
        assert not any(one.pings for one in who.screen)
    assert office.bob.told("") == []  # he did it all himself
