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
from bot.chores import Chores
from bot.invitations import Party, name_of
from bot.slack.answers import Answers
from bot.slack.door import Door
from bot.slack.enterprise import Enterprise
from bot.slack.events import Events
from bot.slack.examined import secret
from bot.slack.exchange import Exchange, SlackApp
from bot.slack.files import FILES
from bot.slack.grants import Grant
from bot.slack.homes import Homes
from bot.slack.installed import Fixed, Installation, Stored, Together
from bot.slack.listen import Listener, build_app
from bot.slack.manifest import scopes
from bot.slack.members import Members
from bot.slack.naming import Namer
from bot.slack.oauth import Installing
from bot.slack.send import HOOKS, WEB_API, SlackClient, session
from bot.slack.signup import Signup
from bot.slack.socket import Socket
from bot.web.pages import pages
from bot.web.tickets import ChatDoor
from handlers.listening.words import command
from handlers.routes import ROUTES
from storage.ids import new_id
from storage.installations import Installation as Installed
from storage.offices import Organisation
from storage.secrets import SETTING, Vault, keys_in

log = structlog.get_logger(__name__)
PATH = "/slack/events"


class NotConnected(Exception):
    """Slack cannot be used with these settings; the message says what to do, in plain words."""


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack, connected. `routes` go into the web server; `learn_everyone` is for the background, once after start.

    `own` is the workspace of the settings' token, if they name one; others have installed us from a link.
    """

    bot: Deskbell
    client: SlackClient
    own: Installation | None
    chores: Chores
    members: Members
    routes: tuple[web.RouteDef, ...]
    socket: Socket | None = None
    """Instead of the address that Slack calls, where there is an app-level token."""

    async def learn_everyone(self) -> None:
        """All members of all workspaces, so that nobody's first report waits for Slack to tell who they are."""
        await self.members.everyone()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Keeps the connection of Socket Mode while it is open, where there is one; at the end what was heard is finished."""
        if self.socket is None:
            yield
            return
        await self.socket.start()
        try:
            yield
        finally:
            await self.socket.stop()

    def unready(self) -> str | None:
        """Why we are not fit to hear Slack, None if we are."""
        if self.socket is None or self.socket.connected:
            return None
        return "Slack's socket is not connected: I go on trying, and the log says why; deskbell doctor examines the token"


@asynccontextmanager
async def connected(bot: Deskbell) -> AsyncIterator[Slack]:
    """Connects the workspace of the settings' token to its office, and those that have installed us. Raises `NotConnected`."""
    settings = bot.settings
    if missing := settings.missing_for_slack:
        raise NotConnected(f"Set {' and '.join(missing)}: docs/install-slack.md says where they come from.")
    _open_vault(bot)
    async with session() as http:
        own = await _own_workspace(bot, http)
        exchange = _exchange(bot, http) if settings.has_oauth else None
        stored = Stored(bot.store.installations, exchange.refresh, exchange.works) if exchange else None
        slack = _assembled(bot, http, own, stored, exchange)
        bot.clients["slack"] = slack.client
        base = bot.settings.slack_api_url
        bot.carrying.carriers["slack"] = slack.client.files(FILES if base == WEB_API else base)
        try:
            yield slack
        finally:
            await slack.chores.drain()
            if stored is not None:
                await stored.drain()


def _open_vault(bot: Deskbell) -> None:
    """With what tokens are sealed. What an older key has sealed waits for `deskbell db reseal`: other replicas may not know the new one."""
    keys = keys_in(secret(bot.settings.secret_keys))
    if not keys:
        return
    try:
        bot.store.installations.vault = Vault(keys)
    except ValueError as wrong:
        raise NotConnected(f"{SETTING} cannot be used: {wrong}") from None


async def _own_workspace(bot: Deskbell, http: aiohttp.ClientSession) -> Installation | None:
    """That of the settings' token. Where others install us from a link, they are served even if this one cannot be."""
    token = secret(bot.settings.slack_bot_token)
    if not token:
        return None
    try:
        own = await _own(http, bot.settings.slack_api_url, token)
        await _attached(bot, (await _organisation(bot)).id, own.workspace)
    except NotConnected as why:
        if not bot.settings.has_oauth:
            raise
        log.error("slack workspace of the settings left out", why=str(why))
        return None
    return own


