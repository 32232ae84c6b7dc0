"""Who can be chosen before the windows: the office's people by what they are, then those of its vendors that have a workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.sandbox import office, vendors
from bot.sandbox.mail import Mailbox
from bot.sandbox.page.deeds import Json

Document = Mapping[str, Any]
GROUPS = ("Employees", "Managers", "Desks", "Leadership")
HEAD = "head of "
UNSORTED = "unsorted"
"""What nobody's words fit; its queue is the front desk."""


def cast(document: Document) -> list[Json]:
    """`handle`: what the page calls somebody, with their workspace where it is not the office's. `group` is a heading, `does` what they do,
    `chats` where they have an account.
    """
    own = [_colleague(document, one) for one in document["people"]]
    return [*sorted(own, key=lambda one: _order(one["group"])), *_vendors_people(document)]


def mailboxes(document: Document, found: Iterable[Mailbox]) -> list[Json]:
    """The same of those who have a mailbox. Their handle is the address, and people of vendors are told by their company."""
    return sorted((_mailbox(document, one) for one in found), key=lambda one: _order(one["group"]))


def _order(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)


def _mailbox(document: Document, found: Mailbox) -> Json:
    facts = {"handle": found.address, "name": found.name, "email": found.address, "chats": ["mail"]}
    for one in document["people"]:
        if one["email"].lower() == found.address:
            return {**_colleague(document, one), **facts, "inside": True}
    return {**facts, "does": found.party, "group": found.party, "inside": False}


def _vendors_people(document: Document) -> Iterator[Json]:
    for vendor in vendors.in_slack(document):
        for one in vendors.people(vendor):
            handle = f"{one.handle}@{vendor['key']}"
            yield {"handle": handle, "name": one.name, "email": one.email, "does": one.does, "group": vendor["name"], "chats": ["slack"]}


def _colleague(document: Document, person: Mapping[str, Any]) -> Json:
    email, handle = person["email"], office.handle(person["email"])
    facts = {"handle": handle, "name": person["name"], "email": email, "chats": ["slack", "teams"]}
    return {**facts, "does": ", ".join(filter(None, _does(document, person))), "group": _group(document, person)}


def _group(document: Document, person: Mapping[str, Any]) -> str:
    """What somebody is first of all: who has a desk and people under them is found at the desk."""
    if person["email"] == document["office"]["owner"] or "executive" in person.get("roles", ()):
        return "Leadership"
    if _desks(document, person):
        return "Desks"
    return "Managers" if _reports(document, person) else "Employees"


def _does(document: Document, person: Mapping[str, Any]) -> Iterator[str]:
    """In the words of the office: its owner, who manages it (they administer the desk and sit at its front), vCIO, and so on."""
    roles = person.get("roles", ())
    if person["email"] == document["office"]["owner"]:
        yield "owner"
    if "administrator" in roles and _is_at_the_front(document, person):
        yield "office manager"
    yield from (vendors.ROLES[one] for one in roles if one in vendors.ROLES)
    desks, department = [queue["name"] for queue in _desks(document, person)], _department(document, person)
    if department.startswith(HEAD) or not desks:
        yield department
    if count := _reports(document, person):
        yield f"manager of {count}"
    yield from desks


def _department(document: Document, person: Mapping[str, Any]) -> str:
    for one in document.get("departments", ()):
        if one.get("head") == person["email"]:
            return f"{HEAD}{one['name']}"
    return next((one["name"] for one in document.get("departments", ()) if one["key"] == person.get("department")), "")


def _reports(document: Document, person: Mapping[str, Any]) -> int:
    return sum(one.get("manager") == person["email"] for one in document["people"])


def _desks(document: Document, person: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in document["queues"] if person["email"] in one["people"]]


def _is_at_the_front(document: Document, person: Mapping[str, Any]) -> bool:
    front = {one["queue"] for one in document.get("categories", ()) if one["key"] == UNSORTED}
    return any(one["key"] in front for one in _desks(document, person))
