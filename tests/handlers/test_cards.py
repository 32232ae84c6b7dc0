"""Cards keep their promises: few buttons, titles that stand alone, and nothing to press that the one who sees it may not press."""

from __future__ import annotations

import pytest

from handlers.cards import Button, Buttons, Card, Choices
from handlers.words import say
from tests.handlers.harness import Colleague, Desk, as_card, as_form, buttons, text

BUTTON = Button(say("Yes"), "x", "ticket:1")
STATES = ("new", "taken", "asked", "held", "missing", "resolved", "confirmed", "unconfirmed", "rejected", "cancelled", "private")


def test_at_most_three_buttons_in_a_row() -> None:
    assert Buttons((BUTTON,) * 3, more=(BUTTON,) * 9)
    with pytest.raises(ValueError, match="4 buttons in a row"):
        Buttons((BUTTON,) * 4)


async def in_state(desk: Desk, state: str) -> str:
    """A ticket of Ana's at the building desk, where Bob works and Ida follows it."""
    ana, bob, ida = await desk.who("ana"), await desk.who("bob"), await desk.who("ida")
    subject = await ana.reports("password reset please" if state == "missing" else "light above my desk flickering")
    if state == "missing":
        return subject
    await ida.press("ticket.watch", subject)
    if state in ("taken", "held", "asked"):
        await bob.press("ticket.take", subject)
    if state == "asked":
        await bob.submit("ticket.ask", subject, text="which?")
    if state == "held":
        await bob.submit("ticket.hold", subject, until="2026-12-01")
    if state in ("resolved", "confirmed", "unconfirmed"):
        await bob.submit("ticket.resolve", subject, what="done")
    if state == "confirmed":
        await ana.press("ticket.confirm", subject)
    if state == "unconfirmed":
        desk.clock.move(days=5)
        await desk.settle()
    if state == "rejected":
        await bob.submit("ticket.reject", subject, text="no")
    if state == "cancelled":
        await ana.press("ticket.cancel", subject)
    if state == "private":
        await ana.press("ticket.hide", subject)
    return subject


async def tried(desk: Desk, who: Colleague, card: Card, state: str) -> None:
    """Every button of a card can be pressed by the one who sees it: forms open, and a press works on a fresh ticket in the same state."""
    for button in buttons(card):
        if button.opens:
            as_form(await who.press(button.action, button.subject, button.value, button.version))
        elif button.action not in ("ticket.show", "ticket.mine"):
            fresh = await in_state(desk, state)
            await who.press(button.action, fresh, button.value)


@pytest.mark.parametrize("state", STATES)
async def test_no_dead_buttons_on_a_ticket(desk: Desk, state: str) -> None:
    subject = await in_state(desk, state)
    for name in ("ana", "eva" if state == "missing" else "bob", "ida") + (() if state == "private" else ("hal",)):
        who = await desk.who(name)
        card = as_card(await who.press("ticket.show", subject))
        offered = {button.action for button in buttons(card)}
        assert offered or state in ("rejected", "cancelled", "confirmed", "unconfirmed")
        await tried(desk, who, card, state)


@pytest.mark.parametrize("state", STATES)
async def test_what_people_are_told(desk: Desk, state: str) -> None:
    """Each card makes sense as a notification by its title alone, and has no dead buttons."""
    subject = await in_state(desk, state)
    await desk.settle()
    number = f"#{(await desk.ticket(subject)).number}"
    assert desk.shown
    people = {who.person.id: who for who in [await desk.who(name) for name in ("ana", "bob", "ida", "pat", "eva", "oli")]}
    for shown in desk.shown.values():
        title = str(shown.card.title)
        assert number in title or shown.post.view == "comment.thread"
        assert len(title) < 300
        assert not any(isinstance(block, Buttons) and not block.row for block in shown.card.blocks)
        assert not any(isinstance(block, Choices) and not block.items for block in shown.card.blocks)
        assert "somebody" not in text(shown.card)
    for shown in desk.posts("notice."):
        await tried(desk, people[shown.place.person or ""], shown.card, state)
