"""What must not be read in the database, sealed: tokens of chats. AES-128-CBC with HMAC-SHA256 and a fresh IV (https://github.com/fernet/spec).

The setting DESKBELL_SECRET_KEYS names the keys, separated by commas, the newest first: the first one seals, all of them open. A key is
32 random bytes in URL-safe base64; `new_key` makes one, and so does

    python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"

To change keys without a pause: docs/operations.md, "Changing the key"; `storage.resealing` is the part of it that is done here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SETTING = "DESKBELL_SECRET_KEYS"


class Unopened(Exception):
    """What is sealed cannot be opened with the keys that are there; the sentence says what to do."""


def new_key() -> str:
    return Fernet.generate_key().decode()


def keys_in(setting: str) -> tuple[str, ...]:
    """The keys of a setting, newest first. Empty places are left out."""
    return tuple(key for key in (one.strip() for one in setting.split(",")) if key)


class Vault:
    """Seals and opens JSON objects. Raises ValueError, without the key in its words, where a key is none. Never shows its keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError(f"{SETTING} names no key")
        each = [_fernet(key, number) for number, key in enumerate(keys, 1)]
        self._newest, self._all = each[0], MultiFernet(each)

    def seal(self, value: Mapping[str, object], of: str) -> str:
        """`of` says whose it is ("slack:T1"): moved to another row, it does not open there."""
        return self._newest.encrypt(orjson.dumps({"of": of, "value": dict(value)})).decode()

    def open(self, sealed: str, of: str) -> dict[str, object]:
        """Raises `Unopened`."""
        try:
            content = orjson.loads(self._all.decrypt(sealed.encode()))
        except InvalidToken:
            raise Unopened(f"What is stored for {of} was sealed with a key that {SETTING} does not name, or was altered.") from None
        if content["of"] != of:
            raise Unopened(f"What is stored for {of} was sealed for something else.")
        value: dict[str, object] = content["value"]
        return value

    def opens(self, sealed: str) -> bool:
        """Whether one of the keys has sealed it."""
        return _opens(self._all, sealed)

    def needs_resealing(self, sealed: str) -> bool:
        """Whether it is sealed with another key than the newest."""
        return not _opens(self._newest, sealed)


def _opens(key: Fernet | MultiFernet, sealed: str) -> bool:
    try:
        key.decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _fernet(key: str, number: int) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise ValueError(f"key {number} of {SETTING} is not 32 bytes in URL-safe base64") from None
