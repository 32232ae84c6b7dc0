"""Files of Teams: where their bytes are, kept from the message until they are fetched.

A file sent 1:1 comes with an address that is good for some minutes without a token, a picture with one of the connector's own. In channels
Teams tells a bot of a file's place only (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4): it stays there.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from mimetypes import guess_extension, guess_type
from typing import Protocol

import aiohttp
from yarl import URL

from bot.pump import Later, Permanent
from bot.teams.activity import Activity, Body, part, parts, word
from bot.teams.lines import Lines
from bot.teams.tokens import AppTokens
from handlers.core import Attached, Attachment
from handlers.frozen import dataclass
from handlers.ports import LARGEST_FILE, Fetched, Files, TooLarge

DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
HOSTS = ("sharepoint.com", "sharepoint.us", "sharepoint.cn", "svc.ms", "1drv.com")
"""Where Microsoft keeps people's files; the connector's own host is the other one."""
KEPT = 3600.0
PIECE = 1 << 16
REDIRECTS = 3
LONGEST = 4000
PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=10)
MOVED = frozenset({301, 302, 303, 307, 308})


class Memory(Protocol):
    """What `storage.coordination` keeps for a while, for all replicas."""

    async def get(self, key: str) -> bytes | None: ...
    async def put(self, key: str, value: bytes, seconds: float) -> None: ...


class Interrupted(Exception):
    """The bytes did not all arrive: to be tried again, ever more rarely."""


class _Closed(Exception):
    """It is not handed out to us."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a message, and where its bytes are just now."""

    file: Attachment
    address: str


def found_in(activity: Activity) -> list[Found]:
    """The files of a message, as far as Teams tells of them."""
    return [one for row in parts(activity.raw, "attachments") if (one := _found(row)) is not None]


def _found(one: Body) -> Found | None:
    kind, name, link = word(one, "contentType"), word(one, "name"), word(one, "contentUrl")
    if kind == DOWNLOAD and _is_https(link):
        content = part(one, "content")
        remote = word(content, "uniqueId") or hashlib.sha256(link.encode()).hexdigest()
        return Found(Attachment(remote[:300], name or "file", guess_type(name)[0] or "", 0, link), word(content, "downloadUrl"))
    if kind.startswith("image/") and link:
        return Found(
            Attachment(hashlib.sha256(link.encode()).hexdigest(), name or f"picture{guess_extension(kind) or ''}", kind[:100]), link
        )
    return None


def _is_https(url: str) -> bool:
    return url.startswith("https://") and len(url) <= LONGEST and url.isprintable() and " " not in url


class TeamsFiles:
    """Fetches. What a message tells of its files is gone after an hour, and after a restart where there is no Redis: then the file is
    named, with its link.
    """

    def __init__(self, http: aiohttp.ClientSession, lines: Lines, tokens: AppTokens | None, memory: Memory) -> None:
        self._http, self._lines, self._tokens, self._memory = http, lines, tokens, memory

    async def remember(self, workspace: str, activity: Activity) -> None:
        for one in found_in(activity):
            if 0 < len(one.address) <= LONGEST:
                await self._memory.put(_key(workspace, one.file.remote_id), one.address.encode(), KEPT)

    async def fetch(self, file: Attached, into: Files) -> Fetched:
        known = await self._memory.get(_key(file.workspace, file.remote_id))
        if known is None:
            return Fetched("closed")
        try:
            content = await into.put(self._bytes(file.workspace, known.decode()), LARGEST_FILE)
        except TooLarge:
            return Fetched("large")
        except _Closed:
            return Fetched("closed")
        return Fetched("kept", content, size=await into.size(content) or 0)

    async def _bytes(self, workspace: str, address: str) -> AsyncIterator[bytes]:
        try:
            async with self._opened(workspace, address) as answer:
                async for piece in answer.content.iter_chunked(PIECE):
                    yield piece
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Interrupted(f"download: {type(error).__name__}") from None

    @asynccontextmanager
    async def _opened(self, workspace: str, address: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer with the bytes. Our token goes to the connector's own host only, and no redirect leads to a host of anybody else's."""
        line = await self._lines.of(workspace)
        own = URL(line.service_url).origin()
        for _ in range(REDIRECTS + 1):
            url = _allowed(address, own)
            with_token = self._tokens is not None and url.origin() == own
            headers = {"Authorization": f"Bearer {await self._tokens.token(line.registration)}"} if self._tokens and with_token else {}
            async with self._http.get(url, headers=headers, allow_redirects=False, timeout=PATIENCE) as answer:
                if answer.status not in MOVED:
                    _expect_bytes(answer)
                    yield answer
                    return
                address = str(url.join(URL(answer.headers.get("Location", ""), encoded=True)))
        raise _Closed


def _key(workspace: str, remote_id: str) -> str:
    return f"teams:file:{workspace}:{remote_id}"


def _allowed(address: str, own: URL) -> URL:
    try:
        url = URL(address, encoded=True)
        host = url.host or ""
        if url.user is None and (url.origin() == own or (url.scheme == "https" and host.endswith(tuple(f".{one}" for one in HOSTS)))):
            return url
    except (ValueError, TypeError):
        pass
    raise _Closed


def _expect_bytes(answer: aiohttp.ClientResponse) -> None:
    if answer.status in (401, 403, 404, 410):
        raise _Closed
    if answer.status == 429 or answer.status >= 500:
        raise Later(5.0, f"download: status {answer.status}")
    if answer.status != 200:
        raise Permanent(f"download: status {answer.status}")
