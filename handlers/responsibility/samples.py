"""These cards with example data."""

from __future__ import annotations

from handlers.cards import Sample
from handlers.office.rows import from_rows, to_rows
from handlers.responsibility import cards

_PEOPLE = ("Ada", "Ana", "Bob", "Cy")
POLICY = {
    "office": {
        "key": "acme",
        "name": "Acme Ltd",
        "time_zone": "America/Los_Angeles",
        "currency": "USD",
        "language": "en",
        "owner": "ada@acme.example",
    },
    "people": [{"email": f"{name.lower()}@acme.example", "name": name} for name in _PEOPLE],
    "groups": [{"key": "finance", "people": ["cy@acme.example"]}],
    "queues": [{"key": "building", "name": "Building desk", "people": ["bob@acme.example", "ana@acme.example"]}],
    "categories": [
        {"key": "facilities.electrical", "label": "Electrical", "queue": "building"},
        {"key": "facilities.plumbing", "label": "Plumbing", "queue": "building"},
    ],
    "vendors": [{"key": "sparks", "name": "Sparks Ltd"}],
    "contracts": [
        {
            "key": "sparks-2026",
            "vendor": "sparks",
            "owner": "bob@acme.example",
            "covers": {"categories": ["facilities.electrical"]},
            "respond": "4h",
            "resolve": "2d",
            "renews": "2027-01-31",
        }
    ],
    "responsibility": [
        {
            "for": "facilities.electrical",
            "responsible": "bob@acme.example",
            "accountable": "ada@acme.example",
            "informed": ["finance"],
            "contract": "sparks-2026",
            "confirmed": "2026-05-01",
        }
    ],
}


def samples() -> tuple[Sample, ...]:
    """One of each."""
    office = from_rows("acme", 1, to_rows(POLICY))
    named = {
        "who, electrical": cards.subject(office, "facilities.electrical"),
        "who, nobody named": cards.subject(office, "facilities.plumbing"),
        "who, a person": cards.person(office, "bob@acme.example"),
        "who, a person of nothing": cards.person(office, "cy@acme.example"),
        "who, a vendor": cards.vendor(office, "sparks"),
        "who, unclear": cards.unclear(office, "<!channel> plants", ("facilities.plumbing",)),
        "who, everything": cards.matrix(office),
    }
    return tuple(Sample(name, card) for name, card in named.items())
