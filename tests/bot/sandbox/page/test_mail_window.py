"""The Mail window as people use it, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from bot.sandbox.stage import Stage
from tests.bot.sandbox.mail.conftest import Receiver, letter, send
from tests.bot.sandbox.page.conftest import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
JOE, ANA = "joe@sparks.example", "ana@acme.example"
PHONE = {"width": 390, "height": 780}
WIDE = {"width": 1920, "height": 1000}
expect.set_options(timeout=PATIENCE)


@dataclass
class Window:
    """One person's mailbox in a tab. `asked`: all addresses that the browser wanted."""

    tab: Page
    url: str
    stage: Stage
    asked: list[str] = field(default_factory=list)

    @property
    def pane(self) -> Locator:
        return self.tab.locator("#mail")

    @property
    def frame(self) -> Any:
        return self.pane.frame_locator("iframe")

    def button(self, name: str) -> Locator:
        return self.pane.get_by_role("button", name=name, exact=True)

    def row(self, subject: str) -> Locator:
        return self.pane.locator("[data-letter]", has_text=subject)

    async def sit(self, who: str = JOE) -> Window:
        await self.tab.goto(f"{self.url}/?mail={who}")
        await expect(self.tab.locator("body[data-ready]")).to_be_visible()
        other = self.tab.locator("#teams .other")
        if await other.is_visible():
            await other.click()
        return self


@pytest_asyncio.fixture(loop_scope="module")
async def window(browser: Browser, office: tuple[str, Stage]) -> AsyncIterator[Window]:
    url, stage = office
    context = await browser.new_context(viewport={"width": 1400, "height": 800})
    tab = await context.new_page()
    tab.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    found = Window(tab, url, stage)
    context.on("request", lambda asked: found.asked.append(asked.url))
    yield found
    await context.close()
    stage.on.mail.world.letters.clear()
    assert wrong == []


@pytest_asyncio.fixture(loop_scope="module")
async def receiver(office: tuple[str, Stage]) -> AsyncIterator[Receiver]:
    """A bot that takes letters, in place of the real one."""
    mail = office[1].on.mail
    found, before = Receiver(mail.webhook_secret), mail.bot_url
    application = web.Application()
    application.router.add_post("/mail/inbound", found.listen)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    mail.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}/mail/inbound"
    yield found
    mail.bot_url = before
    await runner.cleanup()


async def test_a_letter_appears_by_itself_and_is_read(window: Window) -> None:
    await window.sit()
    await expect(window.pane).to_contain_text("Letters arrive here when the desk writes to somebody by e-mail.")
    await send(window.stage.on.mail, letter(text="The light flickers.\nhttps://desk.example/t/x"))
    row = window.row("[#142] Light flickering")
    await expect(row).to_contain_text("The light flickers.")
    await expect(row).to_have_attribute("aria-description", "unread")
    await expect(window.button("Inbox 1")).to_be_visible()
    await row.click()
    await expect(window.pane.get_by_role("heading", name="[#142] Light flickering")).to_be_visible()
    links = window.stage.on.slack.bot_url
    await expect(window.pane.locator(f'.m-text a[href="{links}/t/x"]')).to_be_visible()
    await window.tab.keyboard.press("Escape")
    await expect(row).to_be_focused()
    await expect(row).not_to_have_attribute("aria-description", "unread")


async def test_while_another_window_is_before_one_the_mail_is_counted(window: Window) -> None:
    await window.sit()
    await window.tab.locator("#mail .other").click()
    await expect(window.pane).to_be_hidden()
    await send(window.stage.on.mail, letter())
    there = window.tab.locator("#teams").get_by_role("button", name="Mail, 1 unread")
    await there.click()
    await expect(window.row("Light flickering")).to_be_visible()


async def test_nothing_of_a_letters_html_runs_or_is_fetched(window: Window) -> None:
    message = letter()
    html = """<p style="color: rgb(1, 2, 3)" onmouseover="top.ran = 1">Hello <b>Joe</b></p><script>top.ran = 1</script>
      <style>@import url(http://evil.example/a.css);</style><p style="background: url(http://evil.example/b.png)">x</p>
      <img src="http://evil.example/c.png" alt="Photo" onerror="top.ran = 1"><link rel="preload" href="http://evil.example/d" as="image">
      <a href="javascript:top.ran=1">never</a> <a href="https://desk.example/t/nothing">Answer</a>"""
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    await send(window.stage.on.mail, message)
    await window.sit()
    await window.row("Light flickering").click()
    await expect(window.frame.get_by_text("Hello Joe")).to_have_css("color", "rgb(1, 2, 3)")
    await expect(window.frame.get_by_text("Photo")).to_be_visible()
    await window.frame.get_by_text("Hello Joe").hover()
    await window.frame.get_by_text("never").click()
    async with window.tab.context.expect_page() as opened:
        await window.frame.get_by_text("Answer").click()
    await (await opened.value).wait_for_load_state()
    assert (await opened.value).url.startswith(f"{window.stage.on.slack.bot_url}/t/nothing")
    assert await window.tab.evaluate("window.ran") is None
    assert [one for one in window.asked if not one.startswith("http://127.0.0.1:")] == []
    await window.button("Plain text").click()
    await expect(window.pane.locator(".m-text")).to_have_text("The light flickers.")
    await window.button("As it was made").click()
    await expect(window.frame.get_by_text("Hello Joe")).to_be_visible()


