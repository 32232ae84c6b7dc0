"""Reporting: words become a ticket, once, whatever they are."""

from __future__ import annotations

import pytest

from handlers.core import Refused
from handlers.words import Sentence
from tests.handlers.harness import Colleague, Desk, as_card, as_form, errors, labels, subject_of, text


async def test_a_light_is_reported(desk: Desk, ana: Colleague) -> None:
    card = await ana.types("light above my desk flickering")
    ticket = await desk.ticket(subject_of(card))
    assert str(card.title) == "#1 is open: light above my desk flickering"
    assert (ticket.category, ticket.queue, ticket.visibility, ticket.status) == ("facilities.electrical", "building", "office", "open")
    assert "Bob Burke (Building desk) looks after this and answers by Mon 16 Nov 22:00." in text(card)
    assert labels(card) == [
        "A little",
        "It slows me down",
        "I cannot work",
        "Change category",
        "Say more…",
        "Cancel it",
        "Keep this private",
    ]


async def test_the_requester_is_the_first_who_is_affected(desk: Desk, ana: Colleague) -> None:
    file = await desk.file(await ana.reports("light above my desk flickering"))
    assert [(a.person, a.percent) for a in file.affected] == [(ana.person.id, 0)]


async def test_heard_twice_is_one_ticket_and_the_same_answer(desk: Desk, ana: Colleague) -> None:
    first = await ana.types("light above my desk flickering", key="same")
    second = await ana.types("light above my desk flickering", key="same")
    assert first == second
    assert "1" in str(first.title)
    assert "#2" in str((await ana.types("the kettle is broken")).title)
    assert len(await desk.history(subject_of(first))) == 1


async def test_unsure_asks_with_one_press(desk: Desk, ana: Colleague) -> None:
    card = await ana.types("something smells strange near the copier room")
    ticket = await desk.ticket(subject_of(card))
    assert (ticket.category, ticket.sure, ticket.queue) == ("unsorted", False, "front-desk")
    assert "What is it about?" in text(card)
    assert "Other…" in labels(card)
    assert labels(card)[:4] == ["Cleaning", "Printing", "Heating and air", "Other…"]


async def test_in_doubt_about_something_delicate_it_is_private(desk: Desk, ana: Colleague, hal: Colleague) -> None:
    subject = await ana.reports("my manager is rude")
    ticket = await desk.ticket(subject)
    assert (ticket.category, ticket.sure, ticket.visibility) == ("unsorted", False, "queue")
    with pytest.raises(Refused):
        await hal.press("ticket.show", subject)


@pytest.mark.parametrize("words", ["harassment by a colleague", "my payslip is wrong"])
async def test_hr_is_private(desk: Desk, ana: Colleague, hal: Colleague, words: str) -> None:
    subject = await ana.reports(words)
    ticket = await desk.ticket(subject)
    assert (ticket.category, ticket.visibility, ticket.queue) == ("hr", "queue", "people")
    with pytest.raises(Refused):
        await hal.press("ticket.show", subject)


async def test_private_words_are_private(desk: Desk, ana: Colleague) -> None:
    card = await ana.types("private light above my desk flickering")
    ticket = await desk.ticket(subject_of(card))
    assert (ticket.title, ticket.visibility) == ("light above my desk flickering", "queue")
    assert "Keep this private" not in labels(card)


@pytest.mark.parametrize("blank", ["", "   ", "\n\t ", "​​", "\x00\x07"])
async def test_nothing_said_opens_the_form(ana: Colleague, blank: str) -> None:
    form = as_form(await ana.does(ana.command("report", blank)))
    assert (form.name, [f.key for f in form.fields]) == ("ticket.report", ["text", "category", "spot", "slowed", "impact", "private"])


async def test_the_form_says_what_is_wrong_with_it(ana: Colleague) -> None:
    bad = await ana.submit("ticket.report", "", text="​ ", slowed="a lot", impact="galaxy")
    assert set(errors(bad)) == {"text", "slowed", "impact"}


async def test_the_form_makes_a_ticket(desk: Desk, ana: Colleague) -> None:
    values = {"text": "no power\nat all", "category": "facilities.electrical", "spot": "3rd floor", "slowed": "100", "impact": "everyone"}
    subject = subject_of(as_card(await ana.submit("ticket.report", "", private=("private",), **values)))
    ticket = await desk.ticket(subject)
    assert (ticket.title, ticket.body, ticket.spot) == ("no power", "no power\nat all", "3rd floor")
    assert (ticket.priority, ticket.slowed, ticket.impact, ticket.visibility) == ("urgent", 100, "everyone", "queue")


LONG = "word " * 8000
TEXTS = {
    "long": LONG,
    "one word of 40,000": "x" * 40_000,
    "emoji": "👩‍👩‍👧‍👦🔥 the 🖨️ is on 🔥",
    "right to left": "האור מעל השולחן שלי מהבהב",
    "mixed direction": "printer ‮gnikcab‬ jam",
    "controls": "light\x00 above\x07 my desk",
    "markup": "<!channel> *bold* _it_ ~no~ `code` <@U123> &amp;",
    "braces": "{title} {0} {} %s",
}


@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS.keys())
async def test_any_text_is_kept_whole_and_shown_cut(desk: Desk, ana: Colleague, words: str) -> None:
    card = await ana.types(words)
    ticket = await desk.ticket(subject_of(card))
    assert ticket.body == words.strip()
    assert 0 < len(ticket.title) <= 120
    assert not any(ord(char) < 32 or char in "‮⁦" for char in ticket.title)
    assert isinstance(card.title, Sentence)
    assert text(await ana.types("show 1"))


async def test_urgent_with_nobody_on_it_rings_whoever_is_responsible(desk: Desk, ana: Colleague) -> None:
    await ana.types("fire in the kitchen")
    await desk.settle()
    assert await desk.told("bob") == ["reported"]
    assert [one.place.queue for one in desk.posts("ticket.channel")] == ["building"]


async def test_who_is_responsible_and_reports_it_themselves_does_not_ring_themselves(desk: Desk, bob: Colleague) -> None:
    await bob.types("fire in the kitchen")
    await desk.settle()
    assert await desk.told("bob") == []
    assert await desk.told("pat") == ["reported"]


async def test_the_card_stands_in_the_channel_of_its_queue(desk: Desk, ana: Colleague) -> None:
    await ana.reports("light above my desk flickering")
    await desk.settle()
    (shown,) = desk.posts("ticket.channel")
    assert (shown.place.queue, shown.sent) == ("building", 1)
    assert str(shown.card.title) == "#1 light above my desk flickering"
    assert labels(shown.card)[:3] == ["Take it", "Reply…", "Fixed…"]
