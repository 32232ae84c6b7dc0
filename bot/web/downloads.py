"""`GET /f/<signed>`: a kept file as a download, for the one person to whom the link was given, as long as they may see it.

Whatever the file holds, a browser neither shows nor runs it here: it is saved. Who may see it is looked at anew each time.
"""

from __future__ import annotations

from typing import Protocol
from urllib.parse import quote

from aiohttp import web

from bot.carrying import PATH, Carrying, FileLinks, Wanted
from bot.desk import StoreDesk
from bot.invitations import NotGood
from handlers.core import Attached, Standing
from handlers.people.viewers import viewer

EXPIRED = "This link has expired: links to files are good for a day. Open the ticket again in your chat; it has a new one.\n"
NOTHING = "There is nothing here. The file may have been deleted, or the link was not meant for you. Open the ticket in your chat to see.\n"
HEADERS = {
    "Content-Type": "application/octet-stream",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Serving(Protocol):
    """What is needed of `bot.app.Deskbell`."""

    @property
    def desk(self) -> StoreDesk: ...
    @property
    def carrying(self) -> Carrying: ...


def downloads(bot: Serving) -> list[web.RouteDef]:
    """The routes; none where links cannot be made."""
    links = bot.carrying.links
    return [web.get(PATH + "{signed}", Downloads(bot.desk, links).get, allow_head=False)] if links else []


class Downloads:
    def __init__(self, desk: StoreDesk, links: FileLinks) -> None:
        self._desk, self._links = desk, links

    async def get(self, request: web.Request) -> web.StreamResponse:
        try:
            wanted = self._links.read(request.match_info["signed"])
        except NotGood as why:
            return web.Response(status=410, text=EXPIRED) if why.why == "expired" else web.Response(status=404, text=NOTHING)
        file = await self._visible(wanted)
        size = await self._desk.files(file.organisation).size(file.content) if file else None
        if file is None or size is None:
            return web.Response(status=404, text=NOTHING)
        return await self._streamed(request, file, size)

    async def _visible(self, wanted: Wanted) -> Attached | None:
        """The file, if this person may see it at this moment."""
        person = await self._desk.people.get(wanted.organisation, wanted.person)
        if person is None or person.standing is not Standing.member:
            return None
        office = await self._desk.office(wanted.organisation)
        file = await self._desk.attachments.get(viewer(office, person), wanted.file)
        return file if file is not None and file.state == "kept" else None

    async def _streamed(self, request: web.Request, file: Attached, size: int) -> web.StreamResponse:
        answer = web.StreamResponse(headers={**HEADERS, "Content-Disposition": disposition(file.name), "Content-Length": str(size)})
        await answer.prepare(request)
        async for piece in self._desk.files(file.organisation).open(file.content):
            await answer.write(piece)
        await answer.write_eof()
        return answer


def disposition(name: str) -> str:
    """To be saved under this name (RFC 6266): in ASCII for old browsers, and as it is."""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "._- ") else "_" for one in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
