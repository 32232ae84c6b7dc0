"""The Teams window as people use it, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from tests.bot.sandbox.page.conftest import Shown
from tests.bot.sandbox.page.test_teams_deeds import ticket

pytestmark = pytest.mark.slow
LIGHT = "light above my desk flickers"
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Window:
    """One person's Teams in a tab."""

    tab: Page
    page: Shown

    @property
    def pane(self) -> Locator:
        return self.tab.locator("#teams")

    @property
    def composer(self) -> Locator:
        return self.pane.locator("textarea[name=composer]")

    @property
    def dialog(self) -> Locator:
        return self.pane.locator("dialog[open]")

    def button(self, name: str) -> Locator:
        return self.pane.get_by_role("button", name=name, exact=True)

    def message(self, words: str) -> Locator:
        return self.pane.locator("[data-message]", has_text=words).last

    def row(self, name: str) -> Locator:
        return self.pane.locator(f'[data-conversation="{self.page.channel("teams", name)}"]')

    async def sit(self, who: str) -> Window:
        await self.tab.goto(f"{self.page.url}/?teams={who}")
        await expect(self.tab.locator("body[data-ready]")).to_be_visible()
        return self

    async def says(self, words: str) -> None:
        await self.composer.fill(words)
        await self.composer.press("Enter")

    async def chooses(self, words: str, entry: str) -> None:
        """From the menu of the message with these words."""
        message = self.message(words)
        await message.hover()
        await message.get_by_role("button", name="More options").click()
        await message.locator(":popover-open").get_by_role("button", name=entry, exact=True).click()


@pytest.fixture
async def window(fresh_browser: Browser, page: Shown) -> AsyncIterator[Window]:
    tab = await fresh_browser.new_page(viewport={"width": 1400, "height": 800})
    tab.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    yield Window(tab, page)
    await tab.close()
    assert wrong == []


async def test_a_ticket_from_the_first_word_to_fixed(window: Window) -> None:
    await window.sit("ana")
    await window.says(LIGHT)
    await expect(window.message(f"#1 is open: {LIGHT}")).to_be_visible()
    await window.sit("bob")
    await window.row("building-desk").click()
    card = window.message(f"#1 {LIGHT}")
    await card.get_by_role("button", name="Take it").click()
    await expect(card).to_contain_text("in progress")
    await card.get_by_role("button", name="Fixed…").click()
    what, send = window.dialog.get_by_label("What did you do?"), window.dialog.get_by_role("button", name="Fixed", exact=True)
    await expect(what).to_be_focused()
    await send.click()
    await expect(window.dialog).to_contain_text("Please fill this in.")
    await expect(what).to_have_attribute("aria-invalid", "true")
    await what.fill("Socket replaced")
    await send.click()
    await expect(window.dialog).to_contain_text("Done.")
    await expect(window.dialog.locator("footer button")).to_be_focused()
    await window.tab.keyboard.press("Enter")
    await expect(window.dialog).to_have_count(0)
    await expect(card).to_contain_text("fixed, to be confirmed")


async def test_a_form_keeps_what_was_typed_and_closes_by_escape(window: Window) -> None:
    await window.page.does("teams", "ana", "say", conversation="dm", text=LIGHT)
    await window.sit("bob")
    await window.row("building-desk").click()
    await window.message(LIGHT).get_by_role("button", name="Reply…").click()
    field = window.dialog.locator("textarea")
    await field.fill("I come at two")
    await window.page.stage.on.teams.until(lambda: "I come at two" in str(window.page.stage.on.teams.world.dialogs))
    await window.sit("bob")
    await expect(field).to_have_value("I come at two")
    await field.press("Escape")
    await expect(window.dialog).to_have_count(0)


async def test_posts_replies_and_what_can_be_done_with_them(window: Window) -> None:
    await window.sit("ana")
    await window.row("office").click()
    await window.composer.press_sequentially("/is")
    await window.composer.press("Enter")
    await expect(window.composer).to_have_value("/issue ")
    await window.composer.press_sequentially(LIGHT)
    await window.composer.press("Enter")
    await expect(window.message(f"#1 is open: {LIGHT}")).to_contain_text("Only you can see this message")
    await window.says("Who has the key?")
    await window.message("Who has the key?").hover()
    await window.pane.get_by_role("button", name="Reply").last.click()
    reply = window.pane.locator("textarea[name=reply]")
    await reply.press_sequentially("@Bob")
    await reply.press("Enter")
    await expect(reply).to_have_value("@Bob Burke ")
    await reply.press_sequentially("maybe?")
    await reply.press("Enter")
    await expect(window.message("maybe?").locator(".at")).to_have_text("Bob Burke")
    key = window.message("Who has the key?")
    assert await window.message("maybe?").locator("xpath=..").get_by_text("Who has the key?").count() == 1
    await window.chooses("Who has the key?", "Heart")
    await expect(key.get_by_role("button", name="Heart: Ana Alvarez")).to_have_attribute("aria-pressed", "true")
    await window.chooses("Who has the key?", "Edit")
    await window.pane.get_by_label("Your message").fill("Who has the <key>?")
    await window.pane.get_by_label("Your message").press("Enter")
    await expect(window.message("Who has the <key>?")).to_contain_text("Edited")
    await window.chooses("Who has the <key>?", "View JSON")
    await expect(window.tab.locator("dialog.json")).to_contain_text("&lt;key&gt;")
    await window.tab.keyboard.press("Escape")
    await window.chooses("maybe?", "Delete")
    await expect(window.message("maybe?")).to_have_count(0)
    await window.chooses("Who has the <key>?", "Make this a ticket")
    await expect(window.dialog).to_contain_text("Who has the <key>?")


