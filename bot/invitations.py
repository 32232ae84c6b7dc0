"""Invitations: a link that says to which party a workspace will belong, signed so that nobody else can write one.

The signature is HMAC-SHA256 over the content and the time (itsdangerous). The keys are those of DESKBELL_SECRET_KEYS, the newest first:
the first one signs, all of them verify. Whoever installs writes down that an invitation was used: it serves one workspace.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from yarl import URL

from storage.ids import new_id
from storage.store import Store

DAYS = 7
LONGEST = 2000
"""Characters. What is longer was not written here."""
Why = Literal["expired", "wrong"]
INSTALL = "/slack/install"


class NotGood(Exception):
    """`why`: it has expired, or it is not as it was written here (cut off, altered, of another purpose, or of a key long gone)."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class _Signer(TimestampSigner):
    """itsdangerous' signer with a clock that is given."""

    def __init__(self, *arguments: Any, now: Callable[[], float], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._now = now

    def get_timestamp(self) -> int:
        return int(self._now())


class Signed:
    """Texts of one `purpose`, for a URL, good for `seconds` of machine time. What is in them can be read by all, but written by none."""

    def __init__(self, keys: Sequence[str], purpose: str, seconds: int, now: Callable[[], float] = time.time) -> None:
        how = {"key_derivation": "hmac", "digest_method": hashlib.sha256, "now": now}
        self._serializer = URLSafeTimedSerializer([*reversed(keys)], salt=f"deskbell.{purpose}", signer=_Signer, signer_kwargs=how)
        self._seconds = seconds

    def write(self, value: Mapping[str, object]) -> str:
        return str(self._serializer.dumps(dict(value)))

    def read(self, text: str) -> dict[str, object]:
        """Raises `NotGood`."""
        if len(text) > LONGEST:
            raise NotGood("wrong")
        try:
            value: dict[str, object] = self._serializer.loads(text, max_age=self._seconds)
        except SignatureExpired as expired:
            raise NotGood("expired") from expired
        except BadData as bad:
            raise NotGood("wrong") from bad
        return value


@dataclass(frozen=True, slots=True)
class Party:
    """Whose a workspace is: an organisation's, or that of a vendor (its key in the office's policy) who serves it."""

    organisation: str
    vendor: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    id: str
    party: Party


class Invitations:
    """`now`: machine time in seconds."""

    def __init__(self, keys: Sequence[str], now: Callable[[], float] = time.time) -> None:
        self._signed = Signed(keys, "invitation", DAYS * 86400, now)

    def mint(self, party: Party) -> str:
        """A new invitation for the party's next workspace."""
        return self._signed.write({"id": new_id(), "of": party.organisation, "vendor": party.vendor})

    def read(self, text: str) -> Invitation:
        """Raises `NotGood`."""
        value = self._signed.read(text)
        vendor = value["vendor"]
        return Invitation(str(value["id"]), Party(str(value["of"]), None if vendor is None else str(vendor)))


def link(public_url: str, invitation: str) -> str:
    """Where the invited begin."""
    return str((URL(public_url) / INSTALL.removeprefix("/")).with_query(invite=invitation))


async def name_of(store: Store, party: Party) -> str | None:
    """What people call the party, for a page; None if there is no such party any more."""
    known = next((one for one in await store.offices.list() if one.id == party.organisation), None)
    if known is None:
        return None
    if not known.version:
        return known.key if party.vendor is None else None
    office = await store.offices.get(known.id)
    if party.vendor is None:
        return office.head.name
    vendor = office.vendors.get(party.vendor)
    return f"{vendor.name} ({office.head.name})" if vendor else None
