"""The platform's HTTP side: `POST /api/<method>` and `POST /response/<token>`."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack.hooks import respond
from bot.sandbox.slack.methods import METHODS, Asked
from bot.sandbox.slack.methods.oauth import METHOD as OAUTH
from bot.sandbox.slack.methods.oauth import OAuth
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.platform import Call, Platform
from bot.sandbox.slack.world import World

JSON_TYPE = "application/json"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Api:
    """Answers calls of the Web API."""

    platform: Platform
    oauth: OAuth = field(default_factory=OAuth)

    def routes(self) -> list[web.RouteDef]:
        """The routes to add to an aiohttp application."""
        return [
            web.post("/api/{method}", self.call),
            web.get("/api/{method}", self.call, allow_head=False),
            web.post("/response/{token}", self.hook),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of a method: faults first, then the token, limits, arguments and the method itself."""
        method = request.match_info["method"]
        fault = await self._trouble(request, method)
        if isinstance(fault, web.StreamResponse):
            return fault
        args: Json = {}
        world: World | None = None
        try:
            if fault and fault.error:
                raise fault.error
            args = await _arguments(request, reads_json=method not in METHODS or METHODS[method].json)
            if method == OAUTH:
                answer = self.oauth.access(self.platform, args, request.headers.get("Authorization", ""))
            else:
                world = self._world(request, args)
                answer = self._run(world, method, args)
            status, headers = 200, dict[str, str]()
        except SlackError as refusal:
            answer, status, headers = _refused(refusal)
        if world:
            headers["x-oauth-scopes"] = ",".join(sorted(world.app.scopes))
        self._log(method, args, answer, status)
        if fault and fault.lose_answer:
            return _closed(request)
        return web.json_response(answer, status=status, headers=headers)

    async def hook(self, request: web.Request) -> web.StreamResponse:
        """One answer through a response URL; the method's name in faults and in the log is `response_url`."""
        fault = await self._trouble(request, "response_url")
        if isinstance(fault, web.StreamResponse):
            return fault
        args: Json = {}
        try:
            if fault and fault.error:
                raise fault.error
            args = await _arguments(request, reads_json=True)
            answer, status = respond(self.platform, request.match_info["token"], args), 200
        except SlackError as refusal:
            answer, status = refusal.answer(), refusal.status if refusal.status != 200 else 400
        self._log("response_url", args, answer, status)
        return _closed(request) if fault and fault.lose_answer else web.json_response(answer, status=status)

    async def _trouble(self, request: web.Request, method: str) -> Fault | web.StreamResponse | None:
        faults = self.platform.faults
        if faults.down:
            self._log(method, {}, {"ok": False, "error": "down"}, 503)
            return _closed(request) if faults.down_how == "close" else web.Response(status=503, text="Service Unavailable")
        team = self.platform.team_of(request.headers.get("Authorization", ""))
        fault = faults.take(method, f"{team}:{method}", f"{team}:*")
        if fault and fault.gate:
            self.platform.changes.tell()
            await fault.gate.wait()
        if fault and fault.seconds:
            await asyncio.sleep(fault.seconds)
        return fault

    def _world(self, request: web.Request, args: Json) -> World:
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ").strip() or str(args.pop("token", "") if "json" not in request.content_type else "")
        args.pop("token", None)
        if not token:
            raise SlackError("not_authed")
        if token not in self.platform.worlds:
            raise SlackError("invalid_auth")
        self.oauth.alive(token, self.platform.clock())
        return self.platform.worlds[token]

    def _run(self, world: World, name: str, args: Json) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if wait := self.platform.limits.wait(world.team, name, str(args.get("channel", ""))):
            raise SlackError("ratelimited", retry_after=wait)
        asked = Asked(self.platform, world, args)
        asked.needs(method.scope)
        return method.run(asked)

    def _log(self, method: str, args: Json, answer: Json, status: int) -> None:
        self.platform.calls.append(Call(method, args, self.platform.clock(), answer, status))
        self.platform.changes.tell()


def _refused(refusal: SlackError) -> tuple[Json, int, dict[str, str]]:
    if refusal.retry_after is not None:
        return refusal.answer(), 429, {"Retry-After": str(refusal.retry_after)}
    return refusal.answer(), refusal.status, {}


def _closed(request: web.Request) -> web.Response:
    """Cut the connection instead of answering."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _arguments(request: web.Request, *, reads_json: bool) -> Json:
    args: Json = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return args
    if request.content_type == JSON_TYPE:
        body = await _json_body(request)
        return args | (body if reads_json else {})
    if request.content_type in FORM_TYPES:
        return args | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    raise SlackError("invalid_post_type")


async def _json_body(request: web.Request) -> Json:
    try:
        body: Any = json.loads(await request.text())
    except ValueError as fault:
        raise SlackError("invalid_json") from fault
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body
