"""The pages of the desk, whichever chats are connected: files, pictures, and what a ticket's link leads to."""

from __future__ import annotations

import time

from aiohttp import web

from bot.app import Deskbell
from bot.web.downloads import downloads
from bot.web.pictures import pictures
from bot.web.tickets import TicketPages


def pages(bot: Deskbell) -> tuple[web.RouteDef, ...]:
    """The routes; each only where its links can be made. A page knows the doors of all chats that are connected by the time it is asked."""
    tickets = TicketPages(bot.desk, bot.doors, bot.coordination.pace, time.monotonic).routes() if bot.settings.public_url else ()
    return (*downloads(bot), *pictures(bot), *tickets)
