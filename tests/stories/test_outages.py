"""What the chat refuses, loses, delays or does not answer: the outbox empties, every card shows the truth, other places are not held up.

Slack's own: forms that it has to be asked to open, and answers to an address that came with the press. In Teams both are the answer to the
press itself; of private words that find no way test_teams_faults tells.
"""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.sandbox.slack import Seen
from bot.sandbox.teams import TeamsSandbox
from storage.tables import outbox
from tests.stories.forging import rows
from tests.stories.world import Story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset({"test_a_form_that_cannot_be_opened_is_said", "test_an_answer_that_finds_no_way_is_tried_again"})
LIGHT = "/issue light above my desk flickering"
WORDS = LIGHT.removeprefix("/issue ")
NO_EDITS = ("message_not_found", "cant_update_message", "edit_window_closed")
CLOSED: dict[str, dict[str, Any]] = {
    "slack": {"gone": "channel_not_found", "closed": "is_archived", "outside": "not_in_channel"},
    "teams": {"gone": 404, "closed": "MessageWritesBlocked", "outside": "BotNotInConversationRoster"},
}
TOKEN: dict[str, tuple[Any, int]] = {"slack": ("invalid_auth", 1), "teams": (401, 2)}
"""A token that is not accepted, and how often: in Teams a new one is asked for at once, because they end every day."""


def cards(office: Story, words: str, channel: str = "building") -> list[Seen]:
    there = office.channel_id(channel)
    return [one for one in office.bob.screen if one.channel == there and one.kind == "message" and one.says(words) and not one.thread_ts]


async def emptied(office: Story) -> None:
    """Nothing is left to do now; what waits for its day may wait."""
    await office.settled()
    now = office.clock()
    assert [row for row in await rows(office, outbox) if row["done_at"] is None and row["due_at"] <= now] == []


async def test_a_card_that_can_be_edited_no_more_is_posted_anew(office: Story) -> None:
    """In Slack for three reasons, in Teams because somebody has deleted it."""
    await office.ana.says(LIGHT)
    for error in NO_EDITS if office.chat == "slack" else ("",):
        await office.bob.says("/issue show 1")
        if error:
            office.platform.fail_next(office.method("edit"), error)
        else:
            card, world = cards(office, "#1 light")[-1], cast(TeamsSandbox, office.platform).world
            world.erase(world.message(card.channel, card.id))
        await office.bob.presses("Take it", on=[one for one in office.bob.screen if "Take it" in one.buttons][-1])
        await emptied(office)
        assert cards(office, "Bob Burke has it")
        await office.bob.presses("Give back", on=cards(office, "Bob Burke has it")[-1])
        await emptied(office)
        assert not cards(office, "Bob Burke has it")


@pytest.mark.parametrize("why", ["gone", "closed", "outside"])
async def test_a_channel_that_takes_nothing_is_said_once_a_day_and_holds_up_nobody(office: Story, why: str) -> None:
    for words in (LIGHT, "/issue the lamp in the hall is broken"):
        office.platform.fail_next(office.method("post"), CLOSED[office.chat][why], 1)
        await office.ana.says(words)
        office.platform.faults.waiting.clear()  # Teams was not even asked a second time
    await office.ana.says("/issue my laptop screen is black")
    assert office.eva.post("#3 my laptop", "it-help")
    await emptied(office)
    for admin in (office.ada, office.bob, office.eva):
        told = [one for one in admin.screen if one.says("I cannot post to")]
        assert len(told) == 1, why
        assert told[0].says(f"Building desk ({office.chat.capitalize()})")
    assert not office.ana.sees("I cannot post to")
    await office.bob.says("/issue show 1", "building")
    await office.bob.presses("Take it", on=[one for one in office.bob.screen if "Take it" in one.buttons and one.says("#1 light")][-1])
    await emptied(office)
    assert cards(office, "#1 light above my desk flickering")[-1].says("Bob Burke has it")


