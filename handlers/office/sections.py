"""The one description of an office's document: its sections in their order, each key with what may stand there and its default."""

from __future__ import annotations

from collections.abc import Callable

from handlers.office import readers as r
from handlers.office import values
from handlers.office.codes import AFTERWARDS, CURRENCIES, FIELD_KINDS, PRIORITIES, ROLES
from handlers.office.shape import Field, Leaf, Listing, Names, Node, Record, Section, Table


def _refer(*sections: str) -> Callable[[str], Names]:
    return lambda key: (sections, key)


def _named_approver(words: str) -> Names | None:
    if words.startswith("group "):
        return ("groups",), words.removeprefix("group ")
    return (("people",), words) if "@" in words else None


def _named_target(words: str) -> Names | None:
    kind, _, key = words.partition(" ")
    section = {"queue": "queues", "vendor": "vendors", "group": "groups", "person": "people"}.get(kind)
    return ((section,), key) if section else None


def _asked_field(words: str) -> Names:
    return ("fields",), words.partition(" ")[0]


def _to(section: str) -> Leaf:
    return Leaf(r.email if section == "people" else r.key, _refer(section))


def _required(node: Node) -> Field:
    return Field(node, required=True)


_NAME = Leaf(r.text(120))
_LABEL = Leaf(r.text(80))
_PERSON = _to("people")
_PERSON_OR_GROUP = Leaf(r.person_or_group, _refer("people", "groups"))
_CATEGORY_OR_PREFIX = Leaf(r.key, _refer("categories", "prefixes"))
_DURATION = Field(Leaf(r.duration))
_DAY = Field(Leaf(r.day))
_MONEY = Field(Leaf(r.money))
_CALENDAR = Field(_to("calendars"))
_PRIORITIES = Field(Listing(Leaf(r.choice(PRIORITIES))))
_CHANNEL = Leaf(r.text(200))
_PRIVATE_OR_SHARED = Leaf(r.choice(("private", "shared")))


def _several(node: Node, most: int = 10_000) -> Field:
    return Field(Listing(node, most))


OFFICE = Record(
    {
        "key": _required(Leaf(r.key)),
        "name": _required(_NAME),
        "time_zone": _required(Leaf(r.zone)),
        "currency": _required(Leaf(r.currency(CURRENCIES))),
        "language": Field(Leaf(r.language), default="en"),
        "owner": _required(_PERSON),
        "hourly_rate": Field(Leaf(r.money), default=0),
    }
)

CALENDAR = Record(
    {
        "hours": Field(Table(r.days, Leaf(r.hours), order=values.days)),
        "holidays": Field(
            Record({"country": Field(Leaf(r.country)), "subdivision": Field(Leaf(r.subdivision)), "extra": _several(Leaf(r.day), 1000)})
        ),
        "time_zone": Field(Leaf(r.zone)),
    }
)

SITE = Record({"name": _required(_NAME), "places": _several(_LABEL, 1000), "calendar": _CALENDAR})

DEPARTMENT = Record({"name": _required(_NAME), "head": Field(_PERSON)})

PERSON = Record(
    {
        "name": _required(_NAME),
        "manager": Field(_PERSON),
        "department": Field(_to("departments")),
        "site": Field(_to("sites")),
        "roles": _several(Leaf(r.choice(ROLES))),
    }
)

GROUP = Record({"people": _required(Listing(_PERSON))})

QUEUE = Record(
    {
        "name": _required(_NAME),
        "people": _required(Listing(_PERSON, 500)),
        "channel": Field(Record({"slack": Field(_CHANNEL), "teams": Field(_CHANNEL)})),
        "threads": Field(_PRIVATE_OR_SHARED, default="private"),
    }
)

FIELD = Record(
    {
        "kind": _required(Leaf(r.choice(FIELD_KINDS))),
        "label": _required(_LABEL),
        "help": Field(Leaf(r.text(200))),
        "options": _several(_LABEL, 100),
    }
)

CATEGORY = Record(
    {
        "label": _required(_LABEL),
        "queue": _required(Leaf(r.one_queue, _refer("queues"))),
        "visibility": Field(Leaf(r.choice(("office", "queue")))),
        "ask": _several(Leaf(r.asked, _asked_field), 20),
        "approval": Field(_to("approvals")),
        "escalation": Field(_to("escalations")),
        "sla": Field(_to("slas")),
        "words": _several(Leaf(r.text(60)), 200),
    }
)

RESPONSIBILITY = Record(
    {
        "responsible": Field(_PERSON),
        "accountable": Field(_PERSON),
        "consulted": _several(_PERSON_OR_GROUP, 100),
        "informed": _several(_PERSON_OR_GROUP, 100),
        "contract": Field(_to("contracts")),
        "confirmed": _DAY,
    }
)

APPROVAL_STEP = Record(
    {
        "who": _required(Listing(Leaf(r.approver, _named_approver), 20)),
        "need": Field(Leaf(r.need), default=1),
        "within": _DURATION,
        "then": Field(Leaf(r.choice(AFTERWARDS)), default="next"),
    }
)

