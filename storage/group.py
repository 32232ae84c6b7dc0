"""A group of units of work in one transaction: few statements, each for the rows of all units at once.

Locks are taken in one order everywhere (rows by table and id, then counters, then the outbox), so that replicas wait for each other rather
than deadlock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from sqlalchemy import Connection

from storage.erasing import erase
from storage.outbox import finish
from storage.rows import show_from_row
from storage.searching import enter
from storage.statements import KNOWN, NEW_NOTICES, TOUCHED, Batch, coalesce, counted, insert, lock, once, put, save, unfollow, write_all
from storage.unit import Heard, Outcome, Stale, Unit, Values, Written

_Place = tuple[str, str]
"""Table and id."""


def write_group(connection: Connection, units: Sequence[Unit]) -> list[Outcome]:
    """Writes all units that are neither heard before nor stale. No two of them may have the same key."""
    known = _known(connection, units)
    outcomes: list[Outcome | None] = [Heard(show_from_row(known[u.key])) if u.key in known else None for u in units]
    _sort_out_stale(connection, units, outcomes)
    fresh = [unit for unit, outcome in zip(units, outcomes, strict=True) if outcome is None]
    numbers = _write(connection, fresh) if fresh else {}
    return [outcome or _written(unit, numbers) for unit, outcome in zip(units, outcomes, strict=True)]


def _written(unit: Unit, numbers: Mapping[str, int]) -> Written:
    return Written({row["id"]: numbers[row["id"]] for row in unit.tickets})


def _known(connection: Connection, units: Iterable[Unit]) -> dict[str | None, Values | None]:
    keys = [unit.key for unit in units if unit.key is not None]
    return {row[0]: row[1] for row in connection.execute(KNOWN, {"keys": keys})} if keys else {}


# ---------------------------------------------------------------- versions


def _sort_out_stale(connection: Connection, units: Sequence[Unit], outcomes: list[Outcome | None]) -> None:
    """Locks every row that is saved and compares versions. Of two units that save the same row the earlier wins."""
    saving = [(index, unit) for index, unit in enumerate(units) if unit.saves and outcomes[index] is None]
    if not saving:
        return
    current = _locked(connection, (place for _, unit in saving for place in unit.saves))
    for index, unit in saving:
        stale = next((place for place, (version, _) in unit.saves.items() if current.get(place) != (unit.organisation, version)), None)
        if stale is not None:
            outcomes[index] = Stale(*stale)
            continue
        for place, (version, _) in unit.saves.items():
            current[place] = (unit.organisation, version + 1)


def _locked(connection: Connection, places: Iterable[_Place]) -> dict[_Place, tuple[str, int]]:
    ids: dict[str, set[str]] = defaultdict(set)
    for table, row in places:
        ids[table].add(row)
    found: dict[_Place, tuple[str, int]] = {}
    for table in sorted(ids):
        for row, organisation, version in connection.execute(lock(table), {"ids": sorted(ids[table])}):
            found[table, row] = (organisation, version)
    return found


# ---------------------------------------------------------------- writing


def _write(connection: Connection, units: Sequence[Unit]) -> dict[str, int]:
    """All rows of the units; the numbers of their tickets by id."""
    numbers = _number(connection, units)
    added = [row for unit in units for row in unit.tickets]
    plain = [row for unit in units for row in unit.outbox]
    plain.extend(_notices(connection, [told for unit in units for told in unit.told]))
    write_all(
        connection,
        Batch(insert, "heard", [_heard(unit) for unit in units if unit.key is not None]),
        *(Batch(save, table, rows) for table, rows in _by_table(_saved(unit) for unit in units)),
        *(Batch(put, table, _last(rows, "id")) for table, rows in _by_table(unit.puts for unit in units)),
        Batch(put, "accounts", _last((row for unit in units for row in unit.joins), "chat", "workspace", "user")),
        Batch(unfollow, "watches", _last((row for unit in units for row in unit.unfollowed), "ticket", "person")),
        Batch(insert, "tickets", added),
        *(Batch(insert, table, rows) for table, rows in _by_table(unit.inserts for unit in units)),
        Batch(insert, "history", [row for unit in units for row in unit.history]),
        Batch(insert, "outbox", plain),
    )
    enter(connection, added)
    for unit in units:
        erase(connection, unit)
    _write_outbox(connection, units)
    return numbers


def _by_table(parts: Iterable[Mapping[str, list[Values]]]) -> list[tuple[str, list[Values]]]:
    gathered: dict[str, list[Values]] = defaultdict(list)
    for part in parts:
        for table, rows in part.items():
            gathered[table].extend(rows)
    return sorted(gathered.items())


def _last(rows: Iterable[Values], *key: str) -> list[Values]:
    """Of those with the same key the last one, in the order of the keys."""
    by_key = {itemgetter(*key)(row): row for row in rows}
    return [by_key[place] for place in sorted(by_key)]


def _heard(unit: Unit) -> Values:
    return {"key": unit.key, "organisation": unit.organisation, "result": unit.result, "at": unit.at}


def _saved(unit: Unit) -> dict[str, list[Values]]:
    rows: dict[str, list[Values]] = {}
    for (table, _), (_, row) in unit.saves.items():
        rows.setdefault(table, []).append({f"new_{column}": value for column, value in row.items()})
    return rows


def _number(connection: Connection, units: Iterable[Unit]) -> dict[str, int]:
    """Gives the new tickets their numbers, in the order of the units, and puts them into the rows."""
    added: dict[str, list[Values]] = defaultdict(list)
    for unit in units:
        if unit.tickets:
            added[unit.organisation].extend(unit.tickets)
    if not added:
        return {}
    for organisation, last in _count(connection, {organisation: len(rows) for organisation, rows in added.items()}).items():
        rows = added[organisation]
        for number, row in enumerate(rows, last - len(rows) + 1):
            row["number"] = number
    return {row["id"]: row["number"] for rows in added.values() for row in rows}


def _count(connection: Connection, many: Mapping[str, int]) -> dict[str, int]:
    """Raises the ticket counter of each organisation by so many; the last number taken. Sorted, because each locks its row."""
    rows = [{"organisation": organisation, "name": "ticket", "value": many[organisation]} for organisation in sorted(many)]
    return counted(connection, rows)


# ---------------------------------------------------------------- the outbox


def _write_outbox(connection: Connection, units: Sequence[Unit]) -> None:
    """Rows that may be there already: asked for again, or finished."""
    keyed = _last(_soonest(row for unit in units for row in unit.keyed.values()), "key")
    finished = sorted(pair for unit in units for pair in unit.finished)
    if connection.dialect.name == "postgresql" and keyed and finished:
        _lock_outbox(connection, keyed, finished)
    write_all(connection, Batch(coalesce, "outbox", keyed))
    finish(connection, finished, max(unit.at for unit in units))


def _soonest(rows: Iterable[Values]) -> Iterator[Values]:
    """Each row with the earliest due moment so far of its key."""
    due: dict[str, datetime] = {}
    for row in rows:
        due[row["key"]] = min(row["due_at"], due.get(row["key"], row["due_at"]))
        yield {**row, "due_at": due[row["key"]]}


def _lock_outbox(connection: Connection, keyed: Sequence[Values], finished: Sequence[tuple[int, int]]) -> None:
    """In one order: a replica that coalesces what another is finishing, and the other way round, would be a deadlock."""
    connection.execute(TOUCHED, {"seqs": [seq for seq, _ in finished], "keys": [row["key"] for row in keyed]})


def _notices(connection: Connection, told: Sequence[tuple[Values, Values]]) -> list[Values]:
    """Writes the notices that were not given before; their outbox rows."""
    if not told:
        return []
    rows = sorted((row for row, _ in told), key=itemgetter("person", "subject", "reason", "version"))
    write_all(connection, Batch(once, "notices", rows))
    new = set(connection.scalars(NEW_NOTICES, {"ids": [row["id"] for row, _ in told]}))
    return [posted for row, posted in told if row["id"] in new]