def _exchange(bot: Deskbell, http: aiohttp.ClientSession) -> Exchange:
    settings = bot.settings
    asked = tuple(one.name for one in scopes(linked=True))
    secret_ = secret(settings.slack_client_secret)
    app = SlackApp(settings.slack_client_id or "", secret_, settings.public_url or "", asked, base=settings.slack_api_url)
    return Exchange(http, app)


async def _own(http: aiohttp.ClientSession, base: str, token: str) -> Installation:
    """Who we are: auth.test."""
    try:
        said = await AsyncWebClient(token, base, session=http, timeout=10).auth_test()
    except Exception as error:
        raise NotConnected(
            f"Slack does not accept the token, or does not answer ({type(error).__name__}). Check DESKBELL_SLACK_BOT_TOKEN."
        ) from error
    enterprise = str(said.get("enterprise_id") or "")
    workspace = enterprise if said.get("is_enterprise_install") and enterprise else str(said["team_id"])
    return Installation(workspace, token, str(said.get("user_id", "")), str(said.get("bot_id", "")), enterprise)


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
    known = await bot.store.installations.known("slack", workspace)
    if known is not None and known.organisation != organisation:
        raise NotConnected("This Slack workspace belongs to another office of this database. Set DESKBELL_OFFICE to that one.")
    if known is None:
        await bot.store.installations.put(Installed(new_id(), organisation, "slack", workspace, bot.clock()))
    await bot.settle()


def _assembled(
    bot: Deskbell, http: aiohttp.ClientSession, own: Installation | None, stored: Stored | None, exchange: Exchange | None
) -> Slack:
    settings, chores = bot.settings, Chores()
    installations = Together(*([Fixed(own)] if own else []), *([stored] if stored else []))
    base = settings.slack_api_url
    # A sandbox that plays Slack takes the answers too; Slack itself has another host for them.
    hooks = HOOKS if base == WEB_API else base
    client = SlackClient(http, installations, bot.coordination.pace, base=base, hooks=hooks, through=own.workspace if own else "")
    homes, namer = Homes(bot.dispatch.hear, client, bot.desk), Namer(bot.desk, client)
    bot.homes["slack"] = homes
    answers = Answers(client, bot.dispatch.hear, metrics.slack, home=homes.draw)
    listener = Listener(
        bot.dispatch.hear,
        answers,
        chores,
        metrics.slack,
        _grammar,
        installations,
        commands=(settings.slack_command,),
        report_form="ticket.report",
        named=namer.read,
    )
    heard = (bot.dispatch.hear, answers, chores, bot.desk, client, metrics.slack, stored)
    events = Events(*heard, reaction=settings.slack_reaction, named=namer.read, manager_field=settings.slack_manager_field)
    key = secret(settings.slack_signing_secret)
    members = Members(bot, client)
    app = build_app(key, installations, listener, events, Enterprise(members, chores), inline=True)
    door = (web.post(PATH, Door(app, listener.commanded, key, metrics.slack).events),) if key else ()
    token = secret(settings.slack_app_token)
    socket = Socket(app, listener.commanded, token, metrics.slack, base_url=base) if token else None
    bot.doors["slack"] = ChatDoor("Slack", client.link, settings.slack_command)
    installing = _install_pages(bot, exchange, members, chores) if exchange else ()
    return Slack(bot, client, own, chores, members, (*door, *installing, *pages(bot)), socket)


def _install_pages(bot: Deskbell, exchange: Exchange, members: Members, chores: Chores) -> tuple[web.RouteDef, ...]:

    async def named(party: Party) -> str | None:
        return await name_of(bot.store, party)

    keys = keys_in(secret(bot.settings.secret_keys))
    signup = Signup(bot, exchange) if bot.settings.open_signup else None

    def installed(grant: Grant) -> None:
        chores.start("installed", begun(grant))

    async def begun(grant: Grant) -> None:
        if signup is not None:
            await signup.greeted(grant)
        await members.begun(grant.workspace)

    return Installing(exchange, bot.store.installations, keys, named, signup=signup, installed=installed).routes()


def _grammar(text: str) -> tuple[str, str]:
    return command(text, ROUTES.commands)
