"""The guided tour, pressed step by step."""

from __future__ import annotations

from bot.sandbox.page import msp
from bot.sandbox.page.light_bulb import LIGHT
from bot.sandbox.page.light_bulb import STEPS as FIRST
from tests.bot.sandbox.page.conftest import Shown

STEPS = (*FIRST, *msp.STEPS)


async def done(page: Shown) -> list[bool]:
    return [step["done"] for step in (await page.get("/about"))["tour"]]


async def test_every_step_can_be_pressed_and_is_done_then(page: Shown) -> None:
    for at, step in enumerate(STEPS):
        assert await done(page) == [True] * at + [False] * (len(STEPS) - at)
        status, said = await page.post("/control/tour", step=step.key)
        assert status == 200, (step.key, said)
        await page.stage.settled()
    assert all(await done(page))


async def test_what_one_does_oneself_counts(page: Shown) -> None:
    await page.does("slack", "ana", "say", conversation=page.channel("slack", "office"), text=f"/issue {LIGHT}")
    assert (await done(page))[:2] == [True, False]


async def test_a_step_before_its_time_is_refused_in_words(page: Shown) -> None:
    for step in STEPS[1:4]:
        status, said = await page.post("/control/tour", step=step.key)
        assert status == 409, step.key
        assert said["refused"]
    assert (await page.post("/control/tour", step="dance"))[0] == 409
    assert not any(await done(page))


async def test_it_begins_again_with_a_ticket_of_its_own(page: Shown) -> None:
    for step in STEPS[:3]:
        await page.post("/control/tour", step=step.key)
        await page.stage.settled()
    await page.post("/control/tour_again")
    assert not any(await done(page))
    await page.post("/control/tour", step="report")
    await page.stage.settled()
    await page.post("/control/tour", step="take")
    await page.stage.settled()
    assert page.stage.on.slack.actor("ana").sees("#2 light above my desk flickers: Bob Burke is on it.")
