"""Everything that can be pressed, opened or sent, tried by everybody: who may, who is refused, and that a refusal tells nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pytest

from handlers.core import Event, Refused
from handlers.forms import Form, Invalid, Reply
from handlers.registry import Looking, Routes, merged
from handlers.routes import ROUTES
from tests.handlers.harness import Colleague, Desk, as_card, text

SECRET = "zebra above my desk"
Role = Literal["requester", "agent", "assignee", "watcher", "colleague", "owner", "administrator"]
ROLES: dict[Role, str] = {
    "requester": "ana", "agent": "pat", "assignee": "bob", "watcher": "ida", "colleague": "hal", "owner": "ada", "administrator": "eva",
}  # fmt: skip
EVERYBODY = frozenset(ROLES)
THEIRS = frozenset({"requester", "agent", "assignee"})
WORKERS = frozenset({"agent", "assignee"})
OFFICES = WORKERS | {"owner", "administrator"}
OWN = frozenset({"requester"})
NOBODY = frozenset[str]()
"""None of the office: test_vendor tries these."""


@dataclass(frozen=True)
class Case:
    """How a name is used: on a ticket in which state, with what, and by whom."""

    may: frozenset[str]
    state: Literal["open", "held", "resolved", "confirmed"] = "open"
    value: str = ""
    values: dict[str, str] = field(default_factory=dict)


WORDS = {"text": "hello"}
CASES: dict[str, Case] = {
    "press ticket.show": Case(EVERYBODY),
    "press ticket.link": Case(EVERYBODY),
    "press ticket.categorise": Case(THEIRS, value="it.hardware"),
    "press ticket.slow": Case(THEIRS, value="40"),
    "press ticket.hide": Case(THEIRS),
    "press ticket.take": Case(WORKERS),
    "press ticket.release": Case(WORKERS),
    "press ticket.resume": Case(WORKERS, "held"),
    "press ticket.watch": Case(EVERYBODY),
    "press ticket.unwatch": Case(frozenset({"watcher"})),
    "press ticket.confirm": Case(OWN, "resolved"),
    "press ticket.score": Case(OWN, "confirmed", value="5"),
    "press ticket.cancel": Case(THEIRS),
    "press ticket.withdraw": Case(WORKERS),
    "press ticket.claim": Case(NOBODY),
    "press ticket.unclaim": Case(NOBODY),
    "form ticket.offer": Case(WORKERS),
    "form ticket.refuse": Case(NOBODY),
    "form ticket.categorise": Case(THEIRS),
    "form ticket.detail": Case(THEIRS),
    "form ticket.fields": Case(THEIRS),
    "form ticket.comment": Case(EVERYBODY),
    "form ticket.note": Case(WORKERS),
    "form ticket.ask": Case(WORKERS),
    "form ticket.answer": Case(OWN),
    "form ticket.assign": Case(OFFICES),
    "form ticket.hold": Case(WORKERS),
    "form ticket.resolve": Case(WORKERS),
    "form ticket.reject": Case(WORKERS),
    "form ticket.reopen": Case(THEIRS, "resolved"),
    "form ticket.again": Case(OWN, "confirmed"),
    "submit ticket.categorise": Case(THEIRS, values={"category": "it.hardware"}),
    "submit ticket.offer": Case(WORKERS, values={"vendor": "northwind"}),
    "submit ticket.refuse": Case(NOBODY, values=WORDS),
    "submit ticket.detail": Case(THEIRS, values={"impact": "one"}),
    "submit ticket.fields": Case(THEIRS),
    "submit ticket.comment": Case(EVERYBODY, values=WORDS),
    "submit ticket.note": Case(WORKERS, values=WORDS),
    "submit ticket.ask": Case(WORKERS, values=WORDS),
    "submit ticket.answer": Case(OWN, values=WORDS),
    "submit ticket.assign": Case(OFFICES, values={"email": "pat@acme.example"}),
    "submit ticket.hold": Case(WORKERS, values={"until": "2026-12-01"}),
    "submit ticket.resolve": Case(WORKERS, values={"what": "done"}),
    "submit ticket.reject": Case(WORKERS, values=WORDS),
    "submit ticket.reopen": Case(THEIRS, "resolved", values=WORDS),
    "submit ticket.again": Case(OWN, "confirmed", values=WORDS),
}
OF_NO_TICKET = {
    "press ticket.mine", "press listen.new", "press listen.answer", "press listen.no", "press listen.search", "press file.get",
    "press who.subject",
    "form ticket.report", "submit ticket.report", "submit dialog.fields",
}  # fmt: skip
"""These act on the person's own things: their list, a new report, the words that the desk keeps for them. Files: files/test_hand."""
HARMLESS = {"no address", "already follow", "own ticket", "already have it", "was faster", "with no vendor"}
"""Refusals that are about the ticket's state, told to those who may."""


