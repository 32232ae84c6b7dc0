"""The parts of an office's policy, typed. Keys lead from one to another; `Office` in `model` resolves them.

People are named by their e-mail in lower case. Amounts are in the office's currency. An empty tuple in a condition means "any".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from handlers.core import Visibility
from handlers.forms import FieldKind
from handlers.office.values import Duration, Money, WeekMoment

Threads = Literal["private", "shared"]
"""Whether the requester reads along in a place's threads."""


@dataclass(frozen=True, slots=True)
class Head:
    """The office itself. `hourly_rate` is what an hour of an employee costs it."""

    key: str
    name: str
    time_zone: str
    currency: str
    language: str
    owner: str
    hourly_rate: Money


@dataclass(frozen=True, slots=True)
class Site:
    key: str
    name: str
    places: tuple[str, ...] = ()
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Department:
    key: str
    name: str
    head: str | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """What the policy says about a person; `roles` are executive, administrator or vcio."""

    email: str
    name: str
    manager: str | None = None
    department: str | None = None
    site: str | None = None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """People who work on categories, in the order in which they are responsible, with one channel per chat."""

    key: str
    name: str
    people: tuple[str, ...]
    channel: Mapping[str, str]
    threads: Threads = "private"


@dataclass(frozen=True, slots=True)
class AskedField:
    """What a category may ask for; `options` for the kinds choice and choices."""

    key: str
    kind: FieldKind
    label: str
    help: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A field that a category asks for."""

    field: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Category:
    """`path` is the label with its group, "Facilities › Electrical"; `words` help to recognise a report as this category."""

    key: str
    label: str
    path: str
    queue: str
    visibility: Visibility = "office"
    ask: tuple[Ask, ...] = ()
    approval: str | None = None
    escalation: str | None = None
    sla: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One row of the matrix. `subject` is a category, the prefix of some ("it") or a 7C service area; the others are people and groups."""

    subject: str
    responsible: str | None = None
    accountable: str | None = None
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    contract: str | None = None
    confirmed: date | None = None


Rule = Literal["category", "prefix", "queue", "owner"]


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for something, and which rule says so. `owner` as the rule means that nobody was named."""

    person: str
    accountable: str
    rule: Rule
    row: Responsibility | None = None


ApproverKind = Literal["manager", "manager's manager", "accountable", "owner", "group", "person"]


@dataclass(frozen=True, slots=True)
class Approver:
    """`key` names the group or the person; the other kinds follow from the ticket."""

    kind: ApproverKind
    key: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """`need`: how many must agree, None for all. `then`: what follows if nobody answers `within` (next, remind, approve, decline)."""

    who: tuple[Approver, ...]
    need: int | None = 1
    within: Duration | None = None
    then: str = "next"


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """Asked if the amount is over `amount_over` (None: whatever it costs) and, with `after_hours`, only outside the office's hours."""

    key: str
    steps: tuple[ApprovalStep, ...]
    amount_over: Decimal | None = None
    after_hours: bool = False


@dataclass(frozen=True, slots=True)
class Sla:
    """A promise, counted in `calendar`. `warn_at` is the part of a target after which people are warned. `vendor` None: an inside one."""

    key: str
    respond: Duration | None
    resolve: Duration | None
    calendar: str
    warn_at: float = 0.75
    priorities: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    vendor: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    email: str
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class VendorPlace:
    """Where a vendor hears of tickets: a channel of a chat ("slack", "teams") or an address ("mail")."""

    chat: str
    address: str
    threads: Threads = "shared"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to a vendor's person, to the end of the day `until`."""

    person: str
    role: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Vendor:
    key: str
    name: str
    contacts: tuple[Contact, ...] = ()
    places: tuple[VendorPlace, ...] = ()
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Rates:
    """`per` is hour, visit or day."""

    normal: Money | None
    after_hours: Money | None
    per: str


@dataclass(frozen=True, slots=True)
class Contract:
    """What a vendor owes. Empty `categories` or `sites` cover all; a category may be given by its prefix."""

    key: str
    vendor: str
    owner: str | None
    categories: tuple[str, ...]
    sites: tuple[str, ...]
    calendar: str
    respond: Duration | None
    resolve: Duration | None
    rates: Rates | None
    renews: date | None
    notice: Duration | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """`per` is seat-month, seat-year, month or year."""

    key: str
    vendor: str
    owner: str | None
    price: Money
    per: str
    seats: int
    renews: date | None


TargetKind = Literal["queue", "vendor", "accountable", "person", "group"]


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an escalation step tells; `key` names it for all kinds but accountable."""

    kind: TargetKind
    key: str = ""


@dataclass(frozen=True, slots=True)
class EscalationStep:
    to: Target
    wait: Duration


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """Tickets of a `quiet` priority disturb nobody outside working hours. `repeat`: how often it starts again after the last step."""

    key: str
    steps: tuple[EscalationStep, ...]
    quiet: tuple[str, ...] = ()
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """The channels (chat, id) that hear of everything open to the office; `may_post` is everyone, agents or administrators."""

    channels: tuple[tuple[str, str], ...] = ()
    may_post: str = "everyone"


@dataclass(frozen=True, slots=True)
class Digest:
    """The weekly digest: when, in the office's time zone, and to which people and groups."""

    at: WeekMoment
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """A text with {fields} to answer with; for all categories if none is named."""

    key: str
    title: str
    text: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many months closed tickets are kept (None: for ever), and what becomes of them then: empty or delete."""

    closed_tickets: int | None = None
    then: str = "empty"
