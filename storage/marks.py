"""Marks of people who were forgotten: keyed hashes of their accounts and their address, by which they are known again if they come back.

The key is random, one for each organisation, and stands beside it: a mark alone, or one of another office, compares with nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from handlers.core import Account
from storage.sql import insert_or, listed, one_of
from storage.tables import forgotten, organisations

_KEY = select(organisations.c.mark_key).where(organisations.c.organisation == bindparam("organisation"))
_OF_OFFICE = forgotten.c.organisation == bindparam("organisation")
_KNOWN = select(forgotten.c.person).where(_OF_OFFICE, one_of(forgotten.c.mark, listed("marks"))).limit(1)


def is_marked(connection: Connection, organisation: str, accounts: Iterable[Account], email: str | None) -> bool:
    return marked_as(connection, organisation, accounts, email) is not None


def marked_as(connection: Connection, organisation: str, accounts: Iterable[Account], email: str | None) -> str | None:
    """The id of the person who was forgotten with one of these accounts or this address."""
    key: str | None = connection.scalar(_KEY, {"organisation": organisation})
    if key is None:
        return None
    found: str | None = connection.scalar(_KNOWN, {"organisation": organisation, "marks": _marks(key, accounts, email)})
    return found


def mark(connection: Connection, organisation: str, person: str, accounts: Iterable[Account], email: str | None, at: datetime) -> None:
    """Notes that they were forgotten."""
    key = connection.scalar(_KEY.with_for_update(), {"organisation": organisation})
    if key is None:
        key = secrets.token_hex(32)
        connection.execute(update(organisations).where(organisations.c.organisation == organisation).values(mark_key=key))
    rows = [{"organisation": organisation, "mark": one, "person": person, "at": at} for one in _marks(key, accounts, email)]
    if rows:
        connection.execute(insert_or(connection.dialect.name, forgotten).on_conflict_do_nothing(), rows)


def unmark(connection: Connection, organisation: str, person: str) -> int:
    """They may come back; how many marks there were."""
    return connection.execute(delete(forgotten).where(forgotten.c.organisation == organisation, forgotten.c.person == person)).rowcount


def _marks(key: str, accounts: Iterable[Account], email: str | None) -> list[str]:
    of = [f"account\n{one.chat}\n{one.workspace}\n{one.user}" for one in accounts]
    of += [f"email\n{email.lower()}"] if email else []
    return [hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest() for text in of]
