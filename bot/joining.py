"""Which accounts of the chats are which person: joined by themselves where both chats tell the same address, else by an administrator."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core import Account, Person
from handlers.frozen import replace
from storage.store import Store

CHATS = {"slack", "teams"}


class NotJoined(Exception):
    """It cannot be done; the message says why, in plain words."""


def named(account: Account) -> str:
    """An account as an administrator types it."""
    return f"{account.chat}:{account.workspace}:{account.user}"


def read(text: str) -> Account:
    """What `named` wrote. Raises `NotJoined`."""
    chat, _, rest = text.strip().partition(":")
    workspace, _, user = rest.rpartition(":")
    if chat not in CHATS or not workspace or not user:
        raise NotJoined(f"“{text}” is no account. An account is CHAT:WORKSPACE:USER, as deskbell person accounts lists it.")
    return Account("teams" if chat == "teams" else "slack", workspace, user)


async def of(store: Store, person: Person) -> Sequence[Account]:
    return await store.people.accounts(person.organisation, person.id)


async def join(store: Store, person: Person, account: Account) -> Person:
    """From now on the account is this person's; whose it was until now. Raises `NotJoined`."""
    before = await store.people.of_account(account)
    if before is None or before.organisation != person.organisation:
        raise NotJoined("The desk has not met that account in this office. It is known from its first word to the desk on.")
    if before.id == person.id:
        raise NotJoined(f"It is {person.name}'s already.")
    if before.vendor != person.vendor:
        raise NotJoined("One of them is somebody of a vendor: who works for both is two people here, each with their own rights.")
    await store.people.keep_apart(account, False)
    await _moved(store, before, person, account)
    return before


async def part(store: Store, person: Person, account: Account, new_id: str) -> Person:
    """From now on the account is somebody of its own, also if the chats tell the same address. Raises `NotJoined`."""
    all_ = await of(store, person)
    if account not in all_:
        raise NotJoined(f"That is none of {person.name}'s accounts. deskbell person accounts lists them.")
    if len(all_) == 1:
        raise NotJoined(f"It is {person.name}'s only account.")
    own = replace(person, id=new_id, email=None, manager=None)
    await store.people.keep_apart(account, True)
    await _moved(store, person, own, account, own)
    return own


async def _moved(store: Store, before: Person, after: Person, account: Account, *new: Person) -> None:
    """The account with its direct conversation. What was reported from it stays with whose it was."""
    work = store.work(before.organisation)
    work.put(*new)
    work.join(account, after.id)
    for place in await store.places.direct(before.organisation, before.id):
        if (place.chat, place.workspace, place.user) == (account.chat, account.workspace, account.user):
            work.put(replace(place, person=after.id))
    await work.commit()
