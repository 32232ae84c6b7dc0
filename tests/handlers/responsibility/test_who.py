"""Who looks after what: found by the words people use, and said as the policy has it."""

from __future__ import annotations

import pytest

from handlers.core import Refused
from handlers.responsibility.model import Duties, Supplier, Topic, Unclear, contracts, duties, topic, unowned
from handlers.understanding.categorizer import KeywordCategorizer
from tests.handlers.harness import Colleague, Desk, as_card, example, labels, text

OFFICE = example()
GUESS = KeywordCategorizer()


def found(words: str) -> object:
    return topic(OFFICE, words, (), GUESS.guess(OFFICE, words))


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("printers", Topic("it.printing")),
        ("Printing", Topic("it.printing")),
        ("it.printing", Topic("it.printing")),
        ("the heating", Topic("facilities.hvac")),
        ("HR", Topic("hr")),
        ("cont-01", Topic("CONT-01")),
        ("northwind", Supplier("northwind")),
        ("Sparks Ltd", Supplier("sparks")),
        ("Eva Ekman", Duties("eva@acme.example")),
        ("@eva", Duties("eva@acme.example")),
        ("EVA@acme.example", Duties("eva@acme.example")),
        ("xyzzy", Unclear(())),
        ("", Unclear(())),
    ],
)
def test_what_a_question_is_about(words: str, what: object) -> None:
    assert found(words) == what


def test_the_row_names_the_contract_and_the_category_the_others() -> None:
    assert contracts(OFFICE, "it.network") == ("isp-2026", "msp-2026")
    assert contracts(OFFICE, "facilities.electrical") == ("sparks-2026",)
    assert contracts(OFFICE, "hr") == ()


def test_what_is_whose() -> None:
    responsible, accountable = duties(OFFICE, "bob@acme.example")
    assert "facilities.electrical" in responsible
    assert "it.printing" in accountable
    assert not set(responsible) & set(accountable)
    assert all(OFFICE.responsible_for(key).rule == "owner" for key in unowned(OFFICE))


async def test_who_answers_in_plain_words(ana: Colleague) -> None:
    card = as_card(await ana.types("who printers"))
    said = text(card)
    assert str(card.title) == "Eva Ekman looks after IT › Printing."
    for words in (
        "Bob Burke",
        "leadership",
        "IT desk: Eva Ekman · Quinn Quist",
        "not yet",
        "Northwind IT Services helps",
        "answers within 1h",
    ):
        assert words in said
    assert labels(card) == ["Report something…"]


async def test_who_looks_after_it_is_asked_in_many_ways(ana: Colleague) -> None:
    for asked in ("who is responsible for the printers?", "who's in charge of printing", "who do I ask about the printer"):
        assert "Eva Ekman looks after" in text(as_card(await ana.types(asked)))


async def test_a_person_a_vendor_and_everything(ana: Colleague) -> None:
    assert "Looks after: " in text(as_card(await ana.types("who eva")))
    assert "answers for nothing" in text(as_card(await ana.types("who hal")))
    northwind = text(as_card(await ana.types("who northwind")))
    assert "Helps with: " in northwind
    assert "kept by Eva Ekman" in northwind
    everything = as_card(await ana.types("who"))
    assert all(category.path in text(everything) for category in OFFICE.categories.values())
    row = as_card(await ana.presses("More", everything))
    assert "looks after" in str(row.title)


async def test_what_is_not_known_gets_likely_ones_and_no_guess(ana: Colleague) -> None:
    card = as_card(await ana.types("who xyzzy"))
    assert "I do not know for sure" in str(card.title)
    with pytest.raises(Refused, match="gone"):
        await ana.press("who.subject", "", value="nothing")


async def test_what_may_be_a_report_is_asked_about(desk: Desk, ana: Colleague) -> None:
    card = as_card(await ana.types("who can fix my printer"))
    assert labels(card) == ["Who is it?", "Open a ticket"]
    assert "Eva Ekman looks after" in text(as_card(await ana.presses("Who is it?", card)))
