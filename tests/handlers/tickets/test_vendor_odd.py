"""What else happens to a ticket while a vendor is asked or at work: in the office, at the vendor, and with the people of both."""

from __future__ import annotations

import asyncio
import random

import pytest

from handlers.core import Conflict, Event, Refused, Said, Standing
from handlers.frozen import replace
from tests.handlers.harness import Colleague, Desk, Shown, as_card, as_form, labels, text
from tests.handlers.tickets.test_vendor import LIGHT, in_thread, offer_of, offered, vendors_card


async def claimed(desk: Desk, ana: Colleague, bob: Colleague, name: str = "dee") -> tuple[str, Colleague]:
    subject, dee = await offered(desk, ana, bob), await desk.technician(name)
    await dee.press("ticket.claim", subject)
    await desk.settle()
    return subject, dee


async def told(desk: Desk, who: Colleague) -> list[str]:
    return [notice.reason for notice in await desk.notices() if notice.person == who.person.id]


async def leaves(desk: Desk, who: Colleague) -> None:
    """Their account is deactivated."""
    work = desk.port.work(desk.office.organisation)
    work.put(replace(who.person, standing=Standing.gone))
    work.tell(Event("person.left", f"person:{who.person.id}", desk.office.organisation))
    await work.commit()
    await desk.settle()


# ---------------------------------------------------------------- what a vendor is not told


