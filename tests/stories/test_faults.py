"""What may go wrong at the chat's door and at the chat itself: nothing is lost, nothing is done twice, nobody is shown a fault of ours.

Slack's own: its signature, and requests that are named by a trigger. What is so in Teams is told in test_attacks and test_teams_faults.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from bot.sandbox.slack import Tamper
from storage.tables import tickets
from tests.stories.world import ELSEWHERE, GUEST, Story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset(
    {
        "test_a_request_that_slack_did_not_just_sign_is_refused",
        "test_the_same_command_signed_anew_gets_the_first_answer",
        "test_an_unknown_command_and_a_broken_payload_are_answered_kindly",
    }
)
PASSING: dict[str, dict[str, Any]] = {"slack": {"slow down": "ratelimited", "unwell": 503}, "teams": {"slow down": 429, "unwell": 412}}


async def how_many(office: Story) -> int:
    counted = await office.bot.store.database.read(
        lambda connection: connection.execute(select(func.count()).select_from(tickets)).scalar_one()
    )
    return int(counted)


@pytest.mark.parametrize("tamper", [Tamper(secret="somebody else's"), Tamper(signature=""), Tamper(age=400), Tamper(age=-400)])
async def test_a_request_that_slack_did_not_just_sign_is_refused(office: Story, tamper: Tamper) -> None:
    delivery = await office.ana.says("/issue light flickering", tamper=tamper)
    assert delivery.status == 401
    assert await how_many(office) == 0


async def test_a_delivery_that_comes_twice_makes_one_ticket(office: Story) -> None:
    office.platform.faults.deliver_twice()
    await office.ana.says("/issue light flickering")
    assert await how_many(office) == 1
    assert len([one for one in office.bob.screen if one.says("#1 light flickering")]) == 1


async def test_the_same_command_signed_anew_gets_the_first_answer(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    first = next(one for one in office.slack.deliveries if one.kind == "command")
    again = await office.slack.courier.send("command", first.payload, urlencode(first.payload).encode(), FORM, Tamper(age=100))
    assert again.status == 200
    assert "#1 is open" in again.body
    assert await how_many(office) == 1


FORM = "application/x-www-form-urlencoded"


HOSTILE = "<!channel> <@U123> *bold* _it_ ~no~ `code` @here \u202egnirts\u202c 😀 שלום <https://evil.example|click> & <b>"


async def test_words_of_people_ping_nobody_and_format_nothing(office: Story) -> None:
    await office.ana.says(f"/issue {HOSTILE}")
    for person in (office.ana, office.oli):
        for shown in person.screen:
            assert not shown.pings
    card = office.oli.card("#1")
    assert "*bold* _it_ ~no~ `code` @here" in card.text


async def test_a_text_of_forty_thousand_characters_is_kept_whole_and_shown_cut(office: Story) -> None:
    text = "light " + "flickers 😀 " * 4000
    await office.ana.says(f"/issue {text}"[:40_000])
    stored = await office.bot.store.database.read(lambda connection: connection.execute(select(tickets.c.body)).scalar_one())
    assert len(stored) > 39_000
    assert office.bob.sees("#1 light flickers")
    assert all(call.ok for call in office.platform.calls)


async def test_guests_and_strangers_are_told_why_not(office: Story) -> None:
    gwen, sven = office.newcomer("gwen", **GUEST[office.chat]), office.newcomer("sven", **ELSEWHERE[office.chat])
    for person in (gwen, sven):
        assert (await person.says("/issue light flickering")).status == 200
    assert gwen.sees("members of the office")
    assert sven.sees("serves another company")
    assert await how_many(office) == 0


@pytest.mark.parametrize("how", ["503", "close"])
async def test_an_outage_delays_everything_in_order_and_loses_nothing(office: Story, how: Any) -> None:
    office.platform.faults.down_how, office.platform.down = how, True
    for n in range(5):
        delivery = await office.ana.actor.command("office", "/issue", f"light {n} flickering")
        assert delivery.status == 200
    await office.platform.until(lambda: any(not call.ok for call in office.platform.calls))
    assert await how_many(office) == 5
    office.platform.down = False
    await office.platform.until(lambda: all(office.bob.sees(f"light {n} flickering") for n in range(5)))
    await office.settled()
    titles = [one.text.split("\n")[0] for one in office.bob.screen if one.kind == "message" and "flickering" in one.text]
    assert titles == sorted(titles)
    assert len(titles) == 5
    for n in range(5):
        assert len([one for one in office.ana.screen if one.says(f"#{n + 1} is open")]) == 1


@pytest.mark.parametrize("why", ["slow down", "unwell"])
async def test_a_channel_that_is_slowed_down_holds_up_no_other(office: Story, why: str) -> None:
    post = office.method("post")
    office.platform.fail_next(post, PASSING[office.chat][why], 1, retry_after=5)
    await office.ana.actor.command("office", "/issue", "light flickering")
    await office.platform.until(lambda: any(not call.ok for call in office.platform.calls_of(post)))
    await office.ana.actor.command("office", "/issue", "my laptop screen is black")
    await office.platform.until(lambda: office.eva.sees("my laptop screen is black"))
    await office.platform.until(lambda: office.bob.sees("#1 light flickering"))
    await office.settled()
    assert len([one for one in office.bob.screen if one.kind == "message" and one.says("#1 light flickering")]) == 1


async def test_eight_agents_take_it_in_the_same_moment_and_one_wins(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    card = office.bob.post("#1 light flickering", "building")
    agents = [office.bob, office.pat] * 4
    await asyncio.gather(*(agent.actor.press("Take it", on=card) for agent in agents))
    await office.settled()
    shown = office.bob.post("#1 light flickering", "building").text
    assert "Bob Burke has it" in shown or "Pat Perez has it" in shown
    winner, loser = (office.bob, office.pat) if "Bob Burke has it" in shown else (office.pat, office.bob)
    assert loser.sees("was faster")
    assert not winner.sees("was faster")


async def test_an_unknown_command_and_a_broken_payload_are_answered_kindly(office: Story) -> None:
    delivery = await office.slack.courier.send("interaction", {}, b"payload=%7Bnot json", FORM)
    assert delivery.status in (200, 400)
    delivery = await office.slack.courier.send("interaction", {}, b"", "application/json")
    assert delivery.status in (200, 400)
    assert "Traceback" not in delivery.body


async def test_a_press_on_a_card_of_yesterday_still_gets_an_answer(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    old = office.bob.post("#1 light flickering", "building")
    await office.bob.presses("Take it", on=old)
    await office.pat.presses("Take it", on=old)
    assert office.pat.sees("was faster")
