"""A ticket offered to a vendor: who sees what of it, who may do what, and that exactly one claim wins."""

from __future__ import annotations

import asyncio

import pytest

from handlers.core import Offer, Refused
from handlers.routes import ROUTES
from tests.handlers.harness import Colleague, Desk, as_card, as_form, errors, labels, text

LIGHT = "light above my desk flickering"


async def offered(desk: Desk, ana: Colleague, bob: Colleague, note: str = "") -> str:
    """Ana's light, offered to Northwind by Bob."""
    await desk.channel_of("northwind")
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.offer", subject, vendor="northwind", note=note)
    await desk.settle()
    return subject


async def offer_of(desk: Desk, subject: str) -> Offer:
    return (await desk.file(subject)).offers[-1]


def vendors_card(desk: Desk) -> str:
    return text(desk.card("ticket.offered"))


def in_thread(desk: Desk, words: str) -> list[str]:
    """In which channels the words stand in a thread."""
    return sorted(one.place.queue or one.place.vendor or "" for one in desk.posts("comment.thread") if words in text(one.card))


# ---------------------------------------------------------------- offering


async def test_an_offer_is_a_card_in_the_vendors_channel(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob, "The ladder is in the hall.")
    card = vendors_card(desk)
    assert "#1 of Acme Ltd: light above my desk flickering" in card
    assert "The ladder is in the hall." in card
    assert "Please claim or decline it" in card
    assert "Bob Burke" in card
    assert labels(desk.card("ticket.offered"))[:3] == ["Claim", "Decline…", "Reply…"]
    assert "Northwind IT Services reads the report" in text(desk.card("ticket.channel"))
    assert await desk.told("ana") == ["offered"]
    assert [line.kind for line in await desk.history(subject)][-1] == "ticket.offered"


