"""One record of the document -> its typed part. Records come filled: every key is there, with its default if nothing was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from handlers.core import Visibility
from handlers.office import policy as p
from handlers.office import values
from handlers.office.calendar import CalendarRules
from handlers.office.defaults import group_label, prefix, visibility
from handlers.office.values import Duration, Money, Span

Content = Mapping[str, Any]


@cache
def _spans(text: str) -> tuple[Span, ...]:
    return values.spans(text)


@cache
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def _duration(text: str | None) -> Duration | None:
    return values.duration(text) if text else None


def _money(amount: float | None, currency: str) -> Money | None:
    return None if amount is None else Money(Decimal(str(amount)), currency)


def head(row: Content) -> p.Head:
    rate = Money(Decimal(str(row["hourly_rate"])), row["currency"])
    return p.Head(row["key"], row["name"], row["time_zone"], row["currency"], row["language"], row["owner"], rate)


def calendar_rules(row: Content, zone: str) -> CalendarRules:
    """The rules of a filled calendar; its zone is the office's unless it names one."""
    hours: list[tuple[Span, ...]] = [()] * 7
    for days, text in row["hours"].items():
        for weekday in values.days(days):
            hours[weekday] = _spans(text)
    closed = row["holidays"]
    extra = tuple(sorted(date.fromisoformat(day) for day in closed["extra"]))
    return CalendarRules(row["time_zone"] or zone, tuple(hours), closed["country"], closed["subdivision"], extra)


def site(key: str, row: Content) -> p.Site:
    return p.Site(key, row["name"], tuple(row["places"]), row["calendar"])


def department(key: str, row: Content) -> p.Department:
    return p.Department(key, row["name"], row["head"])


def colleague(key: str, row: Content) -> p.Colleague:
    return p.Colleague(key, row["name"], row["manager"], row["department"], row["site"], frozenset(row["roles"]))


def group(key: str, row: Content) -> p.Group:
    return p.Group(key, tuple(row["people"]))


def queue(key: str, row: Content) -> p.Queue:
    channel = {chat: channel for chat, channel in row["channel"].items() if channel}
    return p.Queue(key, row["name"], tuple(row["people"]), channel, row["threads"])


def field(key: str, row: Content) -> p.AskedField:
    return p.AskedField(key, row["kind"], row["label"], row["help"] or "", tuple(row["options"]))


def category(key: str, row: Content, parent: str | None) -> p.Category:
    """`parent` is the label of the category that is the prefix of this one, if there is such a category."""
    group = prefix(key)
    path = row["label"] if group == key else f"{parent or group_label(group)} › {row['label']}"
    return p.Category(
        key,
        row["label"],
        path,
        row["queue"],
        _visibility(row, key),
        tuple(_ask(words) for words in row["ask"]),
        row["approval"],
        row["escalation"],
        row["sla"],
        tuple(row["words"]),
    )


def _visibility(row: Content, key: str) -> Visibility:
    written: Visibility | None = row["visibility"]
    return written or visibility(key)


def _ask(words: str) -> p.Ask:
    field, _, need = words.partition(" ")
    return p.Ask(field, need != "optional")


def responsibility(key: str, row: Content) -> p.Responsibility:
    consulted, informed = tuple(row["consulted"]), tuple(row["informed"])
    return p.Responsibility(key, row["responsible"], row["accountable"], consulted, informed, row["contract"], _day(row["confirmed"]))


def approval(key: str, row: Content) -> p.ApprovalPolicy:
    over = row["when"]["amount_over"]
    steps = tuple(_approval_step(step) for step in row["steps"])
    return p.ApprovalPolicy(key, steps, None if over is None else Decimal(str(over)), row["when"]["after_hours"])


def _approval_step(row: Content) -> p.ApprovalStep:
    need = None if row["need"] == "all" else row["need"]
    return p.ApprovalStep(tuple(_approver(words) for words in row["who"]), need, _duration(row["within"]), row["then"])


def _approver(words: str) -> p.Approver:
    if words.startswith("group "):
        return p.Approver("group", words.removeprefix("group "))
    if "@" in words:
        return p.Approver("person", words)
    kinds: dict[str, p.ApproverKind] = {
        "manager": "manager",
        "manager's manager": "manager's manager",
        "accountable": "accountable",
        "owner": "owner",
    }
    return p.Approver(kinds[words])


def sla(key: str, row: Content) -> p.Sla:
    case = row["for"]
    return p.Sla(
        key,
        _duration(row["respond"]),
        _duration(row["resolve"]),
        row["calendar"] or "office",
        row["warn_at"],
        tuple(case["priority"]),
        tuple(case["departments"]),
        tuple(case["categories"]),
        case["vendor"],
    )


def vendor(key: str, row: Content) -> p.Vendor:
    contacts = tuple(p.Contact(one["email"], one["name"], one["phone"] or "") for one in row["contacts"])
    grants = tuple(p.Grant(one["person"], one["role"], _day(one["until"])) for one in row["grants"])
    places = tuple(
        p.VendorPlace(chat, place[chat], place["threads"]) for place in row["places"] for chat in ("slack", "teams", "mail") if place[chat]
    )
    return p.Vendor(key, row["name"], contacts, places, grants)


def contract(key: str, row: Content, currency: str) -> p.Contract:
    return p.Contract(
        key,
        row["vendor"],
        row["owner"],
        tuple(row["covers"]["categories"]),
        tuple(row["covers"]["sites"]),
        row["calendar"] or "office",
        _duration(row["respond"]),
        _duration(row["resolve"]),
        _rates(row["rates"], currency),
        _day(row["renews"]),
        _duration(row["notice"]),
    )


def _rates(row: Content, currency: str) -> p.Rates | None:
    normal, after_hours = _money(row["normal"], currency), _money(row["after_hours"], currency)
    return p.Rates(normal, after_hours, row["per"]) if normal or after_hours else None


def subscription(key: str, row: Content, currency: str) -> p.Subscription:
    price = Money(Decimal(str(row["price"])), currency)
    return p.Subscription(key, row["vendor"], row["owner"], price, row["per"], row["seats"], _day(row["renews"]))


def escalation(key: str, row: Content) -> p.EscalationPolicy:
    steps = tuple(p.EscalationStep(_target(step["to"]), values.duration(step["wait"])) for step in row["steps"])
    return p.EscalationPolicy(key, steps, tuple(row["quiet"]), row["repeat"])


def _target(words: str) -> p.Target:
    kinds: dict[str, p.TargetKind] = {
        "queue": "queue",
        "vendor": "vendor",
        "group": "group",
        "person": "person",
        "accountable": "accountable",
    }
    kind, _, key = words.partition(" ")
    return p.Target(kinds[kind], key)


def feed(row: Content) -> p.Feed:
    channels = tuple((chat, place[chat]) for place in row["channels"] for chat in ("slack", "teams") if place[chat])
    return p.Feed(channels, row["may_post"])


def digest(row: Content) -> p.Digest:
    return p.Digest(values.week_moment(row["at"]), tuple(row["to"]))


def saved_answer(key: str, row: Content, categories: Iterable[str]) -> p.SavedAnswer:
    """Prefixes open into the categories of the office that have them."""
    named = tuple(row["categories"])
    opened = tuple(one for one in categories if one in named or prefix(one) in named)
    return p.SavedAnswer(key, row["title"], row["text"], opened or named)


def retention(row: Content) -> p.Retention:
    return p.Retention(row["closed_tickets"], row["then"])
