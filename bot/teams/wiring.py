"""Teams connected: the registrations and the tenants that may talk to them, whose they are, and the address that Teams calls."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp
import structlog
from aiohttp import web

from bot import metrics
from bot.answering import Count
from bot.app import Deskbell
from bot.chores import Chores
from bot.teams.answers import Answers
from bot.teams.channels import Channels
from bot.teams.connector import SECONDS, Connector
from bot.teams.door import PATH, Door
from bot.teams.files import TeamsFiles
from bot.teams.invokes import Invokes
from bot.teams.lines import Lines
from bot.teams.listen import Listener
from bot.teams.members import Members
from bot.teams.naming import Namer
from bot.teams.registration import Registration
from bot.teams.send import TeamsClient
from bot.teams.senders import Senders
from bot.teams.tokens import AppTokens, Doorkeys
from bot.web.pages import pages
from bot.web.tickets import ChatDoor
from handlers.listening.words import command
from handlers.routes import ROUTES
from storage.ids import new_id
from storage.installations import Installation
from storage.offices import Organisation

log = structlog.get_logger(__name__)


class NotConnected(Exception):
    """Teams cannot be used with these settings; the message says what to do, in plain words."""


@dataclass(frozen=True, slots=True)
class Teams:
    """Teams, connected. `routes` go into the web server."""

    bot: Deskbell
    client: TeamsClient
    lines: Lines
    chores: Chores
    routes: tuple[web.RouteDef, ...]


@asynccontextmanager
async def connected(bot: Deskbell) -> AsyncIterator[Teams]:
    """Attaches the tenants of each registration to their office or vendor. Raises `NotConnected`."""
    settings = bot.settings
    if missing := settings.missing_for_teams:
        raise NotConnected(f"Set {' and '.join(missing)}: docs/install-teams.md says where they come from.")
    if settings.teams_anonymous:
        log.warning("TEAMS IS OPEN TO EVERYBODY ON THIS MACHINE: DESKBELL_TEAMS_ANONYMOUS is for the Playground only")
    registrations = settings.teams_registrations
    for one in registrations:
        await _attached(bot, one)
    await bot.settle()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as http:
        teams = _assembled(bot, http, registrations)
        bot.clients["teams"] = teams.client
        try:
            yield teams
        finally:
            await teams.chores.drain()


def _assembled(bot: Deskbell, http: aiohttp.ClientSession, registrations: tuple[Registration, ...]) -> Teams:
    from bot.teams.sdk import Turns  # loads botbuilder, for which nobody waits who is not in Teams

    settings, chores, desk = bot.settings, Chores(), bot.desk
    count: Count = partial(metrics.oddity, "teams")
    open_ = settings.teams_anonymous
    lines = Lines(registrations, bot.store.contacts, bot.clock)
    tokens = None if open_ else AppTokens(http, settings.teams_login_url)
    client = TeamsClient(Connector(http, tokens, bot.coordination.pace), lines, desk)
    answers = Answers(desk, client, bot.delivery, count)
    members = Members(desk, client, lines, chores)
    who = Senders(client, lines, desk, count).account
    title = settings.slack_command.removeprefix("/")
    files = TeamsFiles(http, lines, tokens, bot.coordination)
    bot.carrying.fetchers["teams"] = files
    bot.carrying.by_address.add("teams")
    channels, namer = Channels(desk, client), Namer(desk, client, lines)
    invokes = Invokes(bot.dispatch.hear, answers, chores, desk, count, who, namer, channels)
    listener = Listener(bot.dispatch.hear, answers, invokes, members, channels, desk, who, _grammar, files, namer, title)
    keys = None if open_ else Doorkeys(http, registrations, settings.teams_openid_url, time.time)
    door = Door(Turns(listener), keys, lines, desk, registrations, count, chores)
    bot.doors["teams"] = ChatDoor("Teams", client.link, "@Deskbell")
    # Where Slack is connected, its routes bring the pages.
    return Teams(bot, client, lines, chores, (web.post(PATH, door.events), *(() if settings.has_slack else pages(bot))))


async def _attached(bot: Deskbell, registration: Registration) -> None:
    """Each tenant of a registration belongs to the party that the settings name."""
    organisation = await _organisation(bot, registration)
    for tenant in sorted(registration.tenants):
        workspace, vendor = registration.workspace(tenant), registration.vendor or None
        known = await bot.store.installations.known("teams", workspace)
        if known is None:
            made = Installation(new_id(), organisation.id, "teams", workspace, bot.clock(), vendor)
            await bot.store.installations.put(made)
        elif (known.organisation, known.vendor) != (organisation.id, vendor):
            raise NotConnected(f"The tenant {tenant} belongs to another office or vendor of this database: see docs/install-teams.md.")


async def _organisation(bot: Deskbell, registration: Registration) -> Organisation:
    """The office that the registration names, or the only one there is."""
    offices = [one for one in await bot.store.offices.list() if one.version]
    named = [one for one in offices if one.key == registration.office] if registration.office else offices
    if len(named) == 1:
        return named[0]
    if not offices:
        raise NotConnected("There is no office yet. Write its policy and run: deskbell office apply office.yaml")
    keys = ", ".join(one.key for one in offices)
    raise NotConnected(f'Say to which office Teams belongs (DESKBELL_OFFICE, or "office" of the registration). There are: {keys}.')


def _grammar(text: str) -> tuple[str, str]:
    return command(text, ROUTES.commands)
