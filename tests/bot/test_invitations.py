"""Invitations: what was signed here is read again, for seven days, and nothing else."""

from __future__ import annotations

import base64
import zlib

import pytest
from yarl import URL

from bot.cli.common import Trouble
from bot.cli.invite import party_of, reachable, usable_keys
from bot.invitations import DAYS, Invitations, NotGood, Party, Signed, link, name_of
from bot.offices import apply, plan
from storage.secrets import new_key
from storage.store import Store
from tests.conftest import NOW
from tests.example import example_document

OLD, NEW = new_key(), new_key()
OFFICE, VENDOR = Party("a" * 32), Party("a" * 32, "acme-it")


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def invitations(clock: Hand) -> Invitations:
    return Invitations([NEW], clock)


@pytest.mark.parametrize("party", [OFFICE, VENDOR])
def test_an_invitation_names_its_party(invitations: Invitations, party: Party) -> None:
    text = invitations.mint(party)
    assert invitations.read(text).party == party
    assert URL("https://x.example/").with_query(i=text).query["i"] == text


def test_each_is_another_one(invitations: Invitations) -> None:
    ids = {invitations.read(invitations.mint(OFFICE)).id for _ in range(20)}
    assert len(ids) == 20


def test_it_is_good_for_seven_days(invitations: Invitations, clock: Hand) -> None:
    text = invitations.mint(OFFICE)
    clock.at += DAYS * 86400
    assert invitations.read(text).party == OFFICE
    clock.at += 1
    with pytest.raises(NotGood, match="expired"):
        invitations.read(text)


def test_one_of_tomorrow_was_not_written_here(invitations: Invitations, clock: Hand) -> None:
    text = invitations.mint(OFFICE)
    clock.at -= 86400
    with pytest.raises(NotGood):
        invitations.read(text)


def test_nobody_changes_what_it_says(invitations: Invitations) -> None:
    content, at, signature = invitations.mint(VENDOR).rsplit(".", 2)
    plain = zlib.decompress(base64.urlsafe_b64decode(content.removeprefix(".") + "=="))
    assert b"acme-it" in plain
    forged = base64.urlsafe_b64encode(plain.replace(b"acme-it", b"evil-it")).decode().rstrip("=")
    later = f"{content}.{at[:-1]}{'B' if at[-1] != 'B' else 'C'}.{signature}"
    for text in (f"{forged}.{at}.{signature}", later, f"{content}.{at}.{signature[:-3]}AAA", f"{content}.{at}"):
        with pytest.raises(NotGood, match="wrong"):
            invitations.read(text)


@pytest.mark.parametrize("text", ["", ".", "..", "x", "é", "\x00", "a" * 1999, "a." * 5000, ".eJw." + "A" * 43])
def test_what_is_none_is_refused(invitations: Invitations, text: str) -> None:
    with pytest.raises(NotGood, match="wrong"):
        invitations.read(text)


def test_a_bomb_of_zeros_is_not_unpacked(invitations: Invitations) -> None:
    packed = base64.urlsafe_b64encode(zlib.compress(b'"' + b"0" * 1_000_000 + b'"')).decode().rstrip("=")
    with pytest.raises(NotGood, match="wrong"):
        invitations.read(f".{packed}.AAAA.{'A' * 43}")


def test_keys_change(clock: Hand) -> None:
    text = Invitations([OLD], clock).mint(OFFICE)
    assert Invitations([NEW, OLD], clock).read(text).party == OFFICE
    fresh = Invitations([NEW, OLD], clock).mint(OFFICE)
    assert Invitations([NEW], clock).read(fresh).party == OFFICE
    with pytest.raises(NotGood, match="wrong"):
        Invitations([NEW], clock).read(text)


def test_a_text_of_another_purpose_is_none(invitations: Invitations, clock: Hand) -> None:
    text = Signed([NEW], "state", 600, clock).write({"id": "1", "of": "b" * 32, "vendor": None})
    with pytest.raises(NotGood, match="wrong"):
        invitations.read(text)


def test_the_link_leads_to_the_page(invitations: Invitations) -> None:
    text = invitations.mint(OFFICE)
    for base in ("https://desk.example", "https://desk.example/"):
        assert link(base, text) == f"https://desk.example/slack/install?invite={text}"


async def test_a_party_has_a_name(store: Store) -> None:
    document = example_document()
    office = await apply(store, await plan(store, document, NOW), NOW)
    vendor = next(iter(office.vendors))
    assert await name_of(store, Party(office.organisation)) == office.head.name
    assert await name_of(store, Party(office.organisation, vendor)) == f"{office.vendors[vendor].name} ({office.head.name})"
    assert await name_of(store, Party(office.organisation, "gone")) is None
    assert await name_of(store, Party("0" * 32)) is None
    fresh = await store.offices.create("c" * 32, "fresh", NOW)
    assert await name_of(store, Party(fresh.id)) == "fresh"


# ---------------------------------------------------------------- on the command line


async def test_the_party_that_is_meant(store: Store) -> None:
    document = example_document()
    office = await apply(store, await plan(store, document, NOW), NOW)
    vendor = next(iter(office.vendors))
    assert await party_of(store, "acme", None) == Party(office.organisation)
    assert await party_of(store, None, vendor) == Party(office.organisation, vendor)
    assert await party_of(store, office.head.key, vendor) == Party(office.organisation, vendor)
    with pytest.raises(Trouble, match=rf"no vendor nobody\. There are: {vendor}"):
        await party_of(store, None, "nobody")
    with pytest.raises(Trouble, match=r"no office nowhere\. There are: acme\."):
        await party_of(store, "nowhere", None)


def test_without_a_key_a_new_one_is_shown() -> None:
    for setting in ("", " , ", "hunter2"):
        with pytest.raises(Trouble, match="DESKBELL_SECRET_KEYS") as trouble:
            usable_keys(setting)
        assert usable_keys(trouble.value.sentences[-1]) == (trouble.value.sentences[-1],)
        assert "hunter2" not in str(trouble.value)


@pytest.mark.parametrize("public_url", [None, "", "desk.example.com", "ftp://desk.example", "https://"])
def test_a_link_needs_an_address(public_url: str | None) -> None:
    with pytest.raises(Trouble, match="Set DESKBELL_PUBLIC_URL"):
        reachable(public_url)
    assert reachable("https://desk.example") == "https://desk.example"
