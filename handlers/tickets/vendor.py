"""What the people of a vendor alone do with a ticket that was offered to it: claim it, give it back, decline it."""

from __future__ import annotations

from handlers.core import AUDIENCE_INSIDE, Press, Refused, Submit
from handlers.forms import Invalid, Reply
from handlers.frozen import replace
from handlers.people.see import vendor_audience
from handlers.ports import Desk
from handlers.tickets.case import Case, involved, opened
from handlers.tickets.fill import one_text
from handlers.tickets.offering import freed, tell_offering
from handlers.tickets.talking import comment_row, state_comment
from handlers.tickets.working import done, no_approval_open
from handlers.words import Sentence, When, say

refusing = one_text("ticket.refuse", "ticket.refuse", say("Decline"), say("Why? The office reads this."), say("Decline"))


async def claim(desk: Desk, press: Press) -> Reply:
    """Exactly one claim wins; whoever comes later is told who has it, and since when."""
    case = await opened(desk, press, press.subject, "ticket.claim")
    if case.offer.claimed_by:
        raise Refused(await _faster(case))
    no_approval_open(case)
    ticket = replace(case.moved("take"), responded_at=case.ticket.responded_at or case.now, human_at=case.now)
    work = case.work()
    work.save(replace(case.offer, claimed_by=case.actor.id, claimed_at=case.now))
    for person in involved(case) | {case.offer.offered_by or ticket.requester}:
        work.notify(person, ticket.subject, "claimed", ticket.version, "soon")
    return await done(case, work, ticket, "ticket.claimed", data={"vendor": case.offer.vendor, "offer": case.offer.id})


async def _faster(case: Case) -> Sentence:
    offer = case.offer
    if offer.claimed_by == case.actor.id:
        return say("You already have it.")
    when = When(offer.claimed_at or case.now, "time")
    return say("{who} was faster ({when}). Nothing to do for you.", who=await _holder(case), when=when)


async def _has_it(case: Case) -> Sentence:
    """To somebody who would decline what a colleague works on."""
    when = When(case.offer.claimed_at or case.now, "time")
    return say("{who} has it since {when}. It can be declined once it is given back.", who=await _holder(case), when=when)


async def _holder(case: Case) -> str:
    holder = await case.desk.people.get(case.offer.organisation, case.offer.claimed_by or "")
    return holder.name if holder else "Somebody"


async def unclaim(desk: Desk, press: Press) -> Reply:
    """Gives it back to the vendor's channel: any of its people may claim it. Whoever had it is told, if a colleague does it for them."""
    case = await opened(desk, press, press.subject, "ticket.unclaim")
    work, ticket = case.work(), replace(freed(case), human_at=case.now)
    work.save(replace(case.offer, claimed_by=None, claimed_at=None))
    for holder in set(case.holders) - {case.actor.id}:
        work.notify(holder, ticket.subject, "given_back", ticket.version, "soon")
    await tell_offering(desk, work, ticket, case.offer, "given_back")
    return await done(case, work, ticket, "ticket.unclaimed", data={"vendor": case.offer.vendor, "offer": case.offer.id})


async def refuse(desk: Desk, submit: Submit) -> Reply:
    """The vendor does not do it, and says why: the office reads that, its requester hears from the office."""
    case = await opened(desk, submit, submit.subject, "ticket.refuse")
    if not submit.text("text"):
        return Invalid({"text": say("Please say why: the office reads it.")})
    offer = case.offer
    if offer.claimed_by not in (None, case.actor.id):
        raise Refused(await _has_it(case))
    ticket = replace(freed(case) if offer.claimed_by else case.moved("work"), human_at=case.now)
    work = case.work()
    audience = frozenset({AUDIENCE_INSIDE, vendor_audience(offer.vendor)})
    state_comment(case, work, replace(comment_row(case, submit.text("text"), note=False), audience=audience))
    work.save(replace(offer, ended_at=case.now, end="declined"))
    await tell_offering(desk, work, ticket, offer, "refused")
    return await done(case, work, ticket, "ticket.refused", data={"vendor": offer.vendor, "offer": offer.id})
