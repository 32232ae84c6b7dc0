"""Slack's files: fetched with the token of their workspace, uploaded in three steps, deleted.

The token goes to one origin only, whatever an address says, and no redirect leads away from it. Without the scope files:read, Slack answers
with a page to sign in, and with status 200. https://docs.slack.dev/reference/objects/file-object and .../methods/files.getUploadURLExternal
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiohttp
from yarl import URL

from bot.carrying import NotYet
from bot.pump import Permanent
from bot.slack.faults import meaning, translated
from bot.slack.installed import Installations
from bot.slack.text import Json
from bot.words import received
from handlers.core import Attached, FileState, Place
from handlers.ports import LARGEST_FILE, Fetched, Files, TooLarge

FILES = "https://files.slack.com"
PIECE = 1 << 16
REDIRECTS = 3
PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=10)
"""A large file may take as long as its outbox row may; each piece of it may not."""
DELETED = ("file_not_found", "file_deleted")
MOVED = frozenset({301, 302, 303, 307, 308})


class Call(Protocol):
    """A method of the Web API."""

    async def __call__(self, workspace: str, method: str, arguments: Mapping[str, Any], *, form: bool = False) -> Json: ...


class Wait(Protocol):
    """Takes a place among the messages of a channel. Raises `Later` while there is none."""

    async def __call__(self, workspace: str, channel: str) -> None: ...


class Closed(Exception):
    """Slack does not hand it out to us, and will not soon."""


class Interrupted(Exception):
    """The bytes did not all arrive: to be tried again, ever more rarely."""


class SlackFiles:
    """Implements `bot.chats.Carrier`. `origin` is the one to which the token may go."""

    def __init__(self, http: aiohttp.ClientSession, installations: Installations, call: Call, wait: Wait, origin: str = FILES) -> None:
        self._http, self._installations, self._call, self._wait, self._origin = http, installations, call, wait, URL(origin).origin()

    # ------------------------------------------------------------ fetching

    async def fetch(self, file: Attached, into: Files) -> Fetched:
        """What the event told may be old or, of another workspace's file, nothing at all: so Slack is asked first."""
        try:
            told = (await self._call(file.workspace, "files.info", {"file": file.remote_id}, form=True)).get("file") or {}
        except Permanent as error:
            return Fetched("gone" if str(error).endswith(DELETED) else "closed")
        known = _known(told)
        if known.state != "coming":
            return known
        try:
            content = await into.put(self._bytes(file.workspace, told), LARGEST_FILE)
        except TooLarge:
            return _in_state(known, "large")
        except Closed:
            return _in_state(known, "closed")
        return Fetched("kept", content, known.name, known.mime, await into.size(content) or known.size, known.link)

    async def _bytes(self, workspace: str, told: Json) -> AsyncIterator[bytes]:
        try:
            async with self._opened(workspace, str(told.get("url_private_download") or told.get("url_private") or "")) as answer:
                if _is_sign_in(answer):
                    raise Closed("a page to sign in")
                async for piece in answer.content.iter_chunked(PIECE):
                    yield piece
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Interrupted(f"download: {type(error).__name__}") from None

    @asynccontextmanager
    async def _opened(self, workspace: str, address: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer with the bytes. Raises `Closed` for an address or a redirect that is not Slack's own."""
        installation = await self._installations.find(workspace)
        if installation is None:
            raise Permanent(f"download: not installed in {workspace}")
        headers = {"Authorization": f"Bearer {installation.token}"}
        for _ in range(REDIRECTS + 1):
            url = self._own(address)
            async with self._http.get(url, headers=headers, allow_redirects=False, timeout=PATIENCE) as answer:
                if answer.status not in MOVED:
                    _expect_bytes(answer)
                    yield answer
                    return
                address = str(url.join(URL(answer.headers.get("Location", ""), encoded=True)))
        raise Closed("one redirect after another")

    def _own(self, address: str) -> URL:
        try:
            url = URL(address, encoded=True)
            if url.user is None and url.password is None and url.origin() == self._origin:
                return url
        except (ValueError, TypeError):
            pass
        raise Closed("the address is not one of Slack's files")

    # ------------------------------------------------------------ bringing

    async def upload(self, workspace: str, file: Attached, data: AsyncIterator[bytes], size: int) -> str:
        """The first two of the three steps; until the third nobody sees it."""
        asked = {"filename": file.name, "length": size}
        said = await self._call(workspace, "files.getUploadURLExternal", asked, form=True)
        try:
            url = self._own(str(said.get("upload_url", "")))
        except Closed:
            raise Permanent("upload: the address is not one of Slack's files") from None
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        async with (
            translated("upload"),
            self._http.post(url, data=data, headers=headers, allow_redirects=False, timeout=PATIENCE) as answer,
        ):
            if answer.status != 200:
                raise meaning("upload", answer.status, answer.headers, f"status {answer.status}")
        return str(said["file_id"])

    async def share(self, place: Place, thread: str, remote_id: str, name: str) -> None:
        await self._wait(place.workspace, place.channel)
        under = {"thread_ts": thread} if thread else {}
        asked = {"files": [{"id": remote_id, "title": name}], "channel_id": place.channel, **under}
        await self._call(place.workspace, "files.completeUploadExternal", asked)

    async def publish(self, workspace: str, remote_id: str, name: str) -> None:
        await self._call(workspace, "files.completeUploadExternal", {"files": [{"id": remote_id, "title": name}]})

    async def is_shared(self, place: Place, remote_id: str) -> bool:
        try:
            told = (await self._call(place.workspace, "files.info", {"file": remote_id}, form=True)).get("file") or {}
        except Permanent:
            return False  # not completed yet: Slack knows it only then
        shares = told.get("shares")
        places = [one for one in shares.values() if isinstance(one, dict)] if isinstance(shares, dict) else []
        return any(place.channel in one for one in places)

    async def is_ready(self, workspace: str, remote_id: str) -> bool:
        """Slack looks through a file before it can be shown, and names its kind when it is done."""
        try:
            told = (await self._call(workspace, "files.info", {"file": remote_id}, form=True)).get("file") or {}
        except Permanent:
            return False
        if not told.get("mimetype"):
            raise NotYet("files.info: not processed yet")
        return True

    async def take_back(self, workspace: str, remote_id: str) -> None:
        try:
            await self._call(workspace, "files.delete", {"file": remote_id})
        except Permanent as error:
            if not str(error).endswith(DELETED):
                raise


def _known(told: Json) -> Fetched:
    """What Slack says of a file: its state is "coming" if its bytes can be asked for."""
    size = told.get("size")
    name, mime, link = (received(str(told.get(fact) or "")) for fact in ("name", "mimetype", "permalink"))
    known = Fetched("coming", "", name, mime, size if type(size) is int else 0, link)
    access = told.get("file_access")
    if told.get("mode") == "tombstone" or access == "file_not_found":
        return _in_state(known, "gone")
    if told.get("is_external") or told.get("mode") == "external":
        return _in_state(known, "elsewhere")
    if told.get("mode") == "hidden_by_limit" or access == "access_denied" or not told:
        return _in_state(known, "closed")
    return _in_state(known, "large") if known.size > LARGEST_FILE else known


def _in_state(known: Fetched, state: FileState) -> Fetched:
    return Fetched(state, "", known.name, known.mime, known.size, known.link)


def _expect_bytes(answer: aiohttp.ClientResponse) -> None:
    if answer.status in (401, 403, 404, 410):
        raise Closed(f"status {answer.status}")
    if answer.status != 200:
        found = meaning("download", answer.status, answer.headers, f"status {answer.status}")
        raise Interrupted(str(found)) if isinstance(found, Permanent) else found


def _is_sign_in(answer: aiohttp.ClientResponse) -> bool:
    """Slack hands out a file, of whatever kind, as an attachment; a page of its own it does not."""
    disposition = answer.headers.get("Content-Disposition", "")
    return answer.content_type == "text/html" and not disposition.lower().startswith("attachment")
