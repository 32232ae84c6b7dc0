"""Several people, or one impatient one, do things in the same moment: one of them wins, the others are told, and nothing is done twice."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack.forms import Opened
from storage.ids import new_id
from storage.tables import comments, tickets, waits
from tests.stories.forging import happened, pressed, rows, said, sent, value
from tests.stories.world import Story

CHATS = ("slack", "teams")
LIGHT = "/issue light above my desk flickering"


async def subject_of(office: Story) -> str:
    (ticket,) = await rows(office, tickets)
    return f"ticket:{ticket['id']}"


async def test_eight_who_say_fixed_at_once_ask_the_requester_once(office: Story) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    sending = (
        sent(office, who, Opened("ticket.resolve", subject, 1, new_id()), {"what": f"bulb {n}"}, settle=False)
        for n, who in enumerate((office.bob, office.pat) * 4)
    )
    answers = await asyncio.gather(*sending)
    await office.settled()
    late = [said(one) for one in answers if "already marked as fixed" in said(one)]
    assert len(late) == 7
    assert all("What you wrote:" in one and "bulb" in one for one in late)
    assert (await happened(office, subject)).count("ticket.resolved") == 1
    assert len([one for one in office.ana.screen if one.says("Is it?")]) == 1


async def test_yes_and_not_yet_at_once_leave_one_clear_state(office: Story) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    await sent(office, office.bob, Opened("ticket.resolve", subject, 1, new_id()), {"what": "bulb"})
    card = office.ana.card("Is it?")
    _, refused = await asyncio.gather(
        office.ana.actor.press("Yes, fixed", on=card),
        sent(office, office.ana, Opened("ticket.reopen", subject, 2, new_id()), {"text": "flickers"}, settle=False),
    )
    await office.settled()
    (ticket,) = await rows(office, tickets)
    shown = office.bob.post("#1 light", "building")
    assert (ticket["status"], ticket["outcome"]) in (("closed", "confirmed"), ("open", ""))
    assert shown.says("confirmed that it is fixed" if ticket["status"] == "closed" else "reopened")
    if ticket["status"] == "closed":
        assert said(refused)


async def test_cancelled_and_taken_at_once_is_one_of_both(office: Story) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    card = office.bob.post("#1 light", "building")
    mine = office.ana.card("#1 is open")
    _, taken = await asyncio.gather(office.ana.actor.press("Cancel it", on=mine), office.bob.actor.press("Take it", on=card))
    await office.settled()
    (ticket,) = await rows(office, tickets)
    lines = await happened(office, subject)
    assert ticket["status"] == "closed"  # taken first, it is cancelled all the same
    assert "ticket.cancelled" in lines
    assert office.bob.post("#1 light", "building").says("cancelled")
    if "ticket.taken" not in lines:
        assert office.bob.sees("#1 is already closed.") or " is already closed." in taken.body


async def test_a_form_that_is_sent_twice_is_done_once_and_answered_alike(office: Story) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    opened = Opened("ticket.comment", subject, 1, new_id(), private=True)
    first, second = await asyncio.gather(*(sent(office, office.ana, opened, {"text": "hurry"}, settle=False) for _ in range(2)))
    third = await sent(office, office.ana, opened, {"text": "hurry"})
    answers = {said(one) for one in (first, second, third)}
    assert len(answers - {"One moment…"}) == 1  # which a machine that is too slow for Slack says for now
    assert len(await rows(office, comments)) == 1


async def test_the_same_press_again_and_again_is_done_once(office: Story) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    for _ in range(3):
        delivery, _ = await pressed(office, office.bob, value("ticket.take", subject, 1))
        assert delivery.status == 200
    assert (await happened(office, subject)).count("ticket.taken") == 1
    assert len([one for one in office.ana.screen if one.says("Bob Burke is on it")]) == 1


async def test_another_category_and_taken_at_once(office: Story) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    _, taken = await asyncio.gather(
        sent(office, office.ana, Opened("ticket.categorise", subject, 1, new_id()), {"category": "it.hardware"}, settle=False),
        office.bob.actor.press("Take it", on=office.bob.post("#1 light", "building")),
    )
    await office.settled()
    (ticket,) = await rows(office, tickets)
    assert (ticket["queue"], ticket["assignee"], ticket["status"]) == ("it", None, "open")
    assert office.eva.post("#1 light", "it-help").says("IT › Hardware")
    assert office.bob.post("#1 has moved to IT desk", "building")
    why = ("it has moved to another desk", "Only Eva Ekman, Quinn Quist can do that")
    assert any(office.bob.sees(one) or one in taken.body for one in why)


async def test_the_morning_of_a_ticket_that_goes_on_already(office: Story) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    for day, go_on in (("2026-11-18", True), ("2026-11-19", False)):
        version = (await rows(office, tickets))[0]["version"]
        await sent(office, office.bob, Opened("ticket.hold", subject, version, new_id()), {"until": day})
        if go_on:
            await office.bob.presses("Go on", on=office.bob.post("#1 light", "building"))
    await office.later(days=2, hours=2)  # the 18th: that wait was ended by hand
    assert office.bob.post("#1 light", "building").says("· on hold")
    await office.later(days=1)
    assert office.bob.post("#1 light", "building").says("· new")
    assert (await happened(office, subject)).count("ticket.resumed") == 2
    assert all(row["ended_at"] for row in await rows(office, waits))


async def test_silence_closes_nothing_that_was_reopened(office: Story) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    await sent(office, office.bob, Opened("ticket.resolve", subject, 1, new_id()), {"what": "bulb"})
    await office.later(days=1)
    await sent(office, office.ana, Opened("ticket.reopen", subject, 2, new_id()), {"text": "flickers"})
    await office.later(days=9)
    assert (await rows(office, tickets))[0]["status"] == "open"
    await sent(office, office.bob, Opened("ticket.resolve", subject, 3, new_id()), {"what": "socket"})
    await office.later(days=9)
    (ticket,) = await rows(office, tickets)
    assert (ticket["status"], ticket["outcome"]) == ("closed", "unconfirmed")


@pytest.mark.parametrize("both", [("ticket.cancel", "ticket.slow"), ("ticket.hide", "ticket.cancel")])
async def test_two_presses_of_one_person_at_once_are_both_answered(office: Story, both: tuple[str, str]) -> None:
    await office.ana.says(LIGHT)
    subject = await subject_of(office)
    answers = await asyncio.gather(*(pressed(office, office.ana, value(one, subject, 1, "40")) for one in both))
    assert all(delivery.status == 200 for delivery, _ in answers)
    assert not office.ana.sees("Something went wrong")
    assert (await rows(office, tickets))[0]["outcome"] == "cancelled"
