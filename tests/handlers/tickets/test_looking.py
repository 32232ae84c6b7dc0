"""Looking tickets up: everybody finds what they may see, and the state that is really there."""

from __future__ import annotations

import pytest

from handlers.cards import List
from handlers.core import Refused
from tests.handlers.harness import Colleague, Desk, as_card, labels, text

LIGHT = "light above my desk flickering"


async def test_my_list(desk: Desk, ana: Colleague, hal: Colleague) -> None:
    assert "You have no open ticket" in text(await ana.types("list"))
    await ana.reports(LIGHT)
    await hal.reports("the kettle is broken")
    mine = text(await ana.types("list"))
    assert LIGHT in mine
    assert "kettle" not in mine
    subject = await ana.reports("chair broken")
    await ana.press("ticket.cancel", subject)
    assert "chair" not in text(await ana.types("list mine"))


async def test_a_list_says_what_is_on_hold(ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.hold", subject, until="2026-11-20")
    assert "on hold · normal" in text(await ana.types("list"))


async def test_the_queue_is_for_those_who_work_in_it(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await ana.reports(LIGHT)
    await ana.reports("my payslip is wrong")
    assert LIGHT in text(await bob.types("list queue"))
    assert "payslip" not in text(await bob.types("list queue"))
    fay = await desk.who("fay")
    assert "payslip" in text(await fay.types("list queue"))
    for which in ("queue", "late"):
        with pytest.raises(Refused, match="You work in no queue"):
            await ana.types(f"list {which}")


async def test_late(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await ana.reports(LIGHT)
    assert "Nothing is late." in text(await bob.types("list late"))
    desk.clock.move(days=1)
    assert LIGHT in text(await bob.types("list late"))


async def test_the_longest_list_is_cut_and_counted(ana: Colleague) -> None:
    for number in range(12):
        await ana.types(f"chair {number} is broken")
    card = await ana.types("list")
    (block,) = [block for block in card.blocks if isinstance(block, List)]
    assert (len(block.items), block.total) == (10, 12)


async def test_find_finds_what_may_be_seen(ana: Colleague, hal: Colleague, desk: Desk) -> None:
    await ana.reports("the projector in Oslo is dark")
    await ana.reports("private the projector in Lima is dark")
    mine, his = text(await ana.types("find projector")), text(await hal.types("find projector"))
    assert "2 tickets with “projector”" in mine
    assert "1 ticket with “projector”" in his
    assert "Lima" not in his
    assert "No ticket that you can see has “zebra” in it." in text(await ana.types("find zebra"))
    with pytest.raises(Refused, match="Which words"):
        await ana.types("find")


@pytest.mark.parametrize("words", ['"', "* OR 1", "organisation : x", "NEAR(a b)", "💥", "a" * 300, "%", "') --"])
async def test_a_search_is_only_words(ana: Colleague, words: str) -> None:
    await ana.reports(LIGHT)
    assert LIGHT not in text(as_card(await ana.does(ana.command("find", words))))


async def test_show_by_number(ana: Colleague, hal: Colleague) -> None:
    await ana.reports(LIGHT)
    await ana.reports("my payslip is wrong")
    for typed in ("show 1", "#1", "1"):
        assert LIGHT in text(await hal.types(typed))
    for typed in ("show 2", "show 99", "show 999999999"):
        with pytest.raises(Refused, match="There is no ticket"):
            await hal.types(typed)
    with pytest.raises(Refused, match="Which one"):
        await hal.types("show")


async def test_what_a_card_offers_fits_who_looks(ana: Colleague, bob: Colleague, hal: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    shown = {who.person.name: labels(as_card(await who.press("ticket.show", subject))) for who in (ana, bob, hal)}
    assert shown["Hal Hughes"] == ["Follow", "Comment…"]
    assert "Cancel it" in shown["Ana Alvarez"]
    assert "Take it" not in shown["Ana Alvarez"]
    assert "Take it" in shown["Bob Burke"]
    assert "Cancel it" not in shown["Bob Burke"]


async def test_who_hears_of_it_anyway_need_not_follow_it(ana: Colleague, bob: Colleague, pat: Colleague) -> None:
    subject = await bob.reports(LIGHT)
    assert "Follow" not in labels(as_card(await bob.press("ticket.show", subject)))
    assert "Follow" in labels(as_card(await pat.press("ticket.show", subject)))
    assert "Follow" not in labels(as_card(await pat.press("ticket.watch", subject)))


async def test_home_has_both(ana: Colleague, bob: Colleague) -> None:
    await ana.reports(LIGHT)
    await bob.reports("the projector in Oslo is dark")
    home = text(await bob.types("home"))
    assert LIGHT in home
    assert "projector" in home
    assert "Open in your queues" not in text(await ana.types("home"))
    assert "My tickets" in labels(as_card(await ana.does(ana.command("help"))))


async def test_home_begins_with_what_waits_for_its_person(ana: Colleague, bob: Colleague) -> None:
    asked = await ana.reports(LIGHT)
    assert "wait" not in text(await ana.types("home"))
    await bob.submit("ticket.ask", asked, text="Which lamp?")
    fixed = await ana.reports("chair broken")
    await bob.submit("ticket.resolve", fixed, what="A new screw")
    home = as_card(await ana.types("home"))
    assert text(home).startswith("2 tickets wait for you")
    assert "Which lamp?" in text(home)
    assert "Bob Burke says that it is fixed. Is it?" in text(home)
    assert {"Answer…", "Yes, fixed", "Not yet…"} <= set(labels(home))
    assert "wait for you" not in text(await bob.types("home"))
    await ana.press("ticket.confirm", fixed)
    await ana.submit("ticket.answer", asked, text="The left one")
    assert text(await ana.types("home")).startswith("Your open tickets")


async def test_my_tickets_by_button(ana: Colleague) -> None:
    await ana.reports(LIGHT)
    assert LIGHT in text(as_card(await ana.press("ticket.mine", "")))
