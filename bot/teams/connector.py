"""Speaking to the Bot Framework's connector: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference

One shared session with a timeout; each error is `Later`, `Permanent` or `Gone`. Nothing is retried here: the outbox does that, in order.
Where a message goes, and that a thread is named in the conversation's id, stands here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol
from urllib.parse import quote

import aiohttp
import orjson
import structlog

from bot.chats import Gone
from bot.pump import Later, Permanent
from bot.teams.activity import UNDER, Body
from bot.teams.registration import Registration
from bot.teams.tokens import AppTokens
from handlers.frozen import dataclass

log = structlog.get_logger(__name__)

Json = dict[str, Any]
SECONDS = 10.0
PAGE = 200
MOST_PAGES = 500
CHANNELS = re.compile(r"[^;]+@thread\.(tacv2|skype)|team-id|channel-[\w-]+-id")
"""The ids of channels of a team; the last two are the Playground's. Those of chats end otherwise."""
PASSING = frozenset({408, 412, 429, 502, 503, 504})
"""Microsoft asks to try again: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit"""
LOST = frozenset({"ActivityNotFoundInConversation", "BadSyntax.ActivityNotFound", "MessageNotFound"})
CLOSED = frozenset(
    {"BotDisabledByAdmin", "BotNotInConversationRoster", "ConversationBlockedByUser", "ConversationNotFound", "MessageWritesBlocked"}
)
"""Nothing can be posted there until somebody installs us again."""
UNTIL_LIMIT_ENDS, AFTER_OUTAGE, UNTIL_TOKEN_IS_RIGHT = 2.0, 5.0, 30.0
LONGEST = 3600.0
TENANT_PER_SECOND, TENANT_BURST = 40.0, 8
"""All that we ask for in a tenant: at most 48 in any second, of 50."""
PER_SECOND, BURST = 1.8, 4
"""In one conversation: at most 5 in any second, 7 in two and 58 in thirty, of 7, 8 and 60 that Microsoft documents."""


class Blocked(Permanent):
    """The conversation does not take messages of ours: we were removed, blocked, or it is gone."""


class NotAccepted(Later):
    """The connector does not accept our token: not before somebody does something about it."""


class Pace(Protocol):
    """How long to wait before the next one of this key: 0 takes a place now."""

    async def __call__(self, key: str, per_second: float, burst: int) -> float: ...


@dataclass(frozen=True, slots=True)
class Line:
    """How a workspace is reached: by which registration, in which tenant, at which address of the service (it ends with "/")."""

    registration: Registration
    tenant: str
    workspace: str
    service_url: str


