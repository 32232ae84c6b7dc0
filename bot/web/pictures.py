"""`GET /p/<signed>`: a picture that a card of ours shows, for whatever fetches it on behalf of who looks at the card.

Who that is nobody can say: Teams asks through its own machines, without a sign-in. So the address is the key, and only those have it to
whom the card was shown. It opens one picture, and only as long as the card shows it: that is looked at anew each time.
"""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from bot.carrying import Carrying
from bot.delivery import Delivery
from bot.desk import StoreDesk
from bot.invitations import NotGood
from bot.pictures import PATH, Image, PictureLinks, Shown, image
from handlers.cards import Picture

SECONDS = 300
"""So long a copy may be shown before it is asked for again, and so long after a picture was deleted."""
HEADERS = {
    "Content-Disposition": "inline",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": f"private, max-age={SECONDS}",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


class Showing(Protocol):
    """What is needed of `bot.app.Deskbell`."""

    @property
    def desk(self) -> StoreDesk: ...
    @property
    def delivery(self) -> Delivery: ...
    @property
    def carrying(self) -> Carrying: ...


def pictures(bot: Showing) -> list[web.RouteDef]:
    """The routes; none where no address can be made."""
    links = bot.carrying.pictures
    return [web.get(PATH + "{signed}", Pictures(bot.desk, bot.delivery, links).get)] if links else []


class Pictures:
    def __init__(self, desk: StoreDesk, delivery: Delivery, links: PictureLinks) -> None:
        self._desk, self._delivery, self._links = desk, delivery, links

    async def get(self, request: web.Request) -> web.Response:
        try:
            shown = self._links.read(request.match_info["signed"])
        except NotGood:
            return web.Response(status=404)
        found = await self._found(shown) if await self._stands(shown) else None
        if found is None:
            return web.Response(status=404)
        tag = {**HEADERS, "ETag": f'"{shown.content}"'}
        if tag["ETag"] in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=tag)
        return web.Response(body=found.data, content_type=found.mime, headers=tag)

    async def _stands(self, shown: Shown) -> bool:
        """Whether the card, as it would be drawn now for those who read its place, shows this picture."""
        post = await self._desk.posts.get(shown.organisation, shown.post)
        place = await self._desk.places.get(shown.organisation, post.place) if post else None
        if post is None or place is None:
            return False
        card, _ = await self._delivery.drawn(post, place)
        return any(isinstance(block, Picture) and block.file == shown.content for block in card.blocks) if card else False

    async def _found(self, shown: Shown) -> Image | None:
        return await image(self._desk.files(shown.organisation), shown.content)
