"""The page's side of the server: its files, what each window shows, what is done in it, and word of every change."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from bot.pictures import kind
from bot.sandbox.changes import Changes
from bot.sandbox.errors import ClientRefused
from bot.sandbox.mail import MailSandbox
from bot.sandbox.page import letters, mail_deeds, mail_screen, slack_deeds, slack_screen, teams_deeds, teams_screen
from bot.sandbox.page.guard import guarded
from bot.sandbox.slack import Actor, SlackSandbox
from bot.sandbox.slack.model import SlackFile
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.teams import TeamsSandbox
from bot.sandbox.teams.model import TeamsFile

Json = dict[str, Any]
FILES = Path(__file__).parent / "static"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
QUIET, ALIVE = 0.03, 15.0
"""Seconds in which changes are told together, and after which something is said to keep a quiet stream open."""
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""Files that a browser may show; all others are given as downloads."""


class Control(Protocol):
    """What is of no single chat."""

    def about(self) -> Json:
        """What the page begins with: the office, its people, the cast, the clock, the switches, the tour."""
        ...

    def links(self) -> Json:
        """`from`: what the bot is called on the web; `to`: where it is on this machine."""
        ...

    async def do(self, act: str, values: Mapping[str, Any]) -> Json:
        """An act (`clock`, `fault`, ...) and its values. Raises `ClientRefused`."""
        ...


