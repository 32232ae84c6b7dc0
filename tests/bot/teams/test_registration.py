"""What the variables for Teams say, and the sentence for each way of getting them wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from bot.settings import Settings
from bot.teams.registration import PLAYGROUND_TENANT, Registration

APP, HOME = "3f2b1a10-0000-4000-8000-0000000000aa", "9d1c7b20-0000-4000-8000-0000000000bb"
OTHER_APP, OTHER = "4a2b1a10-0000-4000-8000-0000000000cc", "8c1c7b20-0000-4000-8000-0000000000dd"
SINGLE = {"teams_app_id": APP, "teams_app_password": "hush", "teams_tenant_id": HOME}
ENTRY = {"name": "msp", "app_id": OTHER_APP, "password": "hush too", "tenant": OTHER}


def settings(**given: Any) -> Settings:
    plain: dict[str, Any] = {"office": None, "host": "127.0.0.1", **dict.fromkeys(SINGLE), "teams_more": None}
    return Settings(_env_file=None, **{**plain, **given})


def listed(*entries: dict[str, Any], **more: Any) -> Settings:
    return settings(teams_more=json.dumps(entries), **more)


def test_one_registration_from_the_single_variables() -> None:
    found = settings(**{**SINGLE, "teams_app_id": f" {APP.upper()} "}, office="acme")
    assert found.has_teams
    assert found.teams_registrations == (Registration("", APP, "hush", HOME, frozenset({HOME}), "acme"),)
    assert found.teams_registrations[0].workspace(HOME) == HOME


def test_the_allow_list_replaces_the_home_tenant() -> None:
    found = settings(**SINGLE, teams_tenants=f"{HOME}, {OTHER.upper()},")
    assert found.teams_registrations[0].tenants == {HOME, OTHER}


def test_more_registrations_have_names_of_their_own() -> None:
    vendor = {**ENTRY, "vendor": "acme/msp", "tenants": [OTHER.upper(), HOME]}
    office = {"name": "lab", "app_id": OTHER_APP[:-1] + "e", "password": "x", "tenant": HOME, "office": "lab"}
    found = listed(vendor, office, **SINGLE)
    first, msp, lab = found.teams_registrations
    assert first.name == ""
    assert msp == Registration("msp", OTHER_APP, "hush too", OTHER, frozenset({OTHER, HOME}), "acme", "msp")
    assert msp.workspace(HOME) == f"{HOME}:msp"
    assert (lab.office, lab.vendor, lab.tenants) == ("lab", "", frozenset({HOME}))


def test_a_list_alone_is_enough_and_half_of_the_single_variables_is_not() -> None:
    assert listed(ENTRY).has_teams
    assert listed(ENTRY).missing_for_teams == []
    half = listed(ENTRY, teams_app_id=APP)
    assert not half.has_teams
    assert half.missing_for_teams == ["DESKBELL_TEAMS_APP_PASSWORD", "DESKBELL_TEAMS_TENANT_ID"]


def test_nothing_set_is_not_teams() -> None:
    empty = settings(teams_app_id="", teams_app_password="", teams_tenant_id=" ", teams_more="", teams_tenants="")
    assert not empty.has_teams
    assert empty.teams_registrations == ()
    assert empty.missing_for_teams == ["DESKBELL_TEAMS_APP_ID", "DESKBELL_TEAMS_APP_PASSWORD", "DESKBELL_TEAMS_TENANT_ID"]


def test_the_playground_is_served_alone() -> None:
    found = listed(ENTRY, **SINGLE, teams_anonymous=True)
    assert found.has_teams
    assert [(one.app_id, one.password, one.tenant) for one in found.teams_registrations] == [("", "", PLAYGROUND_TENANT)]
    assert settings(teams_anonymous=True).missing_for_teams == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost", "::1"])
def test_without_a_token_only_this_machine_is_heard(host: str) -> None:
    assert settings(teams_anonymous=True, host=host).has_teams


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "desk.example.com", ""])
def test_a_door_without_a_lock_is_never_opened_to_others(host: str) -> None:
    with pytest.raises(ValidationError, match=r"set DESKBELL_HOST to 127\.0\.0\.1"):
        settings(teams_anonymous=True, host=host)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"teams_app_id": "deskbell"}, "has to be an id such as"),
        ({"teams_tenant_id": "contoso.onmicrosoft.com"}, "has to be an id such as"),
        ({"teams_tenant_id": HOME + "0"}, "has to be an id such as"),
        ({"teams_tenants": f"{HOME};{OTHER}"}, "each tenant has to be an id"),
        ({"teams_login_url": "http://login.example.com"}, "has to begin with https://"),
        ({"teams_openid_url": "login.example.com"}, "has to begin with https://"),
        ({"teams_more": "{"}, "has to be a JSON list"),
        ({"teams_more": '{"name": "msp"}'}, "has to be a JSON list of objects"),
        ({"teams_more": '["msp"]'}, "has to be a JSON list of objects"),
        ({"teams_more": json.dumps([ENTRY]), "teams_app_id": OTHER_APP}, "is given twice"),
    ],
)
def test_what_is_wrong_is_a_sentence(given: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings(**given)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "the name of entry 1 has to begin"),
        ({"name": "Msp"}, "the name of entry 1 has to begin"),
        ({"name": "m" * 17}, "at most 16"),
        ({"name": "a:b"}, "the name of entry 1 has to begin"),
        ({"name": 7}, '"name" of entry 1 has to be a text'),
        ({"app_id": "x"}, 'the app_id of "msp" has to be an id'),
        ({"password": " "}, '"msp" has no password'),
        ({"tenant": ""}, 'the tenant of "msp" has to be an id'),
        ({"tenants": OTHER}, 'the tenants of "msp" have to be a list'),
        ({"tenants": ["x"]}, 'each tenant of "msp" has to be an id'),
        ({"secret": "x"}, 'entry 1 has "secret", which is not known'),
        ({"vendor": "msp"}, "belongs either to an office"),
        ({"vendor": "a/b/c"}, "belongs either to an office"),
        ({"vendor": "acme/msp", "office": "acme"}, "belongs either to an office"),
    ],
)
def test_what_is_wrong_in_the_list_is_a_sentence(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        listed({**ENTRY, **change})


def test_a_name_and_an_app_id_stand_once() -> None:
    with pytest.raises(ValidationError, match='the name "msp" stands there twice'):
        listed(ENTRY, {**ENTRY, "app_id": APP})
    with pytest.raises(ValidationError, match="is given twice"):
        listed(ENTRY, {**ENTRY, "name": "lab"})


def test_no_secret_is_shown() -> None:
    found = listed(ENTRY, **SINGLE)
    assert "hush" not in f"{found!r} {found.teams_registrations!r}"
    with pytest.raises(ValidationError) as wrong:
        listed({**ENTRY, "name": "Msp"})
    assert "hush" not in str(wrong.value)