def names() -> set[str]:
    kinds = {"press": ROUTES.presses, "form": ROUTES.forms, "submit": ROUTES.submits}
    return {f"{kind} {name}" for kind, routes in kinds.items() for name in routes}


def test_every_name_is_tried() -> None:
    assert names() == set(CASES) | OF_NO_TICKET


async def does(who: Colleague, name: str, subject: str) -> Reply:
    kind, _, action = name.partition(" ")
    case = CASES.get(name, Case(frozenset()))
    if kind == "submit":
        return await who.submit(action, subject, **case.values)
    return await who.press(f"open:{action}" if kind == "form" else action, subject, value=case.value)


async def prepared(desk: Desk, state: str, private: bool = False) -> str:
    ana, bob, ida = await desk.who("ana"), await desk.who("bob"), await desk.who("ida")
    subject = await ana.reports(SECRET)
    await ana.press("ticket.categorise", subject, value="facilities.electrical")
    await ida.press("ticket.watch", subject)
    await bob.press("ticket.take", subject)
    if private:
        await ana.press("ticket.hide", subject)
    if state == "held":
        await bob.submit("ticket.hold", subject, until="2026-12-01")
    if state in ("resolved", "confirmed"):
        await bob.submit("ticket.resolve", subject, what="done")
    if state == "confirmed":
        await ana.press("ticket.confirm", subject)
    return subject


@pytest.mark.parametrize("name", sorted(CASES))
async def test_who_may(desk: Desk, name: str) -> None:
    """Those who are refused try the same ticket one after the other: it must not have changed."""
    allowed = set()
    subject = await prepared(desk, CASES[name].state)
    before = await desk.ticket(subject)
    for role, person in ROLES.items():
        try:
            await does(await desk.who(person), name, subject)
            allowed.add(role)
        except Refused as refused:
            if any(words in str(refused.sentence) for words in HARMLESS):
                allowed.add(role)
            assert await desk.ticket(subject) == before
        if await desk.ticket(subject) != before:
            subject = await prepared(desk, CASES[name].state)
            before = await desk.ticket(subject)
    assert allowed == CASES[name].may


async def attacked(desk: Desk, strangers: list[Colleague], private: bool) -> None:
    """Strangers try every name on a ticket in the state that the name needs; it stays as it was, and they learn nothing."""
    for state in ("open", "held", "resolved", "confirmed"):
        subject = await prepared(desk, state, private)
        before, lines = await desk.ticket(subject), len(await desk.history(subject))
        for name in sorted(names() - {"form ticket.report", "submit ticket.report", "press ticket.mine"}):
            if CASES.get(name, Case(frozenset())).state == state:
                for who in strangers:
                    for guess in (subject, before.id, f"dialog:{before.id}"):
                        with pytest.raises(Refused) as refused:
                            await does(who, name, guess)
                        said = str(refused.value.sentence)
                        assert not [word for word in ("zebra", "Bob", "#") if word in said], name
        assert await desk.ticket(subject) == before
        assert len(await desk.history(subject)) == lines