async def test_files_and_a_found_ticket_in_a_message(window: Window) -> None:
    await window.sit("ana")
    await window.says(LIGHT)
    await expect(window.message("#1 is open")).to_be_visible()
    words = FilePayload(name="lamp.txt", mimeType="text/plain", buffer=b"dark")
    drawing = FilePayload(name="x.svg", mimeType="image/svg+xml", buffer=b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    await window.pane.locator("input[type=file]").set_input_files([words, drawing])
    await window.button("Remove x.svg").click()
    await expect(window.button("Remove lamp.txt")).to_be_visible()
    await window.says("see for yourself")
    await expect(window.message("see for yourself").get_by_role("link", name="lamp.txt")).to_be_visible()
    await window.button("Find a ticket with Deskbell").click()
    await window.pane.get_by_role("searchbox").fill("flickers")
    await window.pane.get_by_role("searchbox").press("Enter")
    await window.pane.locator(".t-found").get_by_role("button", name=LIGHT).click()
    await expect(window.pane.locator(".t-draft:not([role=group])")).to_contain_text(LIGHT)
    await window.says("this one")
    await expect(window.message("this one").locator(".t-card")).to_contain_text(LIGHT)
    await expect(window.pane.locator(".t-draft:not([role=group])")).to_be_hidden()


async def test_something_is_reported_from_below_the_field(window: Window) -> None:
    await window.sit("ana")
    await window.row("office").click()
    await window.button("Report something").click()
    field = window.dialog.get_by_role("textbox").first
    await expect(field).to_be_focused()
    await field.fill(LIGHT)
    await window.dialog.locator(".actions").get_by_role("button").first.click()
    await expect(window.dialog).to_contain_text(f"#1 is open: {LIGHT}")


PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""


async def test_a_pasted_link_shows_what_it_leads_to_until_it_is_gone(window: Window) -> None:
    await window.page.does("teams", "bob", "say", conversation="dm", text=LIGHT)
    link = await ticket(window.page)
    await window.sit("ana")
    await window.row("office").click()
    preview = window.pane.get_by_role("group", name="Preview of the link")
    for _ in range(2):
        await window.composer.fill(link)
        await window.composer.evaluate(PASTE, link)
        await expect(preview).to_contain_text(LIGHT)
        await window.composer.fill("")
        await expect(preview).to_be_hidden()
    await window.composer.fill(f"see {link}")
    await window.composer.evaluate(PASTE, link)
    await expect(preview).to_be_visible()
    await window.composer.press("Enter")
    await expect(window.message("see ").locator(".t-card")).to_contain_text(LIGHT)
    await expect(preview).to_be_hidden()


async def test_what_is_half_done_survives_what_others_do(window: Window) -> None:
    """Words, focus, an open menu, and the place that is read."""
    page = window.page
    office = page.channel("teams", "office")
    for number in range(12):
        await page.does("teams", "bob", "say", conversation=office, text=f"line {number}\n\n\n\nend {number}")
    await window.sit("ana")
    assert await window.row("office").get_attribute("aria-description") == "12 unread"
    await window.row("office").click()
    await expect(window.row("office")).not_to_have_attribute("aria-description", "12 unread")
    await expect(window.message("end 11")).to_be_in_viewport()
    await window.composer.fill("half a sentence")
    await page.does("teams", "bob", "say", conversation=office, text="and one more")
    await expect(window.message("and one more")).to_be_in_viewport()
    await expect(window.composer).to_be_focused()
    await expect(window.composer).to_have_value("half a sentence")
    await window.message("end 0").scroll_into_view_if_needed()
    await window.message("line 0").hover()
    await window.message("line 0").get_by_role("button", name="More options").click()
    await page.does(
        "teams", "bob", "edit", conversation=office, id=await window.message("line 0").get_attribute("data-message"), text="new line 0"
    )
    await page.does("teams", "bob", "say", conversation=office, text="unseen as yet")
    await expect(window.message("unseen as yet")).to_have_count(1)
    await expect(window.message("unseen as yet")).not_to_be_in_viewport()
    await expect(window.pane.locator(":popover-open")).to_be_visible()
    await window.tab.keyboard.press("Escape")
    await expect(window.message("new line 0")).to_be_visible()
    await window.pane.locator("[data-conversation]", has_text="General").click()
    await expect(window.composer).to_have_value("")
    await window.row("office").click()
    await expect(window.composer).to_have_value("half a sentence")


async def test_on_a_telephone_there_is_one_thing_at_a_time(window: Window) -> None:
    await window.tab.set_viewport_size({"width": 390, "height": 780})
    await window.sit("ana")
    await window.tab.locator("#tabs").get_by_role("button", name="Teams").click()
    await expect(window.composer).to_be_hidden()
    await window.row("office").click()
    await expect(window.row("office")).to_be_hidden()
    await window.says("from my telephone")
    await expect(window.message("from my telephone")).to_be_visible()
    await window.button("Conversations").click()
    await expect(window.row("office")).to_be_visible()
    assert await window.tab.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_link_of_the_bot_leads_to_where_it_listens(window: Window) -> None:
    await window.sit("ana")
    links = (await window.page.get("/about"))["links"]
    await window.says(f"look at {links['from']}/t/nothing")
    link = window.pane.locator(f"""[data-message] a[href="{links["to"]}/t/nothing"]""").first
    async with window.tab.expect_popup() as opened:
        await link.click()
    assert (await opened.value).url.startswith(f"{links['to']}/t/nothing")
