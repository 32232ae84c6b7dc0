"""Fetching Slack's files: the token goes to one origin, a page is no file, and what breaks off is tried again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.pump import Later, Permanent
from bot.slack.arrivals import attached, tombstones
from bot.slack.files import Interrupted, SlackFiles
from bot.slack.installed import Fixed, Installation
from handlers.core import Attached, Attachment
from handlers.ports import LARGEST_FILE, Fetched
from storage.files import FileStore, Folder

BYTES = b"what the file holds"
PAGE = b"<!DOCTYPE html><title>Slack</title>Sign in"
FILE = Attached("f" * 32, "a" * 32, "t" * 32, None, "lamp.jpg", "image/jpeg", 19, datetime.now(UTC), "slack", "T1", "C1", "F1")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Host:
    """A web server that remembers who asked with which token."""

    answer: Answer
    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def heard(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.headers.get("Authorization", ""))
        return await self.answer(request)


@asynccontextmanager
async def host(answer: Answer) -> AsyncIterator[Host]:
    made = Host(answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.heard)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()


def giving(body: bytes = BYTES, status: int = 200, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return answer


def leading(to: Callable[[], str]) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/again":
            return web.Response(body=BYTES)
        return web.Response(status=302, headers={"Location": to()})

    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return FileStore(tmp_path).of("acme")


async def fetched(origin: str, folder: Folder, told: Mapping[str, Any] | Exception) -> Fetched:
    """What becomes of a file of which Slack tells this."""

    async def call(workspace: str, method: str, arguments: Mapping[str, Any], *, form: bool = False) -> dict[str, Any]:
        assert (workspace, method, arguments) == ("T1", "files.info", {"file": "F1"})
        if isinstance(told, Exception):
            raise told
        return {"ok": True, "file": dict(told)}

    async def wait(workspace: str, channel: str) -> None:
        raise AssertionError("nothing is posted here")

    async with aiohttp.ClientSession() as http:
        return await SlackFiles(http, Fixed(Installation("T1", "xoxb-1")), call, wait, origin).fetch(FILE, folder)


def told(url: str, **more: Any) -> dict[str, Any]:
    return {"id": "F1", "name": "lamp.jpg", "mimetype": "image/jpeg", "size": 19, "url_private_download": url, **more}


async def test_the_bytes_are_kept_with_what_slack_says_of_them(folder: Folder) -> None:
    async with host(giving()) as slack:
        found = await fetched(slack.url, folder, told(f"{slack.url}/x", permalink="https://acme.slack.com/x"))
    assert (found.state, found.name, found.mime, found.size, found.link) == (
        "kept",
        "lamp.jpg",
        "image/jpeg",
        19,
        "https://acme.slack.com/x",
    )
    assert b"".join([piece async for piece in folder.open(found.content)]) == BYTES
    assert slack.asked == ["Bearer xoxb-1"]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/x", "https://files.slack.com.evil.example/x", "file:///etc/passwd", "", "//x", "http://["]
)
async def test_an_address_that_is_not_slacks_is_not_asked(folder: Folder, address: str) -> None:
    async with host(giving()) as slack:
        assert (await fetched(slack.url, folder, told(address))).state == "closed"
    assert slack.asked == []


async def test_a_redirect_elsewhere_is_not_followed(folder: Folder) -> None:
    async with host(giving()) as other, host(leading(lambda: f"{other.url}/x")) as slack:
        assert (await fetched(slack.url, folder, told(f"{slack.url}/x"))).state == "closed"
    assert other.asked == []
    assert slack.asked == ["Bearer xoxb-1"]


async def test_a_redirect_within_slack_is_followed_but_not_for_ever(folder: Folder) -> None:
    async with host(leading(lambda: "/again")) as slack:
        assert (await fetched(slack.url, folder, told(f"{slack.url}/x"))).state == "kept"
    async with host(leading(lambda: "/x")) as slack:
        assert (await fetched(slack.url, folder, told(f"{slack.url}/x"))).state == "closed"
        assert len(slack.asked) == 4


async def test_a_page_is_no_file_but_a_file_may_be_a_page(folder: Folder) -> None:
    async with host(giving(PAGE, Content_Type="text/html; charset=utf-8")) as slack:
        assert (await fetched(slack.url, folder, told(f"{slack.url}/x"))).state == "closed"
    async with host(giving(PAGE, Content_Type="text/html", Content_Disposition="attachment; filename=x.html")) as slack:
        assert (await fetched(slack.url, folder, told(f"{slack.url}/x", mimetype="text/html"))).state == "kept"


@pytest.mark.parametrize(("status", "state"), [(401, "closed"), (403, "closed"), (404, "closed"), (410, "closed")])
async def test_what_slack_does_not_hand_out_is_closed(folder: Folder, status: int, state: str) -> None:
    async with host(giving(status=status)) as slack:
        assert (await fetched(slack.url, folder, told(f"{slack.url}/x"))).state == state


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_trouble_passes(folder: Folder, status: int) -> None:
    async with host(giving(status=status)) as slack:
        with pytest.raises(Later):
            await fetched(slack.url, folder, told(f"{slack.url}/x"))


async def test_what_breaks_off_is_not_kept(folder: Folder, tmp_path: Path) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "19"})
        await answer.prepare(request)
        await answer.write(BYTES[:10])
        assert request.transport is not None
        request.transport.close()
        return answer

    async with host(half) as slack:
        with pytest.raises(Interrupted):
            await fetched(slack.url, folder, told(f"{slack.url}/x"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (Permanent("files.info: file_not_found"), "gone"),
        (Permanent("files.info: file_deleted"), "gone"),
        (Permanent("files.info: missing_scope"), "closed"),
        ({"id": "F1", "mode": "tombstone"}, "gone"),
        ({"id": "F1", "mode": "hidden_by_limit"}, "closed"),
        ({"id": "F1", "file_access": "access_denied"}, "closed"),
        ({"id": "F1", "file_access": "file_not_found"}, "gone"),
        ({"id": "F1", "is_external": True, "url_private": "https://drive.example/x"}, "elsewhere"),
        ({"id": "F1", "size": LARGEST_FILE + 1}, "large"),
        ({}, "closed"),
    ],
)
async def test_what_slack_tells_is_enough_to_know(folder: Folder, said: Any, state: str) -> None:
    async with host(giving()) as slack:
        assert (await fetched(slack.url, folder, said)).state == state
    assert slack.asked == []


# ---------------------------------------------------------------- what events tell


def test_files_of_an_event_in_whatever_shape() -> None:
    full = {"id": "F1", "name": "lamp.jpg", "mimetype": "image/jpeg", "size": 12, "permalink": "https://x", "is_external": False}
    stub = {"id": "F2", "mode": "file_access", "file_access": "check_file_info"}
    odd = [{"id": "F3", "name": None, "size": "12", "is_external": "yes"}, {"id": 4}, {}, None, "F5", {"id": "F6", "mode": "tombstone"}]
    assert attached({"files": [full, stub, *odd]}) == (
        Attachment("F1", "lamp.jpg", "image/jpeg", 12, "https://x"),
        Attachment("F2", "file"),
        Attachment("F3", "file"),
    )
    nothings: list[dict[str, Any]] = [{}, {"files": None}, {"files": "F1"}, {"files": {}}]
    for nothing in nothings:
        assert attached(nothing) == ()


def test_a_changed_message_names_the_files_that_are_gone() -> None:
    files = [{"id": "F1", "mode": "tombstone"}, {"id": "F2", "mode": "hosted"}, None]
    assert tombstones({"message": {"files": files}}) == ("F1",)
    assert tombstones({"message": {}}) == ()
    assert tombstones({}) == ()
