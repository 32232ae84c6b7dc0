"""What Slack refuses, loses, delays or does not answer: the outbox empties, every card shows the truth, other places are not held up."""

from __future__ import annotations

import pytest

from bot.sandbox.slack import Seen
from storage.tables import outbox
from tests.stories.forging import rows
from tests.stories.world import Story

LIGHT = "/issue light above my desk flickering"


def cards(office: Story, words: str, channel: str = "building") -> list[Seen]:
    there = office.slack.world.channel(channel).id
    return [one for one in office.bob.screen if one.channel == there and one.kind == "message" and one.says(words) and not one.thread_ts]


async def emptied(office: Story) -> None:
    """Nothing is left to do now; what waits for its day may wait."""
    await office.settled(20)
    now = office.clock()
    assert [row for row in await rows(office, outbox) if row["done_at"] is None and row["due_at"] <= now] == []


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_a_card_that_can_be_edited_no_more_is_posted_anew(office: Story, error: str) -> None:
    await office.ana.says(LIGHT)
    office.slack.fail_next("chat.update", error)
    await office.bob.presses("Take it")
    await emptied(office)
    assert cards(office, "Bob Burke has it")
    await office.bob.presses("Give back", on=cards(office, "Bob Burke has it")[-1])
    assert not cards(office, "Bob Burke has it")


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
async def test_a_channel_that_takes_nothing_is_said_once_a_day_and_holds_up_nobody(office: Story, error: str) -> None:
    office.slack.fail_next("chat.postMessage", error, 1)
    await office.ana.says(LIGHT)
    office.slack.fail_next("chat.postMessage", error, 1)
    await office.ana.says("/issue the lamp in the hall is broken")
    await office.ana.says("/issue my laptop screen is black")
    assert office.eva.post("#3 my laptop", "it-help")
    await emptied(office)
    for admin in (office.ada, office.bob, office.eva):
        told = [one for one in admin.screen if one.says("I cannot post to")]
        assert len(told) == 1, error
        assert told[0].says("Building desk (Slack)")
    assert not office.ana.sees("I cannot post to")
    await office.bob.says("/issue show 1")
    await office.bob.presses("Take it")
    await emptied(office)
    assert cards(office, "#1 light above my desk flickering")[-1].says("Bob Burke has it")


async def test_a_token_that_is_refused_for_a_while_loses_nothing(office: Story) -> None:
    """Whoever renews the token restarts the bot or waits: nothing is given up meanwhile."""
    office.slack.fail_next("chat.postMessage", "invalid_auth", 1)
    await office.ana.actor.command("office", "/issue", LIGHT.removeprefix("/issue "))
    await office.slack.until(lambda: any(call.error == "invalid_auth" for call in office.slack.calls))
    waiting = [row for row in await rows(office, outbox) if row["kind"] == "deliver"]
    assert [row["done_at"] for row in waiting] == [None]
    assert not any(one.says("I cannot post") for one in office.ada.screen)


async def test_an_answer_that_was_lost_makes_a_card_appear_twice_and_never_more(office: Story) -> None:
    office.slack.faults.lose_answer("chat.postMessage")
    await office.ana.actor.command("office", "/issue", LIGHT.removeprefix("/issue "))
    await office.slack.until(lambda: len(cards(office, "#1 light")) == 2)
    await emptied(office)
    first, second = cards(office, "#1 light")
    await office.bob.presses("Take it", on=first)  # the one that we do not know of works all the same
    assert cards(office, "Bob Burke has it")[-1].id == second.id
    assert len(cards(office, "#1 light")) == 2


async def test_a_lost_answer_to_an_edit_changes_nothing(office: Story) -> None:
    await office.ana.says(LIGHT)
    office.slack.faults.lose_answer("chat.update")
    await office.bob.actor.press("Take it")
    await office.slack.until(lambda: len(office.slack.calls_of("chat.update")) == 2)
    await emptied(office)
    assert len(cards(office, "#1 light")) == 1
    assert cards(office, "Bob Burke has it")


@pytest.mark.slow
async def test_a_platform_that_takes_its_time_delays_only_itself(office: Story) -> None:
    """Longer than ten seconds is taken for lost; the answer to the person never waits for it."""
    answered = office.slack.faults.hold_next("chat.postMessage")
    delivery = await office.ana.actor.command("office", "/issue", LIGHT.removeprefix("/issue "))
    assert delivery.ok
    await office.slack.until(lambda: not office.slack.faults.waiting)
    await office.ana.actor.command("office", "/issue", "my laptop screen is black")
    await office.slack.until(lambda: office.eva.sees("my laptop screen is black"))
    assert not cards(office, "#1 light")
    await office.slack.until(lambda: len(cards(office, "#1 light")) == 1)
    answered.set()
    await office.settled()
    assert 1 <= len(cards(office, "#1 light")) <= 2


async def test_a_newcomer_whom_slack_cannot_name_keeps_their_words(office: Story) -> None:
    office.slack.add_user("nia", real_name="Nia New", email="nia@acme.example")
    await office.ana.actor.invite("nia", "office")
    office.slack.fail_next("users.info", "fatal_error", 1)
    nia = office.slack.actor("nia")
    delivery = await nia.command("office", "/issue", "the door of room 5 does not close")
    assert delivery.status == 200
    refused = nia.find("I cannot find out who you are just now")
    assert refused.says("the door of room 5 does not close")
    await nia.command("office", "/issue", "the door of room 5 does not close")
    assert nia.sees("#1 is open: the door of room 5 does not close")


async def test_a_slow_naming_of_a_newcomer_is_answered_in_time(office: Story) -> None:
    office.slack.add_user("nia", real_name="Nia New", email="nia@acme.example")
    await office.ana.actor.invite("nia", "office")
    office.slack.courier.answer_within = 3.0
    office.slack.faults.slow_next("users.info", 4)
    delivery = await office.slack.actor("nia").command("office", "/issue", "light flickering")
    assert delivery.ok


@pytest.mark.parametrize("error", ["expired_trigger_id", "fatal_error", 503])
async def test_a_form_that_cannot_be_opened_is_said(office: Story, error: str | int) -> None:
    await office.ana.says(LIGHT)
    office.slack.fail_next("views.open", error)
    await office.bob.presses("Fixed…")
    assert office.bob.sees("Slack did not let me open the form")
    await office.bob.presses("Fixed…", on=office.bob.post("#1 light", "building"))
    assert office.bob.actor.modal is not None


async def test_an_answer_that_finds_no_way_is_tried_again(office: Story) -> None:
    await office.ana.says(LIGHT)
    office.slack.fail_next("response_url", 503, 1)
    await office.cy.presses("Take it", on=office.cy.post("#1 light", "building"))
    assert office.cy.sees("can do that with #1")


async def test_an_outage_in_the_middle_of_a_life_catches_up_with_the_truth(office: Story) -> None:
    await office.ana.says(LIGHT)
    card = office.bob.post("#1 light", "building")
    office.slack.down = True
    await office.bob.actor.press("Take it", on=card)
    await office.slack.until(lambda: any(call.error == "down" for call in office.slack.calls))
    await office.ana.actor.command("office", "/issue", "show 1")
    assert office.ana.card("#1 light").says("Bob Burke has it")
    office.slack.down = False
    await office.slack.until(lambda: bool(cards(office, "Bob Burke has it")))
    await emptied(office)
    assert len([one for one in office.ana.screen if one.says("Bob Burke is on it")]) == 1
