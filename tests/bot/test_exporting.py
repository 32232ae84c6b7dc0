"""An export is whole, of one office only, of one moment, and without a secret."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import String
from sqlalchemy.util import await_only

from bot.exporting import export, of_person, readme
from bot.sinks import Archive, Folder, Unwritable, sink_to
from storage.exported import BY_TABLE, KINDS, LEFT_OUT
from storage.exporting import Snapshot, in_snapshot
from storage.files import FileStore
from storage.migrate import newest
from storage.offices import Organisation
from storage.paging import PAGE, page, pages
from storage.store import Store
from storage.tables import metadata, tickets
from tests.conftest import NOW
from tests.storage.everything import SECRET, fill
from tests.storage.samples import ACME, ANA, BOB, OTHER, comment, ticket, watch

OFFICE = Organisation(ACME, "acme", 0)


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


async def exported(store: Store, files: FileStore, to: Path) -> dict[str, list[dict[str, Any]]]:
    with Folder(to) as sink:
        await export(store, files.of(ACME), OFFICE, sink, NOW, lambda _: None)
    return {kind.name: [orjson.loads(line) for line in (to / f"{kind.name}.jsonl").read_bytes().splitlines()] for kind in KINDS}


def test_no_table_is_forgotten_and_no_field_unexplained() -> None:
    assert BY_TABLE.keys() | LEFT_OUT.keys() == metadata.tables.keys()
    assert not BY_TABLE.keys() & LEFT_OUT.keys()
    for kind in KINDS:
        assert "organisation" in metadata.tables[kind.table].c
        assert all(f"  {name:<14}{words}" in readme() for name, words in kind.fields)
        assert kind.secret | set(kind.whose) <= set(metadata.tables[kind.table].c.keys())


def test_every_column_that_names_a_person_is_known() -> None:
    """A new column for a person's id is either named or of a kind that is no person's."""
    no_person = {"id", "organisation", "ticket", "comment", "place", "other", "thread"}
    for kind in KINDS:
        ids = {str(one.name) for one in metadata.tables[kind.table].c if isinstance(one.type, String) and one.type.length == 32}
        assert ids - no_person - {"name", "section", "system", "outcome", "step", "kind"} <= set(kind.whose), kind.name


async def test_everything_of_one_office_and_nothing_of_another_and_no_secret(store: Store, files: FileStore, tmp_path: Path) -> None:
    await fill(store, ACME, OTHER)
    found = await exported(store, files, tmp_path / "out")
    assert all(len(rows) == 1 for rows in found.values()), {name: len(rows) for name, rows in found.items()}
    whole = b"".join(path.read_bytes() for path in sorted((tmp_path / "out").iterdir()))
    assert OTHER[:8] not in whole.decode()
    assert SECRET not in whole.decode()
    assert found["tickets"][0]["created_at"] == "2026-11-23T09:00:00Z"


async def test_more_than_a_page_each_row_once(store: Store, files: FileStore, tmp_path: Path) -> None:
    await store.offices.create(ACME, "acme", NOW)
    work = store.work(ACME)
    of = [ticket() for _ in range(PAGE + 3)]
    work.add(*of, *(watch(one, ANA) for one in of))
    await work.commit()
    found = await exported(store, files, tmp_path / "out")
    assert sorted(row["id"] for row in found["tickets"]) == sorted(one.id for one in of)
    assert len({row["id"] for row in found["watches"]}) == PAGE + 3


async def test_what_is_written_meanwhile_is_not_in_it(store: Store) -> None:
    """People go on reporting while an export runs: it still holds the one moment in which it began."""
    await _more(store)
    loop, kind = asyncio.get_running_loop(), BY_TABLE["tickets"]

    def twice(snapshot: Snapshot) -> tuple[int, int]:
        first = len(list(snapshot.lines(kind)))
        if store.database.dialect == "sqlite":  # there it runs in a thread of its own
            asyncio.run_coroutine_threadsafe(_more(store), loop).result(30)
        else:
            await_only(_more(store))
        return first, len(list(snapshot.lines(kind)))

    assert await in_snapshot(store.database, ACME, twice) == (1, 1)
    assert await in_snapshot(store.database, ACME, twice) == (2, 2)


async def _more(store: Store) -> None:
    work = store.work(ACME)
    work.add(ticket())
    await work.commit()


async def test_the_manifest_proves_every_file(store: Store, files: FileStore, tmp_path: Path) -> None:
    await fill(store, ACME)
    content = await files.of(ACME).put(b"a picture of a lamp")
    await files.of(OTHER).put(b"of somebody else")
    await exported(store, files, tmp_path / "out")
    manifest = orjson.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert (manifest["office"], manifest["moment"], manifest["schema"]) == ("acme", "2026-11-23T09:00:00+00:00", newest())
    named = {entry["name"]: entry for entry in manifest["files"]}
    there = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert there == named.keys() | {"manifest.json"}
    assert [name for name in named if name.startswith("files/")] == [f"files/{content}"]
    for name, entry in named.items():
        data = (tmp_path / "out" / name).read_bytes()
        assert (entry["size"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert not name.endswith(".jsonl") or entry["lines"] == len(data.splitlines())


async def test_an_archive_holds_the_same_and_only_its_owner_reads_it(store: Store, files: FileStore, tmp_path: Path) -> None:
    await fill(store, ACME)
    await exported(store, files, tmp_path / "out")
    with sink_to(tmp_path / "acme.tar.gz") as sink:
        await export(store, files.of(ACME), OFFICE, sink, NOW, lambda _: None)
    with tarfile.open(tmp_path / "acme.tar.gz") as archive:
        packed = {one.name: archive.extractfile(one).read() for one in archive.getmembers()}  # type: ignore[union-attr]
    assert packed == {f"acme/{path.name}": path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert os.stat(tmp_path / "acme.tar.gz").st_mode & 0o77 == 0
    assert os.stat(tmp_path / "out").st_mode & 0o77 == 0
    assert not (tmp_path / "acme.tar.gz.part").exists()


def test_an_archive_that_was_broken_off_is_not_there(tmp_path: Path) -> None:
    def lines() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError

    with pytest.raises(RuntimeError), Archive(tmp_path / "acme.tar.gz") as sink:
        sink.write("a", lines())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["folder", "file", "file.tar.gz"])
def test_nothing_is_written_over(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    for there in ("folder/x", "file", "file.tar.gz"):
        (tmp_path / there).write_text("mine")
    with pytest.raises(Unwritable, match=r"nothing is ever written over|is a file"):
        sink_to(tmp_path / name)
    assert (tmp_path / "file.tar.gz").read_text() == "mine"


async def test_what_names_one_person(store: Store) -> None:
    work = store.work(ACME)
    mine, other = ticket(), ticket(requester=BOB)
    work.add(mine, other, comment(other, "requester"), watch(other, BOB))
    await work.commit()
    found = [orjson.loads(line) for line in await of_person(store, OFFICE, ANA)]
    assert [one["kind"] for one in found] == ["tickets", "comments"]
    assert found[0]["row"]["id"] == mine.id


async def test_pages_do_not_sort(store: Store) -> None:
    """Whatever other index there is: a page that is sorted reads the whole table."""
    if store.database.dialect != "sqlite":
        pytest.skip("PostgreSQL plans by statistics")
    plan = await store.database.read(lambda c: str(c.exec_driver_sql(f"EXPLAIN QUERY PLAN {_page_sql(c)}").all()))
    assert "TEMP B-TREE" not in plan
    work = store.work(ACME)
    work.add(*(ticket() for _ in range(5)))
    await work.commit()
    assert [len(rows) for rows in await store.database.read(lambda c: list(pages(c, tickets, ACME, size=2)))] == [2, 2, 1]


def _page_sql(connection: Any) -> str:
    ran: list[str] = []

    class Recording:
        def execute(self, query: Any) -> Any:
            ran.append(str(query.compile(connection, compile_kwargs={"literal_binds": True})))
            return connection.execute(query)

    page(Recording(), tickets, ACME)  # type: ignore[arg-type]
    return ran[0]
