"""How single values of the document are read: each reader takes what was written and gives its one canonical, JSON-able form.

A reader raises `ValueError` with a sentence that says what to write. Reading what a reader gave gives the same again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from handlers.office import values
from handlers.office.codes import countries, zones

Reader = Callable[[Any], Any]

LONGEST_KEY = 64
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_CODE = re.compile(r"[A-Z0-9]{1,4}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)
# Characters that no text of a policy needs and that YAML, terminals or chats cannot carry.
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def text(longest: int, lines: bool = False) -> Reader:
    """Text of at most `longest` characters, without blanks around it; on one line unless `lines`."""

    def read(value: Any) -> str:
        result = _string(value)
        if not result:
            raise ValueError("This is empty: write something or leave it out.")
        if len(result) > longest:
            raise ValueError(f"This is {len(result)} characters long: shorten it to {longest}.")
        if _UNPRINTABLE.search(result):
            raise ValueError("This holds characters that cannot be printed: take them out.")
        if not lines and ("\n" in result or "\t" in result):
            raise ValueError("Keep this on one line, without tabs.")
        return result

    return read


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Write text here (in quotes if it looks like a number or a list).")
    return value.strip()


_name = text(200)


def key(value: Any) -> str:
    result = str(_name(value))
    if len(result) > LONGEST_KEY or not _KEY.fullmatch(result):
        raise ValueError(f"A key has lower-case letters, digits, dots, dashes and underscores only, at most {LONGEST_KEY} of them.")
    return result


def one_queue(value: Any) -> str:
    if isinstance(value, list | tuple):
        raise ValueError("A category has exactly one queue: write the key of one, not a list.")
    return key(value)


def email(value: Any) -> str:
    result = _string(value).lower()
    if len(result) > 254 or not _EMAIL.fullmatch(result) or _UNPRINTABLE.search(result):
        raise ValueError("Write an e-mail address here, such as ana@acme.example.")
    return result


def person_or_group(value: Any) -> str:
    return email(value) if isinstance(value, str) and "@" in value else key(value)


def number(least: float, most: float) -> Reader:
    """A number with at most three decimals; whole ones become int."""

    def read(value: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("Write a number here, without quotes, currency or thousands separators.")
        if not least <= value <= most:
            raise ValueError(f"Write a number from {least:,} to {most:,}.")
        if round(value, 3) != value:
            raise ValueError("Write at most three decimals.")
        return int(value) if value == int(value) else float(value)

    return read


money = number(0, 1_000_000_000)


def whole(least: int, most: int) -> Reader:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"Write a whole number from {least:,} to {most:,}.")
        return value

    return read


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Write true or false here.")
    return value


def choice(words: Collection[str]) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"Write one of these: {', '.join(words)}.")
        return value

    return read


def day(value: Any) -> str:
    """A date as YYYY-MM-DD, however the reader of the file hands it over."""
    if isinstance(value, datetime):
        value = value.date()
    try:
        return date.fromisoformat(value.isoformat() if isinstance(value, date) else value).isoformat()
    except (ValueError, TypeError):
        raise ValueError("Write a date here, such as 2026-12-24.") from None


def written(parse: Callable[[str], object]) -> Reader:
    """A value with a parser of its own in `values`, kept in its canonical writing."""

    def read(value: Any) -> str:
        try:
            parsed = parse(_string(value))
        except ValueError as wrong:
            raise ValueError(f"This cannot be read: {wrong}.") from None
        return ", ".join(map(str, parsed)) if isinstance(parsed, tuple) else str(parsed)

    return read


duration = written(values.duration)
hours = written(values.spans)
week_moment = written(values.week_moment)


def days(value: Any) -> str:
    try:
        values.days(_string(value))
    except ValueError as wrong:
        raise ValueError(f"This cannot be read: {wrong}.") from None
    return _string(value)


def zone(value: Any) -> str:
    if not isinstance(value, str) or value not in zones():
        raise ValueError("Write a time zone by its name in the tz database, such as Europe/Berlin or America/Los_Angeles.")
    return value


def currency(codes: Collection[str]) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value.upper() not in codes:
            raise ValueError("Write a currency by its three letters, such as USD or EUR.")
        return value.upper()

    return read


def country(value: Any) -> str:
    if not isinstance(value, str) or value.upper() not in countries():
        raise ValueError("Write a country by its two letters, such as US or DE (one whose public holidays are known).")
    return value.upper()


def subdivision(value: Any) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value.upper()):
        raise ValueError("Write a state or region by its code, such as CA or BY.")
    return value.upper()


def language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError("Write a language by its letters, such as en or pt-BR.")
    return value


def subject(value: Any) -> str:
    """A category, the prefix of some, or a 7C service area, whose keys are in capitals."""
    return value.strip() if isinstance(value, str) and re.fullmatch(r"\s*[A-Z]{4}-\d\d\s*", value) else key(value)


def need(value: Any) -> str | int:
    if value in ("any", "all") or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 50):
        return 1 if value == "any" else value
    raise ValueError("Write any, all, or how many must agree.")


def approver(value: Any) -> str:
    """ "manager", "manager's manager", "accountable", "owner", "group KEY", or an e-mail."""
    words = " ".join(_string(value).split())
    if words in ("manager", "manager's manager", "accountable", "owner"):
        return words
    kind, _, rest = words.partition(" ")
    if kind == "group" and rest:
        return f"group {key(rest)}"
    if "@" in words:
        return email(words.removeprefix("person "))
    raise ValueError("Write who approves: manager, manager's manager, accountable, owner, group KEY, or an e-mail address.")


def target(value: Any) -> str:
    """ "queue KEY", "vendor KEY", "group KEY", "person E-MAIL" or "accountable"; an e-mail alone is a person."""
    kind, _, rest = " ".join(_string(value).split()).partition(" ")
    if kind == "accountable" and not rest:
        return kind
    if kind in ("queue", "vendor", "group") and rest:
        return f"{kind} {key(rest)}"
    if "@" in (address := rest if kind == "person" else kind) and (kind == "person" or not rest):
        return f"person {email(address)}"
    raise ValueError("Write whom to tell: queue KEY, vendor KEY, group KEY, person E-MAIL, or accountable.")


def asked(value: Any) -> str:
    """A field's key, alone or with "required" if it must be answered, with "optional" if it may be left out."""
    field, _, need = " ".join(_string(value).split()).partition(" ")
    if need not in ("", "required", "optional"):
        raise ValueError('Write the key of a field, and "optional" after it if it may be left out.')
    return f"{key(field)} optional" if need == "optional" else key(field)
