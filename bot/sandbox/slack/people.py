"""The people of the workspace, who act on the bot with really signed requests."""

from dataclasses import dataclass

from bot.sandbox.slack.forms import Forms
from bot.sandbox.slack.pressing import Pressing
from bot.sandbox.slack.writing import Writing


@dataclass(frozen=True)
class Actor(Writing, Pressing, Forms):
    """One person: looks (`seen`, `sees`, `find`, `modal`, `home`), writes, presses, and fills in forms.

    Each act builds the documented payload, signs it, sends it to the bot's request URL and treats the answer as Slack does.
    """
