"""Sealing everything anew after a change of keys, beside the running bot: in short transactions, and as often as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from storage.database import Database
from storage.secrets import Vault
from storage.tables import installations

BATCH = 100
_C = installations.c
_AFTER = select(_C.id, _C.chat, _C.workspace, _C.data).where(_C.id > bindparam("after")).order_by(_C.id).limit(BATCH)
_HELD = _AFTER.with_for_update()
_WRITE = update(installations).where(_C.id == bindparam("which")).values(data=bindparam("fresh"))
_Found = Sequence[Row[*tuple[Any, ...]]]


async def reseal(database: Database, vault: Vault) -> int:
    """Seals with the newest key what is sealed with another; how many that were. Each hundred is a transaction of its own, so that nobody
    waits long and what is done stays done. Raises `Unopened` at the first that no key opens.
    """
    after, count = "", 0
    while True:
        last, resealed = await database.write(_resealed, after, vault)
        if not last:
            return count
        after, count = last, count + resealed


async def outdated(database: Database, vault: Vault) -> tuple[int, int]:
    """(How many are sealed with a key that is not the newest, how many that no key opens.)"""
    after, old, lost = "", 0, 0
    while found := await database.read(_after, after):
        after = found[-1].id
        stale = [one for one in found if (sealed := one.data.get("sealed")) and vault.needs_resealing(sealed)]
        unopened = sum(not vault.opens(one.data["sealed"]) for one in stale)
        old, lost = old + len(stale) - unopened, lost + unopened
    return old, lost


def _after(connection: Connection, after: str) -> _Found:
    return connection.execute(_AFTER, {"after": after}).all()


def _resealed(connection: Connection, after: str, vault: Vault) -> tuple[str, int]:
    """The last id of the batch, "" at the end, and how many were sealed anew. The stamp stays: the data is the same."""
    last, count = "", 0
    for row in connection.execute(_HELD, {"after": after}).all():
        last, sealed, whose = row.id, row.data.get("sealed"), f"{row.chat}:{row.workspace}"
        if sealed and vault.needs_resealing(sealed):
            fresh = vault.seal(vault.open(sealed, whose), whose)
            connection.execute(_WRITE, {"which": row.id, "fresh": {**row.data, "sealed": fresh}})
            count += 1
    return last, count
