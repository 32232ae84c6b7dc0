"""Northwind's technician in a browser beside the office's: each sees their own workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox.stage import Stage
from tests.bot.sandbox.page.conftest import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
expect.set_options(timeout=PATIENCE)
TOLD = "I take no reports from here"
Sit = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
def sit(browser: Browser, office: tuple[str, Stage]) -> Sit:
    """Somebody sits down at a tab of their own. What goes wrong in the page makes the test fail."""

    @asynccontextmanager
    async def seated(query: str) -> AsyncIterator[Page]:
        page = await browser.new_page(viewport={"width": 1400, "height": 800})
        page.set_default_timeout(PATIENCE)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(f"{office[0]}/?{query}")
        await page.locator("body[data-ready]").wait_for()
        yield page
        await page.close()
        assert wrong == []

    return seated


def slack(page: Page) -> Locator:
    return page.locator("#slack .slack")


async def say(page: Page, words: str) -> None:
    box = slack(page).locator("textarea[name=composer]")
    await box.fill(words)
    await box.press("Enter")


async def test_a_technician_beside_the_office_sees_their_own_workspace_alone(sit: Sit) -> None:
    async with sit("slack=ana") as ours, sit("slack=max@northwind") as theirs:
        await slack(ours).get_by_role("button", name="office").click()
        await say(ours, "Good morning, office")
        await expect(slack(ours)).to_contain_text("Good morning, office")
        names = slack(theirs).get_by_role("navigation")
        await expect(names).to_contain_text("Northwind IT Services")
        await expect(names.locator("[data-conversation] .title")).to_have_text(["Deskbell", "acme-support"])
        await names.get_by_role("button", name="acme-support").click()
        await say(theirs, "@deskbell is anything waiting for us?")
        await expect(slack(theirs).locator(".talk")).to_contain_text(TOLD)
        await say(theirs, "/issue the server is down")
        await expect(slack(theirs).locator(".talk article").filter(has_text=TOLD)).to_have_count(2)
        await expect(slack(theirs)).not_to_contain_text("Good morning, office")
        await expect(slack(ours)).not_to_contain_text(TOLD)
        await slack(theirs).locator("textarea[name=composer]").press_sequentially("@")
        await expect(slack(theirs).get_by_role("option").filter(has_text="Nia Nolan")).to_be_visible()
        await expect(slack(theirs).get_by_role("option").filter(has_text="Ana Alvarez")).to_have_count(0)
        await theirs.reload()
        await theirs.locator("body[data-ready]").wait_for()
        await expect(slack(theirs).locator(".talk")).to_contain_text("is anything waiting for us?")


async def test_the_apps_home_says_what_will_appear_there(sit: Sit) -> None:
    async with sit("slack=lou@northwind") as page:
        await slack(page).get_by_role("button", name="Deskbell").click()
        await expect(slack(page).locator(".talk")).to_contain_text("Nothing is offered to Northwind IT Services just now.")


async def test_people_are_chosen_by_what_they_are(sit: Sit) -> None:
    async with sit("slack=ana&teams=bob") as page:
        chooser = page.get_by_label("Who you are in Slack")
        groups = ["Employees", "Managers", "Desks", "Leadership", "Northwind IT Services"]
        assert [await one.get_attribute("label") for one in await chooser.locator("optgroup").all()] == groups
        in_teams = page.get_by_label("Who you are in Teams").locator("optgroup")
        assert [await one.get_attribute("label") for one in await in_teams.all()] == groups[:-1]
        await chooser.select_option(label="Nia Nolan · technician")
        await expect(slack(page).get_by_role("navigation")).to_contain_text("Northwind IT Services")
        await chooser.select_option("ana")
        await expect(slack(page).get_by_role("navigation")).to_contain_text("office")


async def test_whoever_has_no_account_is_told_so_and_somebody_else_can_be_chosen(sit: Sit) -> None:
    async with sit("slack=ana&teams=lou@northwind") as page:
        window = page.locator("#teams")
        await expect(window).to_contain_text("Lou Lang has no account in Teams here.")
        await window.get_by_role("button", name="Choose somebody").click()
        chooser = page.get_by_label("Who you are in Teams")
        await expect(chooser).to_be_focused()
        await chooser.select_option("bob")
        await expect(window).not_to_contain_text("has no account")
        await expect(window.locator("textarea[name=composer]")).to_be_visible()
