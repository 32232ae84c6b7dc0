"""Through what a handler reaches the world: reading, stating what should happen, and the office's policy.

Every getter takes the viewer and finds only what that viewer may see. Changes are stated in a unit of work and committed at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from handlers.core import (
    Account,
    Affected,
    Attached,
    Chat,
    Comment,
    Dialog,
    Event,
    FileState,
    History,
    Home,
    Link,
    Notice,
    Offer,
    Person,
    Place,
    Post,
    Remote,
    Ticket,
    Urgency,
    Wait,
    Where,
)
from handlers.forms import Show
from handlers.frozen import dataclass
from handlers.office.model import Office


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a person (`person`), everybody in a place (`queues` of it, or its `vendor`), or the desk itself (`desk`).

    `queues` are those the viewer works in; all of it is within one organisation.
    """

    organisation: str
    person: str | None = None
    queues: frozenset[str] = frozenset()
    vendor: str | None = None
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """A person who follows a ticket, and who may therefore see it."""

    id: str
    organisation: str
    ticket: str
    person: str


@dataclass(frozen=True, slots=True)
class File:
    """All that belongs to one ticket now: what a card of it is drawn from. `watchers` are person ids."""

    ticket: Ticket
    waits: tuple[Wait, ...] = ()
    offers: tuple[Offer, ...] = ()
    affected: tuple[Affected, ...] = ()
    watchers: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()

    @property
    def open_waits(self) -> tuple[Wait, ...]:
        return tuple(w for w in self.waits if w.ended_at is None)

    @property
    def live_offers(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.is_live)


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets with what they wait for, and how many there are in all (counted up to 1,000)."""

    files: tuple[File, ...]
    total: int

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        return tuple(file.ticket for file in self.files)


Which = Literal["mine", "waiting", "queue", "late", "offered"]


class Tickets(Protocol):
    """Reading tickets. What the viewer may not see does not exist: None, or absent from the page."""

    async def file(self, viewer: Viewer, ticket: str) -> File | None: ...
    async def numbered(self, viewer: Viewer, number: int) -> File | None: ...
    async def list(self, viewer: Viewer, which: Which, now: datetime, limit: int) -> Page:
        """mine: the viewer's open reports, the newest first; waiting: those of them that wait for the viewer, who is asked something, or
        whether it is fixed; queue: open ones of the viewer's queues, soonest due first; late: those past a due moment;
        offered: open ones with a live offer to the viewer's vendor, the longest offered first.
        """
        ...

    async def find(self, viewer: Viewer, words: str, limit: int) -> Page:
        """Tickets whose title or body holds every word, newest first."""
        ...

    async def comments(self, viewer: Viewer, ticket: str, limit: int) -> Sequence[Comment]:
        """The latest comments that the viewer may read, oldest first."""
        ...

    async def comment(self, viewer: Viewer, comment: str) -> Comment | None: ...
    async def standing_at(self, viewer: Viewer, system: str, remote_id: str) -> str | None:
        """The subject in the viewer's organisation that is known by this id elsewhere."""
        ...

    async def history(self, viewer: Viewer, subject: str, limit: int) -> Sequence[History]:
        """The latest lines, oldest first."""
        ...

    async def latest_by(self, viewer: Viewer, requester: str, since: datetime) -> Ticket | None:
        """The requester's newest report made at or after `since`."""
        ...

    async def held_by(self, viewer: Viewer, person: str, limit: int) -> Sequence[Ticket]:
        """The open tickets that this person has, the oldest first."""
        ...

    async def closed_before(self, viewer: Viewer, before: datetime, limit: int) -> Sequence[str]:
        """The ids of tickets that have been closed since before then and still have their words, the oldest first. For the desk itself."""
        ...

    async def emptied_before(self, viewer: Viewer, before: datetime, limit: int) -> Sequence[str]:
        """Those whose words were removed before then."""
        ...

    async def neglected(self, viewer: Viewer, now: datetime, limit: int) -> Sequence[Ticket]:
        """Open tickets that nobody has answered in time, or that nobody has and that are overdue, with no open wait and no open offer.

        Those about which somebody was told already (the notice "late", version 0) are left out.
        """
        ...


class People(Protocol):
    """Who is who. Persons are cached: a lookup of somebody known costs no query."""

    async def of_account(self, account: Account) -> Person | None: ...
    async def get(self, organisation: str, person: str) -> Person | None: ...
    async def by_email(self, organisation: str, email: str) -> Person | None: ...
    async def many(self, organisation: str, persons: Iterable[str]) -> Mapping[str, Person]: ...
    async def accounts(self, organisation: str, person: str) -> Sequence[Account]: ...
    async def is_apart(self, account: Account) -> bool:
        """Whether an administrator keeps it from joining somebody of the same e-mail address."""
        ...

    async def is_forgotten(self, organisation: str, account: Account, email: str | None) -> bool:
        """Whether the account or the address is of somebody who asked to be forgotten."""
        ...

    async def organisation_of(self, chat: Chat, workspace: str) -> str | None:
        """The organisation to which that workspace's installation belongs; None for a stray one."""
        ...

    async def vendor_of(self, chat: Chat, workspace: str) -> str | None:
        """The vendor of that organisation whose workspace it is; None for the organisation's own."""
        ...


