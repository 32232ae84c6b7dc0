"""What an office has without writing it down: the default taxonomy, a front desk, two calendars, and its owner as a person.

All of it works on rows, so that what is left out and what is written out lead to the same policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.core import Visibility

Row = dict[str, Any]
Rows = Mapping[tuple[str, str], Row]
"""A policy as stored: (section, key) -> canonical content, JSON-able and without its key."""

HEAD = ("office", "office")
FRONT_DESK = "front-desk"
UNSORTED = "unsorted"

TAXONOMY: dict[str, str] = {
    "it.hardware": "Hardware",
    "it.software": "Software",
    "it.network": "Network",
    "it.access": "Accounts and passwords",
    "it.email": "E-mail",
    "it.printing": "Printing",
    "it.telecom": "Phones and video",
    "facilities.electrical": "Electrical",
    "facilities.hvac": "Heating and air",
    "facilities.plumbing": "Plumbing",
    "facilities.cleaning": "Cleaning",
    "facilities.furniture": "Furniture",
    "facilities.access": "Keys, doors and parking",
    "office.supplies": "Supplies",
    "procurement": "Procurement",
    "hr": "HR",
    "safety": "Safety",
    UNSORTED: "Unsorted",
}

_GROUP_LABELS = {"it": "IT", "hr": "HR"}
_DISCREET = ("hr", "safety")

CALENDARS: dict[str, Row] = {"office": {"hours": {"mon-fri": "09:00-17:00"}}, "always": {"hours": {"mon-sun": "00:00-24:00"}}}


def prefix(category: str) -> str:
    """The group of a category: "it" of "it.hardware"; a category without a dot is its own."""
    return category.partition(".")[0]


def group_label(group: str) -> str:
    """ "IT", "Facilities"."""
    return _GROUP_LABELS.get(group, group.replace("_", " ").replace("-", " ").capitalize())


def visibility(category: str) -> Visibility:
    """Who sees a category's tickets where the office does not say: errands of HR and safety stay with their queue."""
    return "queue" if prefix(category) in _DISCREET else "office"


def complete(rows: Rows) -> dict[tuple[str, str], Row]:
    """The rows with everything an office has anyway. An office that names no category has the default taxonomy at its front desk."""
    result = dict(rows)
    owner = rows.get(HEAD, {}).get("owner")
    names_categories = any(section == "categories" for section, _ in rows)
    for key, label in TAXONOMY.items():
        if not names_categories or key == UNSORTED:
            result.setdefault(("categories", key), {"label": label, "queue": FRONT_DESK})
    for key, calendar in CALENDARS.items():
        result.setdefault(("calendars", key), calendar)
    result.setdefault(("queues", FRONT_DESK), {"name": "Front desk", "people": [owner] if owner else []})
    if owner:
        result.setdefault(("people", owner), {"name": owner.partition("@")[0].replace(".", " ").title()})
    return result
