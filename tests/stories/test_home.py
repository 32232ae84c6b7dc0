"""App Home: a person's own tickets, what is due in their queues, and a way to report."""

from __future__ import annotations

from tests.stories.world import Story


async def test_it_shows_ones_own_tickets_and_the_queue_of_those_who_work_in_one(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.ana.actor.opens_home()
    await office.bob.actor.opens_home()
    await office.settled()
    home = office.ana.actor.home
    assert home is not None
    assert home.says("Your open tickets")
    assert home.says("#1 light above my desk flickering")
    assert not home.says("Open in your queues")
    queue = office.bob.actor.home
    assert queue is not None
    assert queue.says("Open in your queues, soonest due first")
    assert queue.says("#1 light above my desk flickering")


async def test_one_can_report_from_there(office: Story) -> None:
    await office.ana.actor.opens_home()
    await office.settled()
    await office.ana.presses("Report something…", on=office.ana.actor.home)
    await office.ana.sends({"What is wrong, or what do you need?": "no hot water in the kitchen"})
    assert office.ana.sees("#1 is open: no hot water in the kitchen")


async def test_a_ticket_listed_there_is_opened_over_it_and_worked_on(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    await office.bob.actor.opens_home()
    await office.settled()
    await office.bob.presses("Show", on=office.bob.actor.home)
    modal = office.bob.actor.modal
    assert modal is not None
    assert modal.says("#1 light above my desk flickering")
    await office.bob.presses("Take it", on=modal)
    assert office.ana.sees("Bob Burke is on it")


async def test_whoever_may_not_use_the_desk_is_told_so_there(office: Story) -> None:
    guest = office.slack.add_user("gil", guest="single")
    actor = office.slack.actor(guest.name)
    await actor.opens_home()
    await office.settled()
    assert actor.home is not None
    assert actor.home.says("This desk is for members of the office")


async def test_the_messages_tab_needs_no_page(office: Story) -> None:
    await office.ana.actor.opens_home("messages")
    await office.settled()
    assert office.ana.actor.home is None
