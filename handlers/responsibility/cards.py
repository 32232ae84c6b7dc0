"""How responsibility reads: one subject, one person, one vendor, and the whole matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.cards import Block, Button, Buttons, Card, Facts, Item, List, Note, Text
from handlers.office.model import Office
from handlers.office.policy import Contract, Responsible
from handlers.people.names import name_of
from handlers.responsibility.model import contracts, duties, unowned
from handlers.words import Argument, Code, Name, Sentence, joined, say, words

REPORT = Button(say("Report something…"), "open:ticket.report", "", opens="ticket.report")


def subject(office: Office, key: str) -> Card:
    """Who answers for a category or a service area, who stands behind them, and which vendor helps."""
    who = office.responsible_for(key)
    title = say("{who} looks after {what}.", who=Name(name_of(office, who.person)), what=label(office, key))
    notes = [Note(_RULES[who.rule])] if who.rule in _RULES else []
    return Card(title, (Facts(tuple(_facts(office, key, who))), *notes, *_helping(office, key), Buttons((REPORT,))))


def label(office: Office, key: str) -> str:
    return office.categories[key].path if key in office.categories else key


_RULES: dict[str, Sentence] = {
    "queue": say("Nobody is named for it: it falls to whoever is first in its queue."),
    "owner": say("Nobody is named for it: it falls to the owner."),
}


def _facts(office: Office, key: str, who: Responsible) -> Iterable[tuple[Sentence, Sentence]]:
    row = who.row
    yield say("Responsible"), _names(office, (who.person,))
    yield say("Accountable"), _names(office, (who.accountable,))
    if row and row.consulted:
        yield say("Consulted"), _names(office, row.consulted)
    if row and row.informed:
        yield say("Informed"), _names(office, row.informed)
    if key in office.categories:
        queue = office.queue_of(key)
        yield say("Works on it"), say("{queue}: {people}", queue=queue.name, people=_names(office, queue.people))
    if row:
        confirmed = words(row.confirmed.isoformat()) if row.confirmed else say("not yet")
        yield say("Confirmed by them"), confirmed


def _names(office: Office, people: Iterable[str]) -> Sentence:
    """People by name, and groups by theirs."""
    found: list[Argument] = [words(one) if one in office.groups else Name(name_of(office, one)) for one in people]
    return joined(found)


def _helping(office: Office, key: str) -> Sequence[Block]:
    """The vendors whose contracts help with it."""
    return [Text(_helps(office, office.contracts[one])) for one in contracts(office, key)]


def _helps(office: Office, contract: Contract) -> Sentence:
    vendor = office.vendors[contract.vendor].name if contract.vendor in office.vendors else contract.vendor
    return say("{vendor} helps: {terms}", vendor=Name(vendor), terms=_terms(contract))


def _terms(contract: Contract) -> Sentence:
    """What is promised in a contract, and until when it runs."""
    promised = [say("answers within {time}", time=str(contract.respond))] if contract.respond else []
    promised += [say("fixes within {time}", time=str(contract.resolve))] if contract.resolve else []
    renewed = [say("renews {day}", day=contract.renews.isoformat())] if contract.renews else []
    return joined([say("contract {key}", key=contract.key), *promised, *renewed])


def person(office: Office, email: str) -> Card:
    """What is somebody's."""
    responsible, accountable = duties(office, email)
    who = Name(name_of(office, email))
    if not responsible and not accountable:
        return Card(say("{who} answers for nothing in the office's matrix.", who=who), (Buttons((REPORT,)),))
    lines: list[Block] = [Text(say("Looks after: {what}", what=_labels(office, responsible)))] if responsible else []
    lines += [Text(say("Accountable for: {what}", what=_labels(office, accountable)))] if accountable else []
    return Card(say("What {who} answers for", who=who), (*lines, Buttons((REPORT,))))


def _labels(office: Office, keys: Iterable[str]) -> Sentence:
    return joined([label(office, key) for key in keys])


def vendor(office: Office, key: str) -> Card:
    """What a vendor does for the office, and who keeps its contract."""
    found = office.vendors[key]
    own = [contract for contract in office.contracts.values() if contract.vendor == key]
    covered = [one for one in office.categories if any(contract in office.covering.get(one, ()) for contract in own)]
    lines: list[Block] = [Text(say("Helps with: {what}", what=_labels(office, covered)))] if covered else []
    for contract in own:
        keeper = Name(name_of(office, contract.owner or office.head.owner))
        lines.append(Text(say("{terms} · kept by {who}", terms=_terms(contract), who=keeper)))
    return Card(say("{vendor} works for {office}", vendor=found.name, office=office.head.name), (*lines, Buttons((REPORT,))))


def unclear(office: Office, typed: str, likely: Sequence[str]) -> Card:
    """Nothing has that name: what it may be, and how to ask."""
    title = say("I do not know for sure who looks after “{words}”.", words=typed[:80])
    rows = tuple(_row(office, key) for key in likely)
    again = Note(say("{who} shows everything. Or just say what is wrong, and I find whose it is.", who=Code("who")))
    return Card(title, (*((List(rows, len(rows)),) if rows else ()), again, Buttons((REPORT,))))


def matrix(office: Office) -> Card:
    """Every category with who looks after it; what has nobody comes first."""
    open_ = unowned(office)
    keys = [*open_, *sorted((key for key in office.categories if key not in open_), key=lambda key: label(office, key))]
    note = [Note(say("Nobody is named for: {what}. It falls to the owner.", what=_labels(office, open_)))] if open_ else []
    return Card(say("Who looks after what"), (*note, List(tuple(_row(office, key) for key in keys), len(keys)), Buttons((REPORT,))))


def _row(office: Office, key: str) -> Item:
    who = office.responsible_for(key)
    facts = say("{who} · accountable: {accountable}", who=_names(office, (who.person,)), accountable=_names(office, (who.accountable,)))
    return Item(words(label(office, key)), facts, (Button(say("More"), "who.subject", "", value=key),))
