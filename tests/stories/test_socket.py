"""The light above Ana's desk in a company without a public address: everything comes over Slack's socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot import metrics
from bot.slack.answers import Answers
from bot.slack.events import Events
from bot.slack.installed import Fixed, Installation
from bot.slack.listen import Listener, build_app
from bot.slack.socket import Limits, Socket
from handlers.listening.words import command
from handlers.routes import ROUTES
from tests.stories.world import Story

QUICK = Limits(connecting=5, look=0.05, overlap=1, steady=0, first_pause=0.02, closing=0.2)


def socket_of(told: Story) -> Socket:
    """What stands at the office's address, at a socket."""
    bot, client, world = told.bot, told.wired.client, told.slack.world
    found = Fixed(Installation(world.team, world.token, world.app.user, world.app.bot_id))
    answers = Answers(client, bot.dispatch.hear, metrics.slack)
    listener = Listener(
        bot.dispatch.hear,
        answers,
        told.wired.chores,
        metrics.slack,
        lambda text: command(text, ROUTES.commands),
        found,
        report_form="ticket.report",
    )
    events = Events(bot.dispatch.hear, answers, told.wired.chores, bot.desk, client, metrics.slack)
    app = build_app("nothing is signed", found, listener, events, inline=True)
    return Socket(app, listener.commanded, told.slack.use_socket(), metrics.slack, base_url=told.slack.base_url, limits=QUICK)


@pytest.fixture
async def inside(office: Story) -> AsyncIterator[Story]:
    """The office, with nobody who could call the bot."""
    socket = socket_of(office)
    office.slack.bot_url = ""
    await socket.start()
    assert await socket.ready(10)
    yield office
    await socket.stop()


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
    await inside.slack.until(lambda: inside.slack.sockets.opened == 2, 5)
    sent += [asyncio.create_task(inside.ana.actor.command("office", "/issue", f"light {n} flickering")) for n in range(6, 12)]
    assert all(one.ok for one in await asyncio.gather(*sent))
    await inside.slack.until(lambda: all(inside.ana.sees(f"is open: light {n} flickering") for n in range(12)), 10)
    assert inside.ana.sees("#12 is open")
    assert not inside.ana.sees("#13 is open")
