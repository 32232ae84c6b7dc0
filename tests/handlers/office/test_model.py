"""The questions that features ask of an office."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from handlers.office.defaults import TAXONOMY
from handlers.office.model import Office
from handlers.office.policy import Approver, Ask, Target, VendorPlace
from handlers.office.rows import Rows, from_rows, to_rows
from handlers.office.values import Duration, Money
from tests.effort import growth

Document = dict[str, Any]


@pytest.fixture
def office(office_document: Document) -> Office:
    return from_rows("org", 3, to_rows(office_document))


@pytest.fixture
def bare(office_document: Document) -> Office:
    return from_rows("org", 1, to_rows({"office": office_document["office"]}))


def test_an_office_that_writes_nothing_has_the_default_taxonomy_at_its_front_desk(bare: Office) -> None:
    assert set(bare.categories) == set(TAXONOMY)
    assert {category.queue for category in bare.categories.values()} == {"front-desk"}
    assert bare.agents("front-desk") == ("ada@acme.example",)
    assert bare.responsible_for("it.email").person == "ada@acme.example"
    assert bare.person("ada@acme.example") is not None
    assert bare.calendar().seconds(Duration(1)) == 8 * 3600
    assert bare.sla_for("normal", "it.email") is None
    assert bare.digest is None
    assert bare.feed.may_post == "everyone"


def test_an_office_with_categories_has_those_and_unsorted(office: Office) -> None:
    assert set(office.categories) == {"facilities.electrical", "it.network", "it.email", "hr", "hr.pay", "unsorted"}
    assert office.queue_of("unsorted").key == "front-desk"


def test_no_office_without_its_head() -> None:
    with pytest.raises(ValueError, match="no office yet"):
        from_rows("org", 1, {})


@pytest.mark.parametrize(
    ("category", "path"),
    [
        ("facilities.electrical", "Facilities › Electrical"),
        ("it.network", "IT › Network"),
        ("hr", "HR"),
        ("hr.pay", "HR › Pay"),
        ("unsorted", "Unsorted"),
        ("long.gone", "Unsorted"),
    ],
)
def test_labels_lead_through_their_group(office: Office, category: str, path: str) -> None:
    assert office.label(category) == path


def test_hr_and_safety_stay_with_their_queue_unless_the_office_says_otherwise(office: Office, bare: Office) -> None:
    assert (office.visibility("hr"), office.visibility("hr.pay"), office.visibility("it.email")) == ("queue", "office", "office")
    assert bare.visibility("safety") == "queue"


@pytest.mark.parametrize(
    ("subject", "person", "accountable", "rule"),
    [
        ("facilities.electrical", "bob@acme.example", "cy@acme.example", "category"),
        ("it.email", "cy@acme.example", "ada@acme.example", "prefix"),
        ("it.network", "cy@acme.example", "bob@acme.example", "prefix"),
        ("hr", "cy@acme.example", "ada@acme.example", "queue"),
        ("CONT-01", "bob@acme.example", "ada@acme.example", "category"),
        ("CONT-02", "ada@acme.example", "ada@acme.example", "owner"),
        ("long.gone", "ada@acme.example", "ada@acme.example", "owner"),
    ],
)
def test_somebody_is_always_responsible(office: Office, subject: str, person: str, accountable: str, rule: str) -> None:
    found = office.responsible_for(subject)
    assert (found.person, found.accountable, found.rule) == (person, accountable, rule)


@pytest.mark.parametrize(
    ("priority", "category", "department", "promise"),
    [
        ("normal", "facilities.electrical", None, "normal"),
        ("normal", "facilities.electrical", "sales", "normal"),  # the category names it
        ("urgent", "facilities.electrical", "sales", "urgent"),
        ("low", "facilities.electrical", None, None),
        ("normal", "hr", "sales", "sales"),
        ("normal", "hr", "it", "normal"),
        ("normal", "it.email", "sales", "mail"),
        ("normal", "it.network", "sales", "any-it"),
        ("high", "it.network", None, "any-it"),
    ],
)
def test_the_most_particular_promise_holds(
    office: Office, priority: str, category: str, department: str | None, promise: str | None
) -> None:
    found = office.sla_for(priority, category, department)
    assert (found.key if found else None) == promise


def test_a_vendor_is_held_to_its_contract(office: Office) -> None:
    found = office.sla_for("normal", "facilities.electrical", vendor="sparks")
    assert found is not None
    assert (found.key, found.respond, found.resolve, found.vendor) == ("sparks-2026", Duration(0, 14400), Duration(2), "sparks")
    assert office.sla_for("normal", "it.email", vendor="sparks") is None
    assert office.sla_for("normal", "facilities.electrical", vendor="quickline") is None


def test_contracts_cover_categories_and_sites(office: Office) -> None:
    contract = office.contract_for("sparks", "facilities.electrical", "hq")
    assert contract is not None
    assert contract.rates is not None
    assert contract.rates.after_hours == Money(Decimal(180), "USD")
    assert office.contract_for("sparks", "facilities.electrical", "moon") is None
    assert office.contract_for("sparks", "it.email") is None


def test_people_and_where_they_belong(office: Office) -> None:
    assert office.person("ANA@acme.example") is not None
    assert office.person("stranger@acme.example") is None
    assert office.manager_of("ana@acme.example") == "bob@acme.example"  # the head of her department
    assert office.manager_of("bob@acme.example") == "ada@acme.example"
    assert office.manager_of("ada@acme.example") is None
    site = office.site_of("bob@acme.example")  # the only site there is
    assert site is not None
    assert site.key == "hq"
    assert office.has_role("ada@acme.example", "executive")
    assert office.has_role("ada@acme.example", "administrator")
    assert not office.has_role("bob@acme.example", "executive")


def test_queues_and_their_agents(office: Office) -> None:
    assert office.agents("building") == ("bob@acme.example", "cy@acme.example")
    assert office.queues_of("CY@acme.example") == {"building", "it"}
    assert office.queues_of("ana@acme.example") == frozenset()
    assert office.place_channel("building", "slack") == "C0BUILD"
    assert office.place_channel("building", "teams") is None
    assert office.queue("long-gone").key == "front-desk"
    assert (office.queue("building").threads, office.queue("it").threads) == ("private", "shared")


def test_groups_open_into_people_once(office: Office) -> None:
    assert office.members(["ada@acme.example", "finance"]) == ("ada@acme.example", "cy@acme.example")


def test_calendars_have_the_zone_of_the_office_or_their_own(office: Office) -> None:
    assert office.calendar("berlin").rules.zone == "Europe/Berlin"
    assert office.calendar("always").rules.zone == "America/Los_Angeles"
    assert office.calendar("long-gone") is office.calendar()
    assert office.calendar_of_site("hq") is office.calendar_of_site(None)


def test_the_parts_are_typed(office: Office) -> None:
    electrical = office.category("facilities.electrical")
    assert electrical.ask == (Ask("amount", required=False), Ask("hurt"))
    callout = office.approvals["callout"]
    assert callout.amount_over == Decimal("99.5")
    assert callout.steps[0].who == (Approver("manager"), Approver("group", "finance"), Approver("person", "cy@acme.example"))
    assert (callout.steps[0].need, callout.steps[1].need, callout.steps[0].within) == (1, None, Duration(0, 14400))
    steps = office.escalations["electric"].steps
    assert [step.to for step in steps] == [
        Target("queue", "building"),
        Target("vendor", "sparks"),
        Target("accountable"),
        Target("person", "ada@acme.example"),
    ]
    assert office.vendors["sparks"].places == (VendorPlace("mail", "joe@sparks.example"), VendorPlace("slack", "C0SPARKS", "private"))
    assert office.subscriptions["crm"].price == Money(Decimal(40), "USD")
    assert office.digest is not None
    assert office.digest.to == ("ada@acme.example", "finance")
    assert office.fields["hurt"].options == ("Yes", "No")
    assert office.feed.channels == (("slack", "C0OFFICE"),)
    assert office.answers["hello"].text == "Hello from {me},\n{amount} is fine."


def test_saved_answers_for_a_prefix_are_for_its_categories(office_document: Document) -> None:
    office_document["answers"][0]["categories"] = ["it", "hr.pay"]
    assert from_rows("org", 1, to_rows(office_document)).answers["hello"].categories == ("hr.pay", "it.email", "it.network")


def test_the_time_to_build_an_office_grows_with_its_people_and_no_faster(office_document: Document) -> None:
    """Ten times the people: some ten times the time. A hundred times is what a scan per person would take."""

    def rows(people: int) -> Rows:
        more = [{"email": f"p{i}@acme.example", "name": f"P {i}", "manager": "bob@acme.example"} for i in range(people)]
        return to_rows(office_document | {"people": office_document["people"] + more})

    few, many = rows(500), rows(5000)
    assert growth(lambda: from_rows("org", 1, few), lambda: from_rows("org", 1, many)) < 40
    assert len(from_rows("org", 1, many).people) == 5004
