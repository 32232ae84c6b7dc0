"""The shapes that every feature shares: who acts, where, what they sent, what happened, and the ticket with its waits and offers.

Ids are made by the client (UUIDv7 as 32 hex digits). A subject is `kind:id` ("ticket:0199..."): so features name each other's things.
All times are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from handlers.frozen import dataclass
from handlers.words import Sentence


def says_nothing(text: str) -> bool:
    """Whether there is nothing to see in a text: only spaces, control characters and other invisible marks."""
    if text.isprintable():
        return not text.strip()  # as nearly all are
    return not any(char.isprintable() and not char.isspace() for char in text)


Chat = Literal["slack", "teams", "mail", "page", "console"]


# ---------------------------------------------------------------- people and places


@dataclass(frozen=True, slots=True)
class Account:
    """One user id in one workspace of one chat; leads to one person."""

    chat: Chat
    workspace: str
    user: str


class Standing(StrEnum):
    """What a chat says about an account: only members act as people of the office."""

    member = "member"
    guest = "guest"
    outsider = "outsider"
    bot = "bot"
    gone = "gone"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of one party: of an organisation, or (with `vendor`) of a vendor."""

    id: str
    organisation: str
    name: str
    email: str | None = None
    language: str = "en"
    zone: str = "UTC"
    standing: Standing = Standing.member
    vendor: str | None = None
    manager: str | None = None
    """Their manager (a person), as a chat tells; ask `handlers.people.managers`, because the office's policy goes before it."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a message came from, in the chat's own ids, before anything was looked up."""

    chat: Chat
    workspace: str
    channel: str
    thread: str | None = None
    direct: bool = False


def standing(where: Where, message_id: str) -> str:
    """A message of a chat, as no other place of that chat has it."""
    return f"{where.workspace}:{where.channel}:{message_id}"


PlaceKind = Literal["channel", "dm", "mail", "page", "console"]


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere we can post. `channel` is the chat's id of the conversation; that of a dm ("") may be unknown until first used.

    `vendor` is "" where a vendor read until the policy named another place: nothing is for whoever reads there now.
    """

    id: str
    organisation: str
    chat: Chat
    workspace: str
    kind: PlaceKind
    channel: str
    user: str = ""
    person: str | None = None
    queue: str | None = None
    vendor: str | None = None
    unreachable: str | None = None


# ---------------------------------------------------------------- what people send


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that stands with a message. `remote_id` is the chat's id of it; `link` opens it for those who see it in that chat.

    `size` is in bytes as the chat declares it, 0 if it does not. `elsewhere`: the chat itself only has a link to it.
    """

    remote_id: str
    name: str
    mime: str = ""
    size: int = 0
    link: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Base of all that people send. `key` identifies the arrival: the same key is done once and answered the same.

    `message_id` is the chat's id of the message that it is, where it is one that stays; "" for a press, a form, a slash command.
    `files` stand with the words.
    """

    key: str
    actor: Person
    where: Where
    message_id: str = ""
    files: tuple[Attachment, ...] = ()
    named: tuple[Person, ...] = ()
    """The people of the organisation whom its words name ("@Ada Byron"): found by the chat, so that nobody guesses from a name."""

    @property
    def stands(self) -> str:
        """Where its words stand, as no other message does; "" where they stand nowhere."""
        return standing(self.where, self.message_id) if self.message_id else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Message):
    """`/issue NAME TEXT`, `@bot NAME TEXT` or `NAME TEXT` in 1:1. `name` is "report" for anything that is no command."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Message):
    """A button. `version` is that of the state the card was drawn from."""

    action: str
    subject: str
    version: int = 0
    value: str = ""


