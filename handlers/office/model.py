"""The office's policy as features ask it: one immutable `Office` per organisation and version.

Every question is answered by dictionaries that were filled when the office was built. Categories and queues that a later version no longer
has still stand on old tickets, so asking for an unknown one leads to `unsorted` and the front desk instead of failing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handlers.core import Visibility
from handlers.office.calendar import Calendar
from handlers.office.defaults import FRONT_DESK, UNSORTED
from handlers.office.policy import (
    ApprovalPolicy,
    AskedField,
    Category,
    Colleague,
    Contract,
    Department,
    Digest,
    EscalationPolicy,
    Feed,
    Group,
    Head,
    Queue,
    Responsibility,
    Responsible,
    Retention,
    SavedAnswer,
    Site,
    Sla,
    Subscription,
    Threads,
    Vendor,
)
from handlers.office.promises import Promises

__all__ = ["FRONT_DESK", "UNSORTED", "Office"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True, kw_only=True)
class Office:
    """The policy of one organisation. The mappings are by key (people by e-mail in lower case) and must not be changed.

    `answering`, `memberships` and `covering` are worked out by `from_rows`: who answers for each subject of the matrix, the queues of each
    person, and the contracts that cover each category.
    """

    organisation: str
    version: int
    head: Head
    calendars: Mapping[str, Calendar]
    sites: Mapping[str, Site]
    departments: Mapping[str, Department]
    people: Mapping[str, Colleague]
    groups: Mapping[str, Group]
    queues: Mapping[str, Queue]
    fields: Mapping[str, AskedField]
    categories: Mapping[str, Category]
    responsibility: Mapping[str, Responsibility]
    approvals: Mapping[str, ApprovalPolicy]
    slas: Mapping[str, Sla]
    vendors: Mapping[str, Vendor]
    contracts: Mapping[str, Contract]
    subscriptions: Mapping[str, Subscription]
    escalations: Mapping[str, EscalationPolicy]
    feed: Feed
    digest: Digest | None
    answers: Mapping[str, SavedAnswer]
    retention: Retention
    answering: Mapping[str, Responsible]
    memberships: Mapping[str, frozenset[str]]
    covering: Mapping[str, tuple[Contract, ...]]
    promises: Promises = field(repr=False)

    def category(self, key: str) -> Category:
        return self.categories.get(key) or self.categories[UNSORTED]

    def label(self, category: str) -> str:
        """ "Facilities › Electrical"."""
        return self.category(category).path

    def visibility(self, category: str) -> Visibility:
        return self.category(category).visibility

    def queue(self, key: str) -> Queue:
        return self.queues.get(key) or self.queues[FRONT_DESK]

    def queue_of(self, category: str) -> Queue:
        return self.queue(self.category(category).queue)

    def agents(self, queue: str) -> tuple[str, ...]:
        """The e-mails of those who work in a queue, the first responsible first."""
        return self.queue(queue).people

    def queues_of(self, email: str) -> frozenset[str]:
        """The keys of the queues in which a person is an agent."""
        return self.memberships.get(email.lower(), frozenset())

    def place_channel(self, queue: str, chat: str) -> str | None:
        """The id of a queue's channel in a chat ("slack", "teams"); None if it has none there."""
        return self.queue(queue).channel.get(chat)

    def person(self, email: str) -> Colleague | None:
        """What the policy says about somebody; None for people it does not name (they may well exist)."""
        return self.people.get(email.lower())

    def has_role(self, email: str, role: str) -> bool:
        """Whether a person has a role: executive, administrator, vcio. The owner is an executive by owning."""
        person = self.person(email)
        return (person is not None and role in person.roles) or (role == "executive" and email.lower() == self.head.owner)

    def manager_of(self, email: str) -> str | None:
        """A person's manager, else the head of their department; None for the owner and whoever has neither."""
        person = self.person(email)
        if person is None or person.manager:
            return person.manager if person else None
        department = self.departments.get(person.department or "")
        head = department.head if department else None
        return None if head == person.email else head

    def site_of(self, email: str) -> Site | None:
        """Where a person works; an office with a single site needs not say."""
        person = self.person(email)
        if person is not None and person.site:
            return self.sites.get(person.site)
        return next(iter(self.sites.values())) if len(self.sites) == 1 else None

    def members(self, names: Iterable[str]) -> tuple[str, ...]:
        """People and groups as people, each once, in order."""
        found = (email for name in names for email in (self.groups[name].people if name in self.groups else (name,)))
        return tuple(dict.fromkeys(found))

    def calendar(self, key: str | None = None) -> Calendar:
        """A calendar by key; the office's own for None and for unknown keys."""
        return self.calendars.get(key or "") or self.calendars["office"]

    def calendar_of_site(self, site: str | None) -> Calendar:
        found = self.sites.get(site or "")
        return self.calendar(found.calendar if found else None)

    def responsible_for(self, subject: str) -> Responsible:
        """Who answers for a category or a 7C service area, and by which rule.

        The row of the category; else of its prefix; else the first person of its queue; else the owner. Who is accountable is taken from
        the nearest row that names somebody, else it is the owner.
        """
        return self.answering.get(subject) or Responsible(self.head.owner, self.head.owner, "owner")

    def sla_for(self, priority: str, category: str, department: str | None = None, vendor: str | None = None) -> Sla | None:
        """The promise that holds for a ticket; with `vendor`, what that vendor promised. None: nothing is promised.

        Of the promises whose conditions fit, the one the category names; else the one with the most particular conditions (category before
        its prefix, then department, then priority), else the first by key. A vendor without such a promise is held to its contract.
        """
        return self.promises.find(priority, self.category(category).key, department, vendor)

    def threads_in(self, vendor: str, chat: str, address: str) -> Threads:
        """Whether the office reads along in the threads of a vendor's place: "shared" unless the policy says otherwise."""
        places = self.vendors[vendor].places if vendor in self.vendors else ()
        return next((place.threads for place in places if (place.chat, place.address) == (chat, address)), "shared")

    def contract_for(self, vendor: str, category: str, site: str | None = None) -> Contract | None:
        """The contract by which a vendor serves a category (at a site)."""
        for contract in self.covering.get(self.category(category).key, ()):
            if contract.vendor == vendor and (site is None or not contract.sites or site in contract.sites):
                return contract
        return None
