"""The people of the tenant, who act on the bot with really signed requests."""

from dataclasses import dataclass

from bot.sandbox.teams.arranging import Arranging
from bot.sandbox.teams.extension import Extension
from bot.sandbox.teams.pressing import Pressing
from bot.sandbox.teams.writing import Writing


@dataclass(frozen=True)
class Actor(Writing, Pressing, Extension, Arranging):
    """One person: looks (`seen`, `sees`, `find`, `modal`), writes, presses, fills in dialogs, uses the message extension,
    begins chats, adds the app.

    Each act builds the documented activity, signs it, sends it to the bot's endpoint and treats the answer as Teams does.
    """
