"""A tenant with a few people, and a small bot that checks tokens with PyJWT and answers as it is told."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from bot.sandbox.teams import HandClock, TeamsSandbox

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[web.Response]]
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
SCOPE = "https://api.botframework.com/.default"


def card(*body: Any, **more: Any) -> Json:
    """A card; strings are its lines."""
    lines = [{"type": "TextBlock", "text": one, "wrap": True} if isinstance(one, str) else one for one in body]
    return {"type": "AdaptiveCard", "version": "1.5", "body": lines, **more}


def execute(title: str, verb: Any = "go", **more: Any) -> Json:
    return {"type": "Action.Execute", "title": title, "verb": verb, **more}


def fetch(title: str, **data: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": {"msteams": {"type": "task/fetch"}, **data}}


def submit(title: str, **data: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": data}


def row(*actions: Json) -> Json:
    return {"type": "ActionSet", "actions": list(actions)}


def attached(content: Json) -> Json:
    return {"contentType": ADAPTIVE, "content": content}


def message(*body: Any, **more: Any) -> Json:
    """A message with a card, or with the `text` in `more`."""
    return {"type": "message", **({"attachments": [attached(card(*body))]} if body else {}), **more}


def dialog(content: Json, title: str = "Form") -> Json:
    return {"task": {"type": "continue", "value": {"title": title, "height": "medium", "width": "medium", "card": attached(content)}}}


def shows(content: Json) -> Json:
    """An answer to an Action.Execute."""
    return {"statusCode": 200, "type": ADAPTIVE, "value": content}


@dataclass
class Bot:
    """A bot of a few lines. It asks for the keys with every request, as nobody should; `api` calls the connector with its own token."""

    teams: TeamsSandbox
    http: aiohttp.ClientSession
    heard: list[Json] = field(default_factory=list)
    refused: int = 0
    answer: Answer | None = None
    token: str = ""

    async def listen(self, request: web.Request) -> web.Response:
        activity = json.loads(await request.read())
        try:
            await self._check(request.headers.get("Authorization", "").removeprefix("Bearer "), activity)
        except (jwt.PyJWTError, LookupError):
            self.refused += 1
            return web.Response(status=401)
        self.heard.append(activity)
        return await self.answer(activity) if self.answer else web.Response()

    async def _check(self, token: str, activity: Json) -> None:
        async with self.http.get(self.teams.openid_url) as got:
            found = await got.json()
        async with self.http.get(found["jwks_uri"]) as got:
            keys = {one["kid"]: one for one in (await got.json())["keys"]}
        key = keys[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS256"], audience=self.teams.app_id, issuer=found["issuer"], leeway=300)
        if "msteams" not in key["endorsements"] or claims["serviceurl"] != activity["serviceUrl"]:
            raise LookupError("not for Teams")

    def says(self, *answers: Json | str, status: int = 200) -> None:
        """Answer with these, one after the other; the last one for good."""
        waiting = list(answers)

        async def answer(activity: Json) -> web.Response:
            body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return web.Response(text=body, status=status) if isinstance(body, str) else web.json_response(body, status=status)

        self.answer = answer

    async def sign_in(self, **changed: str) -> tuple[int, Json]:
        """Ask for a token, with some fields of the form changed."""
        form = {"grant_type": "client_credentials", "client_id": self.teams.app_id, "client_secret": self.teams.app_secret, "scope": SCOPE}
        tenant = changed.pop("tenant", self.teams.tenant)
        async with self.http.post(f"{self.teams.login_url}/{tenant}/oauth2/v2.0/token", data=form | changed) as got:
            return got.status, await got.json()

    async def api(self, verb: str, path: str, body: Any = None, *, token: str | None = None, **query: str) -> tuple[int, Any]:
        """Call the connector below `v3/`."""
        if token is None:
            self.token = self.token or (await self.sign_in())[1]["access_token"]
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        address = f"{self.teams.service_url}v3/{path}"
        async with self.http.request(verb, address, json=body, params=query, headers=headers) as got:
            text = await got.text()
            return got.status, json.loads(text) if text else None

    async def send(self, conversation: str, activity: Json, **query: str) -> tuple[int, Any]:
        """Post into a conversation."""
        return await self.api("POST", f"conversations/{conversation}/activities", activity, **query)

    async def post(self, conversation: str, activity: Json, **query: str) -> str:
        """Post into a conversation where that must work: the message's id."""
        status, answer = await self.send(conversation, activity, **query)
        assert status == 201, answer
        return str(answer["id"])

    def invokes(self, name: str) -> list[Json]:
        """The invokes of one name that it heard."""
        return [one for one in self.heard if one.get("name") == name]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def teams(clock: HandClock) -> AsyncIterator[TeamsSandbox]:
    async with TeamsSandbox(clock=clock) as sandbox:
        sandbox.add_user("ana", real_name="Ana Silva", email="ana@example.com", tz="Europe/Lisbon")
        sandbox.add_user("bob", real_name="Bob Novak")
        sandbox.add_user("eve", real_name="Eve Gone", deleted=True)
        sandbox.add_channel("help", ["ana", "bob"])
        sandbox.add_channel("other", ["ana"], team="Elsewhere", bot=False)
        sandbox.add_group_chat("lunch", ["ana", "bob"])
        yield sandbox


@pytest.fixture
def help_channel(teams: TeamsSandbox) -> str:
    return teams.world.channel("help").id


@pytest.fixture
async def bot(teams: TeamsSandbox) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        little = Bot(teams, http)
        application = web.Application()
        application.router.add_post("/api/messages", little.listen)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        teams.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield little
        await runner.cleanup()
