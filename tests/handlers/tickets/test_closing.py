"""The end of a ticket, and what comes after it."""

from __future__ import annotations

import pytest

from handlers.core import Outcome, Refused, Status
from tests.handlers.harness import Colleague, Desk, as_card, as_form, errors, labels, subject_of, text

LIGHT = "light above my desk flickering"


async def resolved(ana: Colleague, bob: Colleague, **values: str) -> str:
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.resolve", subject, **{"what": "socket replaced", **values})
    return subject


async def test_fixed_is_asked_back(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob, minutes="45", cost="$1,234.50")
    await desk.settle()
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.minutes, ticket.cost, ticket.resolved_by) == ("resolved", 45, "1234.50", bob.person.id)
    assert (ticket.assignee, ticket.responded_at, ticket.outcome) == (bob.person.id, desk.clock.now, Outcome.none)
    card = desk.card("notice.fixed")
    assert str(card.title) == "Bob Burke says #1 is fixed: light above my desk flickering. Is it?"
    assert labels(card) == ["Yes, fixed", "Not yet…"]
    assert "socket replaced" in text(card)
    assert "45 min · 1234.50 USD" in text(desk.card("ticket.channel"))


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"what": " "}, {"what"}),
        ({"minutes": "half an hour"}, {"minutes"}),
        ({"minutes": "-5"}, {"minutes"}),
        ({"minutes": "1.5"}, {"minutes"}),
        ({"minutes": "٣"}, {"minutes"}),
        ({"cost": "a lot"}, {"cost"}),
        ({"what": "", "minutes": "x", "cost": "y"}, {"what", "minutes", "cost"}),
    ],
)
async def test_what_does_not_fit_is_said_under_its_field(
    desk: Desk, ana: Colleague, bob: Colleague, values: dict[str, str], wrong: set[str]
) -> None:
    subject = await ana.reports(LIGHT)
    reply = await bob.submit("ticket.resolve", subject, **{"what": "replaced", **values})
    assert set(errors(reply)) == wrong
    assert (await desk.ticket(subject)).status == "open"


async def test_confirmed_and_scored(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob)
    await desk.settle()
    await ana.presses("Yes, fixed", on=desk.card("notice.fixed"))
    await desk.settle()
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.outcome, ticket.closed_at) == ("closed", Outcome.confirmed, desk.clock.now)
    card = desk.card("notice.fixed")
    assert labels(card) == ["1", "2", "3", "4", "5"]
    await ana.presses("5", on=card)
    await desk.settle()
    assert (await desk.ticket(subject)).score == 5
    assert "You gave it 5 of 5." in text(desk.card("notice.fixed"))
    assert labels(desk.card("ticket.channel")) == []


@pytest.mark.parametrize("value", ["0", "6", "", "12", "five"])
async def test_a_score_is_one_to_five(ana: Colleague, bob: Colleague, value: str) -> None:
    subject = await resolved(ana, bob)
    await ana.press("ticket.confirm", subject)
    with pytest.raises(Refused):
        await ana.press("ticket.score", subject, value=value)


async def test_nobody_scores_what_is_not_confirmed(ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob)
    with pytest.raises(Refused, match="confirmed as fixed"):
        await ana.press("ticket.score", subject, value="5")


async def test_only_its_requester_confirms(bob: Colleague, ana: Colleague, hal: Colleague) -> None:
    subject = await resolved(ana, bob)
    for who in (bob, hal):
        with pytest.raises(Refused):
            await who.press("ticket.confirm", subject)


async def test_an_agent_who_reported_it_confirms_too(desk: Desk, bob: Colleague) -> None:
    subject = await bob.reports(LIGHT)
    card = as_card(await bob.submit("ticket.resolve", subject, what="done"))
    assert labels(card) == ["Yes, fixed", "Not yet…"]
    await bob.presses("Yes, fixed", on=card)
    assert (await desk.ticket(subject)).outcome is Outcome.confirmed


# ---------------------------------------------------------------- not fixed


async def test_not_fixed_goes_back_with_its_words(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob, minutes="5", cost="10")
    due = (await desk.ticket(subject)).resolve_due
    await desk.settle()
    form = as_form(await ana.presses("Not yet…", on=desk.card("notice.fixed")))
    assert "text" in errors(await ana.submit(form.name, subject, text=" "))
    await ana.submit(form.name, subject, text="it flickers again")
    await desk.settle()
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.assignee, ticket.reopened, ticket.resolution, ticket.minutes, ticket.cost) == (
        "open", bob.person.id, 1, "", None, "",
    )  # fmt: skip
    assert ticket.resolve_due == due
    assert await desk.told("bob") == ["reopened"]
    assert "it flickers again" in text(desk.card("comment.thread"))
    assert [a.until for a in (await desk.file(subject)).affected] == [None]
    assert "It is not fixed yet: it is open again" in text(desk.card("notice.fixed"))
    assert str(desk.card("ticket.channel").state) == "reopened"


