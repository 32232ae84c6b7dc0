"""Working on a ticket: who has it, what it waits for, and what is known of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from handlers.core import Priority, Refused, Wait
from tests.handlers.harness import Colleague, Desk, as_card, as_form, errors, labels, subject_of, text

LIGHT = "light above my desk flickering"


async def open_waits(desk: Desk, subject: str) -> list[Wait]:
    return list((await desk.file(subject)).open_waits)


# ---------------------------------------------------------------- who has it


async def test_taking_it_tells_the_requester(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject, version=1)
    await desk.settle()
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.assignee, ticket.responded_at, ticket.version) == ("in_progress", bob.person.id, desk.clock.now, 2)
    assert await desk.told("ana") == ["taken"]
    assert str(desk.card("notice.taken").title) == "#1 light above my desk flickering: Bob Burke is on it."
    assert labels(desk.card("ticket.channel"))[:3] == ["Fixed…", "Reply…", "Put on hold…"]


async def test_of_two_who_take_it_one_wins_and_the_other_hears_who(desk: Desk, ana: Colleague, bob: Colleague, pat: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    results = await asyncio.gather(*(who.press("ticket.take", subject, version=1) for who in (bob, pat)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, Refused)]
    winner = (await desk.ticket(subject)).assignee
    name = "Bob Burke" if winner == bob.person.id else "Pat Perez"
    assert [str(one.sentence) for one in refused] == [f"{name} was faster. Nothing to do for you."]
    assert len([line for line in await desk.history(subject) if line.kind == "ticket.taken"]) == 1


async def test_taking_it_over_is_possible_and_is_told(desk: Desk, ana: Colleague, bob: Colleague, pat: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject, version=1)
    await pat.press("ticket.take", subject, version=2)
    assert (await desk.ticket(subject)).assignee == pat.person.id
    assert await desk.told("bob") == ["taken"]


async def test_nobody_takes_what_they_have(ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject)
    with pytest.raises(Refused, match="already have it"):
        await bob.press("ticket.take", subject)


async def test_given_to_somebody_of_the_queue(desk: Desk, ana: Colleague, bob: Colleague, pat: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    assert "email" in errors(await bob.submit("ticket.assign", subject, email="ana@acme.example"))
    assert "email" in errors(await bob.submit("ticket.assign", subject, email="nobody@nowhere.example"))
    await bob.submit("ticket.assign", subject, email="Pat@acme.example")
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.assignee, ticket.responded_at) == ("open", pat.person.id, None)
    assert await desk.told("pat") == ["assigned"]
    await pat.press("ticket.take", subject)
    await bob.submit("ticket.assign", subject, email="bob@acme.example")
    assert await desk.told("pat") == ["assigned", "taken"]


async def test_given_back_it_is_nobodys(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    with pytest.raises(Refused, match="Nobody has it"):
        await bob.press("ticket.release", subject)
    await bob.press("ticket.take", subject)
    await bob.press("ticket.release", subject)
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.assignee) == ("open", None)


# ---------------------------------------------------------------- waiting


async def test_on_hold_until_a_day_and_back_by_itself(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    before = await desk.ticket(subject)
    await bob.press("ticket.take", subject)
    card = as_card(await bob.submit("ticket.hold", subject, until="2026-11-18", why="the lamp is ordered"))
    held = await desk.ticket(subject)
    assert (held.respond_due, held.resolve_due, held.status) == (None, None, "in_progress")
    assert "On hold until Wed 18 Nov: the lamp is ordered" in text(card)
    assert str(card.state) == "on hold"
    assert labels(card)[:3] == ["Fixed…", "Reply…", "Go on"]
    await desk.settle()
    assert "On hold until Wed 18 Nov: the lamp is ordered" in text(desk.card("notice.held"))

    desk.clock.move(days=1)
    await desk.settle()
    assert await open_waits(desk, subject)
    desk.clock.move(days=1)  # Wednesday 10:00; it was due at 09:00
    await desk.settle()
    after = await desk.ticket(subject)
    assert not await open_waits(desk, subject)
    assert after.resolve_due is not None
    assert before.resolve_due is not None
    assert after.resolve_due > before.resolve_due + timedelta(days=1)
    assert "resumed" in await desk.told("bob")


@pytest.mark.parametrize("day", ["", "yesterday", "2026-11-16", "2020-01-01", "2026-02-30", "99999-01-01"])
async def test_on_hold_needs_a_day_to_come(ana: Colleague, bob: Colleague, day: str) -> None:
    subject = await ana.reports(LIGHT)
    assert errors(await bob.submit("ticket.hold", subject, until=day)) == {"until": "Please choose a day after today."}


async def test_held_again_the_last_day_counts(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.hold", subject, until="2026-11-17")
    await bob.submit("ticket.hold", subject, until="2026-11-20")
    assert len(await open_waits(desk, subject)) == 1
    desk.clock.move(days=2)
    await desk.settle()
    assert len(await open_waits(desk, subject)) == 1
    assert "ticket.resumed" not in [line.kind for line in await desk.history(subject)]


async def test_a_hold_that_was_ended_by_hand_does_not_ring(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    with pytest.raises(Refused, match="not on hold"):
        await bob.press("ticket.resume", subject)
    await bob.press("ticket.take", subject)
    await bob.submit("ticket.hold", subject, until="2026-11-18")
    await bob.press("ticket.resume", subject)
    version = (await desk.ticket(subject)).version
    desk.clock.move(days=3)
    await desk.settle()
    assert (await desk.ticket(subject)).version == version
    assert "resumed" not in await desk.told("bob")


async def test_what_comes_back_to_nobody_rings_whoever_is_responsible(desk: Desk, ana: Colleague, pat: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await pat.submit("ticket.hold", subject, until="2026-11-18")
    desk.clock.move(days=3)
    await desk.settle()
    assert await desk.told("bob") == ["resumed"]
    assert (await desk.ticket(subject)).responded_at is None


async def test_a_question_stops_the_clock_until_it_is_answered(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    assert "text" in errors(await bob.submit("ticket.ask", subject, text=" "))
    await bob.submit("ticket.ask", subject, text="Which lamp?")
    await desk.settle()
    asked = await desk.ticket(subject)
    assert (asked.resolve_due, asked.responded_at) == (None, desk.clock.now)
    card = desk.card("notice.asked")
    assert "Which lamp?" in text(card)
    assert labels(card) == ["Answer…"]
    assert "Ana Alvarez is asked: Which lamp?" in text(desk.card("ticket.channel"))

    desk.clock.move(hours=30)
    form = as_form(await ana.presses("Answer…", on=card))
    await ana.submit(form.name, form.subject, text="The left one")
    await desk.settle()
    assert not await open_waits(desk, subject)
    assert (await desk.ticket(subject)).resolve_due is not None
    assert text(desk.card("notice.asked")).endswith("This is settled, thank you.")
    assert "The left one" in text(desk.card("comment.thread"))


async def test_somebody_elses_words_do_not_answer_a_question(desk: Desk, ana: Colleague, bob: Colleague, hal: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.ask", subject, text="Which lamp?")
    await hal.submit("ticket.comment", subject, text="mine flickers too")
    assert len(await open_waits(desk, subject)) == 1
    await ana.submit("ticket.comment", subject, text="the left one")
    assert not await open_waits(desk, subject)


# ---------------------------------------------------------------- what is known of it


async def test_another_category_is_another_queue(desk: Desk, ana: Colleague, bob: Colleague, eva: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject)
    await desk.settle()
    await bob.press("ticket.categorise", subject, value="it.hardware")
    await desk.settle()
    ticket = await desk.ticket(subject)
    assert (ticket.category, ticket.queue, ticket.assignee, ticket.status) == ("it.hardware", "it", None, "open")
    old, new = sorted(desk.posts("ticket.channel"), key=lambda one: one.place.queue == "it")
    assert text(old.card) == "#1 has moved to IT desk."
    assert labels(new.card)[0] == "Take it"
    await eva.press("ticket.take", subject)


async def test_in_its_new_queue_it_is_unanswered(desk: Desk, ana: Colleague, pat: Colleague) -> None:
    """Sorting is no answer: otherwise nobody would ever be rung about a ticket that was sorted and then forgotten."""
    subject = await ana.reports(LIGHT)
    await pat.press("ticket.categorise", subject, value="it.hardware")
    assert (await desk.ticket(subject)).responded_at is None
    desk.clock.move(days=1)
    assert await desk.audit() == 1
    assert await desk.told("eva") == ["late"]


async def test_the_requester_takes_it_from_the_desk_and_the_desk_hears(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject)
    card = as_card(await ana.press("ticket.categorise", subject, value="it.hardware"))
    assert "IT desk" in text(card)
    assert await desk.told("bob") == ["moved"]


async def test_a_private_ticket_stays_private_in_any_category(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports("private light above my desk flickering")
    await ana.press("ticket.categorise", subject, value="it.hardware")
    assert (await desk.ticket(subject)).visibility == "queue"
    plain = await ana.reports(LIGHT)
    await ana.press("ticket.categorise", plain, value="hr")
    assert (await desk.ticket(plain)).visibility == "queue"


async def test_a_category_that_is_gone(ana: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    with pytest.raises(Refused, match="That category is gone"):
        await ana.press("ticket.categorise", subject, value="it.fax")
    assert "category" in errors(await ana.submit("ticket.categorise", subject, category=""))


async def test_how_much_it_slows_me_in_one_press(desk: Desk, ana: Colleague) -> None:
    card = await ana.types(LIGHT)
    again = as_card(await ana.presses("A little", on=card))
    assert "A little" not in labels(again)
    file = await desk.file(subject_of(card))
    assert (file.ticket.priority, file.ticket.slowed, file.affected[0].percent) == (Priority.low, 10, 10)
    assert [line.data for line in await desk.history(subject_of(card)) if line.kind == "ticket.slowed"] == [{"percent": 10}]


async def test_more_about_it(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    bad = await ana.submit("ticket.detail", subject, impact="galaxy", slowed="101")
    assert set(errors(bad)) == {"impact", "slowed"}
    await ana.submit("ticket.detail", subject, spot="3rd floor", impact="everyone", slowed="100 %")
    ticket = await desk.ticket(subject)
    assert (ticket.spot, ticket.impact, ticket.slowed, ticket.priority) == ("3rd floor", "everyone", 100, Priority.urgent)
    assert ticket.respond_due == desk.clock.now + timedelta(minutes=15)


async def test_hiding_it(desk: Desk, ana: Colleague, hal: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await hal.press("ticket.show", subject)
    await ana.press("ticket.hide", subject)
    with pytest.raises(Refused, match="cannot find"):
        await hal.press("ticket.show", subject)
    with pytest.raises(Refused, match="private already"):
        await ana.press("ticket.hide", subject)


# ---------------------------------------------------------------- what its category asks


async def test_what_is_missing_stops_the_clock(desk: Desk, ana: Colleague) -> None:
    card = await ana.types("password reset please")
    subject = subject_of(card)
    file = await desk.file(subject)
    assert (file.ticket.category, file.ticket.respond_due) == ("it.access", None)
    assert [(w.kind, w.on, w.note) for w in file.open_waits] == [("requester", ana.person.id, "fields")]
    assert "Before anybody starts I need: Which system or folder?" in text(card)

    form = as_form(await ana.presses("Fill in…", on=card))
    assert [(f.key, f.required) for f in form.fields] == [("system", True)]
    assert errors(await ana.submit(form.name, subject, system="")) == {"system": "Please fill this in."}
    await ana.submit(form.name, subject, system="Payroll")
    after = await desk.file(subject)
    assert (after.ticket.fields, after.open_waits) == ({"system": "Payroll"}, ())
    assert after.ticket.respond_due is not None


async def test_answers_must_fit_their_kind(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports("something for the office")
    await ana.press("ticket.categorise", subject, value="procurement")
    bad = errors(await ana.submit("ticket.fields", subject, amount="lots", needed_by="someday"))
    assert bad == {
        "amount": "Please give an amount, such as 120.50.",
        "needed_by": "Please give a day, such as “next Monday” or 2026-12-01.",
    }
    await ana.submit("ticket.fields", subject, amount="$1,200", needed_by="2026-12-01")
    assert (await desk.ticket(subject)).fields == {"amount": "1200", "needed_by": "2026-12-01"}


async def test_the_same_category_again_still_needs_its_answers(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports("password reset please")
    await ana.press("ticket.categorise", subject, value="it.access")
    assert [w.note for w in await open_waits(desk, subject)] == ["fields"]
    await ana.press("ticket.categorise", subject, value="it.hardware")
    assert await open_waits(desk, subject) == []


async def test_a_question_and_missing_answers_are_two_things(desk: Desk, ana: Colleague, eva: Colleague) -> None:
    subject = await ana.reports("password reset please")
    await eva.submit("ticket.ask", subject, text="Are you in the office?")
    assert [w.note for w in await open_waits(desk, subject)] == ["fields", "Are you in the office?"]
    await desk.settle()
    assert "Are you in the office?" in text(desk.card("notice.asked"))
    await ana.submit("ticket.fields", subject, system="Payroll")
    assert [w.note for w in await open_waits(desk, subject)] == ["Are you in the office?"]
    await ana.submit("ticket.answer", subject, text="Yes")
    assert await open_waits(desk, subject) == []


# ---------------------------------------------------------------- every change is told


async def test_each_change_is_one_line_and_one_version(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject)
    await bob.submit("ticket.hold", subject, until="2026-11-18")
    await bob.press("ticket.resume", subject)
    await bob.submit("ticket.note", subject, text="ladder needed", channel="building")
    lines = await desk.history(subject)
    assert [line.kind for line in lines] == ["ticket.reported", "ticket.taken", "ticket.held", "ticket.resumed", "ticket.noted"]
    assert [line.actor for line in lines] == [ana.person.id, *[bob.person.id] * 4]
    assert [line.where for line in lines] == ["console:acme:lobby", *["console:acme:dm:bob@acme.example"] * 3, "console:acme:building"]
    assert (await desk.ticket(subject)).version == 5
