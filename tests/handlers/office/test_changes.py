"""What an apply would change, said in one line each."""

from __future__ import annotations

from typing import Any

from handlers.office.changes import applied, changed_in_chat, diff
from handlers.office.rows import document, to_rows

Document = dict[str, Any]


def test_the_export_of_what_is_stored_changes_nothing(office_document: Document) -> None:
    rows = to_rows(office_document)
    assert diff(rows, to_rows(document(rows)), prune=True) == ()


def test_changes_are_told_in_words(office_document: Document) -> None:
    stored = to_rows(office_document)
    office_document["queues"][0]["threads"] = "shared"
    office_document["categories"][0]["sla"] = None
    office_document["vendors"].append({"key": "dust", "name": "Dust Ltd"})
    office_document["feed"]["may_post"] = "agents"
    del office_document["subscriptions"]
    assert [str(change) for change in diff(stored, to_rows(office_document), prune=True)] == [
        "~ queue building: threads (none) -> shared",
        "~ category facilities.electrical: sla normal -> (none)",
        "+ vendor dust",
        "- subscription crm",
        "~ feed: may_post (none) -> agents",
    ]


def test_nothing_is_removed_unless_asked(office_document: Document) -> None:
    stored = to_rows(office_document)
    part = to_rows({"groups": [{"key": "finance", "people": ["bob@acme.example"]}]})
    assert [change.kind for change in diff(stored, part)] == ["changed"]
    removed = [change for change in diff(stored, part, prune=True) if change.kind == "removed"]
    assert len(removed) == len(stored) - 2
    assert all(change.section != "office" for change in removed)


def test_applying_twice_is_applying_once(office_document: Document) -> None:
    stored = to_rows(office_document)
    office_document["people"][1]["name"] = "Robert"
    del office_document["answers"]
    wanted = to_rows(office_document)
    for prune in (False, True):
        after = applied(stored, diff(stored, wanted, prune))
        assert diff(after, wanted, prune) == ()
    assert applied(stored, diff(stored, wanted, prune=True)) == wanted


def test_long_and_odd_values_stay_on_one_short_line(office_document: Document) -> None:
    stored = to_rows(office_document)
    office_document["answers"][0]["text"] = "line\n" * 500
    office_document["approvals"][0]["when"]["after_hours"] = True
    lines = [str(change) for change in diff(stored, to_rows(office_document))]
    assert all("\n" not in line and len(line) < 250 for line in lines)
    assert any("after_hours: true" in line for line in lines)


def test_what_chat_changed_is_warned_about(office_document: Document) -> None:
    stored = to_rows(office_document)
    office_document["queues"][0]["name"] = "House desk"
    office_document["queues"][1]["name"] = "Computer desk"
    changes = diff(stored, to_rows(office_document))
    warnings = changed_in_chat(changes, {("queues", "building"): "chat", ("queues", "it"): "file", ("groups", "finance"): "chat"})
    assert len(warnings) == 1
    assert "queue building was changed in chat" in warnings[0]
