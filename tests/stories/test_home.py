"""Home: a person's own tickets, what is due in their queues, and a way to report: in Slack a page, in Teams a card in their chat with us.

Slack's own: a page is kept true while somebody looks at it. A card is drawn when it is asked for, and is asked for again.
"""

from __future__ import annotations

import asyncio
import json

from bot.app import Deskbell
from tests.stories.world import GUEST, Colleague, Story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset(
    {
        "test_the_messages_tab_needs_no_page",
        "test_what_changes_on_it_appears_within_a_minute_and_all_at_once",
        "test_at_most_once_a_minute",
        "test_nobody_looks_any_more_after_an_hour",
        "test_what_was_put_off_beyond_the_hour_is_not_drawn",
        "test_a_ticket_that_leaves_a_queue_leaves_the_pages_of_its_people",
        "test_a_drawing_from_older_facts_never_covers_a_newer",
        "test_a_mark_that_was_lost_is_no_end",
        "test_several_replicas_draw_it_once",
    }
)
LIGHT = "/issue light above my desk flickering"


async def test_it_shows_ones_own_tickets_and_the_queue_of_those_who_work_in_one(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.ana.opens_home()
    await office.bob.opens_home()
    home = office.ana.home
    assert home.says("Your open tickets")
    assert home.says("#1 light above my desk flickering")
    assert not home.says("Open in your queues")
    queue = office.bob.home
    assert queue.says("Open in your queues, soonest due first")
    assert queue.says("#1 light above my desk flickering")


async def test_one_can_report_from_there(office: Story) -> None:
    await office.ana.opens_home()
    await office.ana.presses("Report something…", on=office.ana.home)
    await office.ana.sends({"What is wrong, or what do you need?": "no hot water in the kitchen"})
    assert office.ana.sees("#1 is open: no hot water in the kitchen")


async def test_a_ticket_listed_there_is_opened_over_it_and_worked_on(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.bob.opens_home()
    await office.bob.presses("Show", on=office.bob.home)
    shown = office.bob.actor.modal or office.bob.card("Take it")
    assert shown.says("#1 light above my desk flickering")
    await office.bob.presses("Take it", on=shown)
    assert office.ana.sees("Bob Burke is on it")


async def test_what_waits_for_one_is_answered_there(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.bob.presses("Ask the requester…", on=office.bob.post("#1 light", "building"))
    await office.bob.sends({"Your question": "Which lamp?"})
    await office.ana.opens_home()
    assert office.ana.home.says("1 ticket waits for you")
    await office.ana.presses("Answer…", on=office.ana.home)
    await office.ana.sends({"Your answer": "the left one"})
    await office.bob.presses("Fixed…", on=office.bob.post("#1 light", "building"))
    await office.bob.sends({"What did you do?": "a new socket"})
    await office.ana.opens_home()
    assert office.ana.home.says("Bob Burke says that it is fixed. Is it?")
    await office.ana.presses("Yes, fixed", on=office.ana.home)
    assert office.bob.post("#1 light", "building").says("the requester confirmed that it is fixed")
    await office.later(minutes=2)
    await office.ana.opens_home()
    assert not office.ana.home.says("waits for you")


async def test_whoever_may_not_use_the_desk_is_told_so_there(office: Story) -> None:
    gil = office.newcomer("gil", **GUEST[office.chat])
    await gil.opens_home()
    assert gil.sees("This desk is for members of the office")


async def test_the_messages_tab_needs_no_page(office: Story) -> None:
    await office.ana.actor.opens_home("messages")
    await office.settled()
    assert office.ana.actor.home is None


# ---------------------------------------------------------------- kept true


def published(office: Story) -> int:
    return len([call for call in office.slack.calls_of("views.publish") if call.ok])


def says(who: Colleague, words: str) -> bool:
    home = who.actor.home
    return home is not None and home.says(words)


async def looks(office: Story, *people: Colleague) -> None:
    for one in people:
        await one.actor.opens_home()
    await office.settled()


async def test_what_changes_on_it_appears_within_a_minute_and_all_at_once(office: Story) -> None:
    await office.later(minutes=2)  # until the office's new channels have been looked after
    await looks(office, office.ana, office.bob, office.hal)
    before = published(office)
    await office.ana.says(LIGHT)
    await office.bob.presses("Take it", on=office.bob.post("#1 light", "building"))
    assert published(office) == before
    await office.later(seconds=61)
    assert published(office) == before + 2  # Ana's and Bob's: Hal has nothing to do with it
    for who in (office.ana, office.bob):
        assert says(who, "#1 light above my desk flickering")
        assert says(who, "in progress")
    await office.later(minutes=5)
    assert published(office) == before + 2


async def test_at_most_once_a_minute(office: Story) -> None:
    await looks(office, office.ana)
    await office.later(minutes=2)
    before = published(office)
    await office.ana.says(LIGHT)
    assert published(office) == before + 1
    await office.ana.says("/issue second light in the hall flickering")
    await office.ana.says("/issue third light in the cellar flickering")
    assert published(office) == before + 1
    await office.later(seconds=61)
    assert published(office) == before + 2
    assert says(office.ana, "#3 third light")


async def test_nobody_looks_any_more_after_an_hour(office: Story) -> None:
    await looks(office, office.ana)
    await office.later(minutes=59)
    await office.ana.says(LIGHT)
    before = published(office)
    await office.later(minutes=2)
    await office.ana.says("/issue second light in the hall flickering")
    await office.later(minutes=2)
    assert published(office) == before
    await looks(office, office.ana)
    assert says(office.ana, "#2 second light")


async def test_what_was_put_off_beyond_the_hour_is_not_drawn(office: Story) -> None:
    await looks(office, office.ana)
    await office.later(minutes=59)
    await office.ana.says(LIGHT)
    await office.later(seconds=40)
    await office.ana.says("/issue second light in the hall flickering")
    before = published(office)
    await office.later(minutes=1)
    assert published(office) == before


async def test_a_ticket_that_leaves_a_queue_leaves_the_pages_of_its_people(office: Story) -> None:
    await office.ana.says(LIGHT)
    await looks(office, office.pat, office.eva)
    card = office.bob.post("#1 light", "building")
    await office.bob.presses("Category…", on=card)
    await office.bob.sends({"What is it about?": "IT › Hardware"})
    await office.later(seconds=61)
    assert not says(office.pat, "#1 light")
    assert says(office.eva, "#1 light")


async def test_a_drawing_from_older_facts_never_covers_a_newer(office: Story) -> None:
    await looks(office, office.ana)
    await office.later(minutes=2)
    gate = office.slack.faults.hold_next("views.publish")
    await office.ana.actor.command("office", "/issue", "light above my desk flickering")
    async with asyncio.timeout(120):
        while office.slack.faults.waiting:
            await asyncio.sleep(0.01)  # until a drawing in which nobody has the ticket is on its way
        while not office.bob.sees("#1 light above my desk flickering"):
            await asyncio.sleep(0.01)
    await office.bob.actor.press("Take it", on=office.bob.post("#1 light", "building"))
    await office.ana.actor.opens_home()
    await office.slack.until(lambda: says(office.ana, "in progress"), 30)
    gate.set()
    await office.settled()
    assert says(office.ana, "in progress")
    shown = ["in progress" in json.dumps(call.args["view"]) for call in office.slack.calls_of("views.publish") if call.ok]
    assert shown == sorted(shown)  # once it was there it never went away again


async def test_a_mark_that_was_lost_is_no_end(office: Story) -> None:
    await looks(office, office.ana)
    office.slack.world.homes[office.ana.actor.user.id].hash = "somebody else's"
    await office.later(minutes=2)
    await office.ana.says(LIGHT)
    assert says(office.ana, "#1 light")


async def test_several_replicas_draw_it_once(office: Story) -> None:
    await looks(office, office.ana)
    await office.later(minutes=2)
    other = Deskbell(office.bot.settings, office.bot.store, office.bot.coordination, office.clock)
    other.clients, other.homes = office.bot.clients, office.bot.homes
    other.pump.start()
    before = published(office)
    await office.ana.says(LIGHT)
    await other.pump.stop(10)
    await office.settled()
    assert published(office) == before + 1
