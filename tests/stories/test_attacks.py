"""Requests that nobody's client would send: whatever is made up in them opens nothing, tells nothing and breaks nothing."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import partial

from bot import offices
from bot.chats import Arrival, Profile
from bot.doorkeeper import learn
from bot.slack.forms import Opened
from handlers.core import Account, Command, Where
from handlers.routes import ROUTES
from storage.ids import new_id
from storage.installations import Installation
from storage.tables import affected, comments, dialogs, history, tickets, waits
from tests.example import example_document
from tests.stories.forging import pressed, rows, said, sent, value
from tests.stories.world import Colleague, Story

CHATS = ("slack", "teams")
NOBODYS = "ticket:" + "0" * 32
APOLOGY = "Something went wrong"
WORDS = {
    "text": "made up",
    "what": "made up",
    "minutes": "5",
    "cost": "1",
    "email": "bob@acme.example",
    "until": "2026-12-01",
    "why": "made up",
    "category": "it.hardware",
    "spot": "made up",
    "impact": "one",
    "slowed": "10",
    "amount": "5",
    "system": "made up",
}


async def ticket_of(office: Story, title: str) -> str:
    found = [row["id"] for row in await rows(office, tickets) if row["title"] == title]
    assert len(found) == 1
    return f"ticket:{found[0]}"


async def state(office: Story) -> list[object]:
    """All that is kept of tickets: unchanged if nothing was done."""
    return [await rows(office, table) for table in (tickets, comments, waits, affected, dialogs, history)]


async def other_company(office: Story) -> str:
    """A second company in the same database, in a workspace of its own, with one ticket; its subject."""
    bot = office.bot
    document = example_document()
    document["office"]["key"] = "rival"
    rival = await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())
    await bot.store.installations.put(Installation(new_id(), rival.organisation, office.chat, "T0RIVAL", bot.clock()))
    account = Account(office.chat, "T0RIVAL", "U0RIVAL")
    await learn(bot.desk, rival.organisation, account, Profile("Rita Rival", "ana@acme.example"))
    report = partial(Command, name="report", text="wiretap lamp flickering")
    answer = await bot.dispatch.hear(Arrival(account, Where(office.chat, "T0RIVAL", "C0RIVAL"), "rival:1", report))
    assert answer.reply is not None
    await office.settled()
    return await ticket_of(office, "wiretap lamp flickering")


async def everything(office: Story, who: Colleague, subject: str, version: int = 1) -> dict[str, str]:
    """Presses every button, opens every form and sends every form there is about a subject; what was said to each."""
    found: dict[str, str] = {}
    for action in ROUTES.presses:
        delivery, found[f"press {action}"] = await pressed(office, who, value(action, subject, version, "it.hardware"))
        assert delivery.status == 200
    for form in ROUTES.forms:
        delivery, found[f"open {form}"] = await pressed(office, who, value(f"open:{form}", subject, version, opens=form))
        assert delivery.status == 200
    for form in ROUTES.submits:
        once = new_id()
        delivery = await sent(office, who, Opened(form, subject, version, once, office.channel_id("office")), WORDS)
        assert delivery.status == 200
        found[f"send {form}"] = said(delivery)
    return found


ABOUT_NO_TICKET = {"press ticket.mine", "press who.subject", "open ticket.report", "send ticket.report"}


async def test_the_ticket_of_another_company_does_not_exist_here(office: Story) -> None:
    theirs = await other_company(office)
    before = await state(office)
    for who in (office.ana, office.bob):
        for what, words in (await everything(office, who, theirs)).items():
            if what not in ABOUT_NO_TICKET:
                assert "wiretap" not in words, what
                assert re.search("cannot find that (ticket|file)|settled already", words), (what, words)
    made = [row for row in await rows(office, tickets) if row["title"] == "made up"]
    assert len(made) == 2  # what the report form rightly made
    assert [row for row in (await state(office))[0] if row["title"] != "made up"] == before[0]  # type: ignore[attr-defined]
    await office.ana.says("/issue find wiretap")
    assert office.ana.sees("No ticket that you can see has “wiretap” in it.")
    assert not any(one.says("wiretap lamp") for who in (office.ana, office.bob) for one in who.screen)


async def test_nothing_tells_a_private_ticket_from_one_that_never_was(office: Story) -> None:
    await office.ana.says("/issue private my chair was damaged by a colleague")
    private = await ticket_of(office, "my chair was damaged by a colleague")
    before = await state(office)
    about_it = await everything(office, office.hal, private)
    about_none = await everything(office, office.hal, NOBODYS)
    for what in about_none.keys() - ABOUT_NO_TICKET:
        assert about_it[what] == about_none[what], what
        assert about_it[what], what
    assert [row for row in (await state(office))[0] if row["title"] != "made up"] == before[0]  # type: ignore[attr-defined]
    for number in (1, 77):
        await office.hal.says(f"/issue show {number}")
        assert office.hal.sees(f"There is no ticket #{number} that you can see.")


GARBAGE: list[object] = [
    "",
    "null",
    "[]",
    "{}",
    '"ticket.take"',
    '{"a":1}',
    '{"a":"ticket.take","v":true}',
    '{"a":"ticket.take","v":"1"}',
    '{"a":"ticket.take","z":1}',
    '{"a":"ticket.take","s":["x"]}',
    '{"a":"ticket.take","s":"ticket:\\u0000"}',
    '{"a":"ticket.take","s":"ticket:\\ud800"}',
    '{"a":"ticket.take","v":1' + "0" * 1500 + "}",
    "[" * 1900,
    '{"a":"' + "x" * 1900 + '"}',
    '{"a":"ticket.take","s":"' + "ticket:" * 250 + '"}',
    '{"a":"no.such.action","s":"ticket:1"}',
    '{"f":"no.such.form","s":"ticket:1"}',
    '{"a":"open:ticket.resolve","s":"ticket:1"}',
    '{"a":"listen.new","s":"dialog:1"}',
    '{"a":"listen.search","s":"ticket:1"}',
    '{"a":"dialog.fields","s":"dialog:1"}',
    '{"a":"report","s":"ticket:1","x":"light flickering"}',
    7,
    None,
    {"a": "ticket.take"},
    ["ticket.take"],
]


async def test_made_up_buttons_are_answered_kindly_and_do_nothing(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    before = await state(office)
    for carried in GARBAGE:
        for kind in ("button", "overflow", "static_select") if office.chat == "slack" else ("button",):
            delivery, words = await pressed(office, office.bob, carried, kind)
            assert delivery.status == 200
            assert words, carried
            assert APOLOGY not in words, carried
    assert await state(office) == before


async def test_values_that_no_button_of_ours_has_change_nothing(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    subject = await ticket_of(office, "light flickering")
    before = await state(office)
    for who, action, chosen in (
        (office.ana, "ticket.score", "9"),
        (office.ana, "ticket.score", "٣"),
        (office.ana, "ticket.categorise", "no.such.category"),
        (office.ana, "ticket.confirm", ""),
        (office.ana, "ticket.take", ""),
        (office.cy, "ticket.take", ""),
        (office.cy, "ticket.cancel", ""),
        (office.cy, "ticket.slow", "100"),
        (office.cy, "ticket.hide", ""),
        (office.cy, "ticket.release", ""),
        (office.bob, "ticket.confirm", ""),
        (office.bob, "ticket.resume", ""),
        (office.bob, "ticket.release", ""),
    ):
        _, words = await pressed(office, who, value(action, subject, 1, chosen))
        assert words, (action, chosen)
        assert APOLOGY not in words
    assert await state(office) == before


async def test_forms_open_only_for_those_who_may_send_them(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    subject = await ticket_of(office, "light flickering")
    for form in ("resolve", "note", "ask", "hold", "assign", "reject", "detail", "fields", "categorise", "answer", "again", "reopen"):
        _, words = await pressed(office, office.cy, value("", subject, 1, opens=f"ticket.{form}"))
        assert "can do that with #1" in words, form
        delivery = await sent(office, office.cy, Opened(f"ticket.{form}", subject, 1, new_id()), WORDS)
        assert "can do that with #1" in said(delivery), form
    assert [row["version"] for row in await rows(office, tickets)] == [1]


METADATA = [
    "",
    "null",
    "[]",
    "7",
    "{}",
    '{"form":"ticket.resolve"}',
    '{"form":"ticket.resolve","subject":7}',
    '{"form":"ticket.resolve","subject":"ticket:\\u0000"}',
    '{"form":"ticket.comment","subject":"ticket:\\ud800","once":"\\u0000\\ud800"}',
    '{"form":"no.such.form","subject":"ticket:1"}',
    '{"form":"ticket.resolve","subject":"ticket:1","version":1e400}',
    '{"form":"ticket.resolve","extra":1}',
    '{"form":"dialog.fields","subject":"dialog:1"}',
    '{"form":"' + "x" * 2900 + '"}',
    "{" * 2900,
]


async def test_forms_with_changed_metadata_do_nothing(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    before = await state(office)
    for private in METADATA:
        delivery = await sent(office, office.bob, private, WORDS)
        assert delivery.status == 200, private
        assert said(delivery), private
        assert APOLOGY not in said(delivery), private
    assert await state(office) == before


ODD: list[object] = [
    {"type": "plain_text_input"},
    {"type": "plain_text_input", "value": None},
    {"type": "plain_text_input", "value": 7},
    {"type": "plain_text_input", "value": ["x"]},
    {"type": "plain_text_input", "value": " \u200b\n\t "},
    {"type": "plain_text_input", "value": "\x00"},
    {"type": "plain_text_input", "value": "\ud800"},
    {"type": "static_select", "selected_option": None},
    {"type": "static_select", "selected_option": {"value": "\x00"}},
    {"type": "static_select", "selected_option": {"value": "\ud800"}},
    {"type": "static_select", "selected_option": {"value": "x" * 50_000}},
    {"type": "multi_static_select", "selected_options": [None, {"value": 7}, {"value": "x"}, {"value": "\x00"}]},
    {"type": "multi_users_select", "selected_users": [None, 7, "\x00", "U0NOBODY"]},
    {"type": "datepicker", "selected_date": "2026-13-45"},
    {"type": "datepicker", "selected_date": "9999-12-31"},
    {"type": "number_input", "value": "9" * 5000},
    {"type": "number_input", "value": "1e5"},
    {"type": "number_input", "value": "-5"},
    {"type": "plain_text_input", "value": "NaN"},
    {"type": "plain_text_input", "value": "x" * 40_000},
    {"type": "checkboxes", "selected_options": "private"},
]


async def test_forms_with_odd_values_are_answered_kindly(office: Story) -> None:
    """Every field of every form gets every odd value in turn; nothing breaks, and what is stored can be shown."""
    await office.ana.says("/issue light flickering")
    subject = await ticket_of(office, "light flickering")
    odds = ODD if office.chat == "slack" else ODD[::3]  # of each only the value is left there
    for form, odd in itertools.product(ROUTES.submits, odds):
        who = office.ana if form in ("ticket.answer", "ticket.again", "ticket.report") else office.bob
        delivery = await sent(office, who, Opened(form, subject, 1, new_id()), dict.fromkeys(WORDS, odd), settle=False)
        assert delivery.status == 200, (form, odd)
        assert APOLOGY not in said(delivery), (form, odd)
    for number in (1, 2):
        await office.bob.actor.command("office", "/issue", f"show {number}")
    await office.settled()
    assert all(call.ok for call in office.platform.calls)
    assert not any(one.says(APOLOGY) for one in (*office.bob.screen, *office.ana.screen))


async def test_a_form_with_nothing_in_it_says_what_is_missing(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    subject = await ticket_of(office, "light flickering")
    before = await state(office)
    for form in ROUTES.submits.keys() - {"ticket.fields", "dialog.fields"}:
        who = office.ana if form in ("ticket.answer", "ticket.again", "ticket.report") else office.bob
        empty = {name: {"type": "plain_text_input", "value": "\u200b\u2060"} for name in WORDS}
        delivery = await sent(office, who, Opened(form, subject, 1, new_id()), empty)
        assert said(delivery), form
    assert await state(office) == before


SEARCHES = [
    "'",
    '"',
    "%",
    "_",
    "light%",
    "li_ht",
    '" OR words : "light',
    "light OR 1=1",
    "light AND organisation : x",
    "NEAR(light, 5)",
    "light*",
    "-light",
    "light & !flickering",
    "light <-> flickering",
    "'; DROP TABLE tickets; --",
    "{n} {words} {0} {",
    "a" * 3000,
    "light " * 500,
    "😀",
    "\x00light",
    "*bold* <!channel> `x`",
]


async def test_what_is_searched_for_is_words_and_nothing_else(office: Story) -> None:
    await office.ana.says("/issue light flickering")
    for words in SEARCHES if office.chat == "slack" else SEARCHES[::3]:  # answers among others are paced there
        before = len(office.hal.screen)
        delivery = await office.hal.says(f"/issue find {words}")
        assert delivery.status == 200
        assert delivery.body or len(office.hal.screen) > before, words
    assert not any(one.says(APOLOGY) or one.pings for one in office.hal.screen)
    assert len(await rows(office, tickets)) == 1


async def test_guessed_numbers_find_nothing_that_is_not_there(office: Story) -> None:
    for number in ("0", "00001", "-1", "1.5", "999999999", "99999999999999999999", "1e3", "٣", "0x1"):
        delivery = await office.hal.actor.command("office", "/issue", f"show {number}")
        assert delivery.status == 200
    assert not any(one.says(APOLOGY) for one in office.hal.screen)


async def test_somebody_elses_one_time_number_gives_nothing_away(office: Story) -> None:
    """A form that was sent is answered again with the same thing, but drawn for whoever sends it."""
    await office.ana.says("/issue private my chair was damaged by a colleague")
    subject = await ticket_of(office, "my chair was damaged by a colleague")
    opened = Opened("ticket.comment", subject, 1, new_id())
    assert "damaged" in said(await sent(office, office.ana, replace(opened, private=True), {"text": "by Hal"}))
    stolen = said(await sent(office, office.hal, replace(opened, private=True, subject=NOBODYS), {"text": "x"}))
    assert "damaged" not in stolen
