"""`deskbell invite office | vendor KEY`: a link with which somebody adds the bot to the Slack workspace of an office or a vendor."""

from __future__ import annotations

from typing import Annotated

import typer
from yarl import URL

from bot.cli.common import Trouble, finish, settings, store_of
from bot.cli.offices import chosen
from bot.invitations import DAYS, Invitations, Party, link, name_of
from bot.settings import Settings
from storage.secrets import SETTING, Vault, keys_in, new_key
from storage.store import Store

app = typer.Typer(no_args_is_help=True, help="Links with which somebody adds the bot to a Slack workspace.")


@app.command("office")
def office_(key: Annotated[str, typer.Argument(help="The office's key.", metavar="KEY")]) -> None:
    """Invite an office to add the bot to its own Slack workspace."""
    finish(_invited(settings(), key, None))


@app.command("vendor")
def vendor_(
    key: Annotated[str, typer.Argument(help="The vendor's key in the office's policy.", metavar="KEY")],
    office: Annotated[str | None, typer.Option("--office", metavar="KEY", help="Which office, if there are several.")] = None,
) -> None:
    """Invite a vendor of an office to add the bot to the vendor's own Slack workspace."""
    found = settings()
    finish(_invited(found, office or found.office, key))


async def _invited(found: Settings, office: str | None, vendor: str | None) -> None:
    keys = usable_keys(found.secret_keys.get_secret_value() if found.secret_keys else "")
    public_url = reachable(found.public_url)
    async with store_of(found.database_url) as store:
        party = await party_of(store, office, vendor)
        name = await name_of(store, party)
    typer.echo(link(public_url, Invitations(keys).mint(party)))
    typer.echo(f"For {name}: good for {DAYS} days and for one workspace. It is for somebody who may add apps there.", err=True)


def usable_keys(setting: str) -> tuple[str, ...]:
    """The keys that sign, newest first. Raises `Trouble`."""
    keys = keys_in(setting)
    if not keys:
        raise Trouble(f"{SETTING} is not set: it signs invitations and seals tokens. Set it and keep it. A new one:", new_key())
    try:
        Vault(keys)
    except ValueError as wrong:
        raise Trouble(f"This does not work: {wrong}. A new key looks like this:", new_key()) from None
    return keys


def reachable(public_url: str | None) -> str:
    """Raises `Trouble` where a link could not lead here."""
    url = URL(public_url or "")
    if url.scheme not in ("https", "http") or not url.host:
        raise Trouble("Set DESKBELL_PUBLIC_URL to the address at which browsers reach this bot, such as https://desk.example.com")
    return str(url)


async def party_of(store: Store, office: str | None, vendor: str | None) -> Party:
    """The office with that key, or the vendor of it (or of the only one). Raises `Trouble`."""
    if vendor is None:
        offices = {one.key: one.id for one in await store.offices.list()}
        if office not in offices:
            raise Trouble(f"There is no office {office}. There are: {', '.join(offices) or 'none yet'}.")
        return Party(offices[office])
    known = await chosen(store, office)
    vendors = (await store.offices.get(known.id)).vendors
    if vendor not in vendors:
        there = f"There are: {', '.join(vendors)}." if vendors else "It has none."
        raise Trouble(f"{known.key} has no vendor {vendor}. {there}")
    return Party(known.id, vendor)