async def test_the_vendor_that_the_contract_names_is_chosen_already(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    form = as_form(await bob.press("open:ticket.offer", await ana.reports(LIGHT)))
    assert form.fields[0].initial == "sparks"


async def test_the_contract_says_until_when_it_should_be_answered(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await desk.channel_of("sparks")
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.offer", subject, vendor="sparks")
    due = (await offer_of(desk, subject)).due
    assert due is not None
    assert (due - desk.clock.now).total_seconds() == 4 * 3600
    desk.clock.move(hours=4, minutes=1)
    await desk.settle()
    assert await desk.told("bob") == ["unclaimed"]


async def test_nobody_is_rung_about_a_claim_that_came_in_time(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await desk.channel_of("sparks")
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.offer", subject, vendor="sparks")
    await (await desk.technician("joe", "sparks")).press("ticket.claim", subject)
    desk.clock.move(hours=5)
    await desk.settle()
    assert "unclaimed" not in await desk.told("bob")


async def test_a_vendor_without_a_channel_cannot_be_asked(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    assert "I reach no channel of Quickline" in errors(await bob.submit("ticket.offer", subject, vendor="quickline"))["vendor"]
    assert "choose one of the vendors" in errors(await bob.submit("ticket.offer", subject, vendor="nobody"))["vendor"]
    assert (await desk.file(subject)).offers == ()


async def test_one_vendor_at_a_time_and_nothing_that_waits_for_what_is_missing(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    with pytest.raises(Refused, match="with a vendor already"):
        await bob.submit("ticket.offer", subject, vendor="sparks")
    eva = await desk.who("eva")
    locked = await ana.reports("I cannot log in to the crm, password forgotten")
    assert (await desk.file(locked)).open_waits
    with pytest.raises(Refused, match="still waits"):
        await eva.submit("ticket.offer", locked, vendor="northwind")


# ---------------------------------------------------------------- claiming


async def test_of_eight_claims_one_wins_and_the_others_hear_who(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    people = [await desk.technician(f"tech{n}") for n in range(8)]
    results = await asyncio.gather(*(who.press("ticket.claim", subject, version=2) for who in people), return_exceptions=True)
    refused = [str(result.sentence) for result in results if isinstance(result, Refused)]
    assert len(refused) == 7
    holder = (await offer_of(desk, subject)).claimed_by
    winner = next(who for who in people if who.person.id == holder)
    assert all(said.startswith(f"{winner.person.name} was faster (") for said in refused)
    with pytest.raises(Refused, match="already have it"):
        await winner.press("ticket.claim", subject)


async def test_a_claim_is_the_first_answer_and_everybody_hears_of_it(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    dee = await desk.technician("dee")
    await dee.press("ticket.claim", subject)
    await desk.settle()
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.assignee, ticket.responded_at) == ("in_progress", None, desk.clock.now)
    assert await desk.told("ana") == ["offered", "claimed"]
    assert await desk.told("bob") == ["claimed"]
    assert "Dee (Northwind IT Services) is on it." in text(desk.card("notice.claimed"))
    assert "Dee (Northwind IT Services) has it" in text(desk.card("ticket.channel"))
    assert labels(desk.card("ticket.offered"))[:3] == ["Done…", "Reply…", "Give back"]


async def test_given_back_and_claimed_again_by_a_colleague(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    dee, max_ = await desk.technician("dee"), await desk.technician("max")
    with pytest.raises(Refused, match="once one of you has claimed it"):
        await dee.press("ticket.unclaim", subject)
    await dee.press("ticket.claim", subject)
    await max_.press("ticket.unclaim", subject)
    assert ((await desk.ticket(subject)).status, (await offer_of(desk, subject)).claimed_by) == ("open", None)
    await max_.press("ticket.claim", subject)
    assert (await offer_of(desk, subject)).claimed_by == max_.person.id
    assert "given_back" in await desk.told("bob")


async def test_declined_with_a_reason_that_the_requester_does_not_read(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    dee = await desk.technician("dee")
    assert errors(await dee.submit("ticket.refuse", subject)) != {}
    await dee.submit("ticket.refuse", subject, text="zebra: we do no lights")
    await desk.settle()
    assert "zebra" in text(desk.card("notice.refused"))
    assert in_thread(desk, "zebra") == ["building"]
    assert "zebra" not in text(as_card(await ana.press("ticket.show", subject)))
    assert "you have declined it" in vendors_card(desk)
    assert LIGHT not in vendors_card(desk)
    await bob.submit("ticket.offer", subject, vendor="northwind")
    await desk.settle()
    assert len(desk.posts("ticket.offered")) == 2
    assert LIGHT in vendors_card(desk)


async def test_taken_back_whoever_had_it_is_told_and_can_do_nothing_more(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    dee = await desk.technician("dee")
    await dee.press("ticket.claim", subject)
    await bob.press("ticket.withdraw", subject)
    await desk.settle()
    assert [n.reason for n in await desk.notices() if n.person == dee.person.id] == ["withdrawn"]
    assert "taken back" in vendors_card(desk)
    assert (await desk.ticket(subject)).status == "open"
    for act in ("ticket.claim", "ticket.unclaim", "ticket.show"):
        with pytest.raises(Refused, match="not offered to you any more"):
            await dee.press(act, subject)
    with pytest.raises(Refused, match="with no vendor any more"):
        await bob.press("ticket.withdraw", subject)


async def test_a_colleague_who_has_it_goes_on_when_the_vendor_does_not(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    await bob.press("ticket.take", subject)
    dee = await desk.technician("dee")
    await dee.press("ticket.claim", subject)
    await dee.press("ticket.unclaim", subject)
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.assignee) == ("in_progress", bob.person.id)


async def test_done_by_the_vendor_is_confirmed_by_the_requester(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    dee = await desk.technician("dee")
    with pytest.raises(Refused):
        await dee.submit("ticket.resolve", subject, what="socket replaced")
    await dee.press("ticket.claim", subject)
    await dee.submit("ticket.resolve", subject, what="socket replaced", minutes="30", cost="60")
    await desk.settle()
    assert "Dee (Northwind IT Services) says #1 is fixed" in text(desk.card("notice.fixed"))
    ticket = await desk.ticket(subject)
    assert (ticket.status, ticket.assignee, ticket.resolved_by) == ("resolved", None, dee.person.id)
    await ana.submit("ticket.reopen", subject, text="it flickers again")
    await desk.settle()
    assert in_thread(desk, "it flickers again") == ["building", "northwind"]
    assert "reopened" in [n.reason for n in await desk.notices() if n.person == dee.person.id]
    assert (await offer_of(desk, subject)).claimed_by == dee.person.id
    await dee.submit("ticket.resolve", subject, what="cable replaced")
    await ana.press("ticket.confirm", subject)
    await desk.settle()
    assert "confirmed that it is fixed" in vendors_card(desk)
    assert labels(desk.card("ticket.offered")) == []


# ---------------------------------------------------------------- words


async def test_what_is_said_to_the_requester_goes_both_ways_and_notes_never(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await ana.submit("ticket.comment", subject, text="zog before the offer")
    await desk.channel_of("northwind")
    await bob.submit("ticket.offer", subject, vendor="northwind")
    await ana.submit("ticket.comment", subject, text="the blue desk")
    await bob.submit("ticket.note", subject, text="she always says that")
    dee = await desk.technician("dee")
    await dee.submit("ticket.comment", subject, text="which floor?")
    await desk.settle()
    assert in_thread(desk, "zog") == ["building"]
    assert in_thread(desk, "the blue desk") == ["building", "northwind"]
    assert in_thread(desk, "always") == ["building"]
    assert in_thread(desk, "which floor?") == ["building", "northwind"]
    seen = text(as_card(await dee.press("ticket.show", subject)))
    assert "the blue desk" in seen
    assert "always" not in seen
    assert "zog" not in seen
    assert "which floor?" in text(as_card(await ana.press("ticket.show", subject)))


async def test_words_in_the_thread_of_the_offer(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    there, post = await desk.channel_of("northwind"), desk.posts("ticket.offered")[-1].post
    dee = await desk.technician("dee")
    await dee.chats("// zebra, is that ours?", channel=there.channel, thread=post.message_id)
    await dee.chats("we come at noon", channel=there.channel, thread=post.message_id)
    await desk.settle()
    seen = text(as_card(await ana.press("ticket.show", subject)))
    assert "we come at noon" in seen
    assert "zebra" not in seen


async def test_a_question_to_the_requester_and_the_answer(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    dee = await desk.technician("dee")
    await dee.submit("ticket.ask", subject, text="When are you in?")
    await ana.submit("ticket.answer", subject, text="until five")
    await desk.settle()
    assert in_thread(desk, "until five") == ["building", "northwind"]
    assert "asked" in await desk.told("ana")


async def test_after_the_end_nothing_more_is_said_to_the_vendor(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    await bob.press("ticket.withdraw", subject)
    await ana.submit("ticket.comment", subject, text="zebra")
    await desk.settle()
    assert in_thread(desk, "zebra") == ["building"]


# ---------------------------------------------------------------- what they cannot do


async def test_a_vendor_without_an_offer_reaches_nothing(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """Another vendor, with the ticket's id and number, tries every name."""
    subject = await offered(desk, ana, bob)
    joe, before = await desk.technician("joe", "sparks"), await desk.ticket(subject)
    for name in ROUTES.presses:
        with pytest.raises(Refused) as refused:
            await joe.press(name, subject)
        assert "light" not in str(refused.value.sentence)
    for name in ROUTES.forms:
        with pytest.raises(Refused):
            await joe.press(f"open:{name}", subject)
    for name in ROUTES.submits:
        with pytest.raises(Refused):
            await joe.submit(name, subject, text="x", what="x", vendor="sparks")
    with pytest.raises(Refused):
        await joe.types("show 1")
    assert "Nothing is offered to Sparks Ltd" in text(await joe.types("list"))
    assert await desk.ticket(subject) == before


MAY = {"press ticket.show", "press ticket.claim", "form ticket.comment", "form ticket.ask", "form ticket.refuse"}
MAY |= {"submit ticket.comment", "submit ticket.ask", "submit ticket.refuse"}


async def test_to_whom_it_is_offered_can_do_this_and_no_more(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    done = set()
    names = [(kind, name) for kind in ("press", "form", "submit") for name in getattr(ROUTES, {"press": "presses"}.get(kind, f"{kind}s"))]
    for kind, name in names:
        subject = await offered(desk, ana, bob)
        dee = await desk.technician("dee")
        try:
            if kind == "submit":
                await dee.submit(name, subject, text="x", what="x", vendor="sparks", category="hr")
            else:
                await dee.press(f"open:{name}" if kind == "form" else name, subject, value="40")
            done.add(f"{kind} {name}")
        except Refused:
            continue
    assert done == MAY


async def test_they_report_nothing_and_find_nothing_but_what_is_theirs(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await ana.reports("zebra in the kitchen")
    await offered(desk, ana, bob)
    dee = await desk.technician("dee")
    for words in ("light is broken", "find zebra", "who printers", "private zebra"):
        with pytest.raises(Refused, match="take no reports from here"):
            await dee.types(words)
    with pytest.raises(Refused, match="take no reports from here"):
        await dee.chats("hm")
    for words in ("list", "home"):
        shown = text(await dee.types(words))
        assert LIGHT in shown
        assert "zebra" not in shown
    assert "offers" in text(await dee.types("help"))
    assert LIGHT in text(await dee.types("show 2"))
    with pytest.raises(Refused):
        await dee.types("show 1")
