"""An experiment: slash commands read in front of bolt, everything else by bolt.

The signature, the arrival, the dispatch and the answer are the product's own; what is left out is bolt's chain of middleware, its request
and response objects and its search for a listener.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from bot.slack.door import LARGEST, Door
from bot.slack.installed import Installations
from bot.slack.listen import Listener

FORM = "application/x-www-form-urlencoded"


class Thin:
    """`events` is the handler of `/slack/events` with a short way for commands."""

    def __init__(self, door: Door, installations: Installations, listener: Listener) -> None:
        self._door, self._installations, self._listener = door, installations, listener

    async def events(self, request: web.Request) -> web.Response:
        if request.content_type != FORM or (request.content_length or LARGEST) >= LARGEST:
            return await self._door.events(request)
        raw = await request.read()
        if not raw.startswith(b"token=") or b"&command=" not in raw:
            return await self._door.events(request)
        why = self._door._objection(request, raw)
        if why:
            return self._door._refused(why, 400 if why == "encoding" else 401)
        return await self._command(dict(parse_qsl(raw.decode(), keep_blank_values=True)))

    async def _command(self, body: dict[str, Any]) -> web.Response:
        found = await self._installations.find(str(body.get("team_id", "")))
        context: Any = {"workspace": found.workspace if found else ""}
        said = await self._listener._command(body, context)
        return web.Response(body=orjson.dumps(said) if said else b"", content_type="application/json" if said else "text/plain")
