"""What the desk can do, in a few lines: the answer to "help", to a greeting, and to a question without words."""

from __future__ import annotations

from handlers.cards import Block, Button, Buttons, Card, Note, Text
from handlers.core import Command
from handlers.forms import Reply
from handlers.ports import Desk
from handlers.registry import Routes
from handlers.words import Code, say

LINES = (
    say("Just say what is wrong or what you need: “light above my desk flickers”."),
    say("I find out whose it is, and stay with it until you say that it is fixed."),
    say(
        "{home} shows what concerns you, {list} your tickets, {queue} and {late} those you work on, {show} one of them.",
        home=Code("home"),
        list=Code("list"),
        queue=Code("list queue"),
        late=Code("list late"),
        show=Code("show 142"),
    ),
    say(
        "{find} looks tickets up. {private} reports something that only those who work on it see.",
        find=Code("find projector"),
        private=Code("private my pay is wrong"),
    ),
    say("{who} says who looks after something, {matrix} who looks after what.", who=Code("who printers"), matrix=Code("who")),
    say("{other} reports for a colleague. Whoever is named in your words is told.", other=Code("for @bob: laptop broken")),
)


FOR_VENDORS = (
    say("Each ticket that the office offers you is a card here. Claim it, or decline it with a reason."),
    say("What you write in its thread, or with Reply…, the office reads. Done… asks whoever reported it whether it is fixed."),
    say("{list} shows what is offered to you, {show} one of them.", list=Code("list"), show=Code("show 142")),
)


async def help_(desk: Desk, command: Command) -> Reply:
    if command.actor.vendor:
        office = (await desk.office(command.actor.organisation)).head.name
        return Card(say("I bring you what {office} offers you.", office=office), tuple(Text(line) for line in FOR_VENDORS))
    row = (
        Button(say("Report something…"), "open:ticket.report", "", opens="ticket.report", style="primary"),
        Button(say("My tickets"), "ticket.mine", ""),
    )
    last = Note(say("Where others read along, begin with /issue or with my name."))
    blocks: tuple[Block, ...] = (*(Text(line) for line in LINES), Buttons(row), last)
    return Card(say("I am the front desk of your office."), blocks)


ROUTES = Routes(commands={"help": help_})
