"""The mailboxes and all that is in them."""

from collections.abc import Iterable

from bot.sandbox.clock import Clock
from bot.sandbox.mail.model import Letter, Mailbox, Upload


class World:
    """Everybody's mailboxes, in memory. `domain` is the desk's: what is for it goes to the bot."""

    def __init__(self, clock: Clock, domain: str) -> None:
        self.clock, self.domain = clock, domain
        self.mailboxes: dict[str, Mailbox] = {}
        self.letters: dict[str, Letter] = {}
        """In the order in which they came."""
        self.uploads: dict[str, Upload] = {}
        self.number = 0
        """The last one that was given to anything."""

    def new_id(self, letter: str) -> str:
        """An id that nothing has yet."""
        self.number += 1
        return f"{letter}{self.number}"

    def mailbox(self, address: str) -> Mailbox:
        """Raises `LookupError`."""
        return self.mailboxes[address.lower()]

    def is_desk(self, address: str) -> bool:
        """Whether it is one of the desk's: all of its domain are."""
        return _domain(address) == self.domain

    def has_domain(self, address: str) -> bool:
        """Whether anybody has a mailbox at this address's domain."""
        return _domain(address) in {_domain(one) for one in self.mailboxes}

    def add(self, letter: Letter) -> Letter:
        self.letters[letter.id] = letter
        return letter

    def deliver(self, address: str, raw: bytes) -> Letter:
        """Into somebody's inbox."""
        return self.add(Letter(self.new_id("L"), self.mailbox(address).address, "inbox", self.clock(), raw))

    def of(self, mailbox: Mailbox) -> list[Letter]:
        """All of one mailbox, by time."""
        return [one for one in self.letters.values() if one.mailbox == mailbox.address]

    def letter(self, mailbox: Mailbox, number: str) -> Letter:
        """Raises `LookupError`, also for somebody else's."""
        found = self.letters[number]
        if found.mailbox != mailbox.address:
            raise LookupError(f"{mailbox.address} has no letter {number}")
        return found

    def add_file(self, who: str, name: str, data: bytes, kind: str) -> str:
        """Keeps a file that somebody is about to send; its id. Raises `LookupError` for who has no mailbox."""
        self.mailbox(who)
        number = self.new_id("F")
        self.uploads[number] = Upload(name, kind, data)
        return number

    def files(self, numbers: Iterable[str]) -> list[Upload]:
        """Raises `LookupError`."""
        return [self.uploads[one] for one in numbers]


def _domain(address: str) -> str:
    return address.lower().rpartition("@")[2]
