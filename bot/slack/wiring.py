"""Slack connected: who we are there, whose workspace it is, everybody in it learnt, and the address that Slack calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import structlog
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.app import Deskbell
from bot.doorkeeper import learn
from bot.slack.answers import Answers
from bot.slack.chores import Chores
from bot.slack.door import Door
from bot.slack.events import Events
from bot.slack.installed import Fixed, Installation
from bot.slack.listen import Listener, build_app
from bot.slack.send import HOOKS, WEB_API, SlackClient, session
from handlers.listening.words import command
from handlers.routes import ROUTES
from storage.ids import new_id
from storage.installations import Installation as Installed
from storage.offices import Organisation

log = structlog.get_logger(__name__)
PATH = "/slack/events"


class NotConnected(Exception):
    """Slack cannot be used with these settings; the message says what to do, in plain words."""


@dataclass(frozen=True, slots=True)
class Slack:
    """A connected workspace. `routes` go into the web server; `learn_everyone` is for the background, once after start."""

    bot: Deskbell
    client: SlackClient
    workspace: str
    organisation: str
    chores: Chores
    routes: tuple[web.RouteDef, ...]

    async def learn_everyone(self) -> None:
        """All members of the workspace, so that nobody's first report waits for Slack to tell who they are."""
        count = 0
        async for account, profile in self.client.members(self.workspace):
            await learn(self.bot.desk, self.organisation, account, profile)
            count += 1
        log.info("slack members learnt", count=count)


@asynccontextmanager
async def connected(bot: Deskbell) -> AsyncIterator[Slack]:
    """Connects the workspace of the settings' token to its office. Raises `NotConnected`."""
    secret, token = bot.settings.slack_signing_secret, bot.settings.slack_bot_token
    if secret is None or token is None:
        raise NotConnected(
            "Set DESKBELL_SLACK_SIGNING_SECRET and DESKBELL_SLACK_BOT_TOKEN: both stand on your app's pages at api.slack.com."
        )
    async with session() as http:
        own = await _own(http, bot.settings.slack_api_url, token.get_secret_value())
        organisation = await _organisation(bot)
        await _attached(bot, organisation.id, own.workspace)
        chores = Chores()
        slack = _assembled(bot, http, own, organisation.id, chores, secret.get_secret_value())
        bot.clients["slack"] = slack.client
        try:
            yield slack
        finally:
            await chores.drain()


async def _own(http: aiohttp.ClientSession, base: str, token: str) -> Installation:
    """Who we are: auth.test."""
    try:
        said = await AsyncWebClient(token, base, session=http, timeout=10).auth_test()
    except Exception as error:
        raise NotConnected(
            f"Slack does not accept the token, or does not answer ({type(error).__name__}). Check DESKBELL_SLACK_BOT_TOKEN."
        ) from error
    return Installation(str(said["team_id"]), token, str(said.get("user_id", "")), str(said.get("bot_id", "")))


async def _organisation(bot: Deskbell) -> Organisation:
    """The office that the workspace belongs to: the one named by the settings, or the only one there is."""
    offices = [one for one in await bot.store.offices.list() if one.version]
    named = [one for one in offices if one.key == bot.settings.office] if bot.settings.office else offices
    if len(named) == 1:
        return named[0]
    if not offices:
        raise NotConnected("There is no office yet. Write its policy and run: deskbell office apply office.yaml")
    keys = ", ".join(one.key for one in offices)
    raise NotConnected(f"Set DESKBELL_OFFICE to the office that this Slack workspace belongs to. There are: {keys}.")


async def _attached(bot: Deskbell, organisation: str, workspace: str) -> None:
    known = await bot.store.installations.at("slack", workspace)
    if known is not None and known.organisation != organisation:
        raise NotConnected("This Slack workspace belongs to another office of this database. Set DESKBELL_OFFICE to that one.")
    if known is None:
        await bot.store.installations.put(Installed(new_id(), organisation, "slack", workspace, bot.clock()))
    await bot.settle()


def _assembled(bot: Deskbell, http: aiohttp.ClientSession, own: Installation, organisation: str, chores: Chores, secret: str) -> Slack:
    installations = Fixed(own)
    base = bot.settings.slack_api_url
    # A sandbox that plays Slack takes the answers too; Slack itself has another host for them.
    hooks = HOOKS if base == WEB_API else base
    client = SlackClient(http, installations, bot.coordination.pace, base=base, hooks=hooks, through=own.workspace)
    answers = Answers(client, bot.dispatch.hear, metrics.slack)
    listener = Listener(
        bot.dispatch.hear,
        answers,
        chores,
        metrics.slack,
        _grammar,
        installations,
        commands=(bot.settings.slack_command,),
        report_form="ticket.report",
    )
    events = Events(bot.dispatch.hear, bot.store, client, metrics.slack, reaction=bot.settings.slack_reaction)
    door = Door(build_app(secret, installations, listener, events, inline=True), listener.commanded, secret, metrics.slack)
    return Slack(bot, client, own.workspace, organisation, chores, (web.post(PATH, door.events),))


def _grammar(text: str) -> tuple[str, str]:
    return command(text, ROUTES.commands)
