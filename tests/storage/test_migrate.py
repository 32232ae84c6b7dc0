"""The revisions lead to exactly what `storage/tables.py` says, on both databases and with several replicas starting at once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, String
from sqlalchemy.types import TypeEngine

from storage.database import open_database
from storage.migrate import newest, revision, upgrade
from storage.tables import metadata
from tests.databases import Server

SEARCH = ("ticket_words", "words", "ix_tickets_words")


@pytest.fixture
def empty_postgresql(server: Server) -> Iterator[str]:
    name = f"empty_{uuid.uuid4().hex}"
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"empty_{request.param}"))


def _differences(connection: Connection) -> list[Any]:
    options = {"compare_type": _is_other, "compare_server_default": True, "include_object": _is_ours}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _is_other(context: MigrationContext, _column: object, _meta: object, there: TypeEngine[Any], wanted: TypeEngine[Any]) -> bool | None:
    """SQLite does not look at the length of a text, so that a migration leaves it as it was."""
    sqlite = context.dialect.name == "sqlite"
    return False if sqlite and isinstance(there, String) and isinstance(wanted, String) else None


def _is_ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """The search is no business of the metadata: each database has its own."""
    return kind == "unique_constraint" or not (name or "").startswith(SEARCH)


async def test_migrations_lead_to_the_tables(database_url: str) -> None:
    database = open_database(database_url)
    assert await database.read(_differences) == []
    await database.close()


async def test_replicas_may_start_at_once(empty_url: str) -> None:
    assert await asyncio.gather(*(upgrade(empty_url) for _ in range(4))) == [newest()] * 4


async def test_an_empty_database_has_no_revision(empty_url: str) -> None:
    database = open_database(empty_url)
    assert await revision(database) is None
    await upgrade(empty_url)
    assert await revision(database) == newest()
    await database.close()