FormValue = str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(Message):
    """A filled form. Values are text as typed or chosen (dates YYYY-MM-DD, times HH:MM); absent or empty = not given."""

    form: str
    subject: str
    version: int = 0
    values: Mapping[str, FormValue]

    def text(self, key: str) -> str:
        """A value as text; "" where there is nothing to see in it, only spaces and invisible marks."""
        value = self.values.get(key, "")
        text = value.strip() if isinstance(value, str) else ", ".join(value)
        return "" if says_nothing(text) else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Message):
    """Plain words. `mentioned`: our name was in it (and is cut from `text`)."""

    text: str
    mentioned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed(Message):
    """The actor points at a message and wants a ticket of it. `author` wrote it (None: nobody who could report); `link` leads there."""

    text: str
    author: Person | None = None
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Message):
    """The actor has put the link of a subject where others read it. `inside`: those are people of the office, as far as the chat knows."""

    subject: str
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Message):
    """The actor has changed a message of theirs: this is what it says now."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted(Message):
    """A message of the actor's is gone."""


class Refused(Exception):
    """The person may not, or it cannot be done: a private kind sentence that says what to do instead."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.template)
        self.sentence = sentence


class Conflict(Exception):
    """Somebody else changed the state in between: read again, decide again."""


# ---------------------------------------------------------------- what happened


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in the past tense ("ticket.resolved"), told by a unit of work and heard by its subscribers."""

    name: str
    subject: str
    organisation: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change came from, so that it is never sent back there."""

    chat: str = ""
    workspace: str = ""
    channel: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """One line of the only log: who did what to which subject, when and where."""

    id: str
    organisation: str
    subject: str
    at: datetime
    actor: str | None
    where: str
    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


# ---------------------------------------------------------------- the ticket


class Status(StrEnum):
    open = "open"
    in_progress = "in_progress"
    resolved = "resolved"
    closed = "closed"


class Outcome(StrEnum):
    """Why a ticket is closed; `none` while it is not."""

    none = ""
    confirmed = "confirmed"
    unconfirmed = "unconfirmed"
    rejected = "rejected"
    cancelled = "cancelled"
    duplicate = "duplicate"


class Priority(StrEnum):
    low = "low"
    normal = "normal"
    high = "high"
    urgent = "urgent"


class Impact(StrEnum):
    one = "one"
    several = "several"
    everyone = "everyone"


Kind = Literal["incident", "request", "action"]
Visibility = Literal["office", "queue"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A problem or a wish, from its report until its requester says that it is fixed.

    `number` is for people, unique and rising in its organisation; it is 0 until the first commit. `slowed` is how much of the requester's
    time it takes, in percent (0: they did not say). `fields` holds the answers to what its category asks. `sure`: the category was named by
    a person, or is clear from the words.
    """

    id: str
    organisation: str
    title: str
    body: str
    category: str
    queue: str
    requester: str
    created_at: datetime
    updated_at: datetime
    number: int = 0
    kind: Kind = "incident"
    status: Status = Status.open
    outcome: Outcome = Outcome.none
    impact: Impact = Impact.one
    slowed: int = 0
    priority: Priority = Priority.normal
    visibility: Visibility = "office"
    assignee: str | None = None
    site: str | None = None
    spot: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    sure: bool = True
    respond_due: datetime | None = None
    resolve_due: datetime | None = None
    responded_at: datetime | None = None
    human_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    closed_at: datetime | None = None
    reopened: int = 0
    resolution: str = ""
    minutes: int | None = None
    cost: str = ""
    score: int | None = None
    version: int = 1

    @property
    def subject(self) -> str:
        return f"ticket:{self.id}"


WaitKind = Literal["approval", "requester", "vendor", "date"]


@dataclass(frozen=True, slots=True)
class Wait:
    """What a ticket waits for: an approval, words of its requester, a vendor, a date. Open while `ended_at` is None.

    `on` is the person waited for; `due` when it is over or is looked at; SLA clocks stop while a pausing wait is open.
    """

    id: str
    organisation: str
    ticket: str
    kind: WaitKind
    since: datetime
    on: str | None = None
    due: datetime | None = None
    note: str = ""
    pausing: bool = True
    ended_at: datetime | None = None
    version: int = 1


