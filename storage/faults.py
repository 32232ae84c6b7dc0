"""What a database's refusal means to us: both databases' codes in one place."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, IntegrityError

_TAKEN = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"})
_PASSING = frozenset({"SQLITE_BUSY", "40P01", "40001"})


def is_taken(error: BaseException) -> bool:
    """Whether a row with the same unique key exists already (https://sqlite.org/rescode.html, PostgreSQL appendix A)."""
    return isinstance(error, IntegrityError) and _code(error) in _TAKEN


def is_passing(error: BaseException) -> bool:
    """Whether the same transaction may well succeed at once: a deadlock, a serialization failure, a busy file, a lost connection."""
    return isinstance(error, DBAPIError) and (error.connection_invalidated or _code(error) in _PASSING)


def _code(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
