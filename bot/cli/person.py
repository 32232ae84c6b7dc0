"""`deskbell person ...`: what somebody may ask for who is in the desk's books, and which accounts are theirs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bot import forgetting, joining
from bot.app import machine_clock
from bot.cli.common import Trouble, fail, finish, settings, store_of
from bot.cli.offices import chosen
from bot.exporting import of_person
from bot.forgetting import Plan
from bot.joining import NotJoined
from handlers.core import Account, Conflict, Person
from handlers.people.names import FORMER, REMOVED
from handlers.routes import ROUTES
from storage.ids import new_id
from storage.offices import Organisation
from storage.store import Store

app = typer.Typer(no_args_is_help=True, help="One person: all about them, their accounts, forgetting them, and letting them come back.")
Email = Annotated[str, typer.Argument(help="Their e-mail address, or their id in the desk.", metavar="EMAIL")]
Office = Annotated[str | None, typer.Option("--office", metavar="KEY", help="Which office, if there are several.")]
AccountArgument = Annotated[str, typer.Argument(help="An account, as person accounts prints it.", metavar="ACCOUNT")]
SUBSCRIBERS = {event: tuple(names) for event, names in ROUTES.events.items()}


@app.command("export")
def export_(email: Email, office: Office = None) -> None:
    """Print everything that names a person, as lines of JSON: the answer to "what do you know about me?"."""
    for line in finish(_exported(email, office or settings().office)):
        typer.echo(line, nl=False)


@app.command("forget")
def forget_(
    email: Email,
    office: Office = None,
    words: Annotated[
        bool, typer.Option("--words", help="Remove what they wrote, too; without it their words stay, without a name.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before anything is changed.")] = False,
) -> None:
    """Forget a person: show what that means, and do it. It cannot be undone."""
    finish(_forget(email, office or settings().office, words, yes))


@app.command("remember")
def remember_(email: Annotated[str, typer.Argument(help="Their e-mail address.", metavar="EMAIL")], office: Office = None) -> None:
    """Let somebody come back who was forgotten. They begin anew: what was forgotten stays so."""
    if not finish(_remember(email, office or settings().office)):
        fail(f"Nobody with the address {email} was forgotten here.")
    typer.echo(f"{email} may come back. The desk learns them anew when it next hears of them.")


@app.command("accounts")
def accounts_(email: Email, office: Office = None) -> None:
    """Print somebody's accounts in the chats, a line each."""
    for account in finish(_accounts(email, office or settings().office)):
        typer.echo(joining.named(account))


@app.command("join")
def join_(email: Email, account: AccountArgument, office: Office = None) -> None:
    """Say that an account of a chat is this person's, where the chats do not tell the same address."""
    before = finish(_join(email, account, office or settings().office))
    typer.echo(f"Joined. What was reported from it before stays with {before.name} ({before.email or before.id}).")


@app.command("part")
def part_(email: Email, account: AccountArgument, office: Office = None) -> None:
    """Say that an account of a chat is not this person's: it becomes somebody of its own, and stays so."""
    own = finish(_part(email, account, office or settings().office))
    typer.echo(f"Parted. Whoever uses it is {own.name} ({own.id}) from now on.")


async def _accounts(email: str, key: str | None) -> Sequence[Account]:
    async with store_of(settings().database_url) as store:
        return await joining.of(store, await _person(store, await chosen(store, key), email))


async def _join(email: str, account: str, key: str | None) -> Person:
    async with store_of(settings().database_url) as store:
        person = await _person(store, await chosen(store, key), email)
        try:
            return await joining.join(store, person, joining.read(account))
        except NotJoined as why:
            raise Trouble(str(why)) from None


async def _part(email: str, account: str, key: str | None) -> Person:
    async with store_of(settings().database_url) as store:
        person = await _person(store, await chosen(store, key), email)
        try:
            return await joining.part(store, person, joining.read(account), new_id())
        except NotJoined as why:
            raise Trouble(str(why)) from None


async def _exported(email: str, key: str | None) -> list[bytes]:
    async with store_of(settings().database_url) as store:
        of = await chosen(store, key)
        return await of_person(store, of, (await _person(store, of, email)).id)


async def _forget(email: str, key: str | None, words: bool, yes: bool) -> None:
    async with store_of(settings().database_url, SUBSCRIBERS) as store:
        of = await chosen(store, key)
        planned = await forgetting.plan(store, of, await _person(store, of, email), words)
        if planned.named:
            raise Trouble(
                f"The office's policy names {email}: {', '.join(planned.named)}.",
                "Somebody else must take over there first. Change the office file and run: deskbell office apply office.yaml --prune",
                "Nothing was changed.",
            )
        for line in shown(planned):
            typer.echo(line)
        if not yes and not _agreed():
            raise Trouble("Nothing was changed.")
        try:
            found = await forgetting.forget(store, planned, machine_clock())
        except Conflict:
            raise Trouble("Somebody changed this office in the same moment. Please run the same command again.") from None
    typer.echo(f"Forgotten. {len(found.subjects):,} tickets and comments are drawn anew where they stand, in a minute or so.")


async def _remember(email: str, key: str | None) -> bool:
    async with store_of(settings().database_url) as store:
        return await forgetting.remember(store, await chosen(store, key), email.lower())


async def _person(store: Store, of: Organisation, email: str) -> Person:
    found = await store.people.by_email(of.id, email) or await store.people.get(of.id, email)
    if found is None:
        raise Trouble(
            f"{of.key} knows nobody with the address {email}. Somebody without one goes by their id, as deskbell export tells it."
        )
    return found


def shown(planned: Plan) -> list[str]:
    """What will happen, in plain words."""
    counts = planned.counts
    kept = [f"{counts[name]:,} {name}" for name in ("tickets", "comments", "history") if name in counts]
    gone = [f"{counts[name]:,} {name}" for name in ("accounts", "places", "notices", "dialogs", "watches", "homes") if name in counts]
    what = f"are replaced by “{REMOVED}”" if planned.whose.words else "stay without a name (--words removes them)"
    lines = [
        f"{planned.person.name} <{planned.person.email or planned.person.id}> becomes “{FORMER}” everywhere, in Slack too.",
        f"Kept without a name: {', '.join(kept) or 'nothing'}. Their own words {what}.",
        f"Removed: {', '.join(['name, address, language, time zone', *gone])}.",
    ]
    if "open" in counts:
        lines.append(f"{counts['open']:,} open tickets that they have go back to their queues.")
    if planned.single:
        lines.append(f"Their name is one word: where others wrote “{planned.person.name}” it is left, as it may mean something else.")
    return [*lines, "They do not come back by themselves, only by: deskbell person remember. This cannot be undone."]


def _agreed() -> bool:
    """Asks on a terminal; in a script the answer must be given beforehand."""
    if not sys.stdin.isatty():
        raise Trouble("Nothing was changed. Add --yes to forget them without being asked.")
    return typer.confirm("Forget them?")