async def test_reopened_after_a_hold_it_has_a_promise_again(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.hold", subject, until="2026-11-20")
    await bob.submit("ticket.resolve", subject, what="done after all")
    assert (await desk.ticket(subject)).resolve_due is not None
    await ana.submit("ticket.reopen", subject, text="no")
    assert (await desk.ticket(subject)).resolve_due is not None
    assert (await desk.file(subject)).open_waits == ()


async def test_what_was_fixed_reopened_and_declined_says_so(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob)
    await ana.submit("ticket.reopen", subject, text="no")
    await bob.submit("ticket.reject", subject, text="it belongs to the landlord")
    await desk.settle()
    assert text(desk.card("notice.fixed")).count("Declined.") == 1
    assert "it belongs to the landlord" in text(desk.card("notice.rejected"))


@pytest.mark.parametrize(("days", "links"), [(6.9, 0), (7.1, 1)])
async def test_after_the_grace_period_it_is_a_new_linked_ticket(
    desk: Desk, ana: Colleague, bob: Colleague, days: float, links: int
) -> None:
    subject = await resolved(ana, bob)
    await ana.press("ticket.confirm", subject)
    desk.clock.move(days=days)
    card = as_card(await ana.submit("ticket.reopen", subject, text="flickers again"))
    old = await desk.file(subject)
    assert len(old.links) == links
    assert old.ticket.status == (Status.closed if links else Status.open)
    if links:
        new = await desk.ticket(subject_of(card))
        assert (new.title, new.category, new.requester) == ("flickers again", old.ticket.category, ana.person.id)
        assert [(link.ticket, link.other, link.kind) for link in old.links] == [(new.id, old.ticket.id, "recurrence")]


async def test_what_an_agent_opens_anew_stays_the_ticket_of_who_had_it(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob)
    await ana.press("ticket.confirm", subject)
    desk.clock.move(days=30)
    card = as_card(await bob.submit("ticket.reopen", subject, text="it is back"))
    assert (await desk.ticket(subject_of(card))).requester == ana.person.id
    assert bob.person.id in (await desk.file(subject_of(card))).watchers


async def test_it_is_back(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob)
    with pytest.raises(Refused, match="not closed"):
        await ana.submit("ticket.again", subject, text="again")
    await ana.press("ticket.confirm", subject)
    card = as_card(await ana.press("ticket.show", subject))
    form = as_form(await ana.presses("It is back…", on=card))
    assert "text" in errors(await ana.submit(form.name, subject, text=""))
    again = as_card(await ana.submit(form.name, subject, text="again", key=form.once))
    assert as_card(await ana.submit(form.name, subject, text="again", key=form.once)).title == again.title
    assert len((await desk.file(subject)).links) == 1


# ---------------------------------------------------------------- not done


async def test_cancelled(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject)
    await bob.submit("ticket.hold", subject, until="2026-11-20")
    await ana.press("ticket.cancel", subject)
    file = await desk.file(subject)
    assert (file.ticket.status, file.ticket.outcome, file.open_waits) == ("closed", Outcome.cancelled, ())
    assert [a.until for a in file.affected] == [desk.clock.now]
    assert await desk.told("bob") == ["cancelled"]
    with pytest.raises(Refused, match="already closed"):
        await bob.press("ticket.take", subject)


async def test_declined_says_why(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    assert "text" in errors(await bob.submit("ticket.reject", subject, text=""))
    with pytest.raises(Refused):
        await ana.submit("ticket.reject", subject, text="me")
    await bob.submit("ticket.reject", subject, text="it is meant to flicker")
    await desk.settle()
    assert (await desk.ticket(subject)).outcome is Outcome.rejected
    assert await desk.told("ana") == ["rejected"]
    assert "it is meant to flicker" in text(desk.card("notice.rejected"))
    assert str(desk.card("ticket.channel").state) == "declined"


# ---------------------------------------------------------------- silence


async def test_after_three_working_days_of_silence_it_closes_unconfirmed(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob)
    desk.clock.move(days=2, hours=23)
    await desk.settle()
    assert (await desk.ticket(subject)).status == "resolved"
    desk.clock.move(hours=2)
    await desk.settle()
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.outcome, ticket.version) == ("closed", Outcome.unconfirmed, 3)
    card = desk.card("notice.fixed")
    assert "nobody confirmed" in text(card)
    assert labels(card) == ["It is not fixed…"]
    await ana.submit("ticket.reopen", subject, text="it is not")
    assert (await desk.ticket(subject)).status == "open"


async def test_a_weekend_is_no_silence(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    desk.clock.move(days=4)  # Friday
    subject = await resolved(ana, bob)
    desk.clock.move(days=3, hours=1)
    await desk.settle()
    assert (await desk.ticket(subject)).status == "resolved"


async def test_silence_about_an_earlier_fix_closes_nothing(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob)
    desk.clock.move(days=2)
    await ana.submit("ticket.reopen", subject, text="no")
    desk.clock.move(hours=12)
    await bob.submit("ticket.resolve", subject, what="now it is")
    desk.clock.move(days=1)
    await desk.settle()
    assert (await desk.ticket(subject)).status == "resolved"
    desk.clock.move(days=4)
    await desk.settle()
    assert (await desk.ticket(subject)).outcome is Outcome.unconfirmed


async def test_silence_after_an_answer_does_nothing(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await resolved(ana, bob)
    await ana.press("ticket.confirm", subject)
    desk.clock.move(days=10)
    await desk.settle()
    assert (await desk.ticket(subject)).outcome is Outcome.confirmed
