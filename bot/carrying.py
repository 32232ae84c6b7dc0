"""The desk's way to the files of the chats: which chat it is, what is counted, and the links under which kept files are served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from yarl import URL

from bot import metrics
from bot.chats import Carrier, Fetcher
from bot.invitations import Signed
from bot.pictures import PictureLinks, image
from bot.pump import Permanent
from handlers.core import Attached, Person
from handlers.ports import Fetched
from storage.files import FileStore

DAY = 86_400
PATH = "/f/"


class NotYet(Exception):
    """It will be possible soon: to be tried again, a few times and ever more rarely."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a link is for: a file, and the one person to whom it was given."""

    organisation: str
    file: str
    person: str


class FileLinks:
    """Personal links to kept files, good for a day of machine time. They say what is wanted; whether that is allowed is looked at anew."""

    def __init__(self, public_url: str, keys: Sequence[str]) -> None:
        self._base, self._signed = URL(public_url), Signed(keys, "file", DAY)

    def to(self, file: Attached, person: Person) -> str:
        signed = self._signed.write({"of": file.organisation, "file": file.id, "for": person.id})
        return str(self._base / PATH.strip("/") / signed)

    def read(self, text: str) -> Wanted:
        """Raises `bot.invitations.NotGood`."""
        value = self._signed.read(text)
        return Wanted(str(value["of"]), str(value["file"]), str(value["for"]))


@dataclass(frozen=True, slots=True)
class Carrying:
    """What `StoreDesk` needs for files. `carriers` are those of the chats that take and give files, by the chat's name; `fetchers` of those
    that only give them."""

    kept: FileStore
    carriers: dict[str, Carrier] = field(default_factory=dict)
    fetchers: dict[str, Fetcher] = field(default_factory=dict)
    links: FileLinks | None = None
    pictures: PictureLinks | None = None
    by_address: set[str] = field(default_factory=set)
    """The chats that show a picture by its address."""

    async def fetch(self, file: Attached) -> Fetched:
        found = await (self.fetchers.get(file.chat) or self._of(file.chat)).fetch(file, self.kept.of(file.organisation))
        metrics.file(found.state)
        return found

    async def upload(self, system: str, file: Attached) -> str:
        """The upload of a picture that is shown on cards only."""
        chat, _, workspace = system.partition(":")
        files = self.kept.of(file.organisation)
        size = await files.size(file.content)
        if size is None or chat not in self.carriers:
            return ""
        carrier = self.carriers[chat]
        remote = await carrier.upload(workspace, file, files.open(file.content), size)
        await carrier.publish(workspace, remote, file.name)
        return remote

    async def uploaded(self, system: str, remote_id: str) -> bool:
        chat, _, workspace = system.partition(":")
        return await self._of(chat).is_ready(workspace, remote_id)

    async def take_back(self, system: str, remote_id: str) -> None:
        chat, _, workspace = system.partition(":")
        if chat in self.carriers:
            await self.carriers[chat].take_back(workspace, remote_id)

    async def shows(self, chat: str, file: Attached) -> bool:
        """Whether a picture is one that the chat shows: all are where it has them itself, if it takes files at all."""
        if chat in self.by_address:
            return self.pictures is not None and await image(self.kept.of(file.organisation), file.content) is not None
        return chat in self.carriers

    def link_to(self, file: Attached, person: Person) -> str:
        return self.links.to(file, person) if self.links else ""

    def _of(self, chat: str) -> Carrier:
        if chat not in self.carriers:
            raise Permanent(f"{chat} is not connected")
        return self.carriers[chat]