class Connector:
    """`tokens` None: the Playground, which asks for none."""

    def __init__(self, http: aiohttp.ClientSession, tokens: AppTokens | None, pace: Pace) -> None:
        self._http, self._tokens, self._pace = http, tokens, pace

    # ------------------------------------------------------------ messages

    async def send(self, line: Line, channel: str, activity: Body, thread: str = "") -> str:
        """A message into a conversation, or into a thread of a channel; its id. In a channel without a thread it begins one."""
        await self._take_turn(line, channel)
        if is_channel(channel) and not thread:
            return await self._begin(line, channel, activity)
        said = await self._call(line, "POST", _conversation(channel, thread) + "/activities", activity)
        return _id(said)

    async def _begin(self, line: Line, channel: str, activity: Body) -> str:
        """A new thread of a channel."""
        parameters = {
            "isGroup": True,
            "bot": {"id": f"28:{line.registration.app_id}"},
            "tenantId": line.tenant,
            "channelData": {"channel": {"id": channel}, "tenant": {"id": line.tenant}},
            "activity": dict(activity),
        }
        said = await self._call(line, "POST", "v3/conversations", parameters)
        return str(said.get("activityId") or "") or _id(said).partition(UNDER)[2]

    async def target(self, line: Line, channel: str, activity: Body, to: str, thread: str = "") -> str:
        """A message that one person alone sees in a shared conversation; `to` is the connector's id of them."""
        await self._take_turn(line, channel)
        aimed = {**activity, "recipient": {"id": to, "role": "user"}}
        return _id(await self._call(line, "POST", _conversation(channel, thread) + "/activities?isTargetedActivity=true", aimed))

    async def update(self, line: Line, channel: str, message_id: str, activity: Body, thread: str = "") -> None:
        """Raises `Gone` when the message is no more."""
        await self._take_turn(line, channel)
        path = f"{_conversation(channel, thread)}/activities/{_quoted(message_id)}"
        await self._call(line, "PUT", path, {**activity, "id": message_id})

    async def direct(self, line: Line, person: str) -> str:
        """The 1:1 conversation with somebody, by the connector's id of them or the directory's."""
        await self._take_turn(line, f"new:{person}")
        parameters = {
            "isGroup": False,
            "bot": {"id": f"28:{line.registration.app_id}"},
            "members": [{"id": person}],
            "tenantId": line.tenant,
            "channelData": {"tenant": {"id": line.tenant}},
        }
        return _id(await self._call(line, "POST", "v3/conversations", parameters))

    # ------------------------------------------------------------ people

    async def member(self, line: Line, channel: str, person: str) -> Json | None:
        """Who somebody in a conversation is; None if they are not in it."""
        try:
            return await self._call(line, "GET", f"{_conversation(channel, '')}/members/{_quoted(person)}")
        except Gone:
            return None

    async def members(self, line: Line, channel: str) -> AsyncIterator[Json]:
        """Everybody in a conversation (of a team's channel: in the team), page by page."""
        more = ""
        for _ in range(MOST_PAGES):
            mark = f"&continuationToken={_quoted(more)}" if more else ""
            said = await self._call(line, "GET", f"{_conversation(channel, '')}/pagedmembers?pageSize={PAGE}{mark}")
            for one in said.get("members") or ():
                if isinstance(one, dict):
                    yield one
            more = str(said.get("continuationToken") or "")
            if not more:
                return

    async def channels(self, line: Line, team: str) -> list[str]:
        """The ids of a team's channels, as far as everybody in it sees them."""
        said = await self._call(line, "GET", f"v3/teams/{_quoted(team)}/conversations")
        found = said.get("conversations")
        return [_id(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    # ------------------------------------------------------------ one call

    async def _take_turn(self, line: Line, channel: str) -> None:
        for key, per_second, burst in (
            (f"teams:post:{line.workspace}:{channel}", PER_SECOND, BURST),
            (f"teams:tenant:{line.workspace}", TENANT_PER_SECOND, TENANT_BURST),
        ):
            wait = await self._pace(key, per_second, burst)
            if wait > 0:
                raise Later(wait, "pace")

    async def _call(self, line: Line, method: str, path: str, body: Body | None = None) -> Json:
        """What the connector says. A token that it does not accept any more is replaced once, at once: nothing was done with it."""
        token = await self._tokens.token(line.registration) if self._tokens else ""
        status, said, waits = await self._asked(line, method, path, body, token)
        if status == 401 and self._tokens:
            self._tokens.forget(line.registration, token)
            status, said, waits = await self._asked(line, method, path, body, await self._tokens.token(line.registration))
        if status // 100 == 2:
            return said
        raise meaning(method, status, _code(said), waits)

    async def _asked(self, line: Line, method: str, path: str, body: Body | None, token: str) -> tuple[int, Json, str]:
        """The status, the answer, and its Retry-After."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data, url = None if body is None else orjson.dumps(body), line.service_url + path
        try:
            async with self._http.request(method, url, data=data, headers=headers, allow_redirects=False, timeout=_LIMIT) as said:
                return said.status, _object(await said.read()), said.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Later(AFTER_OUTAGE, f"{method}: {type(error).__name__}", grows=True) from None


_LIMIT = aiohttp.ClientTimeout(total=SECONDS)


def meaning(what: str, status: int, code: str, waits: str = "") -> Exception:
    """The error to raise for an answer that is no success. `waits` is Retry-After."""
    said = f"{what}: {code or status}"
    if status in PASSING or status >= 500:
        told = min(float(waits), LONGEST) if waits.isascii() and waits.isdigit() else 0.0
        return Later(told or (UNTIL_LIMIT_ENDS if status in (412, 429) else AFTER_OUTAGE), said, grows=not told)
    if status == 401:
        return NotAccepted(UNTIL_TOKEN_IS_RIGHT, said)
    if status == 403 or code in CLOSED:
        return Blocked(said)
    return Gone(said) if status == 404 or code in LOST else Permanent(said)


def is_channel(conversation: str) -> bool:
    return CHANNELS.fullmatch(conversation) is not None


def _conversation(channel: str, thread: str) -> str:
    return "v3/conversations/" + _quoted(f"{channel}{UNDER}{thread}" if thread else channel)


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _object(text: bytes) -> Json:
    try:
        found = orjson.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _id(said: Mapping[str, Any]) -> str:
    return str(said.get("id") or "")


def _code(said: Mapping[str, Any]) -> str:
    """The error's code. Its message is for people, and stays out of logs."""
    error = said.get("error")
    return str(error.get("code") or "")[:80] if isinstance(error, dict) else ""