APPROVAL = Record(
    {
        "when": Field(Record({"amount_over": _MONEY, "after_hours": Field(Leaf(r.boolean), default=False)})),
        "steps": _required(Listing(APPROVAL_STEP, 20)),
    }
)

SLA = Record(
    {
        "for": Field(
            Record(
                {
                    "priority": _PRIORITIES,
                    "departments": _several(_to("departments")),
                    "categories": _several(_CATEGORY_OR_PREFIX),
                    "vendor": Field(_to("vendors")),
                }
            )
        ),
        "respond": _DURATION,
        "resolve": _DURATION,
        "calendar": _CALENDAR,
        "warn_at": Field(Leaf(r.number(0.05, 1)), default=0.75),
    },
    any_of=("respond", "resolve"),
)

CONTACT = Record({"email": _required(Leaf(r.email)), "name": _required(_NAME), "phone": Field(Leaf(r.text(40)))})
VENDOR_PLACE = Record(
    {
        "slack": Field(_CHANNEL),
        "teams": Field(_CHANNEL),
        "mail": Field(Leaf(r.email)),
        "threads": Field(_PRIVATE_OR_SHARED, default="shared"),
    },
    any_of=("slack", "teams", "mail"),
)
GRANT = Record({"person": _required(Leaf(r.email)), "role": _required(Leaf(r.choice(ROLES))), "until": _DAY})

VENDOR = Record(
    {"name": _required(_NAME), "contacts": _several(CONTACT, 200), "places": _several(VENDOR_PLACE, 50), "grants": _several(GRANT, 50)}
)

CONTRACT = Record(
    {
        "vendor": _required(_to("vendors")),
        "owner": Field(_PERSON),
        "covers": Field(Record({"categories": _several(_CATEGORY_OR_PREFIX), "sites": _several(_to("sites"))})),
        "calendar": _CALENDAR,
        "respond": _DURATION,
        "resolve": _DURATION,
        "rates": Field(
            Record({"normal": _MONEY, "after_hours": _MONEY, "per": Field(Leaf(r.choice(("hour", "visit", "day"))), default="hour")})
        ),
        "renews": _DAY,
        "notice": _DURATION,
    }
)

SUBSCRIPTION = Record(
    {
        "vendor": _required(_to("vendors")),
        "owner": Field(_PERSON),
        "price": _required(Leaf(r.money)),
        "per": Field(Leaf(r.choice(("seat-month", "seat-year", "month", "year"))), default="month"),
        "seats": Field(Leaf(r.whole(1, 1_000_000)), default=1),
        "renews": _DAY,
    }
)

ESCALATION_STEP = Record({"to": _required(Leaf(r.target, _named_target)), "wait": _required(Leaf(r.duration))})
ESCALATION = Record(
    {"quiet": _PRIORITIES, "steps": _required(Listing(ESCALATION_STEP, 20)), "repeat": Field(Leaf(r.whole(0, 10)), default=0)}
)

FEED = Record(
    {
        "channels": _several(Record({"slack": Field(_CHANNEL), "teams": Field(_CHANNEL)}, any_of=("slack", "teams")), 20),
        "may_post": Field(Leaf(r.choice(("everyone", "agents", "administrators"))), default="everyone"),
    }
)

DIGEST = Record({"at": _required(Leaf(r.week_moment)), "to": _required(Listing(_PERSON_OR_GROUP, 200))})

ANSWER = Record(
    {"title": _required(_NAME), "text": _required(Leaf(r.text(4000, lines=True))), "categories": _several(_CATEGORY_OR_PREFIX, 500)}
)

RETENTION = Record({"closed_tickets": Field(Leaf(r.whole(1, 600))), "then": Field(Leaf(r.choice(("empty", "delete"))), default="empty")})

SECTIONS: tuple[Section, ...] = (
    Section("office", "office", "one", OFFICE),
    Section("calendars", "calendar", "map", CALENDAR),
    Section("sites", "site", "list", SITE),
    Section("departments", "department", "list", DEPARTMENT),
    Section("people", "person", "list", PERSON, "email", r.email),
    Section("groups", "group", "list", GROUP),
    Section("queues", "queue", "list", QUEUE),
    Section("fields", "field", "list", FIELD),
    Section("categories", "category", "list", CATEGORY),
    Section("responsibility", "responsibility", "list", RESPONSIBILITY, "for", r.subject),
    Section("approvals", "approval policy", "list", APPROVAL),
    Section("slas", "promise", "list", SLA),
    Section("vendors", "vendor", "list", VENDOR),
    Section("contracts", "contract", "list", CONTRACT),
    Section("subscriptions", "subscription", "list", SUBSCRIPTION),
    Section("escalations", "escalation policy", "list", ESCALATION),
    Section("feed", "feed", "one", FEED),
    Section("digest", "digest", "map", DIGEST, read_key=r.choice(("weekly",))),
    Section("answers", "saved answer", "list", ANSWER),
    Section("retention", "retention", "one", RETENTION),
)
BY_NAME = {section.name: section for section in SECTIONS}
ORDER = {section.name: place for place, section in enumerate(SECTIONS)}