async def test_a_private_ticket_does_not_exist_for_others(desk: Desk) -> None:
    """For a colleague, for somebody of another queue, for the office's owner."""
    await attacked(desk, [await desk.who(who) for who in ("hal", "eva", "ada")], private=True)


@pytest.mark.parametrize("private", [True, False])
async def test_another_organisation_reaches_nothing(desk: Desk, private: bool) -> None:
    """Even somebody of the same name and e-mail, who knows the ticket's id."""
    await attacked(desk, [await desk.who(who, desk.other) for who in ("ana", "bob", "ada")], private)


async def test_subjects_that_are_none(ana: Colleague) -> None:
    for name in ("press ticket.take", "form ticket.hold", "submit ticket.comment", "submit dialog.fields", "press listen.new"):
        for subject in ("", "ticket:", "ticket:nonsense", "ticket:" + "f" * 32, "place:x", "💥", "x" * 500):
            with pytest.raises(Refused):
                await does(ana, name, subject)


async def test_no_view_shows_a_private_ticket_to_others(desk: Desk) -> None:
    """However a view is asked for: by a colleague, by a channel of another queue, by another organisation."""
    subject = await prepared(desk, "open", private=True)
    ana = await desk.who("ana")
    await ana.submit("ticket.comment", subject, text="zebra")
    comment = str((await desk.history(subject))[-1].data["comment"])
    hal, stranger = await desk.who("hal"), await desk.who("ana", desk.other)
    channel = next(iter(await desk.port.places.of_queue(desk.office.organisation, "it")))
    for key in (subject, f"comment:{comment}", f"dialog:{subject}", "place:x"):
        for looking in (
            Looking(hal.person.organisation, person=hal.person),
            Looking(hal.person.organisation, place=channel),
            Looking(stranger.person.organisation, person=stranger.person),
        ):
            for name, view in ROUTES.views.items():
                card = await view(desk.port, key, looking)
                assert card is None or "zebra" not in text(card), name


async def test_commands_show_only_what_may_be_seen(desk: Desk) -> None:
    await prepared(desk, "open", private=True)
    for who in (await desk.who("hal"), await desk.who("eva"), await desk.who("bob", desk.other)):
        for name, words in (("find", "zebra"), ("list", ""), ("home", ""), ("list", "queue"), ("list", "late"), ("ask", "find zebra")):
            try:
                card = as_card(await who.does(who.command(name, words)))
            except Refused:
                continue
            assert SECRET not in text(card)


async def test_forms_do_not_show_what_only_others_may_see(desk: Desk) -> None:
    """A form is opened for those who may send it, and for nobody else."""
    subject = await prepared(desk, "open")
    for name in ROUTES.forms.keys() - {"ticket.report"}:
        opened = {role for role, who in ROLES.items() if await _opens(await desk.who(who), name, subject)}
        assert opened == CASES[f"form {name}"].may


async def _opens(who: Colleague, name: str, subject: str) -> bool:
    try:
        return isinstance(await who.press(f"open:{name}", subject), Form | Invalid)
    except Refused:
        return False


# ---------------------------------------------------------------- the register itself


def test_every_button_and_form_leads_somewhere() -> None:
    assert set(ROUTES.forms) <= set(ROUTES.submits)
    assert ROUTES.letters <= set(ROUTES.views)


def test_two_features_cannot_claim_one_name() -> None:
    async def nothing(desk: object, event: Event) -> None:
        """Does nothing."""

    with pytest.raises(ValueError, match="x claimed twice"):
        merged((Routes(timers={"x": nothing}), Routes(timers={"x": nothing})))
    with pytest.raises(ValueError, match="one claimed twice"):
        merged((Routes(events={"e": {"one": nothing}}), Routes(events={"e": {"one": nothing}})))
    both = merged((Routes(events={"e": {"one": nothing}}), Routes(events={"e": {"two": nothing}})))
    assert set(both.events["e"]) == {"one", "two"}
    assert both.subscriber("e", "one") is nothing
    assert both.subscriber("e", "three") is None
    assert both.subscriber("f", "one") is None
