"""The desk as it is served: the store, the dispatch and Slack's door, put together as the product does, for many workspaces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web

from bot import metrics
from bot.app import Deskbell, opened
from bot.chores import Chores
from bot.logs import configure
from bot.settings import Settings
from bot.slack.answers import Answers
from bot.slack.door import Door
from bot.slack.installed import Fixed, Installation
from bot.slack.listen import Listener, build_app
from bot.slack.send import WEB_API, SlackClient, session
from bot.web.server import Handler, serving
from handlers.listening.words import command
from handlers.routes import ROUTES
from storage.outbox import Outbox
from tests.bench.behind import Behind, Commands
from tests.bench.options import Options
from tests.bench.signed import PATH, SECRET, TOKEN, workspace

LOOK = 0.2
"""Seconds between two looks at whether the pump has done everything."""


@asynccontextmanager
async def served(options: Options) -> AsyncIterator[tuple[int, Deskbell]]:
    """Listens, with all settings as they come; gives the port and the bot. Its pump runs if there is a platform to deliver to."""
    settings = Settings(DATABASE_URL=options.database, _env_file=None)
    configure(settings)
    async with opened(settings) as bot, session() as http:
        chores = Chores()
        routes = [web.post(PATH, _handler(options, bot, http, chores))]
        if options.platform:
            await bot.start()
        async with serving(bot, "127.0.0.1", 0, routes) as port:
            yield port, bot
        await chores.drain()
        if options.platform:
            await bot.stop()


def _handler(options: Options, bot: Deskbell, http: ClientSession, chores: Chores) -> Handler:
    """What the product's wiring does for one workspace, for several."""
    installations = Fixed(*(Installation(workspace(at), TOKEN) for at in range(options.offices)))
    client = SlackClient(http, installations, unpaced, base=options.platform or WEB_API, through=workspace(0))
    bot.clients["slack"] = client
    listener = Listener(bot.dispatch.hear, Answers(client, bot.dispatch.hear, metrics.slack), chores, metrics.slack, grammar, installations)
    if options.kind == "issue":
        return Door(build_app(SECRET, installations, listener, inline=options.inline), listener.commanded, SECRET, metrics.slack).events
    app = build_app(SECRET, installations, Commands(listener), listener, inline=options.inline)
    return Behind(app, listener.commanded, SECRET, metrics.slack).events


def grammar(text: str) -> tuple[str, str]:
    return command(text, ROUTES.commands)


async def unpaced(key: str, per_second: float, burst: int) -> float:
    """Never wait: with one message a second and channel, as Slack wants it, nothing could be measured in minutes."""
    return 0.0


async def drained(options: Options, bot: Deskbell) -> None:
    """Returns when nothing that is due is left in the outbox; at once where no pump works on it."""
    if not (options.platform or options.pump):
        return
    outbox = Outbox(bot.store.database)
    while (await outbox.figures(bot.clock())).depth:
        await asyncio.sleep(LOOK)
