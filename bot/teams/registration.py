"""A registration: one bot in Microsoft's sense, with its app id and secret, and who may talk to it. Read from the settings' variables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAME = re.compile(r"[a-z][a-z0-9-]{0,15}")
KEYS = ("name", "app_id", "password", "tenant", "tenants", "office", "vendor")
PLAYGROUND_TENANT = "00000000-0000-0000-0000-0000000000001"
"""What the Playground says as its tenant; it is one digit too long for an id, so no tenant of Microsoft's has it."""
EXAMPLE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Registration:
    """`name`: "" for the one of the single variables. `tenant`: the home tenant, which gives its token; `tenants`: who may talk to it.

    Ids are GUIDs in lower case. `office` is the key of the office that it serves, "" for the only one there is; `vendor`: the key of the
    vendor of that office whose tenant it stands in, "" for the office's own. Without an app id it only talks to the local Playground.
    """

    name: str
    app_id: str
    password: str = field(repr=False)
    tenant: str
    tenants: frozenset[str] = frozenset()
    office: str = ""
    vendor: str = ""

    def workspace(self, tenant: str) -> str:
        """What a tenant is called in accounts and places of this registration."""
        return f"{tenant}:{self.name}" if self.name else tenant


PLAYGROUND = Registration("", "", "", PLAYGROUND_TENANT, frozenset({PLAYGROUND_TENANT}))
"""Microsoft's Playground on this machine: without an app id and without a token."""


def guid(value: str, what: str = "it") -> str:
    """In lower case. Raises ValueError with a sentence."""
    found = value.strip().lower()
    if GUID.fullmatch(found) is None:
        raise ValueError(f"{what} has to be an id such as {EXAMPLE}")
    return found


def guids(value: str) -> frozenset[str]:
    """Of a list with commas. Raises ValueError with a sentence."""
    return frozenset(guid(one, "each tenant") for one in value.split(",") if one.strip())


def listed(text: str, but: str = "") -> tuple[Registration, ...]:
    """The registrations of a JSON list, in its order; `but`: an app id that stands elsewhere. Raises ValueError without secrets."""
    try:
        rows = json.loads(text)
    except ValueError:
        raise ValueError("it has to be a JSON list") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError('it has to be a JSON list of objects: [{"name": ..., "app_id": ..., "password": ..., "tenant": ...}]')
    found = tuple(_registration(row, number) for number, row in enumerate(rows, 1))
    _each_once(found, but)
    return found


def _each_once(found: Iterable[Registration], but: str) -> None:
    """Names tell workspaces apart, and the app id in a token says which registration is meant."""
    names, apps = set[str](), {but}
    for one in found:
        if one.name in names:
            raise ValueError(f'the name "{one.name}" stands there twice')
        if one.app_id in apps:
            raise ValueError(f"the app id {one.app_id} is given twice: each registration is a bot of its own")
        names.add(one.name)
        apps.add(one.app_id)


def _registration(row: dict[str, Any], number: int) -> Registration:
    unknown = [str(key) for key in row if key not in KEYS]
    if unknown:
        raise ValueError(f'entry {number} has "{unknown[0]}", which is not known; there are {", ".join(KEYS)}')
    name, password = _text(row, "name", number), _text(row, "password", number)
    if NAME.fullmatch(name) is None:
        raise ValueError(
            f"the name of entry {number} has to begin with a small letter, then small letters, digits and -, at most 16 together"
        )
    if not password:
        raise ValueError(f'"{name}" has no password: the value of its client secret')
    tenant = guid(_text(row, "tenant", number), f'the tenant of "{name}"')
    office, vendor = _party(row, name, number)
    return Registration(
        name,
        guid(_text(row, "app_id", number), f'the app_id of "{name}"'),
        password,
        tenant,
        _tenants(row, name) or frozenset({tenant}),
        office,
        vendor,
    )


def _text(row: dict[str, Any], key: str, number: int) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f'"{key}" of entry {number} has to be a text')
    return value.strip()


def _tenants(row: dict[str, Any], name: str) -> frozenset[str]:
    value = row.get("tenants", [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f'the tenants of "{name}" have to be a list of ids')
    return frozenset(guid(one, f'each tenant of "{name}"') for one in value)


def _party(row: dict[str, Any], name: str, number: int) -> tuple[str, str]:
    """The office's key, and the vendor's where the registration stands in a vendor's tenant."""
    office, both = _text(row, "office", number), _text(row, "vendor", number)
    if not both:
        return office, ""
    of, _, vendor = both.partition("/")
    if office or not of.strip() or not vendor.strip() or "/" in vendor:
        raise ValueError(f'"{name}" belongs either to an office ("office": "KEY") or to a vendor of one ("vendor": "OFFICE/VENDOR")')
    return of.strip(), vendor.strip()
