"""The light above Ana's desk in a company without a public address: everything comes over Slack's socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.stories.world import Story, story

LONG = 30.0


@pytest.fixture
async def inside(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Story]:
    """The office, with nobody who could call the bot."""
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with story(database_url, redis, over_socket=True) as told:
        assert told.wired.socket is not None
        assert await told.wired.socket.ready(LONG)
        yield told


async def test_the_whole_life_over_the_socket(inside: Story) -> None:
    await inside.ana.says("/issue light above my desk flickering")
    assert inside.ana.sees("#1 is open: light above my desk flickering")
    await inside.bob.presses("Take it")
    assert inside.ana.sees("Bob Burke is on it")

    await inside.bob.presses("Fixed…")
    await inside.bob.sends({"What did you do?": "Socket replaced", "Minutes of work": "45", "Cost in USD": "120"})
    assert inside.ana.sees("Bob Burke says #1 is fixed: light above my desk flickering. Is it?")

    await inside.ana.presses("Yes, fixed")
    assert inside.bob.post("#1 light above", "building").says("Closed: the requester confirmed that it is fixed.")
    assert all(one.ok for one in inside.slack.deliveries)
    assert [one.carried for one in inside.slack.sockets.open] == [len(inside.slack.deliveries)]


async def test_words_of_a_direct_message_are_heard_too(inside: Story) -> None:
    await inside.ana.tells("the printer on the second floor is jammed")
    assert inside.ana.sees("#1")
    assert inside.slack.deliveries[0].kind == "event"


async def test_a_wrong_form_keeps_its_errors(inside: Story) -> None:
    await inside.ana.says("/issue light above my desk flickering")
    await inside.bob.presses("Take it")
    await inside.bob.presses("Fixed…")
    await inside.bob.sends({"What did you do?": "New bulb", "Minutes of work": "-5"})
    form = inside.bob.actor.modal
    assert form is not None
    assert form.errors


async def test_reports_while_the_connection_is_renewed_become_one_ticket_each(inside: Story) -> None:
    sent = [asyncio.create_task(inside.ana.actor.command("office", "/issue", f"light {n} flickering")) for n in range(6)]
    await inside.slack.sockets.disconnect("warning")
    await inside.slack.until(lambda: inside.slack.sockets.opened == 2, LONG)
    sent += [asyncio.create_task(inside.ana.actor.command("office", "/issue", f"light {n} flickering")) for n in range(6, 12)]
    assert all(one.ok for one in await asyncio.gather(*sent))
    await inside.slack.until(lambda: all(inside.ana.sees(f"is open: light {n} flickering") for n in range(12)), LONG)
    assert inside.ana.sees("#12 is open")
    assert not inside.ana.sees("#13 is open")


async def test_a_line_that_is_down_is_said_and_mends_by_itself(inside: Story) -> None:
    assert inside.wired.unready() is None
    inside.slack.down = True
    await inside.slack.sockets.cut(list(inside.slack.sockets.open))
    await inside.slack.until(lambda: inside.slack.calls_of("apps.connections.open")[1:], LONG)
    assert "Slack's socket is not connected" in (inside.wired.unready() or "")
    inside.slack.down = False
    await inside.slack.until(lambda: inside.slack.sockets.opened == 2, LONG)
    await inside.ana.says("/issue light above my desk flickering")
    assert inside.ana.sees("#1 is open")
    assert inside.wired.unready() is None
