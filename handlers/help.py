"""What the desk can do, in a few lines: the answer to "help", to a greeting, and to a question without words."""

from __future__ import annotations

from handlers.cards import Block, Button, Buttons, Card, Note, Text
from handlers.core import Command
from handlers.forms import Reply
from handlers.ports import Desk
from handlers.registry import Routes
from handlers.words import say

LINES = (
    say("Just say what is wrong or what you need: “light above my desk flickers”."),
    say("I find out whose it is, and stay with it until you say that it is fixed."),
    say("home shows what concerns you; list your tickets, list queue and list late those you work on, show 142 one of them."),
    say("find words looks tickets up. private words reports something that only those who work on it see."),
)


async def help_(desk: Desk, command: Command) -> Reply:
    row = (
        Button(say("Report something…"), "open:ticket.report", "", opens="ticket.report", style="primary"),
        Button(say("My tickets"), "ticket.mine", ""),
    )
    blocks: tuple[Block, ...] = (*(Text(line) for line in LINES), Buttons(row), Note(say("In Slack, begin with /issue.")))
    return Card(say("I am the front desk of your office."), blocks)


ROUTES = Routes(commands={"help": help_})