async def test_a_token_that_is_refused_for_a_while_loses_nothing(office: Story) -> None:
    """Whoever renews the token restarts the bot or waits: nothing is given up meanwhile."""
    office.platform.fail_next(office.method("post"), *TOKEN[office.chat])
    await office.ana.actor.command("office", "/issue", WORDS)
    await office.platform.until(lambda: not office.platform.faults.waiting)
    waiting = [row for row in await rows(office, outbox) if row["kind"] == "deliver"]
    assert [row["done_at"] for row in waiting] == [None]
    assert not any(one.says("I cannot post") for one in office.ada.screen)


async def test_an_answer_that_was_lost_makes_a_card_appear_twice_and_never_more(office: Story) -> None:
    office.platform.faults.lose_answer(office.method("post"))
    await office.ana.actor.command("office", "/issue", WORDS)
    await office.platform.until(lambda: len(cards(office, "#1 light")) == 2)
    await emptied(office)
    first, second = cards(office, "#1 light")
    await office.bob.presses("Take it", on=first)  # the one that we do not know of works all the same
    assert cards(office, "Bob Burke has it")[-1].id == second.id
    assert len(cards(office, "#1 light")) == 2


async def test_a_lost_answer_to_an_edit_changes_nothing(office: Story) -> None:
    await office.ana.says(LIGHT)
    before = len(office.calls("edit"))
    office.platform.faults.lose_answer(office.method("edit"))
    await office.bob.actor.press("Take it", on=office.bob.post("#1 light", "building"))
    await office.platform.until(lambda: len(office.calls("edit")) >= before + 2)
    await emptied(office)
    assert len(cards(office, "#1 light")) == 1
    assert cards(office, "Bob Burke has it")


@pytest.mark.slow
async def test_a_platform_that_takes_its_time_delays_only_itself(office: Story) -> None:
    """Longer than ten seconds is taken for lost; the answer to the person never waits for it."""
    answered = office.platform.faults.hold_next(office.method("post"))
    delivery = await office.ana.actor.command("office", "/issue", WORDS)
    assert delivery.ok
    await office.platform.until(lambda: not office.platform.faults.waiting)
    await office.ana.actor.command("office", "/issue", "my laptop screen is black")
    await office.platform.until(lambda: office.eva.sees("my laptop screen is black"))
    assert not cards(office, "#1 light")
    await office.platform.until(lambda: len(cards(office, "#1 light")) == 1)
    answered.set()
    await office.settled()
    assert 1 <= len(cards(office, "#1 light")) <= 2


async def test_a_newcomer_whom_the_chat_cannot_name_keeps_their_words(office: Story) -> None:
    nia = office.newcomer("nia", real_name="Nia New", email="nia@acme.example")
    errors: dict[str, Any] = {"slack": "fatal_error", "teams": 500}
    office.platform.fail_next(office.method("who"), errors[office.chat], 1)
    delivery = await nia.says("/issue the door of room 5 does not close")
    assert delivery.status == 200
    assert nia.card("I cannot find out who you are just now").says("the door of room 5 does not close")
    await nia.says("/issue the door of room 5 does not close")
    assert nia.sees("#1 is open: the door of room 5 does not close")


async def test_a_slow_naming_of_a_newcomer_is_answered_in_time(office: Story) -> None:
    nia = office.newcomer("nia", real_name="Nia New", email="nia@acme.example")
    office.platform.courier.answer_within = 3.0
    office.platform.faults.slow_next(office.method("who"), 4)
    delivery = await nia.actor.command("office", "/issue", "light flickering")
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
    office.platform.down = True
    await office.bob.actor.press("Take it", on=card)
    await office.platform.until(lambda: any(not call.ok for call in office.platform.calls))
    await office.ana.actor.command("office", "/issue", "show 1")
    office.platform.down = False
    await office.platform.until(lambda: bool(cards(office, "Bob Burke has it")))
    await emptied(office)
    assert any(one.says("#1 light") and one.says("Bob Burke has it") for one in office.ana.screen)
    assert len([one for one in office.ana.screen if one.says("Bob Burke is on it")]) == 1
