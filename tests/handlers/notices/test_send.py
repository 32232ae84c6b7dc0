"""Being told: one way to one person, and nobody reads what they may not see."""

from __future__ import annotations

import pytest

from handlers.core import Account, Person, Place
from handlers.ports import Row
from storage.ids import new_id
from tests.handlers.harness import Colleague, Desk, text

LIGHT = "light above my desk flickering"


async def unreachable(desk: Desk, name: str) -> Colleague:
    """Somebody of the office whom no chat reaches: they came by another way."""
    person = Person(new_id(), desk.office.organisation, name, f"{name}@other.example")
    work = desk.port.work(person.organisation)
    work.add(person)
    await work.commit()
    return Colleague(desk, person, "acme")


async def test_one_conversation_for_all_that_a_person_is_told(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    for _ in range(3):
        await bob.press("ticket.take", await ana.reports(LIGHT))
    await desk.settle()
    shown = desk.posts("notice.taken")
    assert len(shown) == 3
    assert {(one.place.kind, one.place.person) for one in shown} == {("dm", ana.person.id)}
    assert len(await desk.port.places.direct(desk.office.organisation, ana.person.id)) == 1


async def test_the_same_reason_for_the_same_version_is_told_once(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    for _ in range(2):
        work = desk.port.work(desk.office.organisation)
        work.notify(ana.person.id, subject, "late", 0)
        await work.commit()
    await desk.settle()
    assert len(desk.posts("notice.late")) == 1


async def test_news_is_never_redrawn_but_the_question_is(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject)
    await bob.submit("ticket.resolve", subject, what="done")
    await desk.settle()
    await ana.press("ticket.confirm", subject)
    await desk.settle()
    assert [one.sent for one in desk.posts("notice.taken")] == [1]
    assert [one.sent for one in desk.posts("notice.fixed")] == [2]


async def test_somebody_whom_no_chat_reaches_is_mentioned_in_the_thread(desk: Desk, bob: Colleague) -> None:
    guest = await unreachable(desk, "gwen")
    subject = await guest.reports(LIGHT)
    await desk.settle()
    await bob.press("ticket.take", subject)
    await desk.settle()
    (shown,) = desk.posts("notice.taken")
    (card,) = desk.posts("ticket.channel")
    assert (shown.place.queue, shown.post.thread) == ("building", card.post.id)
    assert shown.post.tag.partition(":")[2] == guest.person.id


async def test_the_mention_never_goes_to_a_channel_that_may_not_see_it(desk: Desk) -> None:
    """A private ticket's first channel was another one; its news must not be posted there."""
    guest = await unreachable(desk, "gwen")
    fay = await desk.who("fay")
    subject = await guest.reports("trouble on the second floor")
    await desk.settle()
    assert [one.place.queue for one in desk.posts("ticket.channel")] == ["front-desk"]
    await guest.press("ticket.categorise", subject, value="hr")
    await desk.settle()
    await fay.submit("ticket.comment", subject, text="please come to my office")
    await fay.submit("ticket.reject", subject, text="a delicate reason")
    await desk.settle()
    for one in desk.shown.values():
        if one.place.queue == "front-desk":
            assert text(one.card) == "#1 has moved to People desk."
    assert {one.place.queue for one in desk.posts("notice.")} == {"people"}


async def test_nobody_at_all_is_written_down(desk: Desk) -> None:
    guest = await unreachable(desk, "gwen")
    work = desk.port.work(desk.office.organisation)
    work.notify(guest.person.id, "dialog:nothing", "dialog", 1)
    await work.commit()
    await desk.settle()
    assert [(line.kind, line.data) for line in await desk.history("dialog:nothing")] == [
        ("notice.unreachable", {"person": guest.person.id, "reason": "dialog"})
    ]


async def test_what_a_person_may_not_see_any_more_is_not_told(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject)
    await ana.press("ticket.categorise", subject, value="hr")
    await desk.settle()
    assert await desk.told("bob") == ["moved"]
    assert desk.posts("notice.moved") == []


@pytest.mark.parametrize("dead", [True, False])
async def test_a_conversation_that_takes_nothing_is_passed_over(desk: Desk, ana: Colleague, bob: Colleague, dead: bool) -> None:
    organisation, person = desk.office.organisation, (await desk.who("pat")).person.id
    old = Place(new_id(), organisation, "slack", "T1", "dm", "D1", "U1", person, unreachable="account_inactive" if dead else None)
    rows: tuple[Row, ...] = (old,)
    work = desk.port.work(organisation)
    work.add(*rows)
    work.join(Account("slack", "T1", "U1"), person)
    await work.commit()
    await bob.submit("ticket.assign", await ana.reports(LIGHT), email="pat@acme.example")
    await desk.settle()
    (shown,) = desk.posts("notice.assigned")
    assert shown.place.chat == ("console" if dead else "slack")


async def test_people_are_told_where_they_deal_with_it(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    organisation, person = desk.office.organisation, ana.person.id
    old = Place(new_id(), organisation, "slack", "T1", "dm", "D1", "U1", person)
    work = desk.port.work(organisation)
    work.add(old)
    work.join(Account("slack", "T1", "U1"), person)
    await work.commit()
    await bob.press("ticket.take", await ana.reports(LIGHT))
    await desk.settle()
    (shown,) = desk.posts("notice.taken")
    assert shown.place.chat == "console"
