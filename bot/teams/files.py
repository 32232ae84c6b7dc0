"""Files of Teams: where their bytes are, kept from the message until they are fetched.

A file sent 1:1 comes with an address that is good for some minutes without a token, a picture with one of the connector's own. A file sent
in a channel lies in SharePoint, which opens for Graph and for people, not for a bot: it stays there, and what Teams tells of it is a mark
in the message's HTML, and with "Make this a ticket" its name and place. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from mimetypes import guess_extension, guess_type
from typing import Protocol

import aiohttp
from yarl import URL

from bot.pump import Later, Permanent
from bot.teams.activity import Activity, Body, part, parts, word
from bot.teams.lines import Lines
from bot.teams.links import link_to
from bot.teams.tokens import AppTokens
from handlers.core import Attached, Attachment
from handlers.frozen import dataclass
from handlers.ports import LARGEST_FILE, Fetched, Files, TooLarge

DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
REFERENCE = "reference"
SHAREPOINT = ("sharepoint.com", "sharepoint.us", "sharepoint.cn")
HOSTS = (*SHAREPOINT, "svc.ms", "1drv.com")
"""Where Microsoft keeps people's files; the connector's own host is the other one."""
KEPT = 3600.0
PIECE = 1 << 16
REDIRECTS = 3
LONGEST = 4000
PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=10)
MOVED = frozenset({301, 302, 303, 307, 308})
GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MARK = re.compile(rf"<attachment\b[^<>]*\bid=\"({GUID})\"", re.IGNORECASE)
"""Where a file stood in a message. The marks of cards and quoted messages have ids of other kinds."""


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
    rows = parts(activity.raw, "attachments")
    found = [one for row in rows if (one := _found(row)) is not None]
    return [*found, *(_marked(activity, rows) if not activity.direct else ())]


def found_on(payload: Body) -> list[Found]:
    """The files of a message that somebody points at. Its pictures and all else that only Graph hands out stay there."""
    return [one for row in parts(payload, "attachments") if word(row, "contentType") == REFERENCE and (one := _found(row)) is not None]


def stay(activity: Activity) -> bool:
    """Whether a message has files that stay where they were sent."""
    return any(one.file.elsewhere for one in found_in(activity))


def _marked(activity: Activity, rows: list[Body]) -> list[Found]:
    """Files of which Teams says only that they are there: the message that has them is all that can be linked to."""
    pages = [word(row, "content") for row in rows if word(row, "contentType") == "text/html"]
    marks = dict.fromkeys(mark.lower() for page in pages for mark in MARK.findall(page))
    told = {word(row, "id").lower() for row in rows}
    return [Found(Attachment(mark, "file", link=link_to(activity), elsewhere=True), "") for mark in marks if mark not in told]


def _found(one: Body) -> Found | None:
    kind, name, link = word(one, "contentType"), word(one, "name"), word(one, "contentUrl")
    if kind == REFERENCE:
        place = link if _is_https(link) and _lies_in(_host(link), SHAREPOINT) else ""
        remote = word(one, "id").lower() or hashlib.sha256(link.encode()).hexdigest()
        return Found(Attachment(remote[:300], name or "file", guess_type(name)[0] or "", 0, place, elsewhere=True), "")
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


def _host(url: str) -> str:
    """The host of a web address; "" if it is none."""
    try:
        return URL(url, encoded=True).host or ""
    except ValueError:
        return ""


def _lies_in(host: str, domains: tuple[str, ...]) -> bool:
    return host.lower().endswith(tuple(f".{one}" for one in domains))


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
        if url.user is None and (url.origin() == own or (url.scheme == "https" and _lies_in(host, HOSTS))):
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
