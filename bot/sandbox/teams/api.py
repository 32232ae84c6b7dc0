"""The platform's HTTP side: the connector below its service URL, the token endpoint, and the bytes of files."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.faults import Fault
from bot.sandbox.teams.methods import METHODS, Asked, Method
from bot.sandbox.teams.model import Json
from bot.sandbox.teams.platform import Call, Platform

Work = Callable[[], Awaitable[tuple[int, Any]]]


@dataclass(frozen=True)
class Api:
    """Answers calls of the connector. In faults and in the log the names are those of the contract, and token, getAttachment, download."""

    platform: Platform

    def routes(self) -> list[web.RouteDef]:
        """The routes to add to an aiohttp application."""
        connector = [web.route(one.verb, f"/emea/{{tenant}}/{one.path}", self._of(one)) for one in METHODS]
        return [
            *connector,
            web.get("/emea/{tenant}/v3/attachments/{file}/views/{view}", self.attachment),
            web.get("/download/{file}", self.download),
            web.post("/login/{tenant}/oauth2/v2.0/token", self.token),
        ]

    def _of(self, method: Method) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self.call(request, method)

        return handle

    async def call(self, request: web.Request, method: Method) -> web.StreamResponse:
        """One call of the connector: trouble first, then the token, the tenant, the limits and the method itself."""
        args = _args(request)

        async def work() -> tuple[int, Any]:
            self._admit(request)
            asked = Asked(self.platform, args, dict(request.query), await _body(request, method))
            if asked.body is not None:
                args["body"] = asked.body
            self._limit(method.name, asked)
            return method.run(asked)

        return await self._answered(request, method.name, args, work)

    async def token(self, request: web.Request) -> web.StreamResponse:
        """One call of the token endpoint. Secrets are not kept in the log."""
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        args: Json = {"tenant": request.match_info["tenant"], **{name: form[name] for name in ("client_id", "scope") if name in form}}

        async def work() -> tuple[int, Any]:
            return 200, self.platform.login.token(request.match_info["tenant"], form)

        return await self._answered(request, "token", args, work)

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        """A picture of a message, for the bot's token."""
        return await self._bytes(request, "getAttachment", needs_token=True)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file of a personal chat: the address is its own key."""
        return await self._bytes(request, "download", needs_token=False)

    async def _bytes(self, request: web.Request, name: str, *, needs_token: bool) -> web.StreamResponse:
        async def work() -> tuple[int, Any]:
            if needs_token:
                self.platform.login.owner(request)
            file = self.platform.world.files.get(request.match_info["file"])
            if file is None or file.deleted:
                raise TeamsError(404, "AttachmentNotFound", "The attachment does not exist.")
            return 200, web.Response(body=file.data, content_type=file.mimetype)

        return await self._answered(request, name, {"file": request.match_info["file"], "token": "Authorization" in request.headers}, work)

    def _admit(self, request: web.Request) -> None:
        owner = self.platform.login.owner(request)
        if owner != self.platform.world.app.id or request.match_info["tenant"] != self.platform.world.tenant:
            raise TeamsError(403, "BotNotInConversationRoster", "The token is of another bot, or the tenant is not its own.")

    def _limit(self, method: str, asked: Asked) -> None:
        """A new thread counts in its channel."""
        data = asked.body.get("channelData") if isinstance(asked.body, dict) else None
        channel = data.get("channel") if isinstance(data, dict) and method == "createConversation" else None
        where = asked.parts.get("conversation", "") or (str(channel.get("id", "")) if isinstance(channel, dict) else "")
        if wait := self.platform.limits.wait(method, where.partition(";")[0]):
            raise TeamsError(429, "TooManyRequests", "Too many requests.", retry_after=wait)

    async def _answered(self, request: web.Request, name: str, args: Json, work: Work) -> web.StreamResponse:
        fault = await self._trouble(name)
        if (fault and fault.cut) or (self.platform.faults.down and self.platform.faults.down_how == "close"):
            self._log(name, args, {"error": {"code": "cut"}}, 503)
            return _closed(request)
        status, answer, headers = await self._done(fault, work)
        self._log(name, args, {} if answer is None or isinstance(answer, web.Response) else answer, status)
        if fault and fault.lose_answer:
            return _closed(request)
        if isinstance(answer, web.Response):
            return answer
        return web.Response(status=status) if answer is None else web.json_response(answer, status=status, headers=headers)

    async def _trouble(self, name: str) -> Fault | None:
        fault = self.platform.faults.take(name)
        if fault and fault.gate:
            self.platform.changes.tell()
            await fault.gate.wait()
        if fault and fault.seconds:
            await asyncio.sleep(fault.seconds)
        return fault

    async def _done(self, fault: Fault | None, work: Work) -> tuple[int, Any, dict[str, str]]:
        try:
            if self.platform.faults.down:
                raise TeamsError(503, "ServiceUnavailable")
            if fault and fault.error:
                raise fault.error
            status, answer = await work()
        except TeamsError as refusal:
            headers = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
            return refusal.status, refusal.answer(), headers
        return status, answer, {}

    def _log(self, method: str, args: Json, answer: Any, status: int) -> None:
        self.platform.calls.append(Call(method, args, self.platform.clock(), answer, status))
        self.platform.changes.tell()


def _args(request: web.Request) -> Json:
    parts = {name: value for name, value in request.match_info.items() if name != "tenant"}
    return {**parts, **({"query": dict(request.query)} if request.query else {})}


async def _body(request: web.Request, method: Method) -> Any:
    if method.verb not in ("POST", "PUT"):
        return None
    if request.content_type != "application/json":
        raise TeamsError(415, "UnsupportedMediaType", "The body must be application/json.")
    try:
        return json.loads(await request.text())
    except ValueError as fault:
        raise TeamsError(400, "BadSyntax", "The body is not JSON.") from fault


def _closed(request: web.Request) -> web.Response:
    """Cut the connection instead of answering."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()
