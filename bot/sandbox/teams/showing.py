"""Pictures on cards, as Teams shows them: its own machines fetch the address, whoever looks, and as often as a card comes or changes.

They bring no sign-in, follow no redirect and keep no cookie. What they cannot show is noted as trouble; people read its `altText` instead.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from bot.pictures import LARGEST, WIDEST, extent, kind
from bot.sandbox.teams.courier import Courier
from bot.sandbox.teams.model import Message
from bot.sandbox.teams.platform import Platform
from bot.sandbox.teams.widgets import addresses

KINDS = ("image/png", "image/jpeg", "image/gif")


class NotShown(Exception):
    """Why a picture is not seen."""


@dataclass
class Showing:
    """The machines between the clients and the web. `public_url` is the bot's address out there: what is below it is asked of the bot on
    loopback. Nothing else is ever asked for.
    """

    platform: Platform
    courier: Courier
    public_url: str = ""

    def show(self, message: Message) -> None:
        """A message is new or changed: its pictures are fetched in the background."""
        for url in dict.fromkeys(addresses([one.get("content") for one in message.attachments])):
            if not url.startswith("data:"):
                self.courier.later(self._load(url))

    async def _load(self, url: str) -> None:
        try:
            self.platform.world.pictures[url] = await self._fetched(url)
        except NotShown as why:
            self.platform.world.pictures.pop(url, None)
            self.platform.troubles.append(f"picture: {why}")
        self.platform.changes.tell()

    async def _fetched(self, url: str) -> bytes:
        public = self.public_url.rstrip("/")
        if not public or not url.startswith(f"{public}/"):
            raise NotShown(f"{urlsplit(url).scheme}://{urlsplit(url).netloc} cannot be reached")
        if not url.startswith("https://"):
            raise NotShown("only https is fetched")
        bot = urlsplit(self.courier.url)
        try:
            async with (
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
                http.get(f"{bot.scheme}://{bot.netloc}{url.removeprefix(public)}", allow_redirects=False) as got,
            ):
                return checked(got, await got.read())
        except aiohttp.ClientError as error:
            raise NotShown(type(error).__name__) from error


def checked(got: aiohttp.ClientResponse, data: bytes) -> bytes:
    """The picture, as strictly as the documents have it: https, PNG, JPEG or GIF, up to 1 MB, up to 1024 pixels."""
    if got.status != 200:
        raise NotShown(f"status {got.status}")
    if got.headers.get("X-Content-Type-Options") != "nosniff" or "Set-Cookie" in got.headers:
        raise NotShown("the headers are not those of a picture")
    if got.content_type not in KINDS or kind(data) != got.content_type:
        raise NotShown(f"{got.content_type} is none of {', '.join(KINDS)}, or the bytes are something else")
    if len(data) > LARGEST or not 0 < max(extent(data)) <= WIDEST:
        raise NotShown(f"{len(data)} bytes, {extent(data)} pixels")
    return data
