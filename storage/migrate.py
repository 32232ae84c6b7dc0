"""Brings a database to the newest revision.

Safe when several replicas start at once: one migrates, the others wait and find nothing left to do.
"""

from __future__ import annotations

import functools
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database, open_database

_LOCK = 0x6465736B62656C6C
"""PostgreSQL's advisory locks are numbers; this one spells "deskbell"."""


async def upgrade(url: str) -> str:
    """Migrates the database at `url`; the revision it has now."""
    database = open_database(url)
    try:
        return await migrate(database)
    finally:
        await database.close()


async def migrate(database: Database) -> str:
    """The same for an open database. Everything is one transaction: half a revision is never left behind."""
    return await database.write(_migrate)


async def revision(database: Database) -> str | None:
    """The revision that a database has; None for an empty one."""
    return await database.read(revision_in)


@functools.cache
def newest() -> str:
    """The revision that this program needs. Finding it imports every revision, which is done once."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _migrate(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if (have := revision_in(connection)) == newest():
        return have
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return revision_in(connection) or ""


def revision_in(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
