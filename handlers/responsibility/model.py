"""What a question about responsibility is about, found in the office's policy alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.core import Person
from handlers.frozen import dataclass
from handlers.office.model import Office
from handlers.ports import SURE, Guess


@dataclass(frozen=True, slots=True)
class Topic:
    """A category or a service area of the matrix."""

    subject: str


@dataclass(frozen=True, slots=True)
class Duties:
    """A person, and all that is theirs."""

    email: str


@dataclass(frozen=True, slots=True)
class Supplier:
    """A vendor, and what it covers."""

    vendor: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """The likeliest categories; none when no word fits."""

    likely: tuple[str, ...] = ()


Found = Topic | Duties | Supplier | Unclear


def topic(office: Office, words: str, named: Sequence[Person], guesses: Iterable[Guess]) -> Found:
    """A person who is named, a category or an area by its key or label, a vendor or a colleague by name, else what the words are about."""
    if named and named[0].email:
        return Duties(named[0].email)
    said = " ".join(words.casefold().split())
    return _by_name(office, said) or _by_words(guesses)


def _by_name(office: Office, said: str) -> Found | None:
    for key, category in office.categories.items():
        if said in (key.casefold(), category.label.casefold(), category.path.casefold()):
            return Topic(key)
    for subject in office.responsibility:
        if said == subject.casefold():
            return Topic(subject)
    for vendor in office.vendors.values():
        if said in (vendor.key.casefold(), vendor.name.casefold()):
            return Supplier(vendor.key)
    return _colleague(office, said.removeprefix("@"))


def _colleague(office: Office, said: str) -> Duties | None:
    """By address or name; by first name, if only one has it."""
    for email, person in office.people.items():
        if said in (email, person.name.casefold()):
            return Duties(email)
    called = [email for email, person in office.people.items() if person.name.casefold().partition(" ")[0] == said]
    return Duties(called[0]) if len(called) == 1 else None


def _by_words(guesses: Iterable[Guess]) -> Found:
    likely = list(guesses)
    if likely and likely[0].sure >= SURE:
        return Topic(likely[0].category)
    return Unclear(tuple(guess.category for guess in likely[:3]))


def contracts(office: Office, subject: str) -> tuple[str, ...]:
    """The keys of the contracts that help with a subject: the one that its row names, then those that cover the category."""
    row = office.responsible_for(subject).row
    named = (row.contract,) if row and row.contract in office.contracts else ()
    covering = (contract.key for contract in office.covering.get(subject, ()))
    return tuple(dict.fromkeys((*named, *covering)))


def duties(office: Office, email: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The categories for which somebody is responsible, and those for which they alone are accountable."""
    answering = {key: office.responsible_for(key) for key in office.categories}
    responsible = tuple(key for key, who in answering.items() if who.person == email)
    return responsible, tuple(key for key, who in answering.items() if who.accountable == email and who.person != email)


def unowned(office: Office) -> tuple[str, ...]:
    """The categories for which nobody is named, which therefore fall to the owner: a finding."""
    return tuple(key for key in office.categories if office.responsible_for(key).rule == "owner")
