"""Who is it: an account leads to a person of the workspace's organisation; the desk learns newcomers when it first hears of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from bot.chats import Arrival, ChatClient, Profile
from handlers.core import Account, Event, Person, Refused, Standing
from handlers.frozen import replace
from handlers.ports import Desk
from handlers.words import Sentence, say

log = structlog.get_logger(__name__)
PATIENCE = 1.5
"""Seconds that a first contact may spend on asking the chat who somebody is: the answer to a command is due in three."""


class People:
    """Turns accounts into persons. Guests, strangers of other companies, bots and leavers are told why they cannot act here."""

    def __init__(self, desk: Desk, clients: Mapping[str, ChatClient]) -> None:
        self._desk, self._clients = desk, clients

    async def person(self, arrival: Arrival) -> Person:
        """The person who acts. Raises `Refused`."""
        organisation = await self._desk.people.organisation_of(arrival.where.chat, arrival.where.workspace)
        if organisation is None:
            raise Refused(say("This workspace is not connected to an office yet. An administrator can do that with an invitation."))
        if arrival.account.workspace != arrival.where.workspace:
            raise Refused(_MAY_NOT[Standing.outsider])
        known = await self._desk.people.of_account(arrival.account)
        person = known if known else await self._learnt(organisation, arrival.account)
        if person.standing in _MAY_NOT or person.organisation != organisation:
            raise Refused(_MAY_NOT.get(person.standing, _MAY_NOT[Standing.outsider]))
        return person

    async def author(self, account: Account, beside: Person) -> Person | None:
        """Who wrote a message that somebody points at; None unless they could have reported it themselves."""
        try:
            found = await self._desk.people.of_account(account) or await self._learnt(beside.organisation, account)
        except Refused:
            return None
        return found if found.standing is Standing.member and found.organisation == beside.organisation else None

    async def _learnt(self, organisation: str, account: Account) -> Person:
        try:
            profile = await asyncio.wait_for(self._clients[account.chat].profile(account), PATIENCE)
        except Exception as error:
            log.warning("profile unavailable", chat=account.chat, error=type(error).__name__)
            raise Refused(_UNSURE) from error
        if profile is None:
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
    """Makes or refreshes the person behind an account. A full member joins the person of the same e-mail in the organisation.

    None: they were forgotten here. What a cache may still say of them does not count.
    """
    if await desk.people.is_forgotten(organisation, account, profile.email):
        return None
    known = await desk.people.of_account(account)
    member = profile.standing is Standing.member
    email = profile.email.lower() if profile.email and member else None
    if email and (known is None or known.email is None):
        known = await desk.people.by_email(organisation, email) or known
    if known and not member and len(await desk.people.accounts(organisation, known.id)) > 1:
        known = None  # the person goes on with their other accounts; this one is somebody of its own, who may not act
    person = _person(desk, organisation, known, profile, email)
    work = desk.work(organisation)
    if person != known:
        work.put(person)
    work.join(account, person.id)
    if known and known.standing is Standing.member and person.id == known.id and person.standing is Standing.gone:
        work.tell(Event("person.left", f"person:{person.id}", organisation))
    await work.commit()
    return person


def _person(desk: Desk, organisation: str, known: Person | None, profile: Profile, email: str | None) -> Person:
    name = profile.name[:200] or "Somebody"
    if known is None:
        return Person(desk.new_id(), organisation, name, email, profile.language, profile.zone, profile.standing)
    return replace(known, email=known.email or email, language=profile.language, zone=profile.zone, standing=profile.standing)
