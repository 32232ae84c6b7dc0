"""What a category needs to know, asked one by one in a direct conversation."""

from __future__ import annotations

import pytest

from handlers.core import Dialog, Refused
from tests.handlers.harness import Colleague, Desk, as_card, buttons, errors, labels, subject_of, text


async def asking(desk: Desk, who: Colleague) -> Dialog | None:
    return await desk.port.dialogs.asking(who.person.organisation, who.person.id)


async def procurement(desk: Desk, ana: Colleague) -> str:
    """A report 1:1 that lacks its amount."""
    values = {"text": "two new monitors please", "category": "procurement"}
    return subject_of(as_card(await ana.submit("ticket.report", "", **values)))


async def test_in_a_channel_nothing_is_asked_in_words(desk: Desk, ana: Colleague) -> None:
    await ana.reports("password reset please")
    assert await asking(desk, ana) is None


async def test_one_to_one_the_answer_is_typed(desk: Desk, ana: Colleague) -> None:
    subject = subject_of(as_card(await ana.chats("please reset my password")))
    assert (await desk.ticket(subject)).category == "it.access"
    dialog = await asking(desk, ana)
    assert dialog is not None
    assert (dialog.step, dialog.subject) == ("system", subject)
    card = as_card(await ana.chats("Payroll"))
    assert str(card.title) == "#1 is open: please reset my password"
    assert (await desk.ticket(subject)).fields == {"system": "Payroll"}
    assert (await desk.file(subject)).open_waits == ()
    assert await asking(desk, ana) is None


async def test_a_bare_number_answers_the_question(desk: Desk, ana: Colleague) -> None:
    """Otherwise "250" would look up a ticket of that number."""
    subject = await procurement(desk, ana)
    card = as_card(await ana.chats("no idea"))
    assert str(card.title) == "About how much?"
    assert "Please give an amount, such as 120.50." in text(card)
    await ana.chats("250")
    assert (await desk.ticket(subject)).fields == {"amount": "250"}
    shown = as_card(await ana.chats("1"))
    assert "two new monitors" in text(shown)


async def test_another_command_still_works_in_between(desk: Desk, ana: Colleague) -> None:
    await procurement(desk, ana)
    assert "Your open tickets" in text(as_card(await ana.chats("list")))
    assert await asking(desk, ana) is not None


@pytest.mark.parametrize(("word", "says"), [("help", "Answer in your own words"), ("skip", "I need this one"), ("back", "About how much?")])
async def test_words_that_steer_it(desk: Desk, ana: Colleague, word: str, says: str) -> None:
    await procurement(desk, ana)
    assert says in text(as_card(await ana.chats(word)))
    assert await asking(desk, ana) is not None


async def test_stop_ends_it(desk: Desk, ana: Colleague) -> None:
    subject = await procurement(desk, ana)
    assert "I stop asking" in text(as_card(await ana.chats("stop")))
    assert await asking(desk, ana) is None
    assert [w.note for w in (await desk.file(subject)).open_waits] == ["fields"]


async def test_pause_waits_for_go_on(desk: Desk, ana: Colleague) -> None:
    subject = await procurement(desk, ana)
    assert "go on" in text(as_card(await ana.chats("pause")))
    await desk.settle()
    assert await asking(desk, ana) is None
    assert str(as_card(await ana.chats("go on")).title) == "About how much?"
    await ana.chats("250")
    assert (await desk.ticket(subject)).fields == {"amount": "250"}


async def test_a_second_report_waits_its_turn(desk: Desk, ana: Colleague) -> None:
    first = await procurement(desk, ana)
    second = subject_of(as_card(await ana.submit("ticket.report", "", text="payroll password", category="it.access")))
    dialog = await asking(desk, ana)
    assert dialog is not None
    assert dialog.subject == first
    await ana.chats("250")
    await desk.settle()
    dialog = await asking(desk, ana)
    assert dialog is not None
    assert dialog.subject == second
    assert str(desk.card("notice.dialog").title) == "Which system or folder?"
    await ana.chats("Payroll")
    assert (await desk.ticket(second)).fields == {"system": "Payroll"}


