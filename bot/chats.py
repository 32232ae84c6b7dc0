"""What a chat is to the rest of the shell: arrivals come in, answers and posts go out. One folder of `bot/` implements it for each chat."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from bot.reading import Reading
from handlers.cards import Card
from handlers.core import Account, Attached, Message, Person, Place, Post, Standing, Where
from handlers.forms import Form, Invalid
from handlers.frozen import dataclass
from handlers.ports import Fetched, Files

LONGEST_KEY = 255


class Build(Protocol):
    """Makes the neutral message once it is known who acts: usually `partial(Press, action=..., subject=...)`."""

    def __call__(self, *, key: str, actor: Person, where: Where) -> Message: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something a person did in a chat. `key` identifies it among redeliveries (see the chat's own rules).

    `words` are what they wrote, to be given back where it could not be taken.
    """

    account: Account
    where: Where
    key: str
    build: Build
    words: str = ""
    mentioned: bool = False
    """Our name was called."""
    message_id: str = ""
    """The chat's own id of the message that was changed."""
    author: Account | None = None
    """Who wrote what is pointed at."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person who acted sees at once; None: the change itself is the answer.

    `quiet`: only needed where the pressed card is not a post of ours (a private answer, which it then replaces): a post is redrawn anyway.
    """

    reply: Card | Form | Invalid | None
    reading: Reading
    quiet: bool = False
    refused: bool = False
    """It only says why nothing was done: for the person who acted, and for nobody else."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a chat says about one of its accounts; "" where it does not say."""

    name: str
    email: str | None = None
    zone: str = ""
    language: str = ""
    standing: Standing = Standing.member


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the chat has accepted: its id, and the conversation it went to (a dm's is only known now)."""

    message_id: str
    channel: str


class Gone(Exception):
    """The message can no longer be edited (deleted, too old): what it showed must be posted anew."""


Payload = Mapping[str, Any]
"""A card in the chat's own form, ready to send."""


class ChatClient(Protocol):
    """Sending into one chat. Raises `bot.pump.Later` (not now: rate limit, outage) or `bot.pump.Permanent` (never)."""

    def render(
        self,
        card: Card,
        reading: Reading,
        users: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        *,
        link: str = "",
    ) -> Payload:
        """`users`: person id -> the chat's own user id, for those whom the card mentions. `files`: content hash -> the chat's id of a
        picture that it has; instead of others the words that describe them are shown. `link`: where all of it can be read, if the chat
        has no room for it."""
        ...

    async def personal(self, post: Post, place: Place, payload: Payload) -> Payload:
        """The same, with the names of those who see a post as theirs instead of as everybody does, in chats that can do that.

        Equal posts in equal places (but for their ids) share one payload.
        """
        ...

    async def post(self, place: Place, payload: Payload, thread: str) -> Sent: ...
    async def reply(self, payload: Payload) -> None:
        """Gives an answer that stood in the outbox, in the form in which the same chat has put it there."""
        ...

    async def update(self, place: Place, message_id: str, payload: Payload) -> None: ...
    async def sees(self, workspace: str, channel: str) -> bool:
        """Whether a channel is there for us, and open. Raises `Later` when that cannot be told now."""
        ...

    async def profile(self, account: Account) -> Profile | None:
        """Who this is, as the chat tells; None when it does not know them. Raises TimeoutError when it does not answer in time."""
        ...


class Fetcher(Protocol):
    """The files that people send in one chat. Raises what `ChatClient` raises."""

    async def fetch(self, file: Attached, into: Files) -> Fetched:
        """Keeps the bytes of a file of the chat."""
        ...


class Carrier(Fetcher, Protocol):
    """A chat that takes files as well. Raises what `ChatClient` raises, and `bot.carrying.NotYet` for what will be possible soon."""

    async def upload(self, workspace: str, file: Attached, data: AsyncIterator[bytes], size: int) -> str:
        """Gives a kept file to a workspace, where nobody sees it yet; its id there. `size` in bytes."""
        ...

    async def share(self, place: Place, thread: str, remote_id: str, name: str) -> None:
        """Shows an uploaded file in a place, under the message `thread`."""
        ...

    async def is_shared(self, place: Place, remote_id: str) -> bool:
        """Whether that was done already."""
        ...

    async def publish(self, workspace: str, remote_id: str, name: str) -> None:
        """Ends the upload of a file that is shown on cards only."""
        ...

    async def is_ready(self, workspace: str, remote_id: str) -> bool:
        """Whether a published picture can be shown on cards; False if it never will be. Raises `NotYet`."""
        ...

    async def take_back(self, workspace: str, remote_id: str) -> None:
        """Deletes an uploaded file. That it is gone already is no error."""
        ...


class HomePages(Protocol):
    """The own pages of people in one chat."""

    async def refresh(self, payload: Payload) -> None:
        """Draws a page again that stood in the outbox, if its owner may still be looking at it. Raises as `ChatClient` does."""
        ...


def shortened(key: str) -> str:
    """A key as it can be stored: a long one ends in the hash of the whole."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}:{digest}"
