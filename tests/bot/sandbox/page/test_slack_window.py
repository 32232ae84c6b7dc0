"""People at work in the Slack window: each test is somebody else, so that none sees what another one did."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot.sandbox.stage import Stage
from tests.bot.sandbox.page.conftest import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
WIDE, PHONE = ViewportSize(width=1400, height=800), ViewportSize(width=390, height=780)
expect.set_options(timeout=PATIENCE)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" + "1f15c4890000000d49444154789c6360f8cfc00000030001018dd8db"
    "0000000049454e44ae426082"
)
Sit = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
def sit(browser: Browser, office: tuple[str, Stage]) -> Sit:
    """Somebody sits down at a browser of their own. What goes wrong in the page makes the test fail."""

    @asynccontextmanager
    async def seated(who: str, size: ViewportSize = WIDE) -> AsyncIterator[Page]:
        page = await browser.new_page(viewport=size)
        page.set_default_timeout(PATIENCE)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith((office[0], "data:")) else None)
        await opened(page, f"{office[0]}/?slack={who}")
        yield page
        await expect(page.locator("#notes")).not_to_contain_text("That did not work")
        await page.close()
        assert wrong == []

    return seated


async def opened(page: Page, address: str) -> None:
    await page.goto(address)
    await page.locator("body[data-ready]").wait_for()


def slack(page: Page) -> Locator:
    return page.locator("#slack .slack")


def composer(page: Page) -> Locator:
    return slack(page).locator("textarea[name=composer]")


def said(page: Page, words: str) -> Locator:
    """The message with these words in the conversation."""
    return slack(page).locator(".talk article").filter(has_text=words)


async def say(page: Page, words: str, field: str = "composer") -> None:
    box = slack(page).locator(f"textarea[name={field}]")
    await box.fill(words)
    await box.press("Enter")


async def menu(page: Page, message: Locator, entry: str) -> None:
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await slack(page).get_by_role("menuitem", name=entry).click()


async def report_form(page: Page) -> Locator:
    """The form of the global shortcut, open."""
    await slack(page).get_by_role("button", name="Attach files and shortcuts").first.click()
    await slack(page).get_by_role("menuitem", name="Report something Deskbell").click()
    form = slack(page).locator("dialog[open]")
    await expect(form.get_by_label("What is wrong")).to_be_focused()
    return form


# ---------------------------------------------------------------- writing


async def test_a_command_is_hinted_at_typed_and_answered_for_this_person_alone(sit: Sit) -> None:
    async with sit("ana") as page:
        await composer(page).press_sequentially("/i")
        await expect(slack(page).get_by_role("option")).to_contain_text("Report something that needs doing")
        await composer(page).press("Enter")
        await expect(composer(page)).to_have_value("/issue ")
        await composer(page).press_sequentially("light above my desk flickers")
        await composer(page).press("Enter")
        answer = said(page, "light above my desk flickers")
        await expect(answer).to_contain_text("Only visible to you")
        await expect(answer.get_by_role("button", name="Cancel it")).to_be_visible()
        await menu(page, answer, "Dismiss message")
        await expect(answer).to_have_count(0)


async def test_slackbot_says_what_is_no_command(sit: Sit) -> None:
    async with sit("ana") as page:
        await say(page, "/nosuch thing")
        await expect(page.locator("#notes")).to_contain_text("/nosuch is not a valid command")
        await expect(composer(page)).to_have_value("/nosuch thing")


async def test_names_channels_and_emoji_complete_by_keys(sit: Sit) -> None:
    async with sit("bob") as page:
        await slack(page).get_by_role("button", name="office").click()
        await composer(page).press_sequentially("@qui")
        await composer(page).press("Enter")
        await composer(page).press_sequentially("look at #build")
        await composer(page).press("Tab")
        await composer(page).press_sequentially(":tad")
        await composer(page).press("ArrowDown")
        await composer(page).press("ArrowUp")
        await composer(page).press("Tab")
        await expect(composer(page)).to_have_value("@quinn look at #building-desk :tada: ")
        await composer(page).press("Enter")
        await expect(said(page, "@Quinn Quist look at #building-desk 🎉")).to_have_count(1)


async def test_what_is_half_typed_stays_while_others_write_and_over_a_reload(sit: Sit) -> None:
    async with sit("cy") as page, sit("dee") as other:
        await composer(page).press_sequentially("I am just wri")
        await say(other, "somebody else was faster")
        await expect(said(page, "somebody else was faster")).to_have_count(1)
        await expect(composer(page)).to_be_focused()
        await composer(page).press_sequentially("ting")
        await opened(page, page.url)
        await expect(composer(page)).to_have_value("I am just writing")


async def test_files_are_attached_shown_and_given(sit: Sit) -> None:
    async with sit("gus") as page:
        chosen: list[Any] = [
            {"name": "desk.png", "mimeType": "image/png", "buffer": PIXEL},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"plain words"},
        ]
        await slack(page).get_by_label("Files", exact=True).first.set_input_files(chosen)
        await slack(page).get_by_role("button", name="Remove notes.txt").wait_for()
        await expect(slack(page).locator(".attached small")).to_have_count(0)
        await say(page, "this is how it looks")
        message = said(page, "this is how it looks")
        await expect(message.get_by_alt_text("desk.png")).to_have_js_property("naturalWidth", 1)
        async with page.expect_download() as download:
            await message.get_by_role("link", name="notes.txt").click()
        assert (await (await download.value).path()).read_bytes() == b"plain words"


# ---------------------------------------------------------------- messages


async def test_ones_own_message_is_changed_reacted_to_answered_and_deleted(sit: Sit) -> None:
    async with sit("hal") as page:
        await say(page, "The *door* squeeks & <creaks>")
        message = said(page, "The door")
        await menu(page, message, "Edit message")
        field = slack(page).get_by_role("textbox", name="Edit message")
        await expect(field).to_have_value("The *door* squeeks & <creaks>")
        await field.fill("The *door* squeaks & <creaks>")
        await field.press("Enter")
        await expect(message).to_contain_text("The door squeaks & <creaks> (edited)")

        await message.hover()
        await message.get_by_role("button", name="Add reaction").click()
        await slack(page).get_by_role("menuitem", name="eyes").click()
        eyes = message.get_by_role("button", name="eyes, 1: Hal Hughes")
        await expect(eyes).to_have_attribute("aria-pressed", "true")
        await eyes.click()
        await expect(eyes).to_have_count(0)

        await menu(page, message, "Reply in thread")
        await say(page, "It is the one at the stairs", "reply")
        panel = slack(page).get_by_role("complementary", name="Thread")
        await expect(panel.locator("article")).to_have_count(2)
        await panel.get_by_role("button", name="Close thread").click()
        await expect(message.get_by_role("button", name="1 reply")).to_be_visible()

        await menu(page, message, "Delete message…")
        await slack(page).get_by_role("alertdialog").get_by_role("button", name="Delete").click()
        await expect(said(page, "This message was deleted.")).to_have_count(1)


async def test_a_message_becomes_a_ticket_from_its_menu_and_shows_its_json(sit: Sit) -> None:
    async with sit("ida") as page:
        await say(page, "The window on floor 2 does not close")
        message = said(page, "The window on floor 2 does not close").first
        await menu(page, message, "Make this a ticket")
        await expect(said(page, "is open: The window on floor 2 does not close")).to_have_count(1)
        await menu(page, message, "View JSON")
        await expect(page.locator("dialog.json")).to_contain_text('"text": "The window on floor 2 does not close"')


async def test_a_link_to_a_message_opens_it(sit: Sit, office: tuple[str, Stage]) -> None:
    async with sit("jon") as page:
        await say(page, "here it is")
        number = await said(page, "here it is").get_attribute("data-message")
        place = await slack(page).get_by_role("button", name="office").get_attribute("data-conversation")
        await opened(page, f"{office[0]}/?slack=kim#slack/{place}/{number}")
        await expect(said(page, "here it is")).to_be_focused()


# ---------------------------------------------------------------- the app


async def test_the_apps_page_and_messages_and_what_is_new(sit: Sit, office: tuple[str, Stage]) -> None:
    async with sit("leo") as page:
        app = slack(page).get_by_role("button", name="Deskbell")
        await app.click()
        await expect(slack(page).get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
        await expect(slack(page).locator(".home").get_by_role("button", name="Report something…")).to_be_visible()
        await slack(page).get_by_role("tab", name="Messages").click()
        await say(page, "the heating in room 4 is cold")
        await expect(said(page, "is open")).to_have_count(1)
        await slack(page).get_by_role("button", name="office").click()
        await expect(app.locator(".badge")).to_have_count(0)
        await office[1].on.slack.actor("leo").message("dm", "list")
        await expect(app.locator(".badge")).to_be_visible()
        await app.click()
        await expect(said(page, "the heating in room 4 is cold").last).to_be_visible()
        await expect(app.locator(".badge")).to_have_count(0)


# ---------------------------------------------------------------- forms


async def test_a_form_says_under_its_fields_what_is_wrong_and_keeps_what_was_typed(sit: Sit) -> None:
    async with sit("mia") as page:
        form = await report_form(page)
        await form.get_by_label("Where?").fill("2nd floor")
        await form.get_by_role("button", name="Send").click()
        await expect(form.get_by_role("alert").filter(visible=True)).to_have_text("Please complete this required field.")
        what = form.get_by_label("What is wrong")
        await expect(what).to_be_focused()
        await expect(what).to_have_attribute("aria-invalid", "true")
        await what.fill("My screen is black")
        await expect(form.get_by_role("alert").filter(visible=True)).to_have_count(0)
        await form.get_by_label("What is it about?").select_option(index=1)
        await expect(form.get_by_label("Where?")).to_have_value("2nd floor")
        await form.get_by_role("button", name="Send").click()
        await expect(form).to_contain_text("is open: My screen is black")
        await form.get_by_role("button", name="Close", exact=True).click()
        await expect(form).to_have_count(0)


async def test_a_form_is_still_there_after_a_reload_and_closes_by_escape(sit: Sit) -> None:
    async with sit("ned") as page:
        form = await report_form(page)
        async with page.expect_response("**/fill"):
            await form.get_by_label("Where?").press_sequentially("Room 7")
        await opened(page, page.url)
        await expect(form.get_by_label("Where?")).to_have_value("Room 7")
        await expect(form.get_by_label("What is wrong")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(form).to_have_count(0)
        await expect(composer(page)).to_be_focused()


async def test_several_of_a_list_are_chosen_by_keys(sit: Sit) -> None:
    async with sit("oli") as page:
        form = await report_form(page)
        field = form.get_by_role("combobox", name="Who may see it?")
        await field.press("ArrowDown")
        first = form.locator("[role=option]").first
        words = await first.inner_text()
        await field.press("Enter")
        chip = form.get_by_role("button", name=f"Remove {words}")
        await expect(chip).to_be_visible()
        await field.press("Backspace")
        await expect(chip).to_have_count(0)
        await form.get_by_role("button", name="Cancel").click()
        await expect(form).to_have_count(0)


# ---------------------------------------------------------------- a telephone


async def test_on_a_telephone_one_thing_is_seen_at_a_time(sit: Sit) -> None:
    async with sit("pat", PHONE) as page:
        names, talk = slack(page).get_by_role("navigation"), slack(page).get_by_role("region", name="Conversation")
        await expect(names).to_be_visible()
        await expect(talk).to_be_hidden()
        await slack(page).get_by_role("button", name="building-desk").click()
        await expect(names).to_be_hidden()
        await say(page, "On my way")
        message = said(page, "On my way")
        await menu(page, message, "Reply in thread")
        await expect(talk).to_be_hidden()
        await slack(page).get_by_role("button", name="Close thread").click()
        await slack(page).get_by_role("button", name="Back to the list of conversations").click()
        await expect(names).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
