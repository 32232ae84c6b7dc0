"""Where cards stand, how they are kept true, and what rings when nobody acts."""

from __future__ import annotations

from tests.handlers.harness import Colleague, Desk, text

LIGHT = "light above my desk flickering"


async def test_the_card_is_redrawn_through_the_whole_life(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    acts: list[tuple[Colleague, str, dict[str, str]]] = [
        (ana, "press ticket.slow", {"value": "40"}),
        (bob, "press ticket.take", {}),
        (bob, "submit ticket.hold", {"until": "2026-11-20"}),
        (bob, "press ticket.resume", {}),
        (bob, "submit ticket.resolve", {"what": "done"}),
        (ana, "submit ticket.reopen", {"text": "no"}),
        (bob, "submit ticket.resolve", {"what": "now"}),
        (ana, "press ticket.confirm", {}),
    ]
    states = []
    for who, act, values in acts:
        kind, _, name = act.partition(" ")
        await (who.press(name, subject, values.get("value", "")) if kind == "press" else who.submit(name, subject, **values))
        await desk.settle()
        (shown,) = desk.posts("ticket.channel")
        states.append(str(shown.card.state))
    assert states == [
        "new",
        "in progress",
        "on hold",
        "in progress",
        "fixed, to be confirmed",
        "reopened",
        "fixed, to be confirmed",
        "closed",
    ]


async def test_what_looks_the_same_is_not_sent_again(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await desk.settle()
    await bob.submit("ticket.note", subject, text="hm")
    await desk.settle()
    (shown,) = desk.posts("ticket.channel")
    await desk.settle()
    assert shown.sent <= 2


async def test_back_in_its_first_queue_the_first_card_lives_again(desk: Desk, ana: Colleague, bob: Colleague, eva: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    for who, category in ((bob, "it.hardware"), (eva, "facilities.electrical")):
        await desk.settle()
        await who.press("ticket.categorise", subject, value=category)
    await desk.settle()
    cards = {one.place.queue: text(one.card) for one in desk.posts("ticket.channel")}
    assert len(cards) == 2
    assert cards["it"] == "#1 has moved to Building desk."
    assert "Take it" in cards["building"]


async def test_a_channel_that_a_private_ticket_has_left_shows_nothing_of_it(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports("trouble with somebody on the second floor")
    await desk.settle()
    await ana.press("ticket.categorise", subject, value="hr")
    await desk.settle()
    left = [one for one in desk.posts("ticket.channel") if one.place.queue != "people"]
    assert [text(one.card) for one in left] == ["#1 has moved to People desk."]


async def test_the_auditor_rings_once_for_each(desk: Desk, ana: Colleague) -> None:
    await ana.reports(LIGHT)
    assert await desk.audit() == 0
    desk.clock.move(hours=5)
    for _ in range(3):
        await desk.audit()
        await desk.settle()
    assert await desk.told("bob") == ["late"]
    assert "nobody has answered yet, and the answer is overdue." in text(desk.card("notice.late"))


async def test_the_auditor_leaves_alone_what_waits_or_is_answered(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    taken, held, answered = [await ana.reports(f"light {n} is flickering") for n in range(3)]
    await bob.press("ticket.take", taken)
    await bob.submit("ticket.hold", held, until="2026-12-20")
    await bob.submit("ticket.comment", answered, text="I come")
    desk.clock.move(days=3)
    assert await desk.audit() == 0


async def test_a_private_ticket_rings_somebody_who_may_see_it(desk: Desk, ana: Colleague) -> None:
    fay = await desk.who("fay")
    await fay.reports("my payslip is wrong")
    desk.clock.move(days=1)
    await desk.audit()
    await desk.settle()
    assert await desk.told("rae") == ["late"]
    assert "payslip" in text(desk.card("notice.late"))


async def test_more_late_tickets_than_the_auditor_takes_at_once(desk: Desk, ana: Colleague) -> None:
    for number in range(6):
        await ana.reports(f"light {number} is flickering")
    desk.clock.move(days=1)
    for _ in range(3):
        await desk.audit(limit=2)
    assert len(await desk.told("bob")) == 6
