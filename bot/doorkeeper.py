"""Who is it: an account leads to a person of the workspace's organisation; the desk learns newcomers when it first hears of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog

from bot.chats import Arrival, ChatClient, Profile
from handlers.core import Account, Conflict, Event, Person, Refused, Standing, Where
from handlers.frozen import replace
from handlers.ports import Desk, Work
from handlers.words import Sentence, say
from storage.cache import Cache

log = structlog.get_logger(__name__)
TRIES = 3
ASKED_AGAIN = 60.0
"""Seconds for which the chat is believed that somebody may not use the desk."""
PATIENCE = 1.5
"""Seconds that a first contact may spend on asking the chat who somebody is: the answer to a command is due in three."""


class People:
    """Turns accounts into persons. Guests, strangers of other companies, bots and leavers are told why they cannot act here.

    `seconds` is the machine's monotonic clock.
    """

    def __init__(self, desk: Desk, clients: Mapping[str, ChatClient], seconds: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._clients = desk, clients
        self._asked: Cache[Account, bool] = Cache(10_000, ASKED_AGAIN, seconds)

    async def person(self, arrival: Arrival) -> Person:
        """The person who acts. Raises `Refused`."""
        chat, workspace = arrival.where.chat, arrival.where.workspace
        organisation = await self._desk.people.organisation_of(chat, workspace)
        if organisation is None:
            raise Refused(say("This workspace is not connected to an office yet. An administrator can do that with an invitation."))
        person = await self._known(organisation, await self._as_seen(arrival.account, arrival.where, organisation))
        if person.standing in _MAY_NOT or person.organisation != organisation:
            raise Refused(_MAY_NOT.get(person.standing, _MAY_NOT[Standing.outsider]))
        return person

    async def author(self, account: Account, where: Where, beside: Person) -> Person | None:
        """Who wrote a message that somebody points at; None unless they could have reported it themselves."""
        try:
            found = await self._known(beside.organisation, await self._as_seen(account, where, beside.organisation))
        except Refused:
            return None
        return found if found.standing is Standing.member and (found.organisation, found.vendor) == (beside.organisation, None) else None

    async def _as_seen(self, account: Account, where: Where, organisation: str) -> Account:
        """The account by which we know somebody who acts in a workspace: there, the chat tells whether they belong to the company (in an
        enterprise that has several workspaces they do). Who is at home in another workspace of the same office is known from there.
        """
        if account.workspace == where.workspace:
            return account
        at_home = await self._desk.people.organisation_of(account.chat, account.workspace) == organisation
        if at_home and await self._desk.people.vendor_of(account.chat, account.workspace) is None:
            return account
        return Account(account.chat, where.workspace, account.user)

    async def _known(self, organisation: str, account: Account) -> Person:
        """Whoever could not use the desk the last time perhaps can now: a chat need not tell when a guest becomes a member. And a workspace
        may have become that of a vendor, or of the office itself.
        """
        known = await self._desk.people.of_account(account)
        if known is None or known.vendor != await self._desk.people.vendor_of(account.chat, account.workspace):
            return await self._learnt(organisation, account)
        if known.standing is Standing.member or known.organisation != organisation or self._asked.get(account):
            return known
        self._asked.put(account, True, self._asked.epoch)
        with suppress(Refused):
            return await self._learnt(organisation, account)
        return known

    async def _learnt(self, organisation: str, account: Account) -> Person:
        try:
            profile = await asyncio.wait_for(self._clients[account.chat].profile(account), PATIENCE)
        except Exception as error:
            log.warning("profile unavailable", chat=account.chat, error=type(error).__name__)
            raise Refused(_UNSURE) from error
        if profile is None:
            if await self._desk.people.is_forgotten(organisation, account, None):
                raise Refused(_FORGOTTEN)
            raise Refused(say("I cannot find out who you are. Please ask an administrator of your office."))
        learnt = await learn(self._desk, organisation, account, profile)
        if learnt is None:
            raise Refused(_FORGOTTEN)
        return learnt


_FORGOTTEN = say("You are not known here any more, as it was asked for. If you are back, an administrator can let you in again.")
_UNSURE = say("I cannot find out who you are just now, because the chat does not answer me. Please try again in a minute.")
_MAY_NOT: dict[Standing, Sentence] = {
    Standing.guest: say("This desk is for members of the office; guests please ask a colleague to report it for you."),
    Standing.outsider: say("This desk serves another company. Please use the one of your own office."),
    Standing.bot: say("Only people can use this desk."),
    Standing.gone: say("Your account here is deactivated."),
}


async def learn(desk: Desk, organisation: str, account: Account, profile: Profile) -> Person | None:
    """Makes or refreshes the person behind an account. A full member joins the person of the same e-mail in the organisation. Where the
    workspace has become that of another party, the account is somebody else from now on: nobody is of two.

    None: they were forgotten here. What a cache may still say of them does not count. Who is learnt from two sides at once is one person.
    """
    for _ in range(TRIES - 1):
        with suppress(Conflict):
            return await _learn(desk, organisation, account, profile)
    return await _learn(desk, organisation, account, profile)


async def _learn(desk: Desk, organisation: str, account: Account, profile: Profile) -> Person | None:
    if await desk.people.is_forgotten(organisation, account, profile.email):
        return None
    before = await desk.people.of_account(account)
    vendor = await desk.people.vendor_of(account.chat, account.workspace)
    known = before if before and before.vendor == vendor else None
    member = profile.standing is Standing.member
    email = profile.email.lower() if profile.email and member and vendor is None else None  # a vendor's profiles vouch for nobody here
    if email and (known is None or known.email is None) and await desk.people.is_apart(account):
        email = None
    elif email and (known is None or known.email is None):
        known = await desk.people.by_email(organisation, email) or known
    if known and not member and len(await desk.people.accounts(organisation, known.id)) > 1:
        known = None  # the person goes on with their other accounts; this one is somebody of its own, who may not act
    person = replace(await _person(desk, organisation, known, profile, email), vendor=vendor)
    work = desk.work(organisation)
    if person != known:
        work.put(person)
    work.join(account, person.id)
    if before and before.vendor != vendor:
        await _direct(desk, work, account, before, person)
    if known and known.standing is Standing.member and person.id == known.id and person.standing is Standing.gone:
        work.tell(Event("person.left", f"person:{person.id}", organisation))
    await work.commit()
    return person


async def _direct(desk: Desk, work: Work, account: Account, before: Person, person: Person) -> None:
    """What the desk said to them 1:1 there goes on with who they are now; what is meant for who they were is not sent there."""
    for place in await desk.places.direct(before.organisation, before.id):
        if (place.chat, place.workspace, place.user) == (account.chat, account.workspace, account.user):
            work.put(replace(place, person=person.id))


async def _person(desk: Desk, organisation: str, known: Person | None, profile: Profile, email: str | None) -> Person:
    """Of somebody new whose chat does not tell their zone or language those of the office are taken."""
    if known is None:
        head = (await desk.office(organisation)).head
        language, zone = profile.language or head.language, profile.zone or head.time_zone
        return Person(desk.new_id(), organisation, profile.name[:200] or "Somebody", email, language, zone, profile.standing)
    language, zone = profile.language or known.language, profile.zone or known.zone
    return replace(known, email=known.email or email, language=language, zone=zone, standing=profile.standing)


async def moved(desk: Desk, account: Account, zone: str, language: str) -> None:
    """Somebody is known already, and their client tells of another zone or language than we keep ("": it does not tell)."""
    for _ in range(TRIES):
        known = await desk.people.of_account(account)
        if known is None or known.standing is not Standing.member:
            return
        now = replace(known, zone=zone or known.zone, language=language or known.language)
        if now == known:
            return
        work = desk.work(known.organisation)
        work.put(now)
        with suppress(Conflict):
            await work.commit()
            return
