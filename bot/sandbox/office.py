"""The example office in Slack, in Teams and in mailboxes: its people, a channel for everybody, and one for each queue.

Its vendors have workspaces of their own (`bot.sandbox.vendors`). Their technicians, Max Mayer and Nia Nolan, are the sandbox's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.mail import MailSandbox
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.teams import TeamsSandbox
from bot.slack.manifest import EVENTS, scopes

Document = Mapping[str, Any]
EVERYBODY = "office"
DESKS = "Desks"
"""The team in Teams that has the queues' channels."""


def handle(email: str) -> str:
    """What somebody is called on the page and in mentions."""
    return email.partition("@")[0]


def move_into_slack(slack: SlackSandbox, document: Document, command: str, public_url: str | None) -> dict[str, str]:
    """Everybody becomes a member of the workspace, which has an app of exactly our manifest. The id of each queue's channel."""
    app = slack.app
    app.scopes, app.events = {one.name for one in scopes(public_url is not None)}, {one.name for one in EVENTS}
    app.commands, app.unfurl_domains = {command}, {urlsplit(public_url).hostname or ""} if public_url else set()
    slack.world.team_name = document["office"]["name"]
    zone = document["office"]["time_zone"]
    for person in document["people"]:
        slack.add_user(handle(person["email"]), real_name=person["name"], email=person["email"], tz=zone)
    slack.add_channel(EVERYBODY, [handle(one["email"]) for one in document["people"]])
    return {queue["key"]: slack.add_channel(channel(queue), members(document, queue)).id for queue in document["queues"]}


def move_into_teams(teams: TeamsSandbox, document: Document, public_url: str | None) -> dict[str, str]:
    """The same in a tenant: a team of everybody, and one of the desks. The app is in neither yet; it hears of links to itself."""
    teams.app.link_domains = {urlsplit(public_url).hostname or ""} if public_url else set()
    zone = document["office"]["time_zone"]
    for person in document["people"]:
        teams.add_user(handle(person["email"]), real_name=person["name"], email=person["email"], tz=zone)
    everybody = [handle(one["email"]) for one in document["people"]]
    teams.add_channel(EVERYBODY, everybody, team=document["office"]["name"], bot=False)
    return {
        queue["key"]: teams.add_channel(channel(queue), members(document, queue), team=DESKS, bot=False).id for queue in document["queues"]
    }


def move_into_mail(mail: MailSandbox, document: Document) -> None:
    """Everybody has a mailbox, and so has whomever a vendor can be reached by."""
    for person in document["people"]:
        mail.add_mailbox(person["email"], person["name"], document["office"]["name"])
    for vendor in document.get("vendors", ()):
        for contact in vendor.get("contacts", ()):
            mail.add_mailbox(contact["email"], contact["name"], vendor["name"])


def channel(queue: Mapping[str, Any]) -> str:
    """The name of a queue's channel: "IT desk" is #it-desk."""
    return str(queue["name"]).lower().replace(" ", "-")


def members(document: Document, queue: Mapping[str, Any]) -> list[str]:
    """Who is in a queue's channel: those who work there, and who looks after the desk itself."""
    administrators = [one["email"] for one in document["people"] if "administrator" in one.get("roles", ())]
    return [handle(one) for one in dict.fromkeys((*queue["people"], *administrators))]


def with_channels(document: Document, **chats: Mapping[str, str]) -> dict[str, Any]:
    """The office's document with the channels of its queues: by chat, the id for each queue's key."""
    queues: Sequence[Mapping[str, Any]] = document["queues"]
    named = [{**one, "channel": {chat: ids[one["key"]] for chat, ids in chats.items()}} for one in queues]
    return {**document, "queues": named}
