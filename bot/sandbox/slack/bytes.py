"""The bytes of files: private addresses that want a token, and the addresses of uploads, which want none."""

import mimetypes
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack.model import Json, SlackFile
from bot.sandbox.slack.platform import Call, Platform
from bot.sandbox.slack.world import World

SIGN_IN = "<!DOCTYPE html><html><head><title>Slack</title></head><body><h1>Sign in to your workspace</h1></body></html>"


@dataclass(frozen=True)
class Bytes:
    """Beside the Web API. In faults and in the log the names are `download` and `upload`."""

    platform: Platform

    def routes(self) -> list[web.RouteDef]:
        """The routes to add to an aiohttp application."""
        return [
            web.get("/files-pri/{file}/{name}", self.download),
            web.get("/files-pri/{file}/download/{name}", self.download),
            web.get("/signin", self.sign_in),
            web.post("/upload/v1/{token}", self.upload),
        ]

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The file for a token of its workspace with files:read; for all others a way to sign in, which ends in a page with status 200."""
        if trouble := await self._trouble("download"):
            return trouble
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        world = self.platform.worlds.get(token)
        team, _, key = request.match_info["file"].partition("-")
        file = world.files.get(key) if world and world.team == team else None
        allowed = world is not None and "files:read" in world.app.scopes
        self._log("download", {"file": key, "token": bool(token)}, allowed and file is not None)
        if not allowed:
            raise web.HTTPFound(self._sign_in_at(team))
        if file is None or file.deleted:
            raise web.HTTPNotFound
        return _handed_out(file)

    async def sign_in(self, request: web.Request) -> web.Response:
        """What a browser would see."""
        self._log("signin", {"token": bool(request.headers.get("Authorization"))}, True)
        return web.Response(text=SIGN_IN, content_type="text/html")

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Step two of an upload: the bytes, as they are. They must be as many as was said."""
        if trouble := await self._trouble("upload"):
            return trouble
        body = await request.read()
        file = self._awaited(request.match_info["token"])
        fits = file is not None and len(body) == file.size
        self._log("upload", {"file": file.id if file else "", "token": "Authorization" in request.headers}, fits)
        if file is None or not fits:
            return web.Response(status=400, text="upload failed")
        file.data, file.uploading = body, None
        file.mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return web.Response(text=f"OK - {len(body)}")

    def _awaited(self, token: str) -> SlackFile | None:
        worlds: list[World] = list(self.platform.worlds.values())
        return next((file for world in worlds for file in world.files.values() if file.uploading == token), None)

    def _sign_in_at(self, team: str) -> str:
        world = next((one for one in self.platform.worlds.values() if one.team == team), None)
        return (world.sign_in if world else "") or f"{self.platform.base_url}/signin"

    async def _trouble(self, what: str) -> web.Response | None:
        faults = self.platform.faults
        if faults.down:
            return web.Response(status=503, text="Service Unavailable")
        fault = faults.take(what)
        if fault and fault.gate:
            await fault.gate.wait()
        return web.Response(status=fault.error.status) if fault and fault.error else None

    def _log(self, method: str, args: Json, ok: bool) -> None:
        self.platform.calls.append(Call(method, args, self.platform.clock(), {"ok": ok}, 200))
        self.platform.changes.tell()


def _handed_out(file: SlackFile) -> web.Response:
    headers = {"Content-Disposition": 'attachment; filename="file"', "Content-Type": file.mimetype or "application/octet-stream"}
    return web.Response(body=file.data, headers=headers)