class Page:
    """Its routes are added to the application that the platforms are mounted in."""

    def __init__(self, slack: SlackSandbox, teams: TeamsSandbox, mail: MailSandbox, changes: Changes) -> None:
        self._slack, self._teams, self._mail, self._changes = slack, teams, mail, changes
        self.control: Control | None = None
        """Given as soon as the bot is there; until then the page answers that it is not ready."""

    def routes(self) -> list[web.RouteDef]:
        looked_at = {
            "/": self.index,
            "/static/{name:[a-z/_-]+\\.[a-z]+}": self.static,
            "/about": self.about,
            "/changes": self.changes,
            "/screen/{chat}/{who}": self.screen,
            "/file/{chat}/{file}": self.file,
            "/picture": self.picture,
            "/letter/{letter}": self.letter,
            "/source/{letter}": self.source,
        }
        done = {"/file/{chat}/{who}": self.upload, "/do/{chat}/{who}/{deed}": self.do, "/control/{act}": self.act}
        return [
            *(web.get(path, guarded(handler)) for path, handler in looked_at.items()),
            *(web.post(path, guarded(handler)) for path, handler in done.items()),
        ]

    # ------------------------------------------------------------ looking

    async def index(self, request: web.Request) -> web.StreamResponse:
        return await self._given("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        return await self._given(request.match_info["name"])

    async def _given(self, name: str) -> web.StreamResponse:
        path = FILES / name
        kind = KINDS.get(path.suffix)
        if kind is None or ".." in name or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(body=await asyncio.to_thread(path.read_bytes), content_type=kind, charset="utf-8")

    async def about(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._controls().about())

    async def screen(self, request: web.Request) -> web.StreamResponse:
        """All that one person has before them in one chat."""
        chat, name = request.match_info["chat"], request.match_info["who"]
        try:
            if chat == "slack":
                there, name = self._in_slack(name)
                return web.json_response(slack_screen.screen(there.world, there.world.user(name)))
            if chat == "teams":
                return web.json_response(teams_screen.screen(self._teams.world, self._teams.world.user(name)))
            if chat == "mail":
                return web.json_response(mail_screen.screen(self._mail, self._mail.actor(name)))
        except LookupError:
            pass
        raise web.HTTPNotFound(text="Nobody there is called so.\n")

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: a number that rises with every change. Whoever connects again looks anew, so none is missed."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        await stream.prepare(request)
        told = -1
        try:
            while True:
                if told != self._changes.count:
                    told = self._changes.count
                    await stream.write(f"data: {told}\n\n".encode())
                    await asyncio.sleep(QUIET)
                await self._next(told, stream)
        except (ConnectionResetError, asyncio.CancelledError):
            return stream

    async def _next(self, told: int, stream: web.StreamResponse) -> None:
        try:
            await self._changes.until(lambda: self._changes.count != told, ALIVE)
        except TimeoutError:
            await stream.write(b": still here\n\n")

    # ------------------------------------------------------------ files

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file of a message: pictures are shown, all else is a download."""
        found = self._file(request.match_info["chat"], request.match_info["file"])
        if found is None:
            raise web.HTTPNotFound
        name, kind, data = found
        how = "inline" if kind in SHOWN else "attachment"
        plain = "".join(one if one.isalnum() or one in ".-_ " else "_" for one in name if one.isascii()) or "file"
        headers = {"Content-Disposition": f'{how}; filename="{plain}"'}
        return web.Response(body=data, content_type=kind if kind in SHOWN else "application/octet-stream", headers=headers)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """A picture of a card in Teams by its `url`, as Microsoft's machines have fetched it."""
        data = self._teams.world.pictures.get(request.query.get("url", ""))
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type=kind(data) or "application/octet-stream")

    async def letter(self, request: web.Request) -> web.StreamResponse:
        """A letter's HTML, for a frame in which nothing runs and to which nothing is fetched."""
        found = self._mail.world.letters.get(request.match_info["letter"])
        if found is None:
            raise web.HTTPNotFound
        text = letters.drawn(found.contents, self._controls().links())
        return web.Response(text=text, content_type="text/html", headers=letters.HEADERS)

    async def source(self, request: web.Request) -> web.StreamResponse:
        """A letter as it came over the wire."""
        found = self._mail.world.letters.get(request.match_info["letter"])
        if found is None:
            raise web.HTTPNotFound
        return web.Response(text=found.raw.decode("utf-8", "replace"), content_type="text/plain")

    def _file(self, chat: str, number: str) -> tuple[str, str, bytes] | None:
        if chat == "mail":
            return mail_screen.file(self._mail.world, number)
        file: SlackFile | TeamsFile | None = None
        if chat in ("slack", "teams"):
            worlds: list[Any] = [one.world for one in self._slack.workspaces] if chat == "slack" else [self._teams.world]
            file = next((one.files[number] for one in worlds if number in one.files), None)
        if file is None or file.deleted:
            return None
        return file.name, file.mimetype, file.data

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Bytes of a file that its owner is about to send; its id."""
        chat, who = request.match_info["chat"], request.match_info["who"]
        name, kind = request.query.get("name", "file")[:200], request.content_type
        data = await request.read()
        try:
            if chat == "mail":
                return web.json_response({"file": self._mail.world.add_file(who, name, data, kind)})
            there, who = self._in_slack(who) if chat == "slack" else (self._teams, who)
            made = there.world.add_file(who, name, data, kind)
        except LookupError:
            raise web.HTTPNotFound from None
        return web.json_response({"file": made.id})

    # ------------------------------------------------------------ doing

    async def do(self, request: web.Request) -> web.StreamResponse:
        """What somebody does in one chat. 409 with a sentence for what their own window would not let them."""
        chat, who, deed = (request.match_info[name] for name in ("chat", "who", "deed"))
        values = await _object(request)
        if chat == "slack":
            return await _answered(lambda: slack_deeds.deed.do(deed, self._slack_actor(who), values))
        if chat == "teams":
            return await _answered(lambda: teams_deeds.deed.do(deed, self._teams.actor(who), values))
        if chat == "mail":
            return await _answered(lambda: mail_deeds.deed.do(deed, self._mail.actor(who), values))
        raise web.HTTPNotFound

    def _in_slack(self, who: str) -> tuple[Workspace, str]:
        """The workspace and handle of `ana` in the office's, or of `lou@northwind` in another. `LookupError` if there is none."""
        name, _, domain = who.partition("@")
        return (self._slack.workspace(domain) if domain else self._slack), name

    def _slack_actor(self, who: str) -> Actor:
        there, name = self._in_slack(who)
        return there.actor(name)

    async def act(self, request: web.Request) -> web.StreamResponse:
        """The clock, the switches, the tour."""
        act, values = request.match_info["act"], await _object(request)
        control = self._controls()
        return await _answered(lambda: control.do(act, values))

    def _controls(self) -> Control:
        if self.control is None:
            raise web.HTTPServiceUnavailable(text="The bot is just starting.\n")
        return self.control


async def _object(request: web.Request) -> Json:
    try:
        found = json.loads(await request.text() or "{}")
    except ValueError:
        raise web.HTTPBadRequest(text="This is no JSON.\n") from None
    if not isinstance(found, dict):
        raise web.HTTPBadRequest(text="This is no JSON object.\n")
    return found


async def _answered(work: Callable[[], Any]) -> web.StreamResponse:
    try:
        return web.json_response(await work() or {})
    except ClientRefused as refused:
        return web.json_response({"refused": str(refused)}, status=409)
    except LookupError:
        raise web.HTTPNotFound(text="Nobody there is called so.\n") from None
