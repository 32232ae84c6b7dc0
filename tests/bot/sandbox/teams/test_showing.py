"""Pictures on cards: fetched as Teams does it, shown if Teams would show them, and trouble if not."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.sandbox.teams import TeamsSandbox
from tests.bot.sandbox.teams.conftest import Bot, message
from tests.stories.snapshots import gif, jpeg, png

HOST = "https://bot.example.com"
GOOD = {"X-Content-Type-Options": "nosniff", "Content-Type": "image/png"}


def image(url: str) -> dict[str, str]:
    return {"type": "Image", "url": url, "altText": "a lamp"}


class Shop:
    """A web server with one picture, given out as it is told."""

    def __init__(self) -> None:
        self.status, self.body, self.headers, self.asked = 200, png(), dict(GOOD), list[dict[str, str]]()

    async def give(self, request: web.Request) -> web.Response:
        self.asked.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=self.status, body=self.body, headers=self.headers)


@pytest.fixture
async def shop(teams: TeamsSandbox) -> AsyncIterator[Shop]:
    """The bot's own address leads there."""
    made, application = Shop(), web.Application()
    application.add_routes([web.get("/p/{key}", made.give), web.post("/api/messages", made.give)])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.bot_url, teams.public_url = f"http://127.0.0.1:{runner.addresses[0][1]}", HOST
    yield made
    await runner.cleanup()


async def posted(teams: TeamsSandbox, bot: Bot, *pictures: str) -> str:
    key = await bot.post(teams.world.channel("help").id, message("A lamp", *map(image, pictures)))
    await teams.settled()
    return key


async def test_a_picture_is_fetched_without_a_sign_in_and_seen(teams: TeamsSandbox, bot: Bot, shop: Shop) -> None:
    await posted(teams, bot, f"{HOST}/p/1")
    assert teams.actor("ana").find("A lamp").pictures == [png()]
    (asked,) = shop.asked
    assert not {"cookie", "authorization"} & set(asked)
    assert teams.troubles == []


async def test_a_changed_card_is_fetched_for_again(teams: TeamsSandbox, bot: Bot, shop: Shop) -> None:
    key = await posted(teams, bot, f"{HOST}/p/1")
    shop.status = 404
    where = teams.world.channel("help").id
    await bot.api("PUT", f"conversations/{where}/activities/{key}", {"type": "message", **message(image(f"{HOST}/p/1"), "Another")})
    await teams.settled()
    assert teams.actor("ana").find("Another").pictures == []
    assert teams.troubles == ["picture: status 404"]


@pytest.mark.parametrize("data", [jpeg(), gif(), png(1024, 3)])
async def test_three_kinds_are_shown(teams: TeamsSandbox, bot: Bot, shop: Shop, data: bytes) -> None:
    shop.body, shop.headers["Content-Type"] = data, {b"\xff": "image/jpeg", b"G": "image/gif", b"\x89": "image/png"}[data[:1]]
    await posted(teams, bot, f"{HOST}/p/1")
    assert teams.actor("ana").find("A lamp").pictures == [data]
    assert teams.troubles == []


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (302, png(), {**GOOD, "Location": f"{HOST}/p/2"}),
        (200, png(), {**GOOD, "Set-Cookie": "a=b"}),
        (200, png(), {"Content-Type": "image/png"}),
        (200, png(), {**GOOD, "Content-Type": "application/octet-stream"}),
        (200, b"<svg/>", {**GOOD, "Content-Type": "image/svg+xml"}),
        (200, b"<html>", GOOD),
        (200, jpeg(), GOOD),
        (200, png(1025, 3), GOOD),
        (200, png() + bytes(1_000_000), GOOD),
    ],
)
async def test_what_teams_does_not_show_is_trouble(
    teams: TeamsSandbox, bot: Bot, shop: Shop, status: int, body: bytes, headers: dict[str, str]
) -> None:
    shop.status, shop.body, shop.headers = status, body, headers
    await posted(teams, bot, f"{HOST}/p/1")
    assert teams.actor("ana").find("A lamp").pictures == []
    assert teams.actor("ana").sees("a lamp"), "its words stand there"
    assert len(teams.troubles) == 1


@pytest.mark.parametrize("url", ["https://other.example/p/1", f"{HOST}.evil.example/p/1", "http://bot.example.com/p/1"])
async def test_nothing_else_is_ever_asked_for(teams: TeamsSandbox, bot: Bot, shop: Shop, url: str) -> None:
    await posted(teams, bot, url)
    assert shop.asked == []
    assert "cannot be reached" in teams.troubles[0]


async def test_a_bot_that_does_not_answer_shows_nothing(teams: TeamsSandbox, bot: Bot) -> None:
    teams.bot_url, teams.public_url = "http://127.0.0.1:9", HOST
    await posted(teams, bot, f"{HOST}/p/1")
    assert teams.troubles == ["picture: ClientConnectorError"]


async def test_plain_http_is_not_fetched(teams: TeamsSandbox, bot: Bot, shop: Shop) -> None:
    teams.public_url = "http://bot.example.com"
    await posted(teams, bot, "http://bot.example.com/p/1")
    assert teams.troubles == ["picture: only https is fetched"]
