"""What everything is compared with: bolt's own server and one command that only acknowledges, signature check on, as bolt ships."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.bench.signed import PATH, SECRET, TOKEN


async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Known at once: a bolt app asks Slack once and remembers."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=TOKEN, bot_id="B0BENCH", bot_user_id="U0BENCH")


@asynccontextmanager
async def served(inline: bool) -> AsyncIterator[int]:
    """Listens, with the aiohttp application that bolt itself serves with `app.start()`; gives the port."""
    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=inline)

    async def issue(ack: AsyncAck) -> None:
        await ack()

    app.command("/issue")(issue)
    runner = web.AppRunner(app.web_app(PATH), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
