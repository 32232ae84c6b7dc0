"""Everything of one office as files: a file of JSON lines for each kind, the policy, a manifest, and what every field means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version as version_of
from textwrap import wrap
from typing import Any

import orjson

from bot.office_file import dump
from bot.sinks import Entry, Sink
from handlers.office.rows import document
from handlers.ports import Files
from storage.exported import KINDS, LEFT_OUT, Kind
from storage.exporting import Snapshot, in_snapshot
from storage.offices import Organisation
from storage.store import Store

FORM = 1
"""Of the export itself: another number when its files change their shape."""
Progress = Callable[[str], None]


async def export(store: Store, files: Files, of: Organisation, sink: Sink, now: datetime, progress: Progress) -> int:
    """Writes everything of the office as it is in one moment, while the bot may run; how many lines. `progress` hears of each file."""
    entries, revision = await in_snapshot(store.database, of.id, lambda snapshot: _written(snapshot, sink, progress))
    async for content in files.contents():
        entries.append(await sink.copy(f"files/{content}", files.open(content)))
    facts = {"export": FORM, "deskbell": version_of("deskbell"), "schema": revision, "moment": now.isoformat()}
    whose = {"organisation": of.id, "office": of.key}
    manifest: dict[str, Any] = {**facts, **whose, "files": [asdict(entry) for entry in entries]}
    sink.write("manifest.json", [orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)])
    return sum(entry.lines for entry in entries)


def _written(snapshot: Snapshot, sink: Sink, progress: Progress) -> tuple[list[Entry], str]:
    entries = [sink.write("README.txt", [readme().encode()])]
    policy = snapshot.policy().rows
    if policy:
        entries.append(sink.write("office.yaml", [dump(document(policy)).encode()]))
    for kind in KINDS:
        entry = sink.write(f"{kind.name}.jsonl", _counted(snapshot.lines(kind), kind.name, progress))
        entries.append(entry)
        progress(f"{kind.name}: {entry.lines:,}")
    return entries, snapshot.revision


def _counted(lines: Iterable[bytes], name: str, progress: Progress) -> Iterator[bytes]:
    """Says every 50,000 lines that it goes on."""
    for number, line in enumerate(lines, 1):
        if number % 50_000 == 0:
            progress(f"{name}: {number:,} so far")
        yield line


async def of_person(store: Store, of: Organisation, person: str) -> list[bytes]:
    """Everything that names one person, as lines of JSON: {"kind": ..., "row": {...}}."""

    def read(snapshot: Snapshot) -> list[bytes]:
        return [
            b'{"kind":"%s","row":%s}\n' % (kind.name.encode(), line.rstrip()) for kind in KINDS for line in snapshot.lines(kind, person)
        ]

    return await in_snapshot(store.database, of.id, read)


# ---------------------------------------------------------------- in plain words


def readme() -> str:
    """What every file and every field is."""
    parts = [HEAD, *(_explained(kind) for kind in KINDS), "Not in here:\n"]
    return "\n".join([*parts, *(f"  {table}: {why}" for table, why in LEFT_OUT.items()), ""])


HEAD = """\
Everything that Deskbell keeps of one office, as it was in one moment.

manifest.json   what made this and when, and for each file its lines, its bytes and their SHA-256
office.yaml     the office's policy; "deskbell office apply office.yaml" takes it
*.jsonl         one kind each: every line is one JSON object, moments are in UTC
files/          what people attached, each content once, named by its SHA-256

Lines name each other by id: a ticket's "requester" is the "id" of a line in people.jsonl. A subject is kind and id: "ticket:0199...".
"""


def _explained(kind: Kind) -> str:
    fields = [f"  {name:<14}{words}" for name, words in kind.fields]
    return "\n".join([f"{kind.name}.jsonl", *wrap(kind.about, 100), *fields, ""])