class Places(Protocol):
    async def get(self, organisation: str, place: str) -> Place | None: ...
    async def at(self, organisation: str, where: Where) -> Place | None:
        """The known place of an incoming message."""
        ...

    async def of_queue(self, organisation: str, queue: str) -> Sequence[Place]: ...
    async def of_vendor(self, organisation: str, vendor: str) -> Sequence[Place]:
        """The channels in which a vendor hears of tickets."""
        ...

    async def direct(self, organisation: str, person: str) -> Sequence[Place]:
        """The direct conversations with a person, the one last used first."""
        ...


class Posts(Protocol):
    async def get(self, organisation: str, post: str) -> Post | None: ...
    async def of(self, organisation: str, subject: str) -> Sequence[Post]: ...
    async def at(self, organisation: str, place: str, message_id: str) -> Post | None:
        """The post that stands at a message of a place: what a thread or a reply is about."""
        ...

    async def stale(self, organisation: str, place: str, after: str, limit: int) -> Sequence[Post]:
        """Those of a place that are not shown there, or not as they are now, by rising id from `after` on."""
        ...


class Attachments(Protocol):
    """The files on tickets, as far as the viewer may see the ticket and read the comment."""

    async def of(self, viewer: Viewer, ticket: str) -> Sequence[Attached]:
        """In the order in which they came, without those of deleted comments."""
        ...

    async def get(self, viewer: Viewer, file: str) -> Attached | None: ...
    async def from_chat(self, viewer: Viewer, chat: Chat, workspace: str, remote_id: str) -> Sequence[Attached]:
        """All that came from this one file of a chat: it may have been shown to us several times."""
        ...

    async def holding(self, viewer: Viewer, content: str) -> Sequence[Attached]:
        """Those whose bytes are this content."""
        ...

    async def uploaded(self, viewer: Viewer, content: str) -> Sequence[Remote]:
        """Where this content was uploaded to be shown on cards: `system` is "chat:workspace", `remote_id` the chat's id of it."""
        ...


class Notices(Protocol):
    async def get(self, organisation: str, notice: str) -> Notice | None: ...


class Homes(Protocol):
    async def looked_at(self, organisation: str, persons: Iterable[str], since: datetime) -> Sequence[Home]:
        """The own pages of these people that they have opened after a moment."""
        ...


class Dialogs(Protocol):
    async def asking(self, organisation: str, person: str) -> Dialog | None:
        """The dialog that has put a question to the person and waits for the answer."""
        ...

    async def get(self, organisation: str, dialog: str) -> Dialog | None: ...
    async def queued(self, organisation: str, person: str) -> Sequence[Dialog]:
        """Those that wait for their turn, oldest first."""
        ...


Row = Ticket | Wait | Offer | Affected | Link | Comment | Attached | Post | Dialog | Watch | Person | Place | Remote
"""What a unit of work can add."""
Versioned = Ticket | Wait | Offer | Affected | Comment | Attached | Dialog
"""What a unit of work can save, guarded by its version."""


@dataclass(frozen=True, slots=True)
class Forget:
    """A person: name, address, accounts, direct conversations, notices, dialogs and what they follow. Their accounts are marked."""

    person: str


@dataclass(frozen=True, slots=True)
class Empty:
    """All words on a ticket; what it was, when and how long stays."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Discard:
    """A ticket with everything of its own. Of its history only what happened and when stays."""

    ticket: str


Erasure = Forget | Empty | Discard


class Work(Protocol):
    """All that one message changes: collected while the handler thinks, written at once or not at all.

    `add`, `save` and the rest only collect. A saved row must carry the version that was read; it is stored with the next one, and a row
    that somebody changed in between makes the commit raise `Conflict`.
    """

    def add(self, *rows: Row) -> None: ...
    def save(self, *rows: Versioned) -> None: ...
    def put(self, *rows: Person | Place | Post | Remote) -> None:
        """Writes rows that have no version: the last writer wins."""
        ...

    def unfollow(self, ticket: str, person: str) -> None:
        """The person follows this ticket no more."""
        ...

    def erase(self, *what: Erasure) -> None:
        """Takes away for good, after everything else of the unit was written."""
        ...

    def join(self, account: Account, person: str) -> None:
        """From now on this account is that person."""
        ...

    def tell(self, event: Event, actor: str | None = None, where: str = "") -> None:
        """A line in the history, and an outbox row for each subscriber. A `ticket.*` event also redraws the ticket's posts."""
        ...

    def notify(self, person: str, subject: str, reason: str, version: int, urgency: Urgency = "now") -> None: ...
    def at(self, due: datetime, timer: str, subject: str, data: Mapping[str, object] | None = None) -> None:
        """A timer: `timer` runs when it is due, checks the state and does nothing if it is too late."""
        ...

    def refresh(self, home: Home, due: datetime) -> None:
        """Have somebody's own page drawn again at this moment, if they may still be looking at it."""
        ...

    def deliver(self, *posts: Post) -> None:
        """Have these posts drawn and sent, or redrawn if what they show has changed."""
        ...

    async def commit(self, reply: Show | None = None) -> bool:
        """Write everything. False: this key was heard before, nothing is written, `earlier` is its reply. Raises Conflict."""
        ...

    @property
    def earlier(self) -> Show | None: ...

    def number(self, ticket: str) -> int:
        """The number that an added ticket got in the commit."""
        ...