async def test_even_what_slipped_through_would_not_run(window: Window) -> None:
    """The frame and its own policy hold by themselves: here they get HTML that nobody looked at."""
    evil = '<script>top.ran = 1</script><img src="http://evil.example/x.png" onerror="top.ran = 1"><p>there</p>'

    async def raw(route: Any) -> None:
        said = await route.fetch()
        await route.fulfill(response=said, body=evil)

    await window.tab.route("**/letter/*", raw)
    message = letter()
    message.add_alternative("<p>x</p>", subtype="html")
    await send(window.stage.on.mail, message)
    await window.sit()
    failed: list[str] = []
    window.tab.on("requestfinished", lambda asked: failed.append(asked.url) if "evil" in asked.url else None)
    await window.row("Light flickering").click()
    await expect(window.frame.get_by_text("there")).to_be_visible()
    assert (await window.tab.evaluate("window.ran"), failed) == (None, [])


async def test_a_reply_with_a_file_reaches_the_desk(window: Window, receiver: Receiver) -> None:
    await send(window.stage.on.mail, letter())
    await window.sit()
    await window.row("Light flickering").click()
    await window.button("Reply").click()
    text = window.pane.get_by_label("Your letter")
    await expect(text).to_be_focused()
    await text.fill("I come at two.")
    bill: FilePayload = {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    await window.pane.locator("input[type=file]").set_input_files([bill])
    await expect(window.pane.get_by_role("button", name="Remove bill.pdf")).to_be_visible()
    await text.press("Control+Enter")
    await expect(window.tab.locator("#notes")).to_contain_text("Sent.")
    (heard,) = receiver.heard
    assert (heard["mail_from"], heard["rcpt_to"]) == (JOE, ["desk+k3x@desk.example"])
    assert b"> The light flickers." in receiver.raw()
    assert b'filename="bill.pdf"' in receiver.raw()
    await expect(window.button("Reply")).to_be_focused()
    await window.button("Letters").click()
    await window.button("Sent").click()
    await expect(window.row("Re: [#142]")).to_contain_text("Delivered")


async def test_a_new_letter_that_nobody_takes_comes_back_by_keyboard_alone(window: Window) -> None:
    await window.sit("lou@northwind.example")
    keys = window.tab.keyboard
    await window.button("New letter").focus()
    await keys.press("Enter")
    await expect(window.pane.get_by_label("Subject")).to_be_focused()
    await expect(window.pane.get_by_label("To")).to_have_value("desk@desk.example")
    await keys.type("Invoice 77")
    await keys.press("Tab")
    await keys.type("Please find it\nattached.")
    await keys.press("Escape")
    await expect(window.button("New letter")).to_be_focused()
    await keys.press("Enter")
    await expect(window.pane.get_by_label("Your letter")).to_have_value("Please find it\nattached.")
    await window.button("Send").focus()
    await keys.press("Enter")
    await expect(window.button("New letter")).to_be_focused()
    await keys.press("Tab")
    await expect(window.row("Your letter came back")).to_be_focused()
    await keys.press("Enter")
    await expect(window.pane.locator(".m-text")).to_contain_text("Nobody takes letters there yet.")


async def test_what_is_refused_stays_as_it_was_typed(window: Window) -> None:
    await window.sit()
    await window.button("New letter").click()
    await window.pane.get_by_label("To").fill("joe")
    await window.pane.get_by_label("Your letter").fill("Hello")
    await window.button("Send").click()
    await expect(window.tab.locator("#notes")).to_contain_text("“joe” is no e-mail address.")
    await expect(window.pane.get_by_label("Your letter")).to_have_value("Hello")
    await window.pane.get_by_label("To").fill(ANA)
    await window.button("Send").click()
    await expect(window.tab.locator("#notes")).to_contain_text("Sent.")


async def test_letters_are_walked_with_arrows_and_the_source_is_there(window: Window) -> None:
    for number in range(3):
        await send(window.stage.on.mail, letter(f"Letter {number}"))
    await window.sit()
    await window.row("Letter 2").focus()
    await window.tab.keyboard.press("ArrowDown")
    await expect(window.row("Letter 1")).to_be_focused()
    await window.tab.keyboard.press("End")
    await window.tab.keyboard.press("Enter")
    await window.button("View source").click()
    source = window.tab.locator("dialog.json")
    await expect(source).to_contain_text("Message-ID: <one@desk.example>")
    await window.tab.keyboard.press("Escape")
    await expect(source).to_have_count(0)


async def test_what_is_half_written_survives_what_comes(window: Window) -> None:
    await window.sit()
    await window.button("New letter").click()
    text = window.pane.get_by_label("Your letter")
    await text.fill("Half a sentence")
    await send(window.stage.on.mail, letter())
    await expect(window.tab.locator("#teams .other")).to_have_attribute("data-unread", "1")
    await expect(text).to_be_focused()
    await expect(text).to_have_value("Half a sentence")


async def test_on_a_telephone_there_is_one_thing_at_a_time(window: Window) -> None:
    await send(window.stage.on.mail, letter("[#142] Light flickering, a subject that is longer than the screen of a telephone is wide"))
    await window.tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await window.sit()
    await window.tab.locator("#tabs").get_by_role("button", name="Mail").click()
    assert await window.tab.locator(".pane:visible").count() == 1
    await window.row("Light flickering").click()
    await expect(window.row("Light flickering")).to_be_hidden()
    await expect(window.pane.get_by_role("heading", name="Light flickering")).to_be_focused()
    await window.button("Reply").click()
    await expect(window.button("Send")).to_be_in_viewport()
    await window.button("Not now").click()
    assert await window.tab.evaluate("document.documentElement.scrollWidth") <= 390
    await window.button("Letters").click()
    await expect(window.row("Light flickering")).to_be_focused()


async def test_on_a_wide_screen_all_three_windows_are_there(window: Window) -> None:
    await window.tab.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await window.sit()
    for name in ("slack", "teams", "mail", "tour"):
        await expect(window.tab.locator(f"#{name}")).to_be_in_viewport()
    await expect(window.tab.locator(".other").first).to_be_hidden()
