"""What is left to a vendor of a ticket that was offered to it: that it was, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from bot import forgetting
from handlers.core import Attached, Deleted, Edited, Event, Linked, Message, Person, Said, Where
from handlers.files.copy import COPY
from handlers.people.viewers import viewer
from handlers.registry import Looking
from handlers.routes import ROUTES
from tests.handlers.harness import OUTSIDE, Colleague, Desk, Shown, as_card, text
from tests.handlers.tickets.test_vendor import LIGHT, offered, vendors_card


async def says(desk: Desk, who: Colleague, words: str, under: Shown, *named: Colleague, message_id: str = "m-said") -> None:
    """Words in the thread of a card."""
    where = who.where(under.place.channel, under.post.message_id)
    people = tuple(one.person for one in named)
    await who.does(Said(key=who.key(), actor=who.person, where=where, text=words, message_id=message_id, named=people))
    await desk.settle()


async def changes(desk: Desk, who: Colleague, under: Shown, words: str | None, message_id: str = "m-said") -> None:
    """What was said is edited, or (None) deleted."""
    where, key = who.where(under.place.channel, under.post.message_id), who.key()
    message: Message = Deleted(key=key, actor=who.person, where=where, message_id=message_id)
    if words is not None:
        message = Edited(key=key, actor=who.person, where=where, message_id=message_id, text=words)
    await (OUTSIDE if who.person.vendor else ROUTES).messages[type(message)](desk.port, message)
    await desk.settle()


def theirs(desk: Desk) -> str:
    """All that stands in the channels of vendors, and in the direct conversations with their people."""
    return "\n".join(text(one.card) for one in desk.shown.values() if one.place.vendor or one.place.workspace in ("northwind", "sparks"))


async def test_a_comment_that_is_changed_later_is_not_shown_to_the_vendor(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    dee = await desk.technician("dee")
    await dee.press("ticket.claim", subject)
    await says(desk, ana, "the blue desk", card := desk.posts("ticket.channel")[-1])
    assert theirs(desk).count("the blue desk") == 2  # in the thread, and told to Dee
    await bob.press("ticket.withdraw", subject)
    await desk.settle()
    await changes(desk, ana, card, "zebra: the code of the door is 4711")
    assert "zebra" not in theirs(desk)
    await changes(desk, ana, card, None)
    assert "the blue desk" not in text(next(one.card for one in desk.posts("comment.thread") if one.place.vendor))


async def test_somebody_of_a_vendor_who_is_named_follows_nothing(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """Else they would hear how it ends, long after it was taken back."""
    subject = await offered(desk, ana, bob)
    dee, max_ = await desk.technician("dee"), await desk.technician("max")
    await says(desk, dee, "@Max can you go there?", desk.posts("ticket.offered")[-1], max_)
    assert [notice.reason for notice in await desk.notices() if notice.person == max_.person.id] == ["mentioned"]
    assert (await desk.file(subject)).watchers == frozenset()
    await bob.press("ticket.withdraw", subject)
    await bob.submit("ticket.resolve", subject, what="zebra")
    await desk.settle()
    assert [notice.reason for notice in await desk.notices() if notice.person == max_.person.id] == ["mentioned"]
    assert "zebra" not in theirs(desk)


async def test_news_that_come_too_late_say_only_that_it_is_over(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """Dee is told of the end by an outbox that runs after the offer is over."""
    subject = await offered(desk, ana, bob)
    dee = await desk.technician("dee")
    await dee.press("ticket.claim", subject)
    await desk.settle()
    await bob.submit("ticket.resolve", subject, what="zebra")
    await ana.submit("ticket.reopen", subject, text="zebra again")
    await bob.press("ticket.withdraw", subject)
    await desk.settle()
    told = [one.card for one in desk.posts("notice.") if one.place.person == dee.person.id]
    assert len(told) == 3
    assert {text(card) for card in told} == {"#1 of Acme Ltd: taken back. Nothing to do for you."}


async def kept(desk: Desk, subject: str) -> Attached:
    """A file of the report whose bytes have just come."""
    content, now = await desk.port.files(desk.office.organisation).put(b"plan"), desk.clock.now
    ids = (desk.port.new_id(), desk.office.organisation, subject.removeprefix("ticket:"), None)
    file = Attached(*ids, "plan.pdf", "application/pdf", 4, now, "teams", "T1", "C1", "F1", state="kept", content=content)
    work = desk.port.work(desk.office.organisation)
    work.add(file)
    work.tell(Event("ticket.filed", subject, desk.office.organisation))
    await work.commit()
    await desk.settle()
    return file


async def test_files_do_not_come_along_any_more(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob)
    dee = (await desk.technician("dee")).person
    first = await kept(desk, subject)
    assert [one.place.vendor for one in desk.posts(COPY) if one.place.vendor] == ["northwind"]
    assert await had(desk, dee, subject) == [first]
    await bob.press("ticket.withdraw", subject)
    await kept(desk, subject)
    assert [one.place.vendor for one in desk.posts(COPY) if one.place.vendor] == ["northwind"]
    assert await had(desk, dee, subject) == []


async def had(desk: Desk, person: Person, subject: str) -> Sequence[Attached]:
    """The files that a link would give to somebody."""
    return await desk.port.attachments.of(viewer(desk.office, person), subject.removeprefix("ticket:"))


async def test_a_link_pasted_where_a_vendor_reads_shows_nothing(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, place = await offered(desk, ana, bob), await desk.channel_of("northwind")
    where = Where(place.chat, place.workspace, place.channel)
    link = Linked(key="l", actor=bob.person, where=where, subject=subject, inside=True)
    assert await ROUTES.messages[Linked](desk.port, link) is None


async def test_the_card_of_an_offer_that_is_over_tells_nothing_however_it_is_drawn(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await offered(desk, ana, bob, "zebra")
    await bob.press("ticket.withdraw", subject)
    await desk.settle()
    dee, place = (await desk.technician("dee")).person, await desk.channel_of("northwind")
    for name, view in ROUTES.views.items():
        for looking in (Looking(dee.organisation, dee), Looking(dee.organisation, None, place), Looking(dee.organisation, dee, place)):
            if name.startswith(("dialog.", "file.", "notice.undelivered")) or (name == "ticket.channel"):
                continue
            card = await view(desk.port, subject, looking)
            assert card is None or LIGHT not in text(card), name
            assert card is None or "zebra" not in text(card), name
    assert LIGHT not in vendors_card(desk)


async def test_words_that_become_an_aside_do_not_cross(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, dee = await offered(desk, ana, bob), await desk.technician("dee")
    await says(desk, dee, "we come at nine", card := desk.posts("ticket.offered")[-1])
    await changes(desk, dee, card, "// zebra, that office again")
    shown = "".join(text(one.card) for one in desk.shown.values() if not one.place.vendor)
    assert "zebra" not in shown
    assert "we come at nine" in shown
    assert "zebra" not in text(as_card(await bob.press("ticket.show", subject)))


async def test_who_is_forgotten_is_not_named_to_the_vendor_either(desk: Desk, ana: Colleague, bob: Colleague, hal: Colleague) -> None:
    name = hal.person.name
    await offered(desk, ana, bob, f"{name} has the key.")
    assert name in vendors_card(desk)
    store, whole = desk.port.store, await desk.port.store.offices.by_key("acme")
    assert whole is not None
    await forgetting.forget(store, await forgetting.plan(store, whole, hal.person, words=False), desk.clock.now)
    desk.clock.move(minutes=2)
    await desk.settle()
    assert "has the key." in vendors_card(desk)
    assert name not in vendors_card(desk)
