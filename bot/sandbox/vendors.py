"""Vendors who speak with the office in Slack: each has a workspace of its own, into which the bot comes as it does in production.

Which ones follows from the office's document: those whose places name a channel of Slack. Who is there: the people whom the document names
as their contacts, and two technicians, who are the sandbox's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import aiohttp
from yarl import URL

from bot.app import Deskbell
from bot.invitations import Invitations, Party, link
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.workspace import Workspace
from bot.slack.examined import secret
from storage.secrets import keys_in

Document = Mapping[str, Any]
Places = Mapping[str, Mapping[str, str]]
"""By vendor, the real id of each channel that its places name."""
TECHNICIANS = ("Max Mayer", "Nia Nolan")
ROLES = {"vcio": "vCIO"}
_ONWARDS = re.compile(r'href="([^"]*/oauth/v2/authorize[^"]*)"')


@dataclass(frozen=True)
class Person:
    """`does`: what they are to the office, "" if nothing is said of it."""

    email: str
    name: str
    does: str

    @property
    def handle(self) -> str:
        return self.email.partition("@")[0]


def in_slack(document: Document) -> list[Mapping[str, Any]]:
    """The vendors that have a workspace."""
    return [one for one in document.get("vendors", ()) if _channels(one)]


def people(vendor: Mapping[str, Any]) -> list[Person]:
    """Its contacts but for mailboxes that are places themselves, then the technicians."""
    mailboxes = {place.get("mail") for place in vendor.get("places", ())}
    roles = {one["person"]: ROLES.get(one["role"], one["role"]) for one in vendor.get("grants", ())}
    contacts = [one for one in vendor.get("contacts", ()) if one.get("email") and one["email"] not in mailboxes]
    domain = _domain(vendor)
    made = [Person(f"{name.partition(' ')[0].lower()}@{domain}", name, "technician") for name in TECHNICIANS]
    named = [Person(one["email"], one["name"], roles.get(one["email"], "")) for one in contacts]
    return list({one.email: one for one in (*named, *made)}.values())


def _domain(vendor: Mapping[str, Any]) -> str:
    addresses = [one["email"] for one in vendor.get("contacts", ()) if one.get("email")]
    return str(addresses[0].partition("@")[2]) if addresses else f"{vendor['key']}.example"


def _channels(vendor: Mapping[str, Any]) -> list[str]:
    return [place["slack"] for place in vendor.get("places", ()) if place.get("slack")]


# ---------------------------------------------------------------- moving in


def move_in(slack: SlackSandbox, document: Document, public_url: str) -> dict[str, dict[str, str]]:
    """A workspace for each of them, beside the office's; the bot is in none of them yet."""
    slack.oauth.redirect_urls.append(public_url)
    return {one["key"]: dict(_furnished(slack, document, one)) for one in in_slack(document)}


def _furnished(slack: SlackSandbox, document: Document, vendor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Its people, and a channel for each place: the id that the document names, and the real one."""
    team = f"T{len(slack.workspaces):02}{re.sub('[^A-Z0-9]', '', vendor['key'].upper())}"
    there = slack.add_workspace(team, vendor["key"], vendor["name"])
    for person in people(vendor):
        there.add_user(person.handle, real_name=person.name, email=person.email, tz=document["office"]["time_zone"])
    for number, named in enumerate(_channels(vendor)):
        name = f"{document['office']['key']}-support" + (f"-{number + 1}" if number else "")
        yield named, there.add_channel(name, [one.handle for one in people(vendor)], bot=False).id


def with_places(document: Document, places: Places) -> dict[str, Any]:
    """The office's document with the real channels of its vendors."""

    def real(vendor: Mapping[str, Any]) -> Mapping[str, Any]:
        ids = places.get(vendor["key"], {})
        return {**vendor, "places": [{**one, "slack": ids[one["slack"]]} if one.get("slack") else one for one in vendor["places"]]}

    changed = [real(one) if one["key"] in places else one for one in document.get("vendors", ())]
    return {**document, "vendors": changed} if changed else dict(document)


# ---------------------------------------------------------------- the bot comes


async def install(bot: Deskbell, slack: SlackSandbox, places: Places) -> None:
    """Where it is not yet: a technician follows the invitation of the office, and brings the bot into the channels."""
    for vendor, channels in places.items():
        there = slack.workspace(vendor)
        if not there.installed:
            technician = TECHNICIANS[0]
            await _invited(await _invitation(bot, vendor), str(bot.settings.public_url), slack.bot_url, there, technician)
            for channel in channels.values():
                await there.actor(technician).invite(there.app.user, channel)


async def _invitation(bot: Deskbell, vendor: str) -> str:
    """What `deskbell invite vendor` prints."""
    office = await bot.store.offices.by_key(str(bot.settings.office))
    assert office is not None, "the office is stored before anybody is invited"
    return link(str(bot.settings.public_url), Invitations(keys_in(secret(bot.settings.secret_keys))).mint(Party(office.id, vendor)))


async def _invited(invitation: str, public_url: str, bot_url: str, there: Workspace, who: str) -> None:
    """What a browser does: the bot's page, Slack's question, and back with the cookie. The bot's public address is looked up here."""

    def local(url: str) -> URL:
        return URL(url.replace(public_url, bot_url, 1), encoded=True)

    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), raise_for_status=True) as browser:
        async with browser.get(local(invitation)) as page:
            onwards = _ONWARDS.search(await page.text())
            cookie = "; ".join(f"{name}={one.value}" for name, one in page.cookies.items())
        assert onwards is not None, "the page leads on to Slack"
        async with browser.get(local(there.approve(unescape(onwards[1]), who)), headers={"Cookie": cookie}):
            pass
