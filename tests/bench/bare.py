"""What everything is compared with: bolt's own server and one command that only acknowledges, signature check on, as bolt ships."""

from __future__ import annotations

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.bench.signed import PATH, SECRET, TOKEN


async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Known at once: a bolt app asks Slack once and remembers."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=TOKEN, bot_id="B0BENCH", bot_user_id="U0BENCH")


def application(inline: bool) -> web.Application:
    """The aiohttp application that bolt itself serves with `app.start()`."""
    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=inline)

    async def issue(ack: AsyncAck) -> None:
        await ack()

    app.command("/issue")(issue)
    return app.web_app(PATH)
