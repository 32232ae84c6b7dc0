"""A ticket offered to a vendor: its card goes into the vendor's channels, and what is said to the requester goes along from then on."""

from __future__ import annotations

from datetime import datetime

from handlers.core import Event, Offer, Post, Press, Refused, Standing, Submit, Ticket
from handlers.files.copy import follow
from handlers.forms import Field, Form, Invalid, Option, Reply
from handlers.frozen import replace
from handlers.office.model import Office
from handlers.office.values import Duration
from handlers.people.may import is_agent
from handlers.people.viewers import of_desk
from handlers.ports import Desk, Work
from handlers.tickets.case import Case, opened, ref
from handlers.tickets.model import is_for_fields
from handlers.tickets.posting import OFFER_VIEW, tell_responsible
from handlers.tickets.working import done, no_approval_open
from handlers.words import say, words

LONGEST_NOTE = 3000
UNPROMISED = Duration(days=1)
"""Working days after which whoever offered it hears that nobody has claimed it, where no contract says when the vendor answers."""


async def asked(desk: Desk, press: Press) -> Form:
    """To whom, and what they should know."""
    case = await opened(desk, press, press.subject, "ticket.offer")
    _may_be_offered(case)
    likeliest = _likeliest(case.office, case.ticket)
    options = tuple(Option(vendor.key, words(vendor.name)) for vendor in case.office.vendors.values())
    fields = (
        Field("vendor", "choice", say("To which vendor?"), options=options, initial=likeliest),
        Field(
            "note",
            "long",
            say("What should they know?"),
            False,
            say("They read the report, this, and what is said to the requester from now on. Earlier words and work notes stay here."),
            longest=LONGEST_NOTE,
        ),
    )
    return Form("ticket.offer", say("Send to a vendor"), fields, say("Send"), press.subject, press.version, desk.new_id())


def _likeliest(office: Office, ticket: Ticket) -> str:
    """The vendor of the first contract that covers it; "" if none does."""
    covering = office.covering.get(ticket.category, ())
    return covering[0].vendor if covering else ""


def _may_be_offered(case: Case) -> None:
    case.moved("work")
    no_approval_open(case)
    if any(is_for_fields(wait) for wait in case.file.open_waits):
        raise Refused(say("{ref} still waits for what its category needs to know. It can go to a vendor after that.", ref=ref(case.ticket)))
    if case.file.live_offers:
        raise Refused(say("{ref} is with a vendor already. Take it back first.", ref=ref(case.ticket)))


async def offer(desk: Desk, submit: Submit) -> Reply:
    """Offers it. The vendor is asked to claim or decline it by when its contract says that it answers."""
    case = await opened(desk, submit, submit.subject, "ticket.offer")
    _may_be_offered(case)
    vendor = case.office.vendors.get(submit.text("vendor"))
    if vendor is None:
        return Invalid({"vendor": say("Please choose one of the vendors.")})
    places = [place for place in await desk.places.of_vendor(case.ticket.organisation, vendor.key) if not place.unreachable]
    if not places:
        cannot = say("I reach no channel of {vendor}. An administrator can connect one, or you can call them.", vendor=vendor.name)
        return Invalid({"vendor": cannot})
    made = _offer(case, vendor.key, submit.text("note")[:LONGEST_NOTE])
    work, ticket = case.work(), replace(case.moved("work"), human_at=case.now)
    posts = [Post(desk.new_id(), made.organisation, ticket.subject, OFFER_VIEW, place.id, made.id) for place in places]
    work.add(made, *posts)
    work.deliver(*posts)
    asked_again = made.due or case.office.calendar("office").add(case.now, UNPROMISED)
    work.at(asked_again, "ticket.offer_due", ticket.subject, {"offer": made.id})
    if ticket.requester != case.actor.id:
        work.notify(ticket.requester, ticket.subject, "offered", ticket.version, "soon")
    await follow(desk, work, ticket.organisation, ticket.subject)
    return await done(case, work, ticket, "ticket.offered", data={"vendor": vendor.key, "offer": made.id})


def _offer(case: Case, vendor: str, note: str) -> Offer:
    ticket = case.ticket
    due = _answer_due(case.office, vendor, ticket, case.now)
    return Offer(case.desk.new_id(), ticket.organisation, ticket.id, vendor, case.now, due, offered_by=case.actor.id, note=note)


def _answer_due(office: Office, vendor: str, ticket: Ticket, now: datetime) -> datetime | None:
    contract = office.contract_for(vendor, ticket.category, ticket.site)
    if contract is None or contract.respond is None:
        return None
    return office.calendar(contract.calendar).add(now, contract.respond)


async def withdraw(desk: Desk, press: Press) -> Reply:
    """Takes it back. Whoever has claimed it is told."""
    case = await opened(desk, press, press.subject, "ticket.withdraw")
    made = next((one for one in case.file.live_offers if press.value in ("", one.id)), None)
    if made is None:
        raise Refused(say("{ref} is with no vendor any more.", ref=ref(case.ticket)))
    work = case.work()
    work.save(replace(made, ended_at=case.now, end="withdrawn"))
    ticket = replace(freed(case) if made.claimed_by else case.moved("work"), human_at=case.now)
    if made.claimed_by:
        work.notify(made.claimed_by, ticket.subject, "withdrawn", ticket.version)
    return await done(case, work, ticket, "ticket.withdrawn", data={"vendor": made.vendor, "offer": made.id})


def freed(case: Case) -> Ticket:
    """The ticket when its vendor works on it no more: whoever has it in the office goes on with it, else it is open."""
    return case.moved("work" if case.ticket.assignee else "release")


async def due(desk: Desk, event: Event) -> None:
    """By now the vendor should have answered: whoever offered it is told if nobody has."""
    file = await desk.tickets.file(of_desk(event.organisation), event.subject.removeprefix("ticket:"))
    made = next((one for one in file.live_offers if one.id == event.data.get("offer")), None) if file else None
    if file is None or made is None or made.claimed_by or file.ticket.status not in ("open", "in_progress"):
        return
    work = desk.work(event.organisation)
    await tell_offering(desk, work, file.ticket, made, "unclaimed")
    await work.commit()


async def tell_offering(desk: Desk, work: Work, ticket: Ticket, made: Offer, reason: str) -> None:
    """Whoever offered it, if they still work on it; else whoever is responsible."""
    by, office = await desk.people.get(ticket.organisation, made.offered_by or ""), await desk.office(ticket.organisation)
    if by and by.standing is Standing.member and (is_agent(office, by, ticket.queue) or by.id == ticket.assignee):
        work.notify(by.id, ticket.subject, reason, ticket.version)
    else:
        await tell_responsible(desk, work, ticket, reason, ticket.version)
