"""What people can press on a ticket: whoever reported it, and those who work on it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cards import Block, Button, Buttons, Note, Style, Text
from handlers.core import Status, Ticket
from handlers.routing.model import missing_fields
from handlers.tickets.model import can, is_for_fields, is_question
from handlers.tickets.sheet import Sheet
from handlers.words import Sentence, say


def press(ticket: Ticket, label: Sentence, action: str, value: str = "", style: Style = "plain") -> Button:
    return Button(label, action, ticket.subject, ticket.version, value, style=style)


def opens(ticket: Ticket, label: Sentence, form: str, value: str = "") -> Button:
    return Button(label, f"open:{form}", ticket.subject, ticket.version, value, opens=form)


def agent_buttons(sheet: Sheet, following: Sequence[Button] | None = None) -> list[Block]:
    """The likeliest first: take it, then finish it; the rest under More. `following`: what a known reader may do about hearing of it."""
    ticket, held = sheet.file.ticket, bool(sheet.file.open_waits)
    copying = (press(ticket, say("Copy link"), "ticket.link"),) if sheet.link and following is None else ()
    if ticket.status is Status.closed:
        return []
    if ticket.status is Status.resolved:
        return [Buttons((opens(ticket, say("Reopen…"), "ticket.reopen"), opens(ticket, say("Comment…"), "ticket.comment")), copying)]
    done = opens(ticket, say("Fixed…"), "ticket.resolve")
    comment = opens(ticket, say("Reply…"), "ticket.comment")
    first = (
        (done, comment)
        if ticket.status is Status.in_progress
        else (press(ticket, say("Take it"), "ticket.take", style="primary"), comment, done)
    )
    pause = press(ticket, say("Go on"), "ticket.resume") if held else opens(ticket, say("Put on hold…"), "ticket.hold")
    more = (
        opens(ticket, say("Ask the requester…"), "ticket.ask"),
        opens(ticket, say("Give to…"), "ticket.assign"),
        *with_vendor(sheet),
        *((press(ticket, say("Give back"), "ticket.release"),) if ticket.assignee else ()),
        opens(ticket, say("Work note…"), "ticket.note"),
        opens(ticket, say("Category…"), "ticket.categorise"),
        opens(ticket, say("Details…"), "ticket.detail"),
        *((press(ticket, say("Follow"), "ticket.watch"),) if following is None else following),
        *copying,
        opens(ticket, say("Decline…"), "ticket.reject"),
    )
    return [Buttons((*first, pause)[:3], more=(*(*first, pause)[3:], *more))]


def with_vendor(sheet: Sheet) -> tuple[Button, ...]:
    """Offer it to a vendor; while one has it, take it back."""
    ticket, live = sheet.file.ticket, sheet.file.live_offers
    if live:
        back = say("Take back from {vendor}", vendor=sheet.vendor(live[-1].vendor))
        return (press(ticket, back, "ticket.withdraw", live[-1].id),)
    stuck = any(is_for_fields(wait) or wait.kind == "approval" for wait in sheet.file.open_waits)
    return (opens(ticket, say("Send to a vendor…"), "ticket.offer"),) if sheet.office.vendors and not stuck else ()


def requester_buttons(sheet: Sheet) -> list[Block]:
    ticket = sheet.file.ticket
    if ticket.status is Status.resolved:
        return [fixed_buttons(ticket)]
    if ticket.status is Status.closed:
        return [Buttons((opens(ticket, say("It is back…"), "ticket.again"),))] if ticket.outcome in ("confirmed", "unconfirmed") else []
    row = (*to_answer(sheet), opens(ticket, say("Comment…"), "ticket.comment"))
    return [*missing(sheet), Buttons(row), *slowing(ticket), *own_buttons(ticket)]


def of_requester(sheet: Sheet) -> list[Block]:
    """What only its requester does, for an agent who reported it."""
    if not can(sheet.file.ticket, "work"):
        return []
    cancel = press(sheet.file.ticket, say("Cancel it"), "ticket.cancel", style="danger")
    return [*missing(sheet), Buttons((*to_answer(sheet), cancel))]


def own_buttons(ticket: Ticket) -> list[Block]:
    if not can(ticket, "work"):
        return []
    row = (opens(ticket, say("Change category"), "ticket.categorise"), opens(ticket, say("Say more…"), "ticket.detail"))
    private = () if ticket.visibility == "queue" else (press(ticket, say("Keep this private"), "ticket.hide"),)
    return [Buttons((*row, press(ticket, say("Cancel it"), "ticket.cancel", style="danger")), more=private)]


def missing(sheet: Sheet) -> list[Block]:
    ticket = sheet.file.ticket
    labels = [sheet.office.fields[key].label for key in missing_fields(ticket, sheet.office)]
    if not labels:
        return []
    ask = say("Before anybody starts I need: {fields}", fields=", ".join(labels))
    return [Text(ask), Buttons((opens(ticket, say("Fill in…"), "ticket.fields"),))]


def slowing(ticket: Ticket) -> list[Block]:
    """How much it slows them, in one press."""
    if ticket.slowed:
        return []
    levels = ((say("A little"), "10"), (say("It slows me down"), "40"), (say("I cannot work"), "100"))
    return [
        Note(say("How much does it slow you down?")),
        Buttons(tuple(press(ticket, label, "ticket.slow", value) for label, value in levels)),
    ]


def to_answer(sheet: Sheet) -> tuple[Button, ...]:
    asked = any(is_question(w) for w in sheet.file.open_waits)
    return (opens(sheet.file.ticket, say("Answer…"), "ticket.answer"),) if asked else ()


def fixed_buttons(ticket: Ticket) -> Buttons:
    return Buttons((press(ticket, say("Yes, fixed"), "ticket.confirm", style="primary"), opens(ticket, say("Not yet…"), "ticket.reopen")))


def following_button(ticket: Ticket, follows: bool) -> Button:
    return press(ticket, say("Stop following"), "ticket.unwatch") if follows else press(ticket, say("Follow"), "ticket.watch")
