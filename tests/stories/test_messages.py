"""Messages that become tickets by a press or an emoji, and words that change after they were heard.

Slack's own: the emoji (a bot in Teams hears of those on its own messages alone), forms that Slack has to be asked to open, and reading a
message or its link, which Teams sends along with the press.
"""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.sandbox.slack.model import Message
from bot.sandbox.teams.model import Message as TeamsMessage
from storage.tables import comments, tickets, watches
from tests.stories.forging import rows
from tests.stories.world import Story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset(
    {
        "test_two_who_put_the_emoji_make_one_ticket",
        "test_the_emoji_works_on_an_answer_in_a_thread",
        "test_who_puts_the_emoji_on_a_comment_gets_its_ticket",
        "test_a_form_that_slack_does_not_open_from_anywhere_is_said_one_to_one",
        "test_a_link_that_slack_is_slow_to_tell_holds_nothing_up",
        "test_a_message_that_cannot_be_read_is_left_alone",
    }
)
LIGHT = "the light in the hall is flickering"


async def test_a_message_made_a_ticket_is_its_authors_and_the_presser_follows(office: Story) -> None:
    message = await office.ana.tells(LIGHT, "office")
    await office.bob.makes_ticket(message)
    (ticket,) = await rows(office, tickets)
    ana = await office.bot.desk.people.by_email(office.office.organisation, "ana@acme.example")
    assert ana is not None
    assert (ticket["title"], ticket["requester"]) == (LIGHT, ana.id)
    assert len(await rows(office, watches)) == 1
    assert office.bob.sees(f"#1 {LIGHT}")
    assert office.ana.sees("a colleague has made a ticket of your message")


async def test_two_who_point_at_a_message_make_one_ticket(office: Story) -> None:
    message = await office.ana.tells(LIGHT, "office")
    for person in (office.bob, office.pat):
        await person.makes_ticket(message)
        assert person.sees(f"#1 {LIGHT}")
    assert len(await rows(office, tickets)) == 1


async def test_who_is_named_in_it_is_told(office: Story) -> None:
    message = await office.ana.tells("the light in the hall flickers, @hal has seen it", "office")
    await office.bob.makes_ticket(message)
    (ticket,) = await rows(office, tickets)
    assert ticket["body"] == "the light in the hall flickers, @Hal Hughes has seen it"
    assert len(office.hal.told("You are named in #1")) == 1


@pytest.mark.parametrize("opener", ["good morning", "@deskbell no hot water in the kitchen"])
async def test_an_answer_in_a_thread_can_be_pointed_at(office: Story, opener: str) -> None:
    message = await office.ana.tells(opener, "office")
    answer = await office.hal.tells(LIGHT, "office", thread=message.ts)
    await office.bob.makes_ticket(answer)
    assert LIGHT in [one["body"] for one in await rows(office, tickets)]


async def test_two_who_put_the_emoji_make_one_ticket(office: Story) -> None:
    message = await office.ana.tells(LIGHT, "office")
    await office.bob.actor.react(message, "ticket")
    await office.pat.actor.react(message, "ticket")
    await office.eva.makes_ticket(message)
    await office.eva.actor.react(message, "tada")
    await office.settled()
    assert len(await rows(office, tickets)) == 1
    for person in (office.bob, office.pat, office.eva):
        assert person.sees(f"#1 {LIGHT}")


async def test_the_emoji_works_on_an_answer_in_a_thread(office: Story) -> None:
    message = await office.ana.tells("good morning", "office")
    answer = await office.hal.tells(LIGHT, "office", thread=message.ts)
    await office.bob.actor.react(answer, "ticket")
    await office.settled()
    (ticket,) = await rows(office, tickets)
    assert ticket["body"] == LIGHT


def alert(office: Story, text: str) -> Any:
    """A message of another app in a channel of the office."""
    world, there = office.platform.world, office.channel_id("it-help")
    if office.chat == "teams":
        return cast(Any, world).post(TeamsMessage(cast(Any, world).new_id(), there, "28:alerts", text))
    return world.post(Message(world.new_ts(), there, world.add_user("alerts", is_bot=True).id, text, bot_id="B0ALERTS"))


async def test_a_message_of_a_machine_belongs_to_who_pointed_at_it(office: Story) -> None:
    await office.eva.makes_ticket(alert(office, "backup of server 2 failed"))
    eva = await office.bot.desk.people.by_email(office.office.organisation, "eva@acme.example")
    assert eva is not None
    assert [(one["requester"], one["body"]) for one in await rows(office, tickets)] == [(eva.id, "backup of server 2 failed")]


