"""What mailboxes hold, as plain data."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic import Base64Bytes

from bot.sandbox.mail.reading import Contents, read

State = Literal["", "waiting", "delivered", "returned"]


@dataclass(frozen=True)
class Mailbox:
    """Somebody's. `party`: the office or the vendor they belong to. The address is in lower case."""

    address: str
    name: str
    party: str = ""


@dataclass(frozen=True)
class Upload:
    """A file that its owner is about to send."""

    name: str
    type: str
    data: bytes


@dataclass
class Letter:
    """One letter in one mailbox: received, or a copy of one that was sent. `raw` is all of it as it went over the wire; it came here `at`.

    `desk`: the desk's addresses that a sent one is for. Its `state` is "" if there are none; while it is waiting, it was tried
    `tries` times and is tried again when it is `due`. Times are seconds since 1970.
    """

    id: str
    mailbox: str
    folder: Literal["inbox", "sent"]
    at: float
    raw: Base64Bytes
    read: bool = False
    desk: list[str] = field(default_factory=list)
    state: State = ""
    tries: int = 0
    due: float = 0.0

    @cached_property
    def contents(self) -> Contents:
        """What it says, taken apart."""
        return read(self.raw)

    def says(self, words: str) -> bool:
        """Whether these words are in its subject or its text."""
        return words in f"{self.contents.subject}\n{self.contents.text}"
