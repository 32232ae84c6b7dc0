"""What may go wrong at Slack's door and at Slack itself: nothing is lost, nothing is done twice, nobody is shown a fault of ours."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from bot.sandbox.slack import Tamper
from storage.tables import tickets
from tests.stories.world import Story


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
    office.slack.faults.deliver_twice()
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
    assert all(call.ok for call in office.slack.calls)


async def test_guests_bots_leavers_and_strangers_are_told_why_not(office: Story) -> None:
    office.slack.add_user("gwen", guest=True)
    office.slack.add_user("sven", stranger=True)
    for name in ("gwen", "sven"):
        await office.ana.actor.invite(name, "office")
        delivery = await office.slack.actor(name).command("office", "/issue", "light flickering")
        assert delivery.status == 200
    assert office.slack.actor("gwen").sees("members of the office")
    assert office.slack.actor("sven").sees("serves another company")
    assert await how_many(office) == 0


async def test_an_outage_of_slack_delays_everything_and_loses_nothing(office: Story) -> None:
    office.slack.down = True
    for n in range(5):
        delivery = await office.ana.actor.command("office", "/issue", f"light {n} flickering")
        assert delivery.status == 200
        assert re.search(rf"#{n + 1} is open", delivery.body)
    await office.slack.until(lambda: any(call.error == "down" for call in office.slack.calls))
    office.slack.down = False
    await office.slack.until(lambda: all(office.bob.sees(f"light {n} flickering") for n in range(5)))
    titles = [one.text.split("\n")[0] for one in office.bob.screen if one.kind == "message" and "flickering" in one.text]
    assert titles == sorted(titles)
    assert len(titles) == 5


async def test_a_channel_that_is_slowed_down_holds_up_no_other(office: Story) -> None:
    office.slack.fail_next("chat.postMessage", "ratelimited", 1, retry_after=5)
    await office.ana.actor.command("office", "/issue", "light flickering")
    await office.slack.until(lambda: any(not call.ok for call in office.slack.calls_of("chat.postMessage")))
    await office.ana.actor.command("office", "/issue", "my laptop screen is black")
    await office.slack.until(lambda: office.eva.sees("my laptop screen is black"))
    assert not office.bob.sees("#1 light flickering")
    await office.slack.until(lambda: office.bob.sees("#1 light flickering"))


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
