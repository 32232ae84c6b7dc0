"""The pictures of the README and of the tour, taken from the page as it is: `make pictures`."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot import logs
from bot.cli.example import example_office
from bot.office_file import load
from bot.sandbox import history
from bot.sandbox.page import light_bulb, msp
from bot.sandbox.page.control import Controls
from bot.sandbox.page.server import Page as Served
from bot.sandbox.stage import listening, platforms, settings_of, staged
from bot.settings import Settings
from storage.migrate import upgrade

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE, PHONE = {"width": 1360, "height": 800}, {"width": 390, "height": 800}


async def taken() -> None:
    """The office at work: the tour step by step, then on a telephone in the dark."""
    on = platforms(load(example_office())[0])
    page = Served(on.slack, on.teams, on.mail, on.changes)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/desk.db"
        await upgrade(database)
        async with listening(on, 0, page.routes()) as address:
            settings = settings_of(Settings(_env_file=None, log_level="error"), on, database, 0)
            logs.configure(settings)
            chosen = settings.model_copy(update={"data_folder": Path(folder)})
            async with staged(on, chosen, new=True, history=history.play) as stage, async_playwright() as playwright:
                page.control = Controls(stage)
                path = next(filter(None, map(shutil.which, BROWSERS)))
                browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
                await photographed(browser, address)
                await browser.close()


async def photographed(browser: Browser, address: str) -> None:
    tab = await browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
    await opened(tab, address)
    for number, step in enumerate((*light_bulb.STEPS, *msp.STEPS), 1):
        await tab.get_by_role("button", name="Do it for me").click()
        await tab.locator(".steps .done").nth(number - 1).wait_for()
        await shot(tab, f"tour-{number}-{step.key}")
    phone = await browser.new_page(viewport=PHONE, color_scheme="dark")  # type: ignore[arg-type]
    await opened(phone, address)
    await shot(phone, "phone")


async def opened(tab: Page, address: str) -> None:
    await tab.goto(address)
    await tab.locator("body[data-ready]").wait_for()


async def shot(tab: Page, name: str) -> None:
    """When nothing moves any more."""
    await tab.wait_for_load_state("load")
    await asyncio.sleep(0.5)
    await tab.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    asyncio.run(taken())
