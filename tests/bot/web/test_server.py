"""The web server on loopback, over a real store and a real pump."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, web
from structlog.testing import capture_logs

from bot.app import Deskbell, opened
from bot.settings import Settings
from bot.web.readiness import Readiness
from bot.web.server import LARGEST, serving


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Deskbell]:
    async with opened(Settings(database_url=f"sqlite:///{tmp_path}/desk.db", redis_url=None)) as bot:
        await bot.start()
        yield bot
        await bot.stop()


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def got(http: ClientSession, port: int, path: str) -> tuple[ClientResponse, str]:
    async with http.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer, await answer.text()


async def test_alive_ready_and_measured(bot: Deskbell, http: ClientSession) -> None:
    async with serving(bot, "127.0.0.1", 0) as port:
        assert (await got(http, port, "/healthz"))[1] == "alive\n"
        answer, text = await got(http, port, "/readyz")
        assert (answer.status, text) == (200, "ready\n")
        answer, text = await got(http, port, "/metrics")
        assert answer.content_type == "text/plain"
        assert "deskbell_outbox_depth 0.0" in text


async def test_every_answer_is_dressed_and_says_nothing_of_the_software(bot: Deskbell, http: ClientSession) -> None:
    async with serving(bot, "127.0.0.1", 0) as port:
        for path in ("/healthz", "/nowhere"):
            answer, _ = await got(http, port, path)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert answer.headers["Server"] == "deskbell"


async def test_not_ready_after_the_pump_has_stopped_for_long(bot: Deskbell) -> None:
    now = [0.0]
    ready = Readiness(bot, lambda: now[0], patience=10)
    assert await ready.reasons() == []
    await bot.pump.stop(1)
    assert await ready.reasons() == []
    now[0] = 61.0
    assert await ready.reasons() == ["the pump has done nothing for 61 s, and there is something to do"]


async def test_not_ready_without_a_database(bot: Deskbell, http: ClientSession) -> None:
    async with serving(bot, "127.0.0.1", 0) as port:
        await bot.store.database.close()
        answer, text = await got(http, port, "/readyz")
        assert answer.status == 503
        assert text.startswith("the database does not answer")
        assert (await got(http, port, "/healthz"))[0].status == 200
        assert "deskbell_outbox_depth" in (await got(http, port, "/metrics"))[1]


async def test_not_ready_with_an_older_database(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/empty.db", redis_url=None)
    async with opened(settings, lambda: datetime.now(UTC), migrated=True) as bot:
        reasons = await Readiness(bot, patience=10).reasons()
        assert reasons[0].startswith("the database has revision none, needed is ")


async def test_a_request_may_finish_and_no_new_one_is_let_in(bot: Deskbell, http: ClientSession) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        arrived.set()
        await go_on.wait()
        return web.Response(text=f"done: {await request.text()}")

    serve = serving(bot, "127.0.0.1", 0, [web.post("/slow", slow)])
    port = await serve.__aenter__()
    under_way = asyncio.create_task(http.post(f"http://127.0.0.1:{port}/slow", data="light"))
    await arrived.wait()
    stopping = asyncio.create_task(serve.__aexit__(None, None, None))
    await asyncio.sleep(0.05)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    assert not stopping.done()
    go_on.set()
    async with await under_way as answer:
        assert await answer.text() == "done: light"
    await stopping


async def test_a_fault_is_an_apology_with_a_reference_that_finds_the_log_line(bot: Deskbell, http: ClientSession) -> None:
    async def broken(request: web.Request) -> web.Response:
        raise ValueError("the secret is 42")

    async with serving(bot, "127.0.0.1", 0, [web.get("/broken", broken)]) as port:
        with capture_logs() as logs:
            answer, text = await got(http, port, "/broken")
    assert answer.status == 500
    assert "secret" not in text
    faults = [line for line in logs if line["event"] == "request failed"]
    assert faults[0]["reference"] in text
    assert "secret" not in str(logs)


async def test_what_is_asked_for_stays_out_of_the_log(bot: Deskbell, http: ClientSession) -> None:
    async with serving(bot, "127.0.0.1", 0) as port:
        with capture_logs() as logs:
            await got(http, port, "/healthz?token=xoxb-1")
            await got(http, port, "/ana@acme.example")
    assert [(line["route"], line["status"]) for line in logs if line["event"] == "request"] == [("/healthz", 200), ("-", 404)]
    assert "xoxb" not in str(logs)
    assert "acme" not in str(logs)


async def test_too_large_a_body_is_refused(bot: Deskbell, http: ClientSession) -> None:
    async def read(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async with serving(bot, "127.0.0.1", 0, [web.post("/read", read)]) as port:
        async with http.post(f"http://127.0.0.1:{port}/read", data=BytesIO(b"x" * (LARGEST - 1))) as answer:
            assert answer.status == 200
        async with http.post(f"http://127.0.0.1:{port}/read", data=BytesIO(b"x" * (LARGEST + 1))) as answer:
            assert answer.status == 413


@pytest.mark.parametrize(("path", "said"), [("/privacy", "Nothing is sold"), ("/terms", "no emergency service")])
async def test_the_pages_that_manifests_link_to(bot: Deskbell, http: ClientSession, path: str, said: str) -> None:
    async with serving(bot, "127.0.0.1", 0) as port:
        answer, text = await got(http, port, path)
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert said in text