async def test_stopping_or_pausing_one_gives_the_next_its_turn(desk: Desk, ana: Colleague) -> None:
    await procurement(desk, ana)
    second = subject_of(as_card(await ana.submit("ticket.report", "", text="payroll password", category="it.access")))
    await ana.chats("pause")
    await desk.settle()
    dialog = await asking(desk, ana)
    assert dialog is not None
    assert dialog.subject == second
    await ana.chats("stop")
    await desk.settle()
    assert await asking(desk, ana) is None
    assert str(as_card(await ana.chats("go on")).title) == "About how much?"


async def test_what_was_answered_in_a_form_is_not_asked_again(desk: Desk, ana: Colleague) -> None:
    """The words that come next are something new, not an answer that overwrites the form's."""
    subject = await procurement(desk, ana)
    await ana.submit("ticket.fields", subject, amount="99")
    desk.clock.move(minutes=11)
    card = as_card(await ana.chats("thank you"))
    assert "Shall I open a ticket for this?" in text(card)
    assert (await desk.ticket(subject)).fields == {"amount": "99"}
    assert await asking(desk, ana) is None


@pytest.mark.parametrize("act", ["ticket.cancel", "ticket.categorise"])
async def test_a_question_that_has_become_void_does_not_swallow_words(desk: Desk, ana: Colleague, act: str) -> None:
    subject = await procurement(desk, ana)
    await ana.press(act, subject, value="it.hardware")
    desk.clock.move(minutes=11)
    assert "Shall I open a ticket" in text(as_card(await ana.chats("thank you")))


async def test_after_a_change_of_category_the_other_question_is_asked(desk: Desk, ana: Colleague) -> None:
    subject = await procurement(desk, ana)
    await ana.press("ticket.categorise", subject, value="it.access")
    await ana.chats("Payroll")
    assert (await desk.ticket(subject)).fields == {"system": "Payroll"}


async def test_a_choice_is_one_of_its_options(desk: Desk, ana: Colleague) -> None:
    subject = subject_of(as_card(await ana.submit("ticket.report", "", text="slipped on the wet floor", category="safety")))
    bad = errors(await ana.submit("ticket.fields", subject, injured="maybe"))
    assert bad == {"injured": "Please answer with one of these: No / Yes, lightly / Yes, badly"}
    await ana.submit("ticket.fields", subject, injured="yes, Badly")
    assert (await desk.ticket(subject)).fields == {"injured": "Yes, badly"}


async def test_an_answer_or_something_new(desk: Desk, ana: Colleague) -> None:
    first = await procurement(desk, ana)
    card = as_card(await ana.chats("the light above my desk is flickering"))
    assert str(card.title) == "Your answer, or something new?"
    assert labels(card) == ["My answer", "Something new"]
    new = as_card(await ana.presses("Something new", on=card))
    assert str(new.title) == "#2 is open: the light above my desk is flickering"
    assert (await desk.ticket(first)).fields == {}
    await ana.chats("250")
    assert (await desk.ticket(first)).fields == {"amount": "250"}


async def test_it_was_the_answer(desk: Desk, ana: Colleague) -> None:
    subject = subject_of(as_card(await ana.submit("ticket.report", "", text="payroll password", category="it.access")))
    card = as_card(await ana.chats("the printer is broken"))
    assert labels(card) == ["My answer", "Something new"]
    await ana.presses("My answer", on=card)
    assert (await desk.ticket(subject)).fields == {"system": "the printer is broken"}
    with pytest.raises(Refused, match="settled already"):
        await ana.presses("Something new", on=card)


async def test_the_same_press_again_is_answered_the_same(desk: Desk, ana: Colleague) -> None:
    await procurement(desk, ana)
    card = as_card(await ana.chats("the light above my desk is flickering"))
    button = next(b for b in buttons(card) if str(b.label) == "Something new")
    first = as_card(await ana.press(button.action, button.subject, version=button.version, key="press"))
    second = as_card(await ana.press(button.action, button.subject, version=button.version, key="press"))
    assert (str(first.title), str(second.title)) == ("#2 is open: the light above my desk is flickering",) * 2


async def test_nobody_answers_for_somebody_else(desk: Desk, ana: Colleague, hal: Colleague) -> None:
    await procurement(desk, ana)
    dialog = await asking(desk, ana)
    assert dialog is not None
    with pytest.raises(Refused, match="settled already"):
        await hal.submit("dialog.fields", f"dialog:{dialog.id}", text="1")
    for action in ("listen.new", "listen.answer", "listen.no", "listen.search"):
        with pytest.raises(Refused, match="settled already"):
            await hal.press(action, f"dialog:{dialog.id}")