class TooLarge(Exception):
    """There are more bytes than may be kept; none of them are."""


class Files(Protocol):
    """The bytes of one organisation's files, each content once and named by its hash: SHA-256, as 64 hex digits.

    What a file is called and who may see it stands in rows. Whoever removes content looks before whether another row still holds it.
    """

    async def put(self, data: bytes | AsyncIterable[bytes], most: int | None = None) -> str:
        """Keeps it and gives its hash. More than `most` bytes raise `TooLarge`; that, or a stream that breaks off, leaves nothing."""
        ...

    async def size(self, content: str) -> int | None:
        """In bytes; None if it is not there."""
        ...

    def open(self, content: str) -> AsyncIterator[bytes]:
        """Its bytes, piece by piece. Raises FileNotFoundError before the first piece if it is not there."""
        ...

    def contents(self) -> AsyncIterator[str]:
        """The hashes of all that is kept, in no order."""
        ...

    async def remove(self, content: str) -> None:
        """Forgets it. That it was not there is no error."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a file that was asked of its chat: kept as `content`, or in another state and why it was not kept.

    The rest is what the chat says of it now, "" and 0 where it says nothing.
    """

    state: FileState
    content: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    link: str = ""


LARGEST_FILE = 20 * 1024 * 1024
"""Bytes. What is larger stays where it is."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A category that words may be about; `sure` from 0 to 1."""

    category: str
    sure: float


SURE = 0.45
"""A guess at least this sure is taken; under it the person is asked with one press."""


class Categorizer(Protocol):
    def guess(self, office: Office, text: str) -> Sequence[Guess]:
        """The likeliest categories first; none when no word fits."""
        ...

    def kind(self, text: str, category: str) -> Literal["incident", "request"]:
        """Something broken, or something wanted."""
        ...


class Reader(Protocol):
    """Reading words: every understanding of what a person typed is a method of this one port. None: not understood, ask."""

    def yes(self, text: str) -> bool | None: ...
    def date(self, text: str, today: datetime, zone: str) -> datetime | None: ...
    def percent(self, text: str) -> int | None: ...
    def money(self, text: str) -> str | None: ...
    def looks_like_report(self, office: Office, text: str) -> bool: ...


class Desk(Protocol):
    """Everything a handler may use. `now` is business time: the sandbox can move it."""

    @property
    def tickets(self) -> Tickets: ...
    @property
    def people(self) -> People: ...
    @property
    def places(self) -> Places: ...
    @property
    def posts(self) -> Posts: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def homes(self) -> Homes: ...
    @property
    def dialogs(self) -> Dialogs: ...
    @property
    def categorizer(self) -> Categorizer: ...
    @property
    def reader(self) -> Reader: ...

    def files(self, organisation: str) -> Files:
        """What is kept of that organisation."""
        ...

    async def fetch(self, file: Attached) -> Fetched:
        """Asks the chat for a file and keeps its bytes. Raises when the chat cannot say just now: try again."""
        ...

    async def upload(self, system: str, file: Attached) -> str:
        """Gives a kept picture to a workspace ("chat:workspace"), to be shown on cards; its id there, "" where the chat takes none."""
        ...

    async def uploaded(self, system: str, remote_id: str) -> bool:
        """Whether an uploaded picture can be shown. Raises when that is still to come: try again."""
        ...

    async def take_back(self, system: str, remote_id: str) -> None:
        """Deletes what was uploaded. That it is gone already is no error."""
        ...

    async def shows(self, place: Place, file: Attached) -> bool:
        """Whether a card in this place shows the picture that this file is."""
        ...

    def link_to(self, file: Attached, person: Person) -> str:
        """Where this person, and nobody else, can fetch a kept file for a day; "" where we have no address."""
        ...

    def now(self) -> datetime: ...
    def new_id(self) -> str: ...
    def link(self, subject: str) -> str:
        """The address of a ticket that may be given to anybody; "" where the desk has none on the web: then none is shown."""
        ...

    def linked(self, text: str) -> str:
        """The subject to which a text leads that is such an address and nothing else; "" for all others."""
        ...

    async def office(self, organisation: str) -> Office: ...
    def work(self, organisation: str, key: str | None = None) -> Work:
        """A unit of work. With a key it is done once: the key of the message that is handled, or of the timer or event."""
        ...