async def test_a_question_from_before_the_offer_is_not_for_the_vendor(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await desk.channel_of("northwind")
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.ask", subject, text="zebra: is it because of your illness?")
    desk.clock.move(minutes=1)
    await bob.submit("ticket.offer", subject, vendor="northwind")
    await desk.settle()
    dee = await desk.technician("dee")
    for seen in (vendors_card(desk), text(as_card(await dee.press("ticket.show", subject)))):
        assert "zebra" not in seen
        assert "On hold in the office." in seen
    desk.clock.move(minutes=1)
    await bob.submit("ticket.ask", subject, text="which floor?")
    await desk.settle()
    assert "which floor?" in vendors_card(desk)


async def test_saved_answers_are_for_those_who_work_in_the_queue(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """They are filled with what the category asked; a forged value names one."""
    subject, dee = await claimed(desk, ana, bob)
    for who in (dee, ana):
        form = as_form(await who.press("open:ticket.comment", subject, value="electrician"))
        assert [field.initial for field in form.fields] == [""]
        await who.submit("ticket.comment", subject, answer="electrician", text="mine")
    assert as_form(await bob.press("open:ticket.comment", subject, value="electrician")).fields[0].initial != ""


async def test_another_queue_decides_for_itself_who_reads_along(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, dee = await claimed(desk, ana, bob)
    await ana.press("ticket.categorise", subject, value="hr")
    await ana.submit("ticket.comment", subject, text="zebra")
    await desk.settle()
    assert [offer.end for offer in (await desk.file(subject)).offers] == ["withdrawn"]
    assert "taken back" in vendors_card(desk)
    assert "northwind" not in in_thread(desk, "zebra")
    assert await told(desk, dee) == ["withdrawn"]


@pytest.mark.parametrize("how", ["cancel", "reject"])
async def test_what_is_called_off_is_nobodys_at_the_vendor(desk: Desk, ana: Colleague, bob: Colleague, how: str) -> None:
    subject, dee = await claimed(desk, ana, bob)
    if how == "cancel":
        await ana.press("ticket.cancel", subject)
    else:
        await bob.submit("ticket.reject", subject, text="zebra: too dear")
    await ana.submit("ticket.comment", subject, text="zebra")
    await desk.settle()
    assert not (await desk.file(subject)).live_offers
    assert "taken back" in vendors_card(desk)
    assert "northwind" not in in_thread(desk, "zebra")
    assert await told(desk, dee) == [{"cancel": "cancelled", "reject": "rejected"}[how]]
    assert "zebra" not in "".join(text(one.card) for one in desk.shown.values() if one.place.person == dee.person.id)


# ---------------------------------------------------------------- who acts, and where


async def words_under(desk: Desk, who: Colleague, words: str, under: Shown) -> None:
    """In the thread of a card, whoever is there."""
    where = replace(who.where(under.place.channel, under.post.message_id), workspace=under.place.workspace)
    await who.does(Said(key=who.key(), actor=who.person, where=where, text=words, message_id=who.key()))
    await desk.settle()


async def test_what_an_agent_writes_in_the_vendors_thread_is_no_work_note(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """The vendor reads it where it stands: so does the requester, and "//" keeps it there."""
    subject, _ = await claimed(desk, ana, bob)
    await words_under(desk, bob, "the key is at the front desk", desk.posts("ticket.offered")[-1])
    await words_under(desk, bob, "// zebra", desk.posts("ticket.offered")[-1])
    seen = text(as_card(await ana.press("ticket.show", subject)))
    assert "the key is at the front desk" in seen
    assert "work note" not in seen
    assert "zebra" not in text(as_card(await bob.press("ticket.show", subject)))


async def test_people_of_the_office_hear_whose_buttons_those_are(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    for act in ("ticket.claim", "ticket.unclaim", "open:ticket.refuse"):
        with pytest.raises(Refused, match="Only people of the vendor to whom"):
            await bob.press(act, subject)


async def test_nobody_declines_what_a_colleague_works_on(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """Max has opened the form before Dee has claimed it."""
    subject, dee = await claimed(desk, ana, bob)
    max_ = await desk.technician("max")
    with pytest.raises(Refused, match="declined once it is given back"):
        await max_.submit("ticket.refuse", subject, text="not ours")
    await max_.press("ticket.unclaim", subject)
    assert await told(desk, dee) == ["given_back"]
    await max_.submit("ticket.refuse", subject, text="not ours")
    assert (await offer_of(desk, subject)).end == "declined"


# ---------------------------------------------------------------- who hears of it


async def test_who_offered_it_and_has_left_is_not_the_one_to_be_told(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await desk.channel_of("northwind")
    subject, pat = await ana.reports(LIGHT), await desk.who("pat")
    await pat.submit("ticket.offer", subject, vendor="northwind")
    await leaves(desk, pat)
    await (await desk.technician("dee")).submit("ticket.refuse", subject, text="not ours")
    responsible = desk.office.responsible_for("facilities.electrical").person
    assert "refused" in await desk.told(responsible.partition("@")[0])
    assert await told(desk, pat) == []


async def test_a_claim_of_somebody_who_has_left_the_vendor_is_given_back(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, dee = await claimed(desk, ana, bob)
    await leaves(desk, dee)
    assert (await offer_of(desk, subject)).claimed_by is None
    assert (await desk.ticket(subject)).status == "open"
    assert "given_back" in await desk.told("bob")
    assert "Please claim or decline it" in vendors_card(desk)


async def test_without_a_contract_silence_is_noticed_too(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    assert (await offer_of(desk, subject)).due is None
    desk.clock.move(hours=23)
    await desk.settle()
    assert await desk.told("bob") == []
    desk.clock.move(hours=1, minutes=1)
    await desk.settle()
    assert await desk.told("bob") == ["unclaimed"]


# ---------------------------------------------------------------- at work in both


async def test_who_has_it_in_the_office_is_another_matter(desk: Desk, ana: Colleague, bob: Colleague, pat: Colleague) -> None:
    """While somebody of the vendor is at work on it, it is in progress."""
    subject, _ = await claimed(desk, ana, bob)
    await bob.submit("ticket.assign", subject, email="pat@acme.example")
    assert (await desk.ticket(subject)).status == "in_progress"
    await pat.press("ticket.release", subject)
    assert (await desk.ticket(subject)).status == "in_progress"
    await bob.submit("ticket.assign", subject, email="pat@acme.example")
    await leaves(desk, pat)
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.assignee) == ("in_progress", None)


# ---------------------------------------------------------------- all at once


@pytest.mark.parametrize("round_", range(12))
async def test_whatever_happens_at_once_no_state_contradicts_itself(desk: Desk, ana: Colleague, bob: Colleague, round_: int) -> None:
    """Claims, a decline, a withdrawal, a hand-over and a cancellation in the same moment, in another order each time."""
    subject = await offered(desk, ana, bob)
    dee, max_ = await desk.technician("dee"), await desk.technician("max")
    acts = [
        dee.press("ticket.claim", subject),
        max_.press("ticket.claim", subject),
        max_.submit("ticket.refuse", subject, text="not ours"),
        bob.press("ticket.withdraw", subject),
        bob.submit("ticket.assign", subject, email="pat@acme.example"),
        ana.submit("ticket.comment", subject, text="zebra"),
        dee.press("ticket.unclaim", subject),
        *((ana.press("ticket.cancel", subject),) if round_ % 3 == 0 else ()),
    ]
    random.Random(round_).shuffle(acts)
    results = await asyncio.gather(*acts, return_exceptions=True)
    assert all(isinstance(one, Refused | Conflict) or not isinstance(one, BaseException) for one in results), results
    await desk.settle()
    file = await desk.file(subject)
    live, ticket = file.live_offers, file.ticket
    assert len(live) <= 1
    claimed_now = any(offer.claimed_by for offer in live)
    assert ticket.status == "in_progress" if claimed_now else ticket.status != "in_progress" or ticket.assignee
    assert ticket.status != "closed" or not live
    assert all(offer.end for offer in file.offers if not offer.is_live)
    assert ("Claim" in labels(desk.card("ticket.offered"))) == any(not offer.claimed_by for offer in live)
