"""For comparison: commands as bolt means them to be taken, with all that it does for one, and a listener that answers with a ticket.

Everything else is the product's own, but for the short way of commands (`bot.slack.door`).
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse

from bot.slack.door import Door
from bot.slack.listen import JSON_BODY, Listener


def take_commands(app: AsyncApp, listener: Listener) -> None:
    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> BoltResponse:
        ack.response = BoltResponse(status=200, body=orjson.dumps(await listener.commanded(body)).decode(), headers=JSON_BODY)
        return ack.response

    app.command(re.compile(""))(on_command)


class Behind(Door):
    """A door that hands everything to bolt."""

    async def _passed_on(self, request: web.Request, body: bytes) -> web.Response:
        return await self._by_bolt(request, body)
