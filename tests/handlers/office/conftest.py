"""An office small enough to read whole, and any office that hypothesis can think of."""

from __future__ import annotations

import copy
from typing import Any

import pytest

OFFICE: dict[str, Any] = {
    "office": {
        "key": "acme",
        "name": "Acme Ltd",
        "time_zone": "America/Los_Angeles",
        "currency": "USD",
        "language": "en",
        "owner": "ada@acme.example",
        "hourly_rate": 45,
    },
    "calendars": {
        "office": {"hours": {"mon-fri": "09:00-17:00"}, "holidays": {"country": "US", "subdivision": "CA", "extra": ["2026-12-24"]}},
        "always": {"hours": {"mon-sun": "00:00-24:00"}},
        "berlin": {"hours": {"mon-thu": "08:00-12:00, 13:00-17:00", "fri": "08:00-12:00"}, "time_zone": "Europe/Berlin"},
    },
    "sites": [{"key": "hq", "name": "Head office", "places": ["3rd floor"], "calendar": "office"}],
    "departments": [{"key": "sales", "name": "Sales", "head": "bob@acme.example"}, {"key": "it", "name": "IT"}],
    "people": [
        {"email": "ada@acme.example", "name": "Ada", "roles": ["administrator"]},
        {"email": "bob@acme.example", "name": "Bob", "manager": "ada@acme.example", "department": "sales"},
        {"email": "Ana@Acme.example", "name": "Ana", "department": "sales", "site": "hq", "roles": []},
        {"email": "cy@acme.example", "name": "Cy", "manager": "ada@acme.example"},
    ],
    "groups": [{"key": "finance", "people": ["cy@acme.example", "ada@acme.example"]}],
    "queues": [
        {"key": "building", "name": "Building desk", "people": ["bob@acme.example", "cy@acme.example"], "channel": {"slack": "C0BUILD"}},
        {"key": "it", "name": "IT desk", "people": ["cy@acme.example"], "threads": "shared"},
    ],
    "fields": [
        {"key": "amount", "kind": "money", "label": "About how much?"},
        {"key": "hurt", "kind": "choice", "label": "Hurt?", "options": ["Yes", "No"]},
    ],
    "categories": [
        {
            "key": "facilities.electrical",
            "label": "Electrical",
            "queue": "building",
            "ask": ["amount optional", "hurt required"],
            "approval": "callout",
            "escalation": "electric",
            "sla": "normal",
            "words": ["socket"],
        },
        {"key": "it.network", "label": "Network", "queue": "it"},
        {"key": "it.email", "label": "E-mail", "queue": "it"},
        {"key": "hr", "label": "HR", "queue": "it"},
        {"key": "hr.pay", "label": "Pay", "queue": "it", "visibility": "office"},
    ],
    "responsibility": [
        {"for": "facilities.electrical", "responsible": "bob@acme.example", "accountable": "cy@acme.example", "informed": ["finance"]},
        {"for": "it", "responsible": "cy@acme.example", "confirmed": "2026-05-01"},
        {"for": "it.network", "accountable": "bob@acme.example", "contract": "sparks-2026"},
        {"for": "CONT-01", "responsible": "bob@acme.example"},
    ],
    "approvals": [
        {
            "key": "callout",
            "when": {"amount_over": 99.5},
            "steps": [
                {"who": ["manager", "group finance", "cy@acme.example"], "need": "any", "within": "4h", "then": "next"},
                {"who": ["owner"], "need": "all"},
            ],
        }
    ],
    "slas": [
        {"key": "normal", "for": {"priority": ["normal"]}, "respond": "4h", "resolve": "3d", "calendar": "office", "warn_at": 0.75},
        {"key": "urgent", "for": {"priority": ["urgent"]}, "respond": "15m", "resolve": "4h", "calendar": "always"},
        {"key": "sales", "for": {"priority": ["normal"], "departments": ["sales"]}, "respond": "2h"},
        {"key": "mail", "for": {"categories": ["it.email"]}, "respond": "1h"},
        {"key": "any-it", "for": {"categories": ["it"]}, "respond": "3h"},
    ],
    "vendors": [
        {
            "key": "sparks",
            "name": "Sparks Ltd",
            "contacts": [{"email": "joe@sparks.example", "name": "Joe", "phone": "+1 555 0100"}],
            "places": [{"mail": "joe@sparks.example"}, {"slack": "C0SPARKS", "threads": "private"}],
            "grants": [{"person": "vic@msp.example", "role": "vcio", "until": None}],
        },
        {"key": "quickline", "name": "Quickline"},
    ],
    "contracts": [
        {
            "key": "sparks-2026",
            "vendor": "sparks",
            "owner": "bob@acme.example",
            "covers": {"categories": ["facilities"], "sites": ["hq"]},
            "calendar": "office",
            "respond": "4h",
            "resolve": "2d",
            "rates": {"normal": 120, "after_hours": 180, "per": "hour"},
            "renews": "2027-01-31",
            "notice": "60d",
        }
    ],
    "subscriptions": [
        {
            "key": "crm",
            "vendor": "sparks",
            "owner": "cy@acme.example",
            "price": 40,
            "per": "seat-month",
            "seats": 25,
            "renews": "2027-03-01",
        }
    ],
    "escalations": [
        {
            "key": "electric",
            "quiet": ["low", "normal"],
            "steps": [
                {"to": "queue building", "wait": "4h"},
                {"to": "vendor sparks", "wait": "8h"},
                {"to": "accountable", "wait": "1d"},
                {"to": "ada@acme.example", "wait": "1d"},
            ],
            "repeat": 3,
        }
    ],
    "feed": {"channels": [{"slack": "C0OFFICE"}], "may_post": "everyone"},
    "digest": {"weekly": {"at": "mon 09:00", "to": ["ada@acme.example", "finance"]}},
    "answers": [{"key": "hello", "title": "Hello", "text": "Hello from {me},\n{amount} is fine.", "categories": ["facilities.electrical"]}],
    "retention": {"closed_tickets": 24, "then": "delete"},
}


@pytest.fixture
def office_document() -> dict[str, Any]:
    return copy.deepcopy(OFFICE)


@pytest.fixture(scope="session")
def office_sample() -> dict[str, Any]:
    """The same to look at only: shared by all examples of a property."""
    return OFFICE
