"""The whole page in a browser: the tour, two who want the same ticket, a telephone, the dark, a reload."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox.page import light_bulb, msp
from bot.sandbox.stage import Stage
from tests.bot.sandbox.page.conftest import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
Office = tuple[str, Stage]
PHONE = {"width": 390, "height": 780}


class Desk:
    """Browsers of several people in front of one office; each knows nothing of the others."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self.faults: list[str] = []

    async def sits(self, query: str = "", **how: object) -> Page:
        context = await self._browser.new_context(viewport=how.get("viewport") or {"width": 1400, "height": 800})  # type: ignore[arg-type]
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("request", lambda asked: self.faults.append(asked.url) if not asked.url.startswith(self._url) else None)
        await page.goto(f"{self._url}/{query}")
        await page.locator("body[data-ready]").wait_for()
        return page


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser, office: Office) -> AsyncIterator[Desk]:
    found = Desk(browser, office[0])
    yield found
    for context in browser.contexts:
        await context.close()
    assert found.faults == []


def teams(page: Page) -> Locator:
    return page.locator("#teams")


async def test_the_whole_tour_is_pressed(desk: Desk) -> None:
    page = await desk.sits()
    for number in range(1, len((*light_bulb.STEPS, *msp.STEPS)) + 1):
        await page.get_by_role("button", name="Do it for me").click()
        await expect(page.locator(".steps .done")).to_have_count(number, timeout=PATIENCE)
        if number == len(light_bulb.STEPS):
            await expect(page.locator("#slack")).to_contain_text("You gave it 5 of 5.", timeout=PATIENCE)
    await expect(teams(page)).to_contain_text("Closed: the requester confirmed that it is fixed.")
    await page.get_by_role("button", name="Once more").click()
    await expect(page.locator(".steps .done")).to_have_count(0, timeout=PATIENCE)


async def test_of_two_who_take_it_at_once_one_has_it_and_both_see_who(desk: Desk, office: Office) -> None:
    _, stage = office
    await stage.on.slack.actor("ana").command("office", "/issue", "the lamp in the lobby is broken")
    await stage.settled()
    pages = [await desk.sits(f"?teams={who}") for who in ("bob", "pat")]
    cards = [teams(page).locator("[data-message]").filter(has_text="the lamp in the lobby").last for page in pages]
    for page in pages:
        await page.get_by_role("button", name=re.compile("building-desk")).first.click()
    await asyncio.gather(*(card.get_by_role("button", name="Take it").click() for card in cards))
    for card in cards:
        await expect(card).to_contain_text(re.compile("(Bob Burke|Pat Perez) has it"), timeout=PATIENCE)
    await stage.settled()
    whose = {(re.search("(Bob Burke|Pat Perez) has it", await card.inner_text()) or [""])[0] for card in cards}
    assert len(whose) == 1


async def test_a_reload_loses_nothing(desk: Desk, office: Office) -> None:
    page = await desk.sits("?slack=hal&teams=quinn")
    await page.goto(page.url.partition("?")[0])
    await page.locator("body[data-ready]").wait_for()
    await expect(page.get_by_label("Who you are in Slack")).to_have_value("hal")
    await expect(page.get_by_label("Who you are in Teams")).to_have_value("quinn")


async def test_a_telephone_shows_one_thing_at_a_time_and_nothing_is_too_wide(desk: Desk) -> None:
    page = await desk.sits(viewport=PHONE)
    for name in ("slack", "teams", "tour"):
        await page.locator(f'#tabs button[value="{name}"]').click()
        await expect(page.locator(f"#{name}")).to_be_visible()
        assert await page.locator(".pane:visible").count() == 1
        assert await page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]


async def test_it_is_dark_or_light_as_wanted_and_stays_so(desk: Desk) -> None:
    page = await desk.sits()
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")
    await page.get_by_role("button", name="Dark or light").click()
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "dark")


async def test_the_clock_and_trouble_are_at_hand(desk: Desk) -> None:
    page = await desk.sits()
    before = await page.locator("#clock").inner_text()
    await page.get_by_role("button", name="+4 h").click()
    await expect(page.locator("#clock")).not_to_have_text(before, timeout=PATIENCE)
    await page.locator("#troubles summary").click()
    switch = page.get_by_label("Slack is down")
    await switch.click()
    await expect(page.locator("#troubles")).to_have_class(re.compile("on"), timeout=PATIENCE)
    await page.get_by_label("Slack is down").click()
    await expect(page.locator("#troubles")).not_to_have_class(re.compile("on"), timeout=PATIENCE)
