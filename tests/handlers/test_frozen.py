"""Replacing fields of a value: as the standard library does it."""

from __future__ import annotations

import dataclasses

import pytest

from handlers.core import Origin, Person, Press, Ticket, Where
from handlers.frozen import dataclass, replace
from tests.handlers.tickets.test_model import OPEN

ANA, HERE = Person("a", "acme", "Ana"), Where("console", "acme", "dm:ana", direct=True)


@dataclass(frozen=True, slots=True)
class One:
    """The least value that there is."""

    name: str


@dataclass(frozen=True, slots=True)
class Counted:
    """With a field that nobody may set."""

    name: str
    length: int = dataclasses.field(init=False, default=0)


@pytest.mark.parametrize("changes", [{}, {"title": "dark"}, {"title": "dark", "version": 9, "fields": {"room": "5"}, "assignee": None}])
def test_it_makes_what_the_standard_library_makes(changes: dict[str, object]) -> None:
    made = replace(OPEN, **changes)  # type: ignore[arg-type]
    assert made == dataclasses.replace(OPEN, **changes)  # type: ignore[arg-type]
    assert made is not OPEN
    assert isinstance(made, Ticket)


def test_a_field_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="colour"):
        replace(Origin("slack"), colour="red")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        replace(Origin("slack"), Origin("teams"))  # type: ignore[call-arg, arg-type]


def test_fields_by_keyword_only_single_ones_and_those_that_nobody_sets() -> None:
    press = Press(key="k", actor=ANA, where=HERE, action="ticket.take", subject="ticket:1")
    assert replace(press, version=3) == dataclasses.replace(press, version=3)
    assert replace(One("a"), name="b") == One("b")
    assert replace(Counted("a"), name="b") == Counted("b")
    with pytest.raises((TypeError, ValueError)):
        replace(Counted("a"), length=4)


def test_a_value_that_is_replaced_stays_as_it_was_and_hashes_as_its_equals() -> None:
    before = Origin("slack", "T1", "C1", "1.1")
    assert replace(before, channel="C2") == Origin("slack", "T1", "C2", "1.1")
    assert before.channel == "C1"
    assert hash(replace(before, channel="C1")) == hash(before)
