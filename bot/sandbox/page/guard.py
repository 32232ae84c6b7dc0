"""Who may use the page: this machine's own browser, on the page itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.settings import loopback

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MARK = "X-Deskbell-Page"
"""A header that a page from elsewhere cannot send without asking first, which is never allowed."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def guarded(handler: Handler) -> Handler:
    """Refuses names that only lead here (DNS rebinding), and acts that another page asks for."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if not loopback(urlsplit(f"//{request.host}").hostname or ""):
            raise web.HTTPForbidden(text="This page is only for the machine it runs on.\n")
        if request.method != "GET" and MARK not in request.headers:
            raise web.HTTPForbidden(text="Only the page itself may do this.\n")
        response = await handler(request)
        if not response.prepared:
            response.headers.update({name: value for name, value in HEADERS.items() if name not in response.headers})
        return response

    return answer
