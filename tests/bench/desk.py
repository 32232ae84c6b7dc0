"""The desk as it is served: the store, the dispatch and Slack's door, put together as the product does, for many workspaces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot import metrics
from bot.app import Deskbell, opened
from bot.settings import Settings
from bot.slack.answers import Answers
from bot.slack.chores import Chores
from bot.slack.door import Door
from bot.slack.installed import Fixed, Installation
from bot.slack.listen import Listener, build_app
from bot.slack.send import WEB_API, SlackClient, session
from handlers.listening.words import command
from handlers.routes import ROUTES
from storage.outbox import Outbox
from tests.bench.options import Options
from tests.bench.signed import PATH, SECRET, TOKEN, workspace
from tests.bench.thin import Thin

LOOK = 0.2
"""Seconds between two looks at whether the pump has done everything."""


@asynccontextmanager
async def served(options: Options) -> AsyncIterator[tuple[web.Application, Deskbell]]:
    """The application to serve, and the bot behind it; its pump runs if there is a platform to deliver to."""
    settings = Settings(DATABASE_URL=options.database, log_level="warning", _env_file=None)  # type: ignore[call-arg]
    async with opened(settings) as bot, session() as http:
        application = web.Application()
        installations = Fixed(*(Installation(workspace(at), TOKEN) for at in range(options.offices)))
        client = SlackClient(http, installations, unpaced, base=options.platform or WEB_API, through=workspace(0))
        bot.clients["slack"] = client
        chores = Chores()
        listener = Listener(bot.dispatch.hear, Answers(client, bot.dispatch.hear, metrics.slack), chores, metrics.slack, grammar)
        door = Door(build_app(SECRET, installations, listener, inline=options.inline), SECRET, metrics.slack)
        if options.kind == "thin":
            application.router.add_post(PATH, Thin(door, installations, listener))
        else:
            application.router.add_post(PATH, door)
        if options.platform:
            await bot.start()
        yield application, bot
        await chores.drain()
        if options.platform:
            await bot.stop()


def grammar(text: str) -> tuple[str, str]:
    return command(text, ROUTES.commands)


async def unpaced(_key: str, _per_second: float, _burst: int) -> float:
    """Never wait: with one message a second and channel, as Slack wants it, nothing could be measured in minutes."""
    return 0.0


async def drained(bot: Deskbell) -> None:
    """Returns when nothing that is due is left in the outbox."""
    outbox = Outbox(bot.store.database)
    while (await outbox.figures(bot.clock())).depth:
        await asyncio.sleep(LOOK)
