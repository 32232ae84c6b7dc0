"""The vault: what it seals only its keys open, and only for whom it was sealed."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from storage.secrets import Unopened, Vault, keys_in, new_key

TOKEN = {"token": "xoxb-1", "scopes": ["chat:write"], "expires_at": 1.5, "none": None}


def test_what_is_sealed_opens_and_cannot_be_read() -> None:
    vault = Vault([new_key()])
    sealed = vault.seal(TOKEN, "slack:T1")
    assert vault.open(sealed, "slack:T1") == TOKEN
    assert "xoxb" not in sealed
    assert sealed != vault.seal(TOKEN, "slack:T1")


def test_the_first_key_seals_and_all_open() -> None:
    old, new = new_key(), new_key()
    both, sealed = Vault([new, old]), Vault([old]).seal(TOKEN, "slack:T1")
    assert both.open(sealed, "slack:T1") == TOKEN
    assert both.needs_resealing(sealed)
    assert not both.needs_resealing(both.seal(TOKEN, "slack:T1"))
    assert Vault([new]).open(both.seal(TOKEN, "slack:T1"), "slack:T1") == TOKEN


def test_without_its_key_it_says_what_to_look_at() -> None:
    sealed = Vault([new_key()]).seal(TOKEN, "slack:T1")
    with pytest.raises(Unopened, match=r"slack:T1 .* DESKBELL_SECRET_KEYS"):
        Vault([new_key()]).open(sealed, "slack:T1")


@pytest.mark.parametrize("alter", [lambda text: text[:-6] + "AAAAA=", lambda text: "", lambda text: text[:40]])
def test_what_was_altered_does_not_open(alter: object) -> None:
    vault = Vault([new_key()])
    assert callable(alter)
    with pytest.raises(Unopened):
        vault.open(alter(vault.seal(TOKEN, "slack:T1")), "slack:T1")


def test_moved_to_somebody_else_it_does_not_open() -> None:
    vault = Vault([new_key()])
    with pytest.raises(Unopened, match="for something else"):
        vault.open(vault.seal(TOKEN, "slack:T1"), "slack:T2")


def test_keys_are_never_shown() -> None:
    key = new_key()
    vault = Vault([key])
    assert key not in f"{vault!r} {vault!s}"
    for wrong in ("hunter2", key[:-4], "ä" * 44):
        with pytest.raises(ValueError, match="key 2 of DESKBELL_SECRET_KEYS is not 32 bytes") as refused:
            Vault([key, wrong])
        assert wrong not in str(refused.value)
        assert refused.value.__suppress_context__


def test_a_vault_needs_a_key() -> None:
    with pytest.raises(ValueError, match="names no key"):
        Vault(keys_in(" , "))


def test_the_setting_is_a_list_newest_first() -> None:
    assert keys_in(f" {'b' * 43}=,{'a' * 43}= ,") == ("b" * 43 + "=", "a" * 43 + "=")
    assert len(Fernet(new_key()).encrypt(b"")) > 0
