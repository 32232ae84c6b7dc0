"""From rows to the `Office`, with everything worked out that a question at run time would have to search for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from handlers.office import parts
from handlers.office.calendar import Calendar, calendar
from handlers.office.defaults import HEAD, Row, Rows, complete, prefix
from handlers.office.model import Office
from handlers.office.policy import Category, Contract, Digest, Queue, Responsibility, Responsible
from handlers.office.promises import Promises
from handlers.office.sections import BY_NAME, SECTIONS
from handlers.office.shape import filled

Entries = Mapping[str, Mapping[str, Any]]
Part = TypeVar("Part")


def from_rows(organisation: str, version: int, rows: Rows) -> Office:
    """The office of an organisation in one version of its policy; the order of the rows does not matter.

    Rows must be canonical and checked. Raises `ValueError` without the office's head.
    """
    if HEAD not in rows:
        raise ValueError("this organisation has no office yet: apply an office file that has the section office")
    return _office(organisation, version, _sections(complete(rows)))


def _office(organisation: str, version: int, sections: Mapping[str, Entries]) -> Office:
    head = parts.head(sections["office"]["office"])
    categories = _categories(sections["categories"])
    queues = _each(sections["queues"], parts.queue)
    slas = _each(sections["slas"], parts.sla)
    responsibility = _each(sections["responsibility"], parts.responsibility)
    contracts = {key: parts.contract(key, row, head.currency) for key, row in sections["contracts"].items()}
    covering = _covering(categories, contracts.values())
    return Office(
        organisation=organisation,
        version=version,
        head=head,
        calendars=_calendars(sections["calendars"], head.time_zone),
        sites=_each(sections["sites"], parts.site),
        departments=_each(sections["departments"], parts.department),
        people=_each(sections["people"], parts.colleague),
        groups=_each(sections["groups"], parts.group),
        queues=queues,
        fields=_each(sections["fields"], parts.field),
        categories=categories,
        responsibility=responsibility,
        approvals=_each(sections["approvals"], parts.approval),
        slas=slas,
        vendors=_each(sections["vendors"], parts.vendor),
        contracts=contracts,
        subscriptions={key: parts.subscription(key, row, head.currency) for key, row in sections["subscriptions"].items()},
        escalations=_each(sections["escalations"], parts.escalation),
        feed=parts.feed(sections["feed"].get("feed") or filled(BY_NAME["feed"].record, {})),
        digest=_digest(sections["digest"]),
        answers={key: parts.saved_answer(key, row, categories) for key, row in sections["answers"].items()},
        retention=parts.retention(sections["retention"].get("retention") or filled(BY_NAME["retention"].record, {})),
        answering=_answering(categories, queues, responsibility, head.owner),
        memberships=_memberships(queues.values()),
        covering=covering,
        promises=Promises(tuple(slas.values()), {key: one.sla for key, one in categories.items()}, covering),
    )


def _sections(rows: Rows) -> dict[str, Entries]:
    """Rows by section and key, sorted by key and filled with defaults."""
    result: dict[str, dict[str, Row]] = {section.name: {} for section in SECTIONS}
    for (section, key), row in sorted(rows.items(), key=lambda item: item[0]):
        result[section][key] = filled(BY_NAME[section].record, row)
    return dict(result)


def _each(entries: Entries, part: Callable[[str, Mapping[str, Any]], Part]) -> dict[str, Part]:
    return {key: part(key, row) for key, row in entries.items()}


def _calendars(entries: Entries, zone: str) -> dict[str, Calendar]:
    return {key: calendar(parts.calendar_rules(row, zone)) for key, row in entries.items()}


def _categories(entries: Entries) -> dict[str, Category]:
    labels = {key: str(row["label"]) for key, row in entries.items()}
    return {key: parts.category(key, row, labels.get(prefix(key))) for key, row in entries.items()}


def _digest(entries: Entries) -> Digest | None:
    return parts.digest(entries["weekly"]) if "weekly" in entries else None


def _covering(categories: Iterable[str], contracts: Iterable[Contract]) -> dict[str, tuple[Contract, ...]]:
    every = tuple(contracts)
    return {key: tuple(contract for contract in every if _covers(contract, key)) for key in categories}


def _covers(contract: Contract, category: str) -> bool:
    return not contract.categories or category in contract.categories or prefix(category) in contract.categories


def _memberships(queues: Iterable[Queue]) -> dict[str, frozenset[str]]:
    result: dict[str, set[str]] = {}
    for queue in queues:
        for email in queue.people:
            result.setdefault(email, set()).add(queue.key)
    return {email: frozenset(keys) for email, keys in result.items()}


def _answering(
    categories: Mapping[str, Category], queues: Mapping[str, Queue], rows: Mapping[str, Responsibility], owner: str
) -> dict[str, Responsible]:
    """Who answers for each category and for each other subject of the matrix (prefixes and service areas)."""
    of_categories = {key: _responsible(key, rows, queues[one.queue].people, owner) for key, one in categories.items()}
    return {key: _responsible(key, rows, (), owner) for key in rows} | of_categories


def _responsible(subject: str, rows: Mapping[str, Responsibility], agents: tuple[str, ...], owner: str) -> Responsible:
    own, group = rows.get(subject), rows.get(prefix(subject))
    accountable = next((row.accountable for row in (own, group) if row and row.accountable), owner)
    if own and own.responsible:
        return Responsible(own.responsible, accountable, "category", own)
    if group and group.responsible:
        return Responsible(group.responsible, accountable, "prefix", group)
    if agents:
        return Responsible(agents[0], accountable, "queue", own or group)
    return Responsible(owner, accountable, "owner", own or group)
