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


class Commands:
    """Installed before all other listeners, as whoever takes commands by bolt would have it: bolt asks one listener after the other whether
    it wants a request, and each that does not costs a report about 0.05 ms."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def install(self, app: AsyncApp) -> None:
        app.command(re.compile(""))(self._commanded)

    async def _commanded(self, ack: AsyncAck, body: dict[str, Any]) -> BoltResponse:
        ack.response = BoltResponse(status=200, body=orjson.dumps(await self._listener.commanded(body)).decode(), headers=JSON_BODY)
        return ack.response


class Behind(Door):
    """A door that hands everything to bolt."""

    async def _passed_on(self, request: web.Request, body: bytes) -> web.Response:
        return await self._by_bolt(request, body)