OfferEnd = Literal["", "declined", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A ticket offered to a vendor: the vendor's only window on it. Live until `ended_at`, and in that time claimed or not.

    `due` is when the vendor should have claimed or declined it. `offered_by` offered it and wrote the vendor `note`. `end`: why it ended.
    """

    id: str
    organisation: str
    ticket: str
    vendor: str
    since: datetime
    due: datetime | None = None
    claimed_by: str | None = None
    ended_at: datetime | None = None
    offered_by: str | None = None
    note: str = ""
    claimed_at: datetime | None = None
    end: OfferEnd = ""
    version: int = 1

    @property
    def is_live(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Affected:
    """A person whom a ticket slows down by `percent` of their working time since a moment; its requester is the first."""

    id: str
    organisation: str
    ticket: str
    person: str
    percent: int
    since: datetime
    until: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """Why two tickets belong together."""

    id: str
    organisation: str
    ticket: str
    other: str
    kind: Literal["duplicate", "child", "recurrence", "action of", "finding of"]


AUDIENCE_INSIDE = "inside"
AUDIENCE_REQUESTER = "requester"


@dataclass(frozen=True, slots=True)
class Comment:
    """Words on a ticket. Audience: a set of "requester", "inside" and "vendor:<id>"; without the requester it is a work note."""

    id: str
    organisation: str
    ticket: str
    author: str
    at: datetime
    text: str
    audience: frozenset[str]
    origin: Origin = Origin()
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def subject(self) -> str:
        return f"comment:{self.id}"

    @property
    def is_note(self) -> bool:
        return AUDIENCE_REQUESTER not in self.audience


FileState = Literal["coming", "kept", "elsewhere", "large", "closed", "gone"]
"""coming: still to be fetched; kept: we have it; elsewhere: only its link; large: too big for us; closed: the chat does not hand it out;
gone: deleted where it stood."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file on a ticket: with its report, or with a comment, whose audience it shares. `content` is the hash of what is kept of it.

    `chat`, `workspace`, `channel` and `remote_id` say where it stood.
    """

    id: str
    organisation: str
    ticket: str
    comment: str | None
    name: str
    mime: str
    size: int
    at: datetime
    chat: Chat
    workspace: str
    channel: str
    remote_id: str
    link: str = ""
    state: FileState = "coming"
    content: str = ""
    version: int = 1

    @property
    def subject(self) -> str:
        return f"file:{self.id}"

    @property
    def shown_by(self) -> str:
        """The subject on whose cards it is named."""
        return f"comment:{self.comment}" if self.comment else f"ticket:{self.ticket}"


@dataclass(frozen=True, slots=True)
class Remote:
    """The same subject in somebody else's system, so that a mirror never echoes."""

    id: str
    organisation: str
    subject: str
    system: str
    remote_id: str
    url: str = ""
    version: str = ""


# ---------------------------------------------------------------- posts and notices


@dataclass(frozen=True, slots=True)
class Post:
    """A message that we own and keep true: one view of one subject in one place.

    `tag` tells apart several posts of the same view (each asking of "Fixed?" is a new one). `thread` is the post under which it stands.
    `message_id` is empty until the chat has accepted it; `shown_hash` is that of what is shown now. `broadcast`: it is one of many
    copies for the whole company, which go out one after the other and slowly, so that nothing else has to wait.
    """

    id: str
    organisation: str
    subject: str
    view: str
    place: str
    tag: str = ""
    thread: str | None = None
    message_id: str = ""
    shown_hash: str = ""
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """A person's own page in a chat, which they have opened. `drawn_at`: as of when it shows things; `mark`: the chat's name for that."""

    organisation: str
    person: str
    account: Account
    opened_at: datetime
    drawn_at: datetime
    mark: str = ""


Urgency = Literal["now", "soon"]


@dataclass(frozen=True, slots=True)
class Notice:
    """The only way to address a person; unique by (person, subject, reason, version)."""

    id: str
    organisation: str
    person: str
    subject: str
    reason: str
    version: int
    at: datetime
    urgency: Urgency = "now"


@dataclass(frozen=True, slots=True)
class Dialog:
    """A conversation with one person, one question at a time. `asked_at` is None while it queues behind another."""

    id: str
    organisation: str
    person: str
    kind: str
    subject: str
    step: str
    place: str
    created_at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)
    asked_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1
