"""Open signup: a workspace that nobody has invited gets an office of its own, looked after by whoever installed us there."""

from __future__ import annotations

from typing import Any

import structlog

from bot import offices
from bot.app import Deskbell
from bot.chats import Profile
from bot.doorkeeper import learn
from bot.invitations import Party
from bot.slack import install_pages as pages
from bot.slack.exchange import Exchange
from bot.slack.grants import Grant, Refused, Unreachable
from bot.slack.install_pages import Stop
from bot.slack.people import profile_of
from handlers.core import Account, Standing
from handlers.notices.use import welcome
from handlers.office.check import check

log = structlog.get_logger(__name__)
LONGEST_NAME = 120


class Signup:
    """Called with a grant, makes the office. Done again, after an attempt that broke off, it finds the office that is there."""

    def __init__(self, bot: Deskbell, exchange: Exchange) -> None:
        self._bot, self._exchange = bot, exchange

    async def __call__(self, grant: Grant) -> Party:
        """Whose the workspace is from now on. Raises `Stop` where it cannot be made, with the page that says why."""
        installer = await self._installer(grant)
        if installer.email is None or installer.standing is not Standing.member:
            raise Stop(pages.NOBODY)
        bot, document = self._bot, policy(grant, installer, installer.email)
        if mistakes := check(document, lambda path: 1):
            log.error("office not founded", workspace=grant.workspace, mistakes=len(mistakes))
            raise Stop(pages.SET_UP_WRONG)
        office = await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())
        log.info("office founded", workspace=grant.workspace, organisation=office.organisation)
        await learn(bot.desk, office.organisation, _account(grant), installer)
        return Party(office.organisation)

    async def greeted(self, grant: Grant) -> None:
        """Once the installation is stored, so that a message can be sent: whoever opened an office hears 1:1 what to do next, once."""
        office = await self._bot.store.offices.by_key(_key(grant))
        person = await self._bot.desk.people.of_account(_account(grant))
        if office is not None and person is not None and person.organisation == office.id:
            await welcome(self._bot.desk, office.id, person.id)

    async def _installer(self, grant: Grant) -> Profile:
        try:
            return profile_of(dict(await self._exchange.person(grant)), grant.workspace, grant.enterprise)
        except (Refused, Unreachable) as error:
            log.warning("office not founded", workspace=grant.workspace, why=str(error))
            raise Stop(pages.DOWN) from None


def policy(grant: Grant, installer: Profile, email: str) -> dict[str, Any]:
    """The smallest one: all else is what an office has by itself. Whoever installs owns it and looks after it."""
    name = (grant.name or grant.workspace)[:LONGEST_NAME]
    head = {"key": _key(grant), "name": name, "time_zone": installer.zone, "currency": "USD", "owner": email}
    return {"office": head, "people": [{"email": email, "name": installer.name[:LONGEST_NAME], "roles": ["administrator"]}]}


def _key(grant: Grant) -> str:
    return f"slack-{grant.workspace.lower()}"


def _account(grant: Grant) -> Account:
    return Account("slack", grant.workspace, grant.by)
