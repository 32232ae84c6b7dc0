"""Document, rows and office lead to one another without loss; defaults and the order of rows make no difference."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.office.check import check
from handlers.office.rows import document, from_rows, to_rows
from handlers.office.sections import SECTIONS
from handlers.office.shape import Node, Record, filled

Document = dict[str, Any]


def test_rows_are_json_and_come_back(office_document: Document) -> None:
    rows = to_rows(office_document)
    assert json.loads(json.dumps(list(rows.values()))) == list(rows.values())
    assert to_rows(document(rows)) == rows
    assert check(document(rows), lambda path: 1) == []


def test_rows_are_canonical(office_document: Document) -> None:
    rows = to_rows(office_document)
    assert rows["people", "ana@acme.example"] == {"name": "Ana", "department": "sales", "site": "hq"}
    assert rows["categories", "facilities.electrical"]["ask"] == ["amount optional", "hurt"]
    assert rows["escalations", "electric"]["steps"][3]["to"] == "person ada@acme.example"
    assert rows["approvals", "callout"]["steps"] == [
        {"who": ["manager", "group finance", "cy@acme.example"], "within": "4h"},
        {"who": ["owner"], "need": "all"},
    ]


def test_the_export_has_the_order_of_the_description(office_document: Document) -> None:
    exported = document(to_rows(office_document))
    assert list(exported) == [section.name for section in SECTIONS]
    assert list(exported["contracts"][0]) == list(office_document["contracts"][0])
    assert exported["contracts"][0]["rates"] == {"normal": 120, "after_hours": 180}


def test_a_store_may_lose_every_order(office_document: Document) -> None:
    rows = to_rows(office_document)
    shuffled = [(where, _shuffled(row)) for where, row in rows.items()]
    random.Random(7).shuffle(shuffled)
    assert json.dumps(document(dict(shuffled))) == json.dumps(document(rows))
    mixed, straight = from_rows("o", 1, dict(shuffled)), from_rows("o", 1, rows)
    assert list(mixed.categories) == list(straight.categories)
    assert mixed.slas == straight.slas


def _shuffled(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    items = [(key, _shuffled(part)) for key, part in value.items()]
    random.Random(3).shuffle(items)
    return dict(items)


def test_writing_the_defaults_changes_nothing(office_document: Document) -> None:
    rows = to_rows(office_document)
    spelled_out: Document = {}
    for section in SECTIONS:
        entries = {key: filled(section.record, row) for (name, key), row in rows.items() if name == section.name}
        spelled_out[section.name] = {
            "one": next(iter(entries.values())),
            "map": entries,
            "list": [{section.key: key, **row} for key, row in entries.items()],
        }[section.layout]
    assert to_rows(spelled_out) == rows


def test_a_wrong_document_gives_no_rows(office_document: Document) -> None:
    office_document["office"]["currency"] = "shells"
    with pytest.raises(ValueError, match="three letters"):
        to_rows(office_document)


def test_a_row_that_is_not_canonical_is_not_exported(office_document: Document) -> None:
    rows = to_rows(office_document)
    rows["groups", "finance"] = {"poeple": []}
    with pytest.raises(ValueError, match="groups"):
        document(rows)


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), min_size=1, max_size=30)
names = words.filter(lambda text: bool(text.strip()) and "\ufeff" not in text)
keys = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,9}", fullmatch=True)
emails = st.from_regex(r"[A-Za-z][a-z0-9.+-]{0,8}@[a-z]{1,6}\.example", fullmatch=True)
amounts = st.integers(0, 10**6) | st.integers(0, 10**6).map(lambda cents: cents / 100)
lengths = st.sampled_from(["30m", "4h", "3d", "1d 4h", "90m", "26h", "1d4h30m"])
dates = st.dates().map(str)
prose = st.lists(names, min_size=1, max_size=4).map("\n".join).map(lambda text: text.replace("{", "(").replace("}", ")"))


def optional(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({}, optional=parts)


@st.composite
def offices(draw: st.DrawFn) -> Document:
    """Any office: people in a tree, queues and categories of them, and the rest hanging on those."""
    people = draw(st.lists(emails, min_size=1, max_size=6, unique_by=str.lower))
    sites, queues, groups = (draw(st.lists(keys, max_size=3, unique=True)) for _ in range(3))
    vendors = draw(st.lists(keys, max_size=2, unique=True))
    person = st.sampled_from(people)
    entries = [
        {"email": email, "name": draw(names), **draw(optional(manager=st.sampled_from(people[:i])) if i else st.just({}))}
        for i, email in enumerate(people)
    ]
    some = st.lists(person, min_size=1, max_size=3, unique=True)
    queue = st.sampled_from([*queues, "front-desk"])
    categories = draw(st.lists(keys.filter(lambda key: key != "unsorted"), max_size=4, unique=True))
    return {
        "office": {
            "key": draw(keys),
            "name": draw(names),
            "time_zone": draw(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo"])),
            "currency": draw(st.sampled_from(["USD", "eur"])),
            "owner": draw(person),
            **draw(optional(hourly_rate=amounts, language=st.sampled_from(["en", "pt-BR"]))),
        },
        "people": entries,
        "sites": [{"key": key, "name": draw(names), "places": draw(st.lists(names, max_size=3, unique_by=str.strip))} for key in sites],
        "queues": [
            {
                "key": key,
                "name": draw(names),
                "people": draw(some),
                **draw(optional(channel=optional(slack=names.map(f"{key} {{}}".format)))),
            }
            for key in queues
        ],
        "groups": [{"key": key, "people": draw(some)} for key in groups],
        "categories": [
            {"key": key, "label": draw(names), "queue": draw(queue), **draw(optional(visibility=st.sampled_from(["office", "queue"])))}
            for key in categories
        ],
        "vendors": [{"key": key, "name": draw(names), "contacts": [{"email": draw(emails), "name": draw(names)}]} for key in vendors],
        "subscriptions": [
            {"key": draw(keys), "vendor": key, "price": draw(amounts), **draw(optional(renews=dates, owner=person))} for key in vendors[:1]
        ],
        "slas": draw(st.lists(st.fixed_dictionaries({"key": keys, "respond": lengths}), max_size=2, unique_by=lambda sla: str(sla["key"]))),
        "answers": [{"key": draw(keys), "title": draw(names), "text": draw(prose)}],
    }


@pytest.mark.slow
@given(offices())
@settings(deadline=None, max_examples=100)
def test_any_office_comes_back(office: Document) -> None:
    assert check(office, lambda path: 1) == []
    rows = to_rows(office)
    exported = document(rows)
    assert check(exported, lambda path: 1) == []
    assert to_rows(exported) == rows
    assert json.loads(json.dumps(exported)) == exported
    assert from_rows("o", 1, rows).head.owner == office["office"]["owner"].lower()


def test_every_section_is_described_once() -> None:
    assert len({section.name for section in SECTIONS}) == len(SECTIONS)
    assert all(section.key not in section.record.fields for section in SECTIONS if section.layout == "list")
    assert all(_defaults_are_readable(section.record) for section in SECTIONS)


def _defaults_are_readable(node: Node) -> bool:
    """No field has both a default and the duty to be there."""
    if not isinstance(node, Record):
        return True
    return all(not (part.required and part.default is not None) and _defaults_are_readable(part.node) for part in node.fields.values())