async def test_who_points_at_a_card_or_a_comment_of_a_ticket_gets_that_ticket(office: Story) -> None:
    await office.ana.tells(LIGHT)
    comment = await office.ana.tells("the left one")
    card = office.bob.post(f"#1 {LIGHT}", "building")
    before = len([one for one in office.bob.screen if one.says(f"#1 {LIGHT}")])
    await office.bob.makes_ticket(card)
    await office.ana.makes_ticket(comment)
    assert len(await rows(office, tickets)) == 1
    assert len([one for one in office.bob.screen if one.says(f"#1 {LIGHT}")]) == before + 1


async def test_who_puts_the_emoji_on_a_comment_gets_its_ticket(office: Story) -> None:
    await office.ana.tells(LIGHT)
    comment = await office.ana.tells("the left one")
    await office.ana.actor.react(comment, "ticket")
    await office.settled()
    assert len(await rows(office, tickets)) == 1


async def test_one_can_report_from_anywhere(office: Story) -> None:
    await office.ana.actor.shortcut("ticket.report")
    await office.settled()
    await office.ana.sends({"What is wrong, or what do you need?": LIGHT})
    assert office.ana.sees(f"#1 is open: {LIGHT}")


async def test_a_form_that_slack_does_not_open_from_anywhere_is_said_one_to_one(office: Story) -> None:
    office.slack.fail_next("views.open", "expired_trigger_id")
    await office.ana.actor.shortcut("ticket.report")
    await office.settled()
    assert office.ana.card("Slack did not let me open the form").channel.startswith("D")


async def test_a_link_that_slack_is_slow_to_tell_holds_nothing_up(office: Story) -> None:
    said = await office.hal.tells(LIGHT, "office")
    gate = office.slack.faults.hold_next("chat.getPermalink")
    office.slack.courier.answer_within = 3.0
    delivery = await office.bob.actor.message_shortcut("ticket.from_message", said)
    assert delivery.ok
    gate.set()
    await office.settled()
    assert office.bob.sees(f"#1 {LIGHT}")


async def test_an_edited_report_is_the_tickets_text(office: Story) -> None:
    message = await office.ana.tells("the light is flickering")
    await office.ana.actor.edit(message, "the light in the cellar is flickering")
    await office.settled()
    (ticket,) = await rows(office, tickets)
    assert (ticket["title"], ticket["body"]) == ("the light in the cellar is flickering",) * 2
    assert office.bob.post("#1 the light in the cellar", "building").edited


async def test_an_edited_comment_is_edited_wherever_it_stands(office: Story) -> None:
    await office.ana.tells(LIGHT)
    message = await office.ana.tells("the left one")
    assert office.bob.sees("the left one")
    await office.ana.actor.edit(message, "the right one")
    await office.settled()
    (comment,) = await rows(office, comments)
    assert comment["text"] == "the right one"
    thread = [one for one in office.bob.screen if one.thread_ts and one.says("Ana Alvarez wrote")]
    assert [one.says("the right one") for one in thread] == [True]


async def test_a_deleted_comment_is_taken_back(office: Story) -> None:
    await office.ana.tells(LIGHT)
    message = await office.ana.tells("the left one")
    await office.ana.actor.delete(message)
    await office.settled()
    (comment,) = await rows(office, comments)
    assert (comment["text"], comment["deleted_at"] is None) == ("", False)
    assert office.bob.sees("took this comment back")


async def test_a_deleted_report_that_nobody_took_is_cancelled(office: Story) -> None:
    message = await office.ana.tells(LIGHT)
    await office.ana.actor.delete(message)
    await office.settled()
    (ticket,) = await rows(office, tickets)
    assert (ticket["status"], ticket["outcome"]) == ("closed", "cancelled")


async def test_a_deleted_report_that_somebody_works_on_stays_and_says_so(office: Story) -> None:
    message = await office.ana.tells(LIGHT)
    await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
    await office.ana.actor.delete(message)
    await office.settled()
    (ticket,) = await rows(office, tickets)
    assert ticket["status"] == "in_progress"
    assert office.bob.sees("its requester has deleted the message that it was reported with. Is it still needed?")
    assert await rows(office, comments) == []


async def test_nobody_changes_the_words_of_others(office: Story) -> None:
    message = await office.ana.tells(LIGHT, "office")
    await office.bob.makes_ticket(message)
    await office.ana.actor.edit(message, "the light in the cellar is flickering")
    await office.settled()
    (ticket,) = await rows(office, tickets)
    assert ticket["body"] == "the light in the cellar is flickering"


async def test_a_message_that_cannot_be_read_is_left_alone(office: Story) -> None:
    message = await office.ana.tells(LIGHT, "office")
    office.slack.faults.fail_next("conversations.history", "missing_scope")
    delivery = await office.bob.actor.react(message, "ticket")
    await office.settled()
    assert delivery is not None
    assert delivery.status == 200
    assert await rows(office, tickets) == []
