"""Two pages that the manifests of chats link to: what is kept of people, and on what terms the desk is used."""

from __future__ import annotations

from aiohttp import web

from bot.web.page import Page

PRIVACY, TERMS = "/privacy", "/terms"

PAGES = {
    PRIVACY: Page(
        200,
        "What Deskbell keeps",
        (
            "Deskbell is the front desk of an office. It runs on a server of that office, or of the firm that looks after it, and hands "
            "nothing on to anybody but the chat in which you read it.",
            "It keeps what belongs to a ticket: what was said about it, the files that came with it, who did what and when. Of each person "
            "of the office it keeps the name, e-mail address, language and time zone that the chat tells it.",
            "What belongs to no ticket is not kept. Nothing is sold, and nothing is trained with it.",
            "The office says how long closed tickets are kept. Its administrators tell you what the desk knows about you, and make it "
            "forget you; ask them.",
        ),
    ),
    TERMS: Page(
        200,
        "Using Deskbell",
        (
            "Deskbell is free software under the Apache License 2.0, given as it is, without a warranty of any kind.",
            "The office that runs it says who may use it and for what; its own rules hold here too. Its administrators are whom to ask.",
            "It is no emergency service: where somebody is in danger, call for help first.",
        ),
    ),
}


def routes() -> list[web.RouteDef]:
    return [web.get(path, _shown) for path in PAGES]


async def _shown(request: web.Request) -> web.Response:
    return PAGES[request.path].response()
